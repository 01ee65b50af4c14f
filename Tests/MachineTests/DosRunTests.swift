import Foundation
import PCHost
import Testing

/// `swift86 run` with FreeDOS from shared/guests.
@Suite(.enabled(if: Surroundings.hasFreeDOS, "needs ../shared/guests/images/freedos-1.4MB.img"))
struct DosRunTests {
    private let folder: Folder
    private let dos: String

    init() throws {
        folder = try Folder()
        dos = try #require(Surroundings.guest("freedos-1.4MB.img")?.path)
    }

    /// mov ah, 9; mov dx, text; int 21h; then what follows.
    private func program(_ text: String, _ rest: [UInt8]) -> [UInt8] {
        let place = 0x100 + 7 + rest.count
        return [0xB4, 0x09, 0xBA, UInt8(place & 0xFF), UInt8(place >> 8), 0xCD, 0x21] + rest + Array((text + "$").utf8)
    }

    private static func exit(_ code: UInt8) -> [UInt8] { [0xB8, code, 0x4C, 0xCD, 0x21] }

    @Test func theStatusAndTheFileOfAProgram() throws {
        // Creates OUT.TXT, writes its own first 5 bytes, exits with 42.
        let code: [UInt8] = [
            0xB4, 0x3C, 0x31, 0xC9, 0xBA, 0x2F, 0x01, 0xCD, 0x21,  // create
            0x89, 0xC3, 0xB4, 0x40, 0xB9, 0x05, 0x00, 0xBA, 0x00, 0x01, 0xCD, 0x21,  // write
            0xB4, 0x3E, 0xCD, 0x21,  // close
            0xB4, 0x02, 0xB2, 0xE1, 0xCD, 0x21, 0xB2, 0x0D, 0xCD, 0x21, 0xB2, 0x0A, 0xCD, 0x21,  // ß, CR, LF
            0xB8, 0x2A, 0x4C, 0xCD,
        ]
        let path = try folder.file("prog.com", code + [0x21] + [0x90, 0x90, 0x90] + Array("OUT.TXT\0".utf8))
        _ = try folder.file("data.txt", Array("unchanged".utf8))
        let outcome = try Tool.run(["run", "--dos", dos, "--out", folder.path("result"), path])
        #expect(outcome.status == 42)
        #expect(outcome.output == "ß\n")
        #expect(outcome.errors == "")
        #expect(try folder.content("result/OUT.TXT") == Array(code.prefix(5)))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("result")) == ["OUT.TXT"])
        // Without --out nothing is written.
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("")).sorted()
        #expect(try Tool.run(["run", "--dos", dos, path]).status == 42)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).sorted() == names)
    }

    @Test func argumentsAndBatchFiles() throws {
        // Writes its command tail.
        let echo: [UInt8] = [
            0xB4, 0x40, 0xBB, 0x01, 0x00, 0x8A, 0x0E, 0x80, 0x00, 0xB5, 0x00, 0xBA, 0x81, 0x00, 0xCD, 0x21,
        ]
        let path = try folder.file("Echo Arguments.com", echo + Self.exit(7))
        let outcome = try Tool.run(["run", "--dos", dos, path, "a", "--flag", "b c", "50%"])
        #expect(outcome.status == 7)
        #expect(outcome.output == " a --flag \"b c\" 50%")
        let batch = try folder.file("x.bat", Array("@echo off\r\necho one %1\r\nif exist x.bat echo two\r\n".utf8))
        let second = try Tool.run(["run", "--dos", dos, batch, "arg"])
        #expect(second.output.contains("one arg\ntwo\n"))
    }

    @Test func standardInputIsTyped() throws {
        // Reads a line by 0Ah and exits with its length.
        let code: [UInt8] = [0xB4, 0x0A, 0xBA, 0x20, 0x01, 0xCD, 0x21, 0xA0, 0x21, 0x01, 0xB4, 0x4C, 0xCD, 0x21]
        let path = try folder.file("in.com", code + [UInt8](repeating: 0, count: 18) + [60, 0])
        #expect(try Tool.run(["run", "--dos", dos, path], input: "hello\n").status == 5)
    }

    @Test func whatCannotBeRunEndsWith125() throws {
        let good = try folder.file("a.com", program("hi", Self.exit(0)))
        #expect(try Tool.run(["run", "--dos", dos, good]).output == "hi")
        let hang = try folder.file("hang.com", [0xEB, 0xFE])
        #expect(try Tool.run(["run", "--dos", dos, "--max-time", "20s", hang]).status == 124)
        let text = try folder.file("a.txt", [1])
        let blank = try folder.file("blank.img", [UInt8](repeating: 0, count: 368_640))
        for arguments in [
            ["--dos", dos, folder.path("none.com")], ["--dos", dos, text], ["--dos", folder.path("none.img"), good],
            ["--dos", blank, good], [good], ["--dos", dos], ["--dos", dos, "--cpu", "z80", good],
            ["--dos", dos, good, String(repeating: "x", count: 200)],
        ] {
            let outcome = try Tool.run(["run"] + arguments)
            #expect(outcome.status == 125, "\(arguments)")
            #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
        }
    }
}
