import Foundation
import Testing

/// `swift86 disassemble`, its lines and what it refuses.
@Suite struct DisassembleCommandTests {
    private let folder: Folder
    private let code: String

    init() throws {
        folder = try Folder()
        code = try folder.file("code.bin", [0xEA, 0x05, 0x00, 0xC0, 0x07, 0xF3, 0xA5, 0xB8, 0x01, 0x00, 0xF0, 0xFF])
    }

    @Test func linesOf16BitCode() throws {
        let outcome = try Tool.run(["disassemble", code, "--bits", "16", "--origin", "0x7C00"])
        #expect(outcome.status == 0)
        #expect(
            outcome.output == """
                00007C00  EA0500C007       ljmp 0x7c0:5
                00007C05  F3A5             rep movsw word ptr es:[di], word ptr [si]
                00007C07  B80100           mov ax, 1
                00007C0A  F0               db 0xf0
                00007C0B  FF               db 0xff

                """)
    }

    @Test func optionsOfTheCode() throws {
        let part = try Tool.run([
            "disassemble", code, "--bits", "32", "--origin", "7C05h", "--offset", "5", "--count", "1",
        ])
        #expect(part.output == "00007C05  F3A5             rep movsd dword ptr es:[edi], dword ptr [esi]\n")
        let piped = try Tool.run(["disassemble", "-", "--cpu", "8086", "--origin", "16"], input: "`a")
        #expect(piped.output == "00000010  6061             jo 0x73\n")
        let long = try folder.file("long.bin", [0x66, 0x67, 0xC7, 0x84, 0x88, 1, 0, 0, 0, 2, 0, 0, 0])
        #expect(
            try Tool.run(["disassemble", long]).output
                == "00000000  6667C784880100000002000000 mov dword ptr [eax + ecx*4 + 1], 2\n")
        #expect(try Tool.run(["disassemble", folder.file("empty.bin", [])]).output == "")
    }

    @Test(arguments: [
        (["--bits", "64"], "--bits 64: must be 16 or 32"), (["--bits", "32", "--cpu", "286"], "386 and later"),
        (["--cpu", "z80"], "--cpu z80: must be one of"), (["--origin", "7C0G"], "--origin 7C0G: must be a number"),
        (["--origin", "0x100000000"], "--origin"), (["--count=-1"], "--count -1"),
        (["--offset", "13"], "past the end"),
        (["--frobnicate"], "frobnicate"),
    ])
    func badOptions(arguments: [String], part: String) throws {
        let outcome = try Tool.run(["disassemble", code] + arguments)
        #expect(outcome.status == 2 && outcome.output == "")
        #expect(outcome.errorLines.count == 1 && outcome.errors.contains(part), "\(outcome.errors)")
    }

    @Test func badFiles() throws {
        for (arguments, part) in [
            ([folder.path("none")], "No such file"), ([folder.url.path], "directory"), ([], "file"),
        ] {
            let outcome = try Tool.run(["disassemble"] + arguments)
            #expect(outcome.status == 2 && outcome.output == "")
            #expect(outcome.errorLines.count == 1 && outcome.errors.contains(part), "\(outcome.errors)")
        }
    }
}
