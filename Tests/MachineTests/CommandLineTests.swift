import Foundation
import PCHost
import Testing

@Suite struct CommandLineTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func bios(_ code: [UInt8]) throws -> String {
        try folder.file("bios.bin", TinyBIOS(code).image)
    }

    @Test func version() throws {
        let outcome = try Tool.run(["version"])
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("swift86 "))
        #expect(try Tool.run(["--help"]).status == 0)
    }

    @Test func info() throws {
        let image = try folder.file("a.img", [UInt8](repeating: 0, count: 368_640))
        let outcome = try Tool.run(["info", image])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("floppy"))
        #expect(outcome.output.contains("360 KB"))
        #expect(try Tool.run(["info", folder.path("none")]).status == 2)
    }

    @Test
    func theGuestChoosesTheStatus() throws {
        let rom = try bios(TinyBIOS.say("hello\n") + TinyBIOS.exit(42))
        let outcome = try Tool.run(["--headless", "--bios", rom, "--debug-exit", "--debug-console", "stdio"])
        #expect(outcome.status == 42)
        #expect(outcome.output == "hello\n")
        #expect(outcome.errors == "")
        let file = folder.path("out.txt")
        _ = try Tool.run(["--headless", "--bios", rom, "--debug-exit", "--debug-console", "file:\(file)"])
        #expect(try folder.text("out.txt") == "hello\n")
    }

    @Test
    func theStatusTellsTheEnding() throws {
        #expect(try Tool.run(["--headless", "--bios", bios(TinyBIOS.powerOff)]).status == 0)
        #expect(try Tool.run(["--headless", "--bios", bios(TinyBIOS.powerOff), "--until-text", "x"]).status == 1)
        #expect(try Tool.run(["--headless", "--bios", bios(TinyBIOS.halt)]).status == 3)
        #expect(try Tool.run(["--headless", "--no-reboot", "--bios", bios(TinyBIOS.crash)]).status == 3)
        #expect(try Tool.run(["--headless", "--max-time", "100ms", "--bios", bios(TinyBIOS.loop)]).status == 124)
    }

    @Test
    func limitsHoldAtTheExactCount() throws {
        let rom = try bios(TinyBIOS.work)
        for count in ["1", "1000", "12345678"] {
            let outcome = try Tool.run(["--headless", "--bios", rom, "--max-instructions", count, "--stats"])
            #expect(outcome.status == 124)
            #expect(outcome.output.contains("instructions \(count)\n"), "\(outcome.output)")
        }
        let timed = try Tool.run(["--headless", "--bios", rom, "--mips", "2", "--max-time", "250ms", "--stats"])
        #expect(timed.output.contains("instructions 500000\n"), "\(timed.output)")
        #expect(timed.output.contains("0.250 s"), "\(timed.output)")
    }

    @Test
    func theSameRunHasTheSameHash() throws {
        let rom = try bios(TinyBIOS.work)
        let hashes = try (0..<4).map { _ in
            try Tool.run(["--headless", "--bios", rom, "--max-instructions", "3000000", "--hash"]).output
        }
        #expect(Set(hashes).count == 1)
        #expect(hashes[0].count == 65)
        let other = try Tool.run(["--headless", "--bios", rom, "--max-instructions", "3000001", "--hash"]).output
        #expect(other != hashes[0])
    }

    @Test
    func aSignalEndsARunCleanly() throws {
        let rom = try bios(TinyBIOS.loop)
        // The shell sends the signal a moment after the start; the hash shows that the end was an orderly one.
        let shell = "\"$0\" \"$@\" & child=$!; sleep 1; kill -TERM $child; wait $child"
        let outcome = try Tool.run(["--headless", "--bios", rom, "--hash"], through: shell)
        #expect(outcome.status == 143)
        #expect(outcome.output.count == 65)
    }
}

@Suite struct ScenarioCommandTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func scenario(_ name: String, _ text: String) throws -> String { try folder.file(name, Array(text.utf8)) }

    @Test func statusAndOutput() throws {
        let good = try scenario("good.scn", "title The demo disk\nwait-text Swift86 10s\nhash\n")
        let bad = try scenario("bad.scn", "wait-text Never 100ms\n")
        let broken = try scenario("broken.scn", "wait-txt Never\n")
        let report = folder.path("report.xml")
        let passing = try Tool.run(["test", good, "--junit", report])
        #expect(passing.status == 0)
        #expect(passing.output.hasPrefix("pass good "))
        #expect(passing.output.hasSuffix("1 passed, 0 failed\n"))
        #expect(try folder.text("report.xml").contains("tests=\"1\" failures=\"0\""))
        // The same to the last character, side by side or not.
        #expect(
            try Tool.run(["test", good, good, "--jobs", "2"]).output
                == Tool.run(["test", good, good, "--jobs", "1"]).output)

        let failing = try Tool.run(["test", good, bad, "--keep", folder.path("kept")])
        #expect(failing.status == 1)
        #expect(failing.output.contains("FAIL bad"))
        #expect(try folder.text("kept/bad.failed.txt").contains("Swift86"))

        let unread = try Tool.run(["test", good, broken])
        #expect(unread.status == 2)
        #expect(unread.output == "")
        #expect(unread.errorLines == ["swift86: \(broken):1: wait-txt: no such step"])
        let missing = try scenario("missing.scn", "floppy a none.img\nwait-text x\n")
        #expect(try Tool.run(["test", missing]).status == 2)
        #expect(try Tool.run(["test", good, "--jobs", "0"]).status == 2)
        // A report takes the place of a report alone, and what is wrong with its name is told before anything runs.
        for path in [good, folder.path("none/report.xml")] {
            let refused = try Tool.run(["test", good, "--junit", path])
            #expect(refused.status == 2 && refused.output == "" && refused.errorLines.count == 1, "\(path)")
        }
        #expect(try folder.text("good.scn").hasPrefix("title"))
        #expect(try Tool.run(["test", good, "--junit", report]).status == 0)
        #expect(try Tool.run(["test"]).status == 2)
    }
}
