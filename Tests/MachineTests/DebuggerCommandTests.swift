import PCCore
import PCHost
import Testing

/// Commands that look on: what is shown again and again, what ran, what the CPU has translated, what the screen shows.
@Suite struct DebuggerCommandTests {
    @Test func whatIsDisplayedComesAfterEachMove() throws {
        try DebuggerBench(DebuggerTests.Program.real).replay(
            """
            > step 2
                     2  F000:0002  8ED8              mov ds, ax
            > display cx
            1: cx = 0h  0  0b
            > display [word 0:502] + 1
            2: [word 0:502] + 1 = 1h  1  1b
            > display nowhere
            error: nowhere: is no register and no symbol
            > step 5
                     7  F000:0012  E80B00            call 0x20
            1: cx = 3h  3  11b
            2: [word 0:502] + 1 = 1h  1  1b
            > over
                    12  F000:0015  E2FB              loop 0x12
            1: cx = 3h  3  11b
            2: [word 0:502] + 1 = 2h  2  10b
            > undisplay 1
            > undisplay 1
            error: 1: no display has this number; see display
            > display
            2: [word 0:502] + 1 = 2h  2  10b
            > undisplay
            > display
            nothing is displayed
            > step
                    13  F000:0012  E80B00            call 0x20
            """)
    }

    @Test func historyIsWhatRan() throws {
        let bench = try DebuggerBench(DebuggerTests.Program.real)
        try bench.replay(
            """
            > history
            nothing ran before
            > step 9
                     9  F000:0024  83F902            cmp cx, 2
            > history 3
                     6  F000:000F  B90300            mov cx, 3
                     7  F000:0012  E80B00            call 0x20
                     8  F000:0020  FF060205          inc word ptr [0x502]
            > history 100001
            error: 100001: must be a count from 1 to 100000
            > print count
            9h  9  1001b
            > back
                     8  F000:0020  FF060205          inc word ptr [0x502]
            > history 1
                     7  F000:0012  E80B00            call 0x20
            """)
        let hash = bench.hash
        #expect(try bench.print(["history 50"]).count == 8)
        #expect(bench.hash == hash)
        // The future that is known stays known.
        _ = try bench.print(["step"])
        #expect(bench.session.timeline.isAtEnd)
    }

    /// REP is one of them, however many elements it has.
    @Test func historyKnowsREP() throws {
        // xor ax, ax / mov es, ax / mov di, 600h / mov cx, 1000 / rep stosb / inc ax / jmp $
        let bench = try DebuggerBench([
            0x31, 0xC0, 0x8E, 0xC0, 0xBF, 0x00, 0x06, 0xB9, 0xE8, 0x03, 0xF3, 0xAA, 0x40, 0xEB, 0xFE,
        ])
        try bench.replay(
            """
            > step 7
                  1006  F000:000D  EBFE              jmp 0xd
            > history 4
                     3  F000:0004  BF0006            mov di, 0x600
                     4  F000:0007  B9E803            mov cx, 0x3e8
                     5  F000:000A  F3AA              rep stosb byte ptr es:[di], al
                  1005  F000:000C  40                inc ax
            """)
    }

    @Test func theTLBIsShown() throws {
        let bench = try DebuggerBench(DebuggerTests.Program.paged)
        let empty = try bench.print(["tlb"])
        #expect(empty == ["paging is off: linear addresses are physical ones"])
        _ = try bench.print(["until 0xF0097"])
        let lines = try bench.print(["tlb"])
        #expect(lines.contains("data  supervisor  00005000 -> 00008000  written"), "\(lines)")
        #expect(lines.contains("code  supervisor  000F0000 -> 000F0000"), "\(lines)")
        #expect(try bench.print(["tlb 0x5123"]) == ["data  supervisor  00005000 -> 00008000  written"])
        #expect(try bench.print(["tlb 0x400000"]) == ["nothing is held for 00400000"])
        #expect(bench.complaint("tlb 100000000h") == "100000000h: must be an address from 0 to 0xFFFFFFFF")
    }

    /// The window of the VGA is read as the CPU would read it.
    @Test func videoMemoryIsShown() throws {
        let sector: [UInt8] = [0xB4, 0x0E, 0xB0, 0x41, 0xCD, 0x10, 0xEB, 0xFE]  // print A by INT 10h / jmp $
        let folder = try Folder()
        let bytes = sector + [UInt8](repeating: 0, count: 502) + [0x55, 0xAA]
        let image = try folder.file("boot.img", bytes + [UInt8](repeating: 0, count: 1_474_560 - 512))
        let file = try folder.file(
            "x.dbg", Array("until 7C06h\nfind B800:0,4000 41 07\nexpect re:^B800:\nx/1b A000:0\nexpect ??\n".utf8))
        let outcome = try Tool.run(["boot", "--headless", "--discard-writes", image, "--debug-script", file])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }

    /// Up to the 80186 there is nothing beyond FFFFFh: addresses go round.
    @Test func addressesGoRoundOnAn8086() throws {
        // mov ax, FFFFh / push ax / mov ax, 10h / push ax / retf, and at 0: inc ax / jmp $
        let bench = try DebuggerBench([
            0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xD0, 0xBC, 0x00, 0x70, 0xC7, 0x06, 0x00, 0x00, 0x40, 0xEB, 0xC6, 0x06, 0x02,
            0x00, 0xFD, 0xEA, 0x10, 0x00, 0xFF, 0xFF,
        ]) {
            $0.cpu = "8086"
            $0.memory = "640K"
        }
        try bench.replay(
            """
            > break FFFF:0010
            stop 1 at FFFF:0010
            > continue
            stop 1: at FFFF:0010, count 8
                     8  FFFF:0010  40                inc ax
            > print pc
            0h  0  0b
            > delete
            > break 0
            stop 2 at 00000000
            > back
                     7  F000:0014  EA1000FFFF        ljmp 0xffff:0x10
            > continue
            stop 2: at FFFF:0010, count 8
                     8  FFFF:0010  40                inc ax
            > step 2
            stop 2: at FFFF:0010, count 10
                    10  FFFF:0010  40                inc ax
            """)
    }

    /// The last interrupt before this one, where both are in one stretch of history.
    @Test func interruptsAreMetBackwards() throws {
        // xor ax, ax / mov ds, ax / mov ss, ax / mov sp, 7000h / mov word [84h], 20h / mov word [86h], F000h
        // again: inc bx / int 21h / jmp again, and the handler at F000:0020: inc word [500h] / iret
        let program: [UInt8] = [
            0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xD0, 0xBC, 0x00, 0x70, 0xC7, 0x06, 0x84, 0x00, 0x20, 0x00, 0xC7, 0x06, 0x86,
            0x00, 0x00, 0xF0, 0x43, 0xCD, 0x21, 0xEB, 0xFB, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0xFF, 0x06, 0x00, 0x05,
            0xCF,
        ]
        try DebuggerBench(program).replay(
            """
            > int 21h if bx > 1
            stop 1 at 21
            > int 21h if bx == 9
            stop 2 at 21
            > continue
            stop 1: interrupt 21, handler F000:0020, count 14
                    14  F000:0020  FF060005          inc word ptr [0x500]
            > continue
            stop 1: interrupt 21, handler F000:0020, count 19
                    19  F000:0020  FF060005          inc word ptr [0x500]
            > continue
            stop 1: interrupt 21, handler F000:0020, count 24
                    24  F000:0020  FF060005          inc word ptr [0x500]
            > rcontinue
            stop 1: interrupt 21, handler F000:0020, count 19
                    19  F000:0020  FF060005          inc word ptr [0x500]
            > watch 0:500 if [word 0:500] == 77
            stop 3 at 00000500
            > rcontinue
            stop 1: interrupt 21, handler F000:0020, count 14
                    14  F000:0020  FF060005          inc word ptr [0x500]
            > rcontinue
            the start of history
                     0  F000:FFF0  EA000000F0        ljmp 0xf000:0
            > info breaks
            1  int 21h if bx > 1, 5 hits
            2  int 21h if bx == 9, 0 hits
            3  watch 0:500 if [word 0:500] == 77, 0 hits
            > break F0020
            error: F0020: is no register and no symbol; a hexadecimal number is written 0xF0020 or 0F0020h
            """)
    }

    /// A triple fault: where it came from, and the way back to before it.
    @Test func resetsAreCaught() throws {
        let bench = try DebuggerBench([0x90] + TinyBIOS.crash.replacing([0x08, 0x00], with: [0x09, 0x00]))
        try bench.replay(
            """
            > catch
            error: catch: must be followed by reset
            > catch reset
            stop 1 at a reset by the guest
            > info breaks
            1  catch reset, 0 hits
            > continue
            stop 1: reset by a triple fault by F000:0007, count 3
                     4  F000:FFF0  EA000000F0        ljmp 0xf000:0
            > rcontinue
            stop 1: reset by a triple fault by F000:0007, count 3
                     3  F000:0007  CD03              int 3
            > step
            stop 1: reset by a triple fault by F000:0007, count 3
                     4  F000:FFF0  EA000000F0        ljmp 0xf000:0
            """)
    }

    @Test(
        arguments: [
            [0x65, 0x63, 0x68, 0x6F, 0x20, 0x00, 0x0A], [0xFF, 0xFE, 0x65, 0x00], [0x65, 0x63, 0x68, 0x6F, 0x20, 0xC3],
            [0xEB, 0x3C, 0x90, 0x1B, 0x5B, 0x32, 0x4A],
        ] as [[UInt8]])
    func aScriptIsText(_ bytes: [UInt8]) throws {
        let folder = try Folder()
        let bios = try folder.file("tiny.bin", TinyBIOS(DebuggerTests.Program.real).image)
        let file = try folder.file("x.dbg", bytes)
        let outcome = try Tool.run(["boot", "--headless", "--bios", bios, "--debug-script", file])
        #expect(outcome.output == "")
        #expect(outcome.status == 2)
        #expect(
            outcome.errors
                == "swift86: --debug-script: \(file) is no text; it must have commands in UTF-8, a line each\n")
    }

    @Test func aMarkAtTheStartOfAScriptIsNothing() throws {
        let folder = try Folder()
        let bios = try folder.file("tiny.bin", TinyBIOS(DebuggerTests.Program.real).image)
        let file = try folder.file("x.dbg", [0xEF, 0xBB, 0xBF] + Array("echo é\n".utf8))
        let outcome = try Tool.run(["boot", "--headless", "--bios", bios, "--debug-script", file])
        #expect(outcome.output == "> echo é\né\n")
        #expect(outcome.status == 0)
    }

    /// The counts of a trace are the machine's, wherever that is put, and what is done again is not told again.
    @Test(
        arguments: [
            ("step 3\nsave S\nstep 2\nload S\nstep 2", [1, 2, 3, 4, 5, 4, 5]),
            ("step 5\nback 3\nstep 3\nstep", [1, 2, 3, 4, 5, 6]),
            ("step 5\nback 2\nset ax 7\nstep 2", [1, 2, 3, 4, 5, 4, 5]),
            ("step 5\nlast-writer 0\nback\nhistory\nstep 2", [1, 2, 3, 4, 5, 6]),
            ("step 6\nsave S\nback 5\nstep\nload S\nstep", [1, 2, 3, 4, 5, 6, 7]),
        ] as [(String, [Int])])
    func aTraceKnowsWhereTheMachineIs(_ script: String, _ counts: [Int]) throws {
        let folder = try Folder()
        let bios = try folder.file("tiny.bin", TinyBIOS(TinyBIOS.work).image)
        let state = folder.path("state")
        let file = try folder.file("x.dbg", Array(script.replacing("S", with: state).utf8))
        let trace = folder.path("trace")
        let outcome = try Tool.run(["boot", "--headless", "--bios", bios, "--debug-script", file, "--trace", trace])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = try folder.text("trace").split(separator: "\n").dropFirst()
        let found = lines.compactMap { Int($0.split(separator: "\t")[0].drop { $0 == " " }) }
        #expect(found == counts)
    }
}
