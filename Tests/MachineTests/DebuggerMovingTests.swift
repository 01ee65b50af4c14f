import PCCore
import PCHost
import Testing

/// Over, out and back, where it matters how the stack stands, what a REP is, and that the machine was over.
@Suite struct DebuggerMovingTests {
    /// xor ax, ax / mov ds, ax / mov ss, ax / mov sp, 7000h, and the code behind it at F000:0009.
    private func bench(_ code: [UInt8]) throws -> DebuggerBench {
        let bench = try DebuggerBench([0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xD0, 0xBC, 0x00, 0x70] + code)
        _ = try bench.print(["step 5"])
        return bench
    }

    /// mov cx, 3 / call f / jmp $, and f: dec cx / jz end / call f / end: ret
    @Test func overAFunctionThatCallsItself() throws {
        let bench = try bench([
            0xB9, 0x03, 0x00, 0xE8, 0x02, 0x00, 0xEB, 0xFE, 0x49, 0x74, 0x03, 0xE8, 0xFA, 0xFF, 0xC3,
        ])
        try bench.replay(
            """
            > step 4
                     9  F000:0014  E8FAFF            call 0x11
            > over
                    17  F000:0017  C3                ret
            > print cx
            0h  0  0b
            > print sp
            6FFEh  28670  110111111111110b
            > back 8
                     9  F000:0014  E8FAFF            call 0x11
            > break F000:0017
            stop 1 at F000:0017
            > over
            stop 1: at F000:0017, count 15
                    15  F000:0017  C3                ret
            """)
    }

    /// mov cx, 3 / loop $ / call far [cs:40h] / into / jmp $, the handler: iret, and a far function: nop / retf
    @Test func overWhatComesBack() throws {
        let code: [UInt8] = [
            0xC7, 0x06, 0x10, 0x00, 0x30, 0x00, 0xC7, 0x06, 0x12, 0x00, 0x00, 0xF0, 0xB9, 0x03, 0x00, 0xE2, 0xFE, 0x2E,
            0xFF, 0x1E, 0x40, 0x00, 0xCE, 0xEB, 0xFE,
        ]
        let filler = [UInt8](repeating: 0x90, count: 0x30 - 9 - code.count)
        let bench = try bench(
            code + filler + [0xCF, 0x90, 0xCB] + [UInt8](repeating: 0x90, count: 13) + [0x31, 0x00, 0x00, 0xF0])
        try bench.replay(
            """
            > step 3
                     8  F000:0018  E2FE              loop 0x18
            > over
                    11  F000:001A  2EFF1E4000        lcall cs:[0x40]
            > over
                    14  F000:001F  CE                into
            > set of 1
            > over
                    16  F000:0020  EBFE              jmp 0x20
            > back
                    15  F000:0030  CF                iret
            > out
                    16  F000:0020  EBFE              jmp 0x20
            """)
    }

    /// call f / jmp $, and f: mov ax, L / push ax / ret / L: nop / ret. A RET that jumps is no way out.
    @Test func outOfAFunctionThatJumpsByRET() throws {
        let bench = try bench([
            0xE8, 0x02, 0x00, 0xEB, 0xFE, 0xB8, 0x13, 0x00, 0x50, 0xC3, 0x90, 0xC3,
        ])
        try bench.replay(
            """
            > step
                     6  F000:000E  B81300            mov ax, 0x13
            > out
                    11  F000:000C  EBFE              jmp 0xc
            """)
    }

    /// mov es, ax / mov di, 600h / mov cx, 1000 / rep stosb / nop / cli / hlt
    @Test func backOverREPAndFromTheEnd() throws {
        let bench = try bench([0x8E, 0xC0, 0xBF, 0x00, 0x06, 0xB9, 0xE8, 0x03, 0xF3, 0xAA, 0x90, 0xFA, 0xF4])
        try bench.replay(
            """
            > step 5
                  1009  F000:0014  FA                cli
            > back
                  1008  F000:0013  90                nop
            > back
                     8  F000:0011  F3AA              rep stosb byte ptr es:[di], al
            > watch 0:700
            stop 1 at 00000700
            > continue
            stop 1: write of 1 at 00000700 by F000:0011, count 264: 00 -> 00
                   265  F000:0011  F3AA              rep stosb byte ptr es:[di], al
            > delete
            > continue
            the machine is over: the guest halted for ever: nothing can wake it
                  1011  F000:0016  F4                hlt  ; halted
            > watch 0:700
            stop 2 at 00000700
            > rcontinue
            stop 2: write of 1 at 00000700 by F000:0011, count 264: 00 -> 00
                   264  F000:0011  F3AA              rep stosb byte ptr es:[di], al
            > delete
            > step
                  1008  F000:0013  90                nop
            > continue
            the machine is over: the guest halted for ever: nothing can wake it
                  1011  F000:0016  F4                hlt  ; halted
            > back
                  1010  F000:0015  F4                hlt
            > back
                  1009  F000:0014  FA                cli
            > step
                  1010  F000:0015  F4                hlt
            """)
    }

    /// Two pages that are neighbours by their linear addresses alone.
    @Test func memoryIsSetAcrossPages() throws {
        let bench = try DebuggerBench(DebuggerTests.Program.paged)
        try bench.replay(
            """
            > until 0xF0097
            stop 1: at 0008:000F0097, count 789
                   789  0008:000F0097  E804000000        call 0xf00a0
            > set dword 0x5FFE 11223344h
            > x/1d 0x5FFE
            00005FFE  11223344
            > x/2b 0x8FFE phys
            00008FFE  44 33                                            D3
            > x/2b 0x6000 phys
            00006000  22 11                                            ".
            > x/2b 0x9000 phys
            00009000  00 00                                            ..
            """)
    }

    /// What was asked for once is gone, and a step begins at a breakpoint without meeting it.
    @Test func onceIsOnce() throws {
        let bench = try DebuggerBench(DebuggerTests.Program.real)
        try bench.replay(
            """
            > tbreak 0xF0020
            stop 1 at 000F0020
            > continue
            stop 1: at F000:0020, count 8
                     8  F000:0020  FF060205          inc word ptr [0x502]
            > info breaks
            no stops
            > until 0xF0012
            stop 2: at F000:0012, count 13
                    13  F000:0012  E80B00            call 0x20
            > info breaks
            no stops
            > break 0xF0020
            stop 3 at 000F0020
            > ignore 3 1
            > continue
            stop 3: at F000:0020, count 21
                    21  F000:0020  FF060205          inc word ptr [0x502]
            > break
            stop 4 at F000:0020
            > step
                    22  F000:0024  83F902            cmp cx, 2
            > back
                    21  F000:0020  FF060205          inc word ptr [0x502]
            > delete 3 4
            > over
                    22  F000:0024  83F902            cmp cx, 2
            """)
    }
}
