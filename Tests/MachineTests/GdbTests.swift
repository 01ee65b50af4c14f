import Foundation
import Testing

/// The real gdb drives machines by script, forwards and backwards.
@Suite(.enabled(if: GdbRun.gdb != nil, "gdb is not installed")) struct GdbTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// What gdb prints for these lines about a machine that boots from `sector`.
    private func gdb(_ sector: [UInt8], _ lines: String...) throws -> String {
        var image = sector + Array(repeating: 0, count: 1_474_560 - sector.count)
        (image[510], image[511]) = (0x55, 0xAA)
        let run = try GdbRun([try folder.file("floppy.img", image)], folder: folder)
        return try run.gdb(lines.joined(separator: "\n"))
    }

    /// The lines that stand between `echo NAME\n` and the next echo.
    private func section(_ name: String, _ output: String) -> [String] {
        let lines = output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        return Array(lines.drop { $0 != "[\(name)]" }.dropFirst().prefix { !$0.hasPrefix("[") })
    }

    private func mark(_ name: String) -> String { "echo [\(name)]\\n" }

    /// Goes on at CS = 07C0h, so that IP is not where it is in memory.
    private static let realMode: [UInt8] =
        [
            0xFA,  // 7C00 cli
            0x31, 0xC0,  // 7C01 xor ax, ax
            0x8E, 0xD8,  // 7C03 mov ds, ax
            0x8E, 0xD0,  // 7C05 mov ss, ax
            0xBC, 0x00, 0x7C,  // 7C07 mov sp, 7C00h
            0xEA, 0x0F, 0x00, 0xC0, 0x07,  // 7C0A jmp 07C0h:000Fh
            0xC6, 0x06, 0x00, 0x05, 0x11,  // 7C0F mov byte [500h], 11h
            0xB9, 0x03, 0x00,  // 7C14 mov cx, 3
            0x49,  // 7C17 again: dec cx
            0x75, 0xFD,  // 7C18 jnz again
            0xE8, 0x13, 0x00,  // 7C1A call sub
            0x50,  // 7C1D push ax
            0xC6, 0x06, 0x00, 0x06, 0x33,  // 7C1E mov byte [600h], 33h
            0xFF, 0x06, 0x02, 0x05,  // 7C23 hang: inc word [502h]
            0xEB, 0xFA,  // 7C27 jmp hang
        ] + Array(repeating: 0x90, count: 7) + [
            0xC6, 0x06, 0x00, 0x05, 0x22,  // 7C30 sub: mov byte [500h], 22h
            0xC3,  // 7C35 ret
        ]

    @Test func addressesInRealMode() throws {
        let output = try gdb(
            Self.realMode, mark("reset"), "x/i $pc", mark("arch"), "show architecture", "break *0x7c00", mark("break"),
            "continue", mark("code"), "x/8i $pc", mark("steps"), "stepi 5", mark("far"), "stepi", mark("there"),
            "x/2i $pc",
            mark("registers"), "info registers eip cs cs_ip cs_base", mark("call"), "tbreak *0x7c30", "continue",
            mark("stack"),
            "x/xh $sp", "info registers esp ss_sp", mark("return"), "stepi 2", mark("end"))
        #expect(section("reset", output) == ["=> 0xfffffff0:\tljmp   $0xf000,$0xe05b"])
        #expect(section("arch", output).first?.contains("i8086") == true)
        #expect(section("break", output).contains("Breakpoint 1, 0x00007c00 in ?? ()"), "\(output)")
        #expect(
            section("code", output) == [
                "=> 0x7c00:\tcli", "0x7c01:\txor    %ax,%ax", "0x7c03:\tmov    %ax,%ds", "0x7c05:\tmov    %ax,%ss",
                "0x7c07:\tmov    $0x7c00,%sp", "0x7c0a:\tljmp   $0x7c0,$0xf", "0x7c0f:\tmovb   $0x11,0x500",
                "0x7c14:\tmov    $0x3,%cx",
            ])
        #expect(section("far", output) == ["0x00007c0f in ?? ()"])
        #expect(section("there", output) == ["=> 0x7c0f:\tmovb   $0x11,0x500", "0x7c14:\tmov    $0x3,%cx"])
        let registers = section("registers", output).map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
        #expect(registers == ["eip 0x7c0f", "cs 0x7c0", "cs_ip 0xf", "cs_base 0x7c00"])
        #expect(section("stack", output).first == "0x7bfe:\t0x001d", "\(output)")
        #expect(section("return", output) == ["0x00007c1d in ?? ()"])
    }

    /// The example: watch a byte, go back to who wrote it.
    @Test func whoWroteIt() throws {
        let output = try gdb(
            Self.realMode, "break *0x7c00", "continue", "delete", "watch *(char *) 0x500", mark("first"), "continue",
            mark("second"), "continue", mark("code"), "x/i $pc", mark("on"), "delete", "break *0x7c23", "continue",
            "delete",
            "watch *(char *) 0x500", mark("back"), "reverse-continue", mark("writer"), "x/i $pc", "p/x *(char *) 0x500",
            mark("forth"), "stepi", "p/x *(char *) 0x500", mark("back 2"), "reverse-stepi", "reverse-continue",
            mark("writer 2"), "x/i $pc", "delete", mark("steps"), "reverse-stepi", "reverse-stepi", mark("start"),
            "reverse-continue", mark("pc"), "p/x $pc", mark("end"))
        let changed = { (old: String, new: String) in ["Old value = \(old)", "New value = \(new)"] }
        #expect(
            section("first", output).filter { $0.contains("alue") } == changed("0 '\\000'", "17 '\\021'"), "\(output)")
        #expect(section("second", output).filter { $0.contains("alue") } == changed("17 '\\021'", "34 '\"'"))
        #expect(section("code", output) == ["=> 0x7c35:\tret"])
        #expect(section("back", output).filter { $0.contains("alue") } == changed("34 '\"'", "17 '\\021'"), "\(output)")
        #expect(section("writer", output) == ["=> 0x7c30:\tmovb   $0x22,0x500", "$1 = 0x11"])
        #expect(section("forth", output).last == "$2 = 0x22")
        #expect(section("writer 2", output) == ["=> 0x7c0f:\tmovb   $0x11,0x500"], "\(output)")
        #expect(section("steps", output) == ["0x00007c0a in ?? ()", "0x00007c07 in ?? ()"])
        #expect(section("start", output).contains("No more reverse-execution history."))
        #expect(section("pc", output) == ["$3 = 0xfffffff0"])
    }

    /// Breakpoints, read and access watchpoints, and breakpoints met backwards.
    @Test func stopsOfAllKinds() throws {
        let output = try gdb(
            Self.realMode, "hbreak *0x7c17", mark("one"), "continue", mark("two"), "continue", mark("three"),
            "continue",
            "p $cx", mark("back"), "reverse-continue", "p $cx", mark("back 2"), "reverse-continue", "p $cx", mark("on"),
            "delete",
            "rwatch *(short *) 0x502", mark("read"), "continue", "x/i $pc", mark("more"), "delete",
            "awatch *(char *) 0x600",
            "break *0x7c23", mark("access"), "reverse-continue", "x/i $pc", mark("end"))
        for name in ["one", "two", "three"] {
            #expect(section(name, output).contains("Breakpoint 1, 0x00007c17 in ?? ()"), "\(output)")
        }
        #expect(section("three", output).last == "$1 = 1")
        #expect(section("back", output).last == "$2 = 2")
        #expect(section("back 2", output).last == "$3 = 3")
        #expect(section("read", output).contains("Hardware read watchpoint 2: *(short *) 0x502"), "\(output)")
        #expect(section("read", output).last == "=> 0x7c27:\tjmp    0x7c23")
        #expect(section("access", output).contains("Breakpoint 4, 0x00007c23 in ?? ()"), "\(output)")
    }

    @Test func changes() throws {
        let output = try gdb(
            Self.realMode, "break *0x7c17", "continue", "delete", "set $cx = 7", "set *(char *) 0x500 = 0x44",
            "stepi", mark("values"), "p $cx", "p/x *(char *) 0x500", "set $pc = 0x7c30", mark("jump"), "x/i $pc",
            "p/x $cs_ip", mark("monitor"), "monitor info segments",
            "monitor last-writer 0x500", "monitor reset", "maintenance flush register-cache", mark("reset"), "x/i $pc",
            // An error ends the script.
            mark("far"), "set $pc = 0x20000")
        #expect(section("values", output) == ["$1 = 6", "$2 = 0x44"], "\(output)")
        #expect(section("jump", output) == ["=> 0x7c30:\tmovb   $0x22,0x500", "$3 = 0x30"])
        #expect(section("far", output).joined().contains("E22"), "\(output)")
        #expect(section("monitor", output).first?.hasPrefix("cs    07c0  base 00007c00") == true, "\(output)")
        #expect(section("reset", output).last == "=> 0xfffffff0:\tljmp   $0xf000,$0xe05b", "\(output)")
    }

    /// 32-bit code, and a page at 40000000h that leads to 9000h.
    private static let paging: [UInt8] =
        [
            0xFA,  // 7C00 cli
            0x31, 0xC0, 0x8E, 0xD8,  // 7C01 xor ax, ax / mov ds, ax
            0x0F, 0x01, 0x16, 0xA8, 0x7C,  // 7C05 lgdt [7CA8h]
            0x0F, 0x20, 0xC0, 0x0C, 0x01, 0x0F, 0x22, 0xC0,  // 7C0A CR0.PE
            0x66, 0xEA, 0x1A, 0x7C, 0x00, 0x00, 0x08, 0x00,  // 7C12 jmp dword 8:7C1Ah
            0x66, 0xB8, 0x10, 0x00,  // 7C1A mov ax, 16
            0x8E, 0xD8, 0x8E, 0xC0, 0x8E, 0xD0,  // 7C1E mov ds, eax / mov es, eax / mov ss, eax
            0xBC, 0x00, 0x7C, 0x00, 0x00,  // 7C24 mov esp, 7C00h
            0xBF, 0x00, 0x00, 0x01, 0x00,  // 7C29 mov edi, 10000h
            0x31, 0xC0, 0xB9, 0x00, 0x0C, 0x00, 0x00, 0xF3, 0xAB,  // 7C2E 3 pages of zeros
            0xC7, 0x05, 0x00, 0x00, 0x01, 0x00, 0x03, 0x10, 0x01, 0x00,  // 7C37 directory entry 0: table at 11000h
            0xC7, 0x05, 0x00, 0x04, 0x01, 0x00, 0x03, 0x20, 0x01, 0x00,  // 7C41 entry 256: table at 12000h
            0xC7, 0x05, 0x00, 0x20, 0x01, 0x00, 0x03, 0x90, 0x00, 0x00,  // 7C4B its entry 0: page 9000h
            0xBF, 0x00, 0x10, 0x01, 0x00, 0xB0, 0x03, 0xB9, 0x00, 0x01, 0x00, 0x00,  // 7C55 256 pages
            0xAB, 0x05, 0x00, 0x10, 0x00, 0x00, 0xE2, 0xF8,  // 7C61 fill: stosd / add eax, 1000h / loop fill
            0xB8, 0x00, 0x00, 0x01, 0x00, 0x0F, 0x22, 0xD8,  // 7C69 mov eax, 10000h / mov cr3, eax
            0x0F, 0x20, 0xC0, 0x0D, 0x00, 0x00, 0x00, 0x80, 0x0F, 0x22, 0xC0,  // 7C71 CR0.PG
            0xC6, 0x05, 0x10, 0x00, 0x00, 0x40, 0x5A,  // 7C7C mov byte [40000010h], 5Ah
            0xC6, 0x05, 0x10, 0x00, 0x00, 0x40, 0xA5,  // 7C83 mov byte [40000010h], A5h
            0xEB, 0xFE, 0x90, 0x90, 0x90, 0x90,  // 7C8A jmp $
            0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0x9A, 0xCF, 0, 0xFF, 0xFF, 0, 0, 0, 0x92, 0xCF, 0,  // 7C90
            0x17, 0x00, 0x90, 0x7C, 0x00, 0x00,  // 7CA8 limit and base of the GDT
        ]

    @Test func protectedModeWithPaging() throws {
        let output = try gdb(
            Self.paging, "break *0x7c7c", mark("break"), "continue", "set architecture i386", mark("code"), "x/3i $pc",
            "watch *(unsigned char *) 0x40000010", mark("one"), "continue", mark("two"), "continue", mark("memory"),
            "x/xb 0x40000010", "x/xb 0x9010", mark("back"), "reverse-continue", mark("writer"), "x/i $pc",
            "x/xb 0x9010", "delete", "break *0x7c35", mark("rep"), "reverse-continue", "p $ecx", "stepi", "p $ecx",
            "reverse-stepi", "p $ecx", mark("none"), "x/xb 0x50000000", mark("end"))
        #expect(section("break", output).contains("Breakpoint 1, 0x00007c7c in ?? ()"), "\(output)")
        #expect(
            section("code", output).prefix(3) == [
                "=> 0x7c7c:\tmovb   $0x5a,0x40000010", "0x7c83:\tmovb   $0xa5,0x40000010", "0x7c8a:\tjmp    0x7c8a",
            ])
        #expect(section("one", output).contains("New value = 90 'Z'"), "\(output)")
        #expect(section("two", output).contains("New value = 165 '\\245'"))
        #expect(section("memory", output) == ["0x40000010:\t0xa5", "0x9010:\t0xa5"])
        #expect(section("back", output).contains("New value = 90 'Z'"), "\(output)")
        #expect(section("writer", output).prefix(2) == ["=> 0x7c83:\tmovb   $0xa5,0x40000010", "0x9010:\t0x5a"])
        #expect(
            section("rep", output).filter { $0.hasPrefix("$") } == ["$1 = 3072", "$2 = 0", "$3 = 3072"], "\(output)")
        #expect(output.contains("Cannot access memory at address 0x50000000"))
    }

    @Test func gdbComesBack() throws {
        var image = Self.realMode + Array(repeating: 0, count: 1_474_560 - Self.realMode.count)
        (image[510], image[511]) = (0x55, 0xAA)
        let run = try GdbRun([try folder.file("floppy.img", image)], folder: folder)
        #expect(try run.gdb("break *0x7c00\ncontinue\ndisconnect").contains("Breakpoint 1, 0x00007c00"))
        let second = try run.gdb("p/x $pc\nstepi\ndetach")
        #expect(second.contains("$1 = 0x7c00") && second.contains("0x00007c01 in ?? ()"), "\(second)")
        usleep(200_000)
        // It ran on, up to the loop at the end.
        let third = try run.gdb("x/i $pc\nkill")
        #expect(third.contains("0x7c2"), "\(third)")
        #expect(try run.status() == 0)
    }
}
