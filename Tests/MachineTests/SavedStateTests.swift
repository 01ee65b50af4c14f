import Foundation
import Testing

/// States through the program: saved by one process, loaded by another.
@Suite struct SavedStateTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func boot(_ arguments: String...) throws -> Tool.Outcome {
        try Tool.run(["boot", "--headless"] + arguments)
    }

    @Test func theDemoDiskGoesOn() throws {
        let state = folder.path("demo.s86")
        let alone = try boot("--memory", "1M", "--cpu", "486", "--max-time", "2s", "--hash")
        let first = try boot("--memory", "1M", "--cpu", "486", "--max-time", "700ms", "--save", state)
        #expect(first.status == 124)
        let second = try boot("--load", state, "--max-time", "2s", "--hash")
        #expect(second.status == 124)
        #expect(second.output == alone.output && !alone.output.isEmpty)
        // Saving changes nothing, and a state of a state is one.
        let third = try boot("--load", state, "--max-time", "1500ms", "--save", state, "--hash")
        #expect(third.output == (try boot("--memory", "1M", "--cpu", "486", "--max-time", "1500ms", "--hash").output))
        #expect(try boot("--load", state, "--max-time", "2s", "--hash").output == alone.output)
    }

    @Test(.enabled(if: Surroundings.hasFreeDOS, "../shared has no FreeDOS")) func freeDOSGoesOn() throws {
        let source = try #require(Surroundings.guest("freedos-1.4MB.img"))
        let (image, state) = (try folder.copy(source), folder.path("dos.s86"))
        let alone = try boot("--mips", "30", "--max-time", "8s", "--hash", "--discard-writes", image)
        _ = try boot("--mips", "30", "--max-time", "3s", "--save", state, "--discard-writes", image)
        let again = try boot("--load", state, "--max-time", "8s", "--hash", "--discard-writes")
        #expect(again.output == alone.output && !alone.output.isEmpty)
        #expect(again.errorLines.count == 1)
        // The image has gone; another one takes its place if it is the same.
        try FileManager.default.removeItem(atPath: image)
        let lost = try boot("--load", state, "--max-time", "8s", "--hash", "--discard-writes")
        #expect(lost.status == 2 && lost.errors.contains("needs its floppy"))
        let moved = try boot("--load", state, "--max-time", "8s", "--hash", "--discard-writes", source.path)
        #expect(moved.output == alone.output)
    }

    @Test func whatIsWrongIsOneLine() throws {
        let state = folder.path("demo.s86")
        _ = try boot("--memory", "1M", "--cpu", "386", "--max-time", "100ms", "--save", state)
        let bytes = try folder.content("demo.s86")
        var damaged = bytes
        damaged[bytes.count / 2] ^= 4
        var newer = bytes
        newer[8] = 2
        for (name, content, words) in [
            ("cut", Array(bytes.dropLast(100)), "cut short"), ("damaged", damaged, "damaged"),
            ("newer", newer, "version 2"), ("empty", [], "no saved state"),
            ("text", Array("hello".utf8), "no saved state"),
        ] {
            let path = try folder.file(name, content)
            let outcome = try boot("--load", path)
            #expect(outcome.status == 2 && outcome.output.isEmpty && outcome.errorLines.count == 1)
            #expect(outcome.errors.contains(path) && outcome.errors.contains(words))
        }
        for arguments in [
            ["--load", state, "--cpu", "8086"], ["--load", folder.path("none")], ["--load", state, "--memory", "4M"],
            ["--save", folder.path("no/folder"), "--max-time", "1ms"], ["--save", "", "--max-time", "1ms"],
        ] {
            let outcome = try Tool.run(["boot", "--headless"] + arguments)
            #expect(outcome.status == 2)
        }
        #expect(try folder.content("demo.s86") == bytes)
    }

    /// Killed while it saves, over and over: there is always a whole state.
    @Test func aKillLeavesAWholeState() throws {
        let state = folder.path("demo.s86")
        _ = try boot("--memory", "1M", "--cpu", "386", "--max-time", "100ms", "--save", state)
        for delay in 1...12 {
            let process = Process()
            process.executableURL = Tool.url
            process.arguments = ["boot", "--headless", "--load", state, "--max-time", "150ms", "--save", state]
            process.environment = Tool.base
            process.standardError = FileHandle.nullDevice
            try process.launchUnblocked()
            Thread.sleep(forTimeInterval: Double(delay) * 0.008)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            #expect(try boot("--load", state, "--max-instructions", "1").status == 124)
        }
        #expect(try boot("--load", state, "--max-time", "200ms", "--save", state).status == 124)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["demo.s86"])
    }

    /// A floppy whose boot sector, at each timer tick, writes a sector and shows the next letter.
    static let lettersDisk: [UInt8] = {
        let code: [UInt8] = [
            0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0, 0x31, 0xF6, 0xB8, 0x01, 0x03, 0xBB, 0x00, 0x7C, 0x89, 0xF1, 0x88, 0xCD,
            0xB1, 0x02, 0x80, 0xE5, 0x1F, 0x31, 0xD2, 0xCD, 0x13, 0x89, 0xF0, 0x24, 0x0F, 0x04, 0x41, 0xB4, 0x0E, 0x31,
            0xDB, 0xCD, 0x10, 0xFB, 0xF4, 0x46, 0xEB, 0xDC,
        ]
        return code + [UInt8](repeating: 0, count: 510 - code.count) + [0x55, 0xAA]
            + [UInt8](repeating: 0, count: 163_840 - 512)
    }()

    /// What a disk holds is written over only where the user asks for it: here the state was of a run that wrote nothing.
    @Test func aLoadWritesOverNothingUnasked() throws {
        let image = try folder.file("a.img", Self.lettersDisk)
        let state = folder.path("x.s86")
        let machine = ["--memory", "1M", "--cpu", "386", "--discard-writes"]
        _ = try Tool.run(["boot", "--headless", "--max-time", "1500ms", "--save", state, image] + machine)
        let refused = try boot("--load", state, "--max-time", "2s")
        #expect(refused.status == 2 && refused.errorLines.count == 1)
        #expect(refused.errors.contains("sectors of \(image), which") && refused.errors.contains("--rewind-disks"))
        #expect(try boot("--load", state, "--max-time", "2s", "--discard-writes").status == 124)
        #expect(try folder.content("a.img") == Self.lettersDisk)
        // Into an overlay it is free, while that is new.
        let overlay = ["--overlay", folder.path("a.ovl")]
        for status in [124, 2] as [Int32] {
            let outcome = try Tool.run(["boot", "--headless", "--load", state, "--max-time", "2s"] + overlay)
            #expect(outcome.status == status, "\(outcome.errors)")
        }
        #expect(try folder.content("a.img") == Self.lettersDisk)
        #expect(try boot("--load", state, "--max-time", "2s", "--rewind-disks").status == 124)
        #expect(try folder.content("a.img") != Self.lettersDisk)
    }

    /// An image that an overlay protects is not written because a state is loaded without it; here nothing had been written.
    @Test func anOverlayIsNotForgotten() throws {
        let image = try folder.file("a.img", Self.lettersDisk)
        let (state, overlay) = (folder.path("x.s86"), folder.path("a.ovl"))
        let machine = ["--memory", "1M", "--cpu", "386", "--overlay", overlay]
        _ = try Tool.run(["boot", "--headless", "--max-time", "1ms", "--save", state, image] + machine)
        let refused = try boot("--load", state, "--max-time", "2s")
        #expect(refused.status == 2 && refused.errorLines.count == 1)
        #expect(refused.errors.contains("an overlay over \(image): ") && refused.errors.contains("--discard-writes"))
        #expect(try boot("--load", state, "--max-time", "2s", "--overlay", overlay).status == 124)
        #expect(try folder.content("a.img") == Self.lettersDisk)
        #expect(try boot("--load", state, "--max-time", "2s", "--rewind-disks").status == 124)
        #expect(try folder.content("a.img") != Self.lettersDisk)
    }

    /// A disk that is written through: what was written goes with the state, and the image is brought to it.
    @Test func aDiskThatIsWrittenGoesOn() throws {
        let (a, b) = (try folder.file("a.img", Self.lettersDisk), try folder.file("b.img", Self.lettersDisk))
        let state = folder.path("x.s86")
        let machine = ["--memory", "1M", "--cpu", "386"]
        let alone = try Tool.run(["boot", "--headless", "--max-time", "3s", "--hash", a] + machine)
        _ = try Tool.run(["boot", "--headless", "--max-time", "1500ms", "--save", state, b] + machine)
        let atState = try folder.content("b.img")
        #expect(atState != Self.lettersDisk)
        let again = try boot("--load", state, "--max-time", "3s", "--hash")
        #expect(again.output == alone.output && !alone.output.isEmpty)
        #expect(try folder.content("b.img") == folder.content("a.img"))
        // A sector that the state does not hold has changed: another disk.
        var other = atState
        other[163_839] = 1
        _ = try folder.file("b.img", other)
        let refused = try boot("--load", state, "--max-time", "3s", "--hash")
        #expect(refused.status == 2 && refused.errorLines.count == 1 && refused.errors.contains("changed later"))
        #expect(try folder.content("b.img") == other)
        #expect(try boot("--load", state, "--read-only").status == 2)
    }

    /// A state of each version of the format is loaded for ever. States.md says how the next one is made.
    @Test(arguments: ["state-1"]) func oldStatesAreLoaded(_ name: String) throws {
        let fixtures = Surroundings.root.appending(path: "Tests/MachineTests/Fixtures")
        let disk = try folder.file("letters.img", Self.lettersDisk)
        // A copy, beside which the guest's writes leave an undo file.
        let state = try folder.copy(fixtures.appending(path: "\(name).s86"))
        let outcome = try boot("--load", state, "--max-time", "3s", "--screen", "text", "--discard-writes", disk)
        #expect(outcome.status == 124)
        #expect(outcome.output == (try String(contentsOf: fixtures.appending(path: "\(name).txt"), encoding: .utf8)))
        #expect(outcome.output.contains("ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP"))
    }
}
