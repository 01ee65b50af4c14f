import PCCore
import PCHost
import Testing

/// A debugger's commands on machines, and all that it prints.
@Suite struct DebuggerTests {
    /// Programs at F000:0000, where the CPU comes to with its first jump.
    enum Program {
        /// Three times through a function that counts at 0:502; the second time it spoils the word at 0:500.
        static let real: [UInt8] = [
            0x31, 0xC0,  // 00 xor ax, ax
            0x8E, 0xD8, 0x8E, 0xD0,  // 02 mov ds, ax / mov ss, ax
            0xBC, 0x00, 0x70,  // 06 mov sp, 7000h
            0xC7, 0x06, 0x00, 0x05, 0x34, 0x12,  // 09 mov word [500h], 1234h
            0xB9, 0x03, 0x00,  // 0F mov cx, 3
            0xE8, 0x0B, 0x00,  // 12 again: call count
            0xE2, 0xFB,  // 15 loop again
            0xB0, 0x7E, 0xE6, 0x80,  // 17 mov al, 7Eh / out 80h, al
            0xEB, 0xFE, 0x90, 0x90, 0x90,  // 1B end: jmp end
            0xFF, 0x06, 0x02, 0x05,  // 20 count: inc word [502h]
            0x83, 0xF9, 0x02, 0x75, 0x04,  // 24 cmp cx, 2 / jne 2D
            0xFE, 0x06, 0x01, 0x05,  // 29 inc byte [501h]
            0xC3,  // 2D ret
        ]

        /// Pages the first megabyte to itself, but linear 5000h to 8000h, and writes there in 32-bit code.
        static let paged: [UInt8] = {
            var code: [UInt8] = [
                0xFA, 0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0,  // 00 cli / xor ax, ax / mov ds, ax / mov es, ax
                0xC7, 0x06, 0x00, 0x10, 0x07, 0x20,  // 07 mov word [1000h], 2007h
                0xBF, 0x00, 0x20,  // 0D mov di, 2000h
                0x66, 0xB8, 0x07, 0x00, 0x00, 0x00,  // 10 mov eax, 7
                0xB9, 0x00, 0x01,  // 16 mov cx, 256
                0x66, 0xAB,  // 19 stosd
                0x66, 0x05, 0x00, 0x10, 0x00, 0x00, 0xE2, 0xF6,  // 1B add eax, 1000h / loop 19
                0xC7, 0x06, 0x14, 0x20, 0x07, 0x80,  // 23 mov word [2014h], 8007h
                0x66, 0xB8, 0x00, 0x10, 0x00, 0x00, 0x0F, 0x22, 0xD8,  // 29 mov eax, 1000h / mov cr3, eax
                0x2E, 0x66, 0x0F, 0x01, 0x16, 0x00, 0x01,  // 32 lgdt [cs:100h]
                0x66, 0xB8, 0x01, 0x00, 0x00, 0x80, 0x0F, 0x22, 0xC0,  // 39 mov eax, 80000001h / mov cr0, eax
                0x66, 0xEA, 0x80, 0x00, 0x0F, 0x00, 0x08, 0x00,  // 42 jmp 8:F0080h
            ]
            code += [UInt8](repeating: 0x90, count: 0x80 - code.count)
            code += [
                0x66, 0xB8, 0x10, 0x00, 0x8E, 0xD8, 0x8E, 0xD0,  // 80 mov ax, 10h / mov ds, ax / mov ss, ax
                0xBC, 0x00, 0x70, 0x00, 0x00,  // 88 mov esp, 7000h
                0xC7, 0x05, 0x00, 0x50, 0x00, 0x00, 0xEF, 0xBE, 0xAD, 0xDE,  // 8D mov dword [5000h], DEADBEEFh
                0xE8, 0x04, 0x00, 0x00, 0x00,  // 97 call A0
                0xEB, 0xFE, 0x90, 0x90, 0xC3,  // 9C end: jmp end / A0 ret
            ]
            code += [UInt8](repeating: 0x90, count: 0x100 - code.count)
            code += [0x17, 0x00, 0x08, 0x01, 0x0F, 0x00, 0x00, 0x00] + [UInt8](repeating: 0, count: 8)
            code += [0xFF, 0xFF, 0x00, 0x00, 0x00, 0x9A, 0xCF, 0x00, 0xFF, 0xFF, 0x00, 0x00, 0x00, 0x92, 0xCF, 0x00]
            return code
        }()
    }

    private static let map = """
        Real              Virtual           Name
                    F0012             F0012  again
                    F001B             F001B  end
                    F0020             F0020  count
        """

    @Test func realMode() throws {
        let bench = try DebuggerBench(Program.real)
        let map = try bench.folder.file("real.map", Array(Self.map.utf8))
        #expect(try bench.print(["symbols \(map)"]) == ["3 symbols"])
        try bench.replay(
            """
            > step 2
                     2  F000:0002  8ED8              mov ds, ax
            > break count if cx == 2
            stop 1 at 000F0020
            > info breaks
            1  break count if cx == 2, 0 hits
            > continue
            stop 1: at F000:0020, count 14
                    14  F000:0020  FF060205          inc word ptr [0x502]  ; count
            > stack 3
            0000:6FFE  0015  return to again+3
            0000:7000  0000
            0000:7002  0000
            > step 4
                    18  F000:002D  C3                ret  ; count+D
            > registers
            eax 00000000  ebx 00000000  ecx 00000002  edx 00000435
            esi 00000000  edi 00000000  ebp 00000000  esp 00006FFE
            eip 0000002D* eflags 00000002  []
            cs  F000  ds  0000  es  0000  ss  0000  fs  0000  gs  0000
            cr0 60000010  cr2 00000000  cr3 00000000
            dr0 00000000  dr1 00000000  dr2 00000000  dr3 00000000
            dr6 FFFF1FF0  dr7 00000400
            > x/8b 0:500
            0000:0500  34 13 02 00 00 00 00 00                          4.......
            > out
                    19  F000:0015  E2FB              loop 0x12  ; again+3 -> again
            > delete
            > info breaks
            no stops
            """)
    }

    @Test func pagedProtectedMode() throws {
        let bench = try DebuggerBench(Program.paged)
        try bench.replay(
            """
            > tbreak 0xF0080
            stop 1 at 000F0080
            > continue
            stop 1: at 0008:000F0080, count 784
                   784  0008:000F0080  66B81000          mov ax, 0x10
            > gdt
            0008  base 00000000  limit FFFFFFFF  code 32-bit, DPL 0
            0010  base 00000000  limit FFFFFFFF  data 32-bit, DPL 0
            > step 4
                   788  0008:000F008D  C70500500000EFBEADDE  mov dword ptr [0x5000], 0xdeadbeef
            > page 0x5000
            linear 00005000
            directory entry at 00001000: 00002027, table 00002000, writable, user, accessed
            table entry at 00002014: 00008007, page 00008000, writable, user
            physical 00008000
            > page 0x400000
            linear 00400000
            directory entry at 00001004: 00000000, not present
            not mapped
            > watch 0x5000,4
            stop 2 at 00005000
            > continue
            stop 2: write of 4 at 00005000 (physical 00008000) by 0008:000F008D, count 788: 00000000 -> DEADBEEF
                   789  0008:000F0097  E804000000        call 0xf00a0
            > print [0x5000]
            DEADBEEFh  3735928559
            > x/2d 0x5000
            00005000  DEADBEEF 00000000
            > x/2d 0x8000 phys
            00008000  DEADBEEF 00000000
            > step
                   790  0008:000F00A0  C3                ret
            > stack 1
            0010:6FFC  000F009C  return
            > out
                   791  0008:000F009C  EBFE              jmp 0xf009c
            > last-writer 0x5000
            write of 4 at 00005000 (physical 00008000) by 0008:000F008D, count 788: 00000000 -> DEADBEEF
            > back 3
                   788  0008:000F008D  C70500500000EFBEADDE  mov dword ptr [0x5000], 0xdeadbeef
            > page pc
            linear 000F008D
            directory entry at 00001000: 00002027, table 00002000, writable, user, accessed
            table entry at 000023C0: 000F0067, page 000F0000, writable, user, accessed, dirty
            physical 000F008D
            > tss
            there is no TSS
            > ldt
            there is no LDT
            """)
    }

    @Test func lastWriterNamesTheBug() throws {
        let bench = try DebuggerBench(Program.real)
        _ = try bench.print(["continue 10us"])
        let (count, end) = (bench.session.pc.instructionCount, bench.hash)
        let writer = "write of 1 at 00000501 by F000:0029, count 17: 12 -> 13"
        #expect(try bench.print(["last-writer 0:501"]) == [writer])
        #expect(bench.session.pc.instructionCount == count)
        #expect(bench.hash == end, "asking leaves the machine where it was")
        // Before it, over it, and back at the end.
        _ = try bench.print(["watch 0:501", "rcontinue"])
        #expect(bench.session.pc.instructionCount == 17)
        let before = bench.hash
        #expect(try bench.print(["print [byte 0:501]"]).first?.hasPrefix("12h") == true)
        _ = try bench.print(["step"])
        #expect(try bench.print(["print [byte 0:501]"]).first?.hasPrefix("13h") == true)
        _ = try bench.print(["back"])
        #expect(bench.hash == before)
        _ = try bench.print(["delete", "step \(count - 17)"])
        #expect(bench.hash == end)
    }

    @Test func conditionsRefuseStops() throws {
        let bench = try DebuggerBench(Program.real)
        let hits = try bench.print(["break 0xF0020 if cx == 1", "continue"])
        #expect(hits.dropFirst().first == "stop 1: at F000:0020, count 21")
        // Over a call with a breakpoint in it whose condition does not hold.
        _ = try bench.print(["back 15", "delete", "break 0xF0024 if cx == 9", "tbreak 0xF0012", "continue"])
        #expect(try bench.print(["over", "print pc"]).last?.hasPrefix("F0015h") == true)
        #expect(try bench.print(["info breaks"]) == ["2  break 0xF0024 if cx == 9, 0 hits"])
        // Two are ignored, and the third is not there.
        _ = try bench.print(["delete", "back 8", "break 0xF0020", "ignore 4 2"])
        _ = try bench.print(["continue"])
        #expect(bench.session.pc.cpu[.cx] == 1)
        for line in ["watch", "break nowhere", "break 0 if nowhere", "delete 99", "int 256", "port 65536", "x/5q"] {
            #expect(throws: BadInput.self, "\(line)") { try bench.debugger.execute(line) }
        }
    }

    @Test func whatIsSetIsDifferentFromThenOn() throws {
        let bench = try DebuggerBench(Program.real)
        _ = try bench.print(["continue 10us", "rcontinue", "step 7"])
        _ = try bench.print(["set cx 1", "set word 0:502 41h,0x42", "set zf 1"])
        #expect(try bench.print(["x/2w 0:502"]) == ["0000:0502  0041 0042"])
        #expect(throws: BadInput.self) { try bench.debugger.execute("set byte F000:0 1") }
        _ = try bench.print(["continue 10us"])
        #expect(bench.session.pc.cpu[.cx] == 0)
        #expect(try bench.print(["x/2w 0:502"]) == ["0000:0502  0042 0042"])
    }

    @Test(arguments: Scripted.all) fileprivate func scripts(case script: Scripted) throws {
        let folder = try Folder()
        let bios = try folder.file("tiny.bin", TinyBIOS(Program.real).image)
        let file = try folder.file("x.dbg", Array(script.text.utf8))
        let outcome = try Tool.run(["boot", "--headless", "--bios", bios, "--debug-script", file])
        #expect(outcome.output == script.output)
        #expect(outcome.status == script.status)
        #expect(outcome.errors == (script.error.isEmpty ? "" : "swift86: \(file):\(script.error)\n"))
    }

    fileprivate struct Scripted: CustomTestStringConvertible {
        var text: String
        var output: String
        var status: Int32
        var error = ""
        var testDescription: String { text.debugDescription }

        static let all = [
            Scripted(
                text: "# nothing\n\necho hello\nexpect re:^hel+o$\n",
                output: "> echo hello\nhello\n> expect re:^hel+o$\n",
                status: 0),
            Scripted(
                text: "echo a\r\nexpect b\r\necho c\r\n", output: "> echo a\na\n> expect b\n", status: 1,
                error: "2: expected: b"),
            Scripted(
                text: "\nnonsense\n", output: "> nonsense\n", status: 2, error: "2: nonsense: no command; see help"),
            Scripted(text: "quit\necho never\n", output: "> quit\n", status: 0),
        ]
    }

    @Test func thePromptTakesStandardInput() throws {
        let folder = try Folder()
        let bios = try folder.file("tiny.bin", TinyBIOS(TinyBIOS.exit(42)).image)
        let arguments = ["boot", "--headless", "--debug-exit", "--bios", bios, "--debug"]
        let outcome = try Tool.run(arguments, input: "step\n\nmoo\nlast-writer sector 9 0\necho ok")
        #expect(
            outcome.output == """
                > step
                         1  F000:0000  B02A              mov al, 0x2a
                >\u{20}
                         2  F000:0002  E6F4              out 0xf4, al
                > moo
                error: moo: no command; see help
                > last-writer sector 9 0
                error: last-writer sector: needs a drive from 0 to 5 with a disk, and a sector of it
                > echo ok
                ok

                """)
        #expect(outcome.status == 0)
        #expect(try Tool.run(arguments, input: "continue\n").status == 42)
    }

    @Test func aBootSectorUnderTheBIOS() throws {
        var sector: [UInt8] = [
            0xB4, 0x0E, 0xB0, 0x41, 0xCD, 0x10,  // mov ah, 0Eh / mov al, 'A' / int 10h
            0xBB, 0x00, 0x7E, 0xB8, 0x01, 0x03, 0xB9, 0x05, 0x00, 0xBA, 0x00, 0x00,  // write 7E00h to sector 5
            0xCD, 0x13, 0xEB, 0xFE,  // int 13h / jmp $
        ]
        sector += [UInt8](repeating: 0, count: 510 - sector.count) + [0x55, 0xAA]
        let folder = try Folder()
        let image = try folder.file("boot.img", sector + [UInt8](repeating: 0, count: 1_474_560 - 512))
        let script = """
            break 0:7C00
            continue
            expect stop 1: at 0000:7C00
            int 10h
            continue
            expect stop 2: interrupt 10
            delete
            out
            screen
            expect A
            until 7C12h
            over
            expect 0000:7C14
            last-writer sector 0 4
            expect write of sector 4 of disk 0
            back
            expect iret
            """
        let file = try folder.file("x.dbg", Array(script.utf8))
        let outcome = try Tool.run(["boot", "--headless", "--discard-writes", image, "--debug-script", file])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }
}
