import Foundation
import Testing

@testable import PCHost

/// `--record` and `--replay` through the program itself.
@Suite struct RecordingTests {
    private static let machine = ["--headless", "--cpu", "386", "--memory", "2M"]

    @Test func aReplayComesToTheSameHash() throws {
        let folder = try Folder()
        let recording = folder.path("run.s86")
        let recorded = try Tool.run(
            Self.machine + ["--max-time", "2s", "--serial", "stdio", "--hash", "--record", recording],
            input: String(repeating: "hello ", count: 200))
        #expect(recorded.status == 124)
        let replayed = try Tool.run(["--headless", "--replay", recording, "--hash"])
        #expect(replayed.status == 0, "\(replayed.errors)")
        #expect(replayed.output == recorded.output && recorded.output.count == 65)
        // What was typed into COM1 is in it.
        let silent = try Tool.run(Self.machine + ["--max-time", "2s", "--hash"])
        #expect(silent.output != recorded.output)
    }

    /// The run has written to its disk; the replay has it as it was, and leaves it as it is.
    @Test func aDiskThatWasWrittenIsAsItWas() throws {
        let folder = try Folder()
        let image = try folder.file("a.img", SavedStateTests.lettersDisk)
        let recording = folder.path("run.s86")
        let options = Self.machine + ["--max-time", "1500ms", "--hash", image]
        let recorded = try Tool.run(options + ["--record", recording])
        let written = try folder.content("a.img")
        #expect(written != SavedStateTests.lettersDisk)
        let replayed = try Tool.run(["--headless", "--replay", recording, "--hash"])
        #expect(replayed.status == 0 && replayed.output == recorded.output, "\(replayed.errors)")
        #expect(try folder.content("a.img") == written)
        #expect(try Tool.run(["--headless", "--load", recording, "--max-time", "1ms"]).status == 2)
        let back = try Tool.run(["--headless", "--load", recording, "--max-time", "1ms", "--rewind-disks"])
        #expect(back.status == 124)
        #expect(try folder.content("a.img") == SavedStateTests.lettersDisk)
    }

    /// What could not be written at the end is refused at the beginning.
    @Test func aNameThatCannotBeIsRefusedAtOnce() throws {
        let folder = try Folder()
        let text = try folder.file("note.txt", Array("a text".utf8))
        for options in [
            ["--record", folder.path("none/x")], ["--save", folder.path("none/x")], ["--record", text],
            ["--save", folder.path("x"), "--record", folder.path("x")],
        ] {
            // Without a limit: a run would not end.
            let result = try Tool.run(Self.machine + options)
            #expect(result.status == 2 && result.errorLines.count == 1, "\(options)")
        }
        #expect(try folder.content("note.txt") == Array("a text".utf8))
    }

    /// Before the run, not after it.
    @Test func aStateIsNotOverwrittenByARecording() throws {
        let folder = try Folder()
        let (state, recording) = (folder.path("state.s86"), folder.path("run.s86"))
        _ = try Tool.run(Self.machine + ["--max-time", "100ms", "--save", state, "--record", recording])
        let before = [try folder.content("state.s86"), try folder.content("run.s86")]
        let saved = try Tool.run(Self.machine + ["--save", recording])
        #expect(saved.status == 2 && saved.errors.contains("is a recording, not a saved state"))
        let recorded = try Tool.run(Self.machine + ["--record", state])
        #expect(recorded.status == 2 && recorded.errors.contains("is a saved state, not a recording"))
        #expect(try [folder.content("state.s86"), folder.content("run.s86")] == before)
        // A state may take a state's place, and a recording a recording's.
        for options in [["--save", state], ["--record", recording], ["--load", state, "--save", state]] {
            let machine = options[0] == "--load" ? ["--headless"] : Self.machine
            #expect(try Tool.run(machine + ["--max-time", "200ms"] + options).status == 124)
        }
    }

    /// What an overlay held before is nowhere else: a replay needs it as it was.
    @Test func anOverlayThatGrowsIsWarnedOf() throws {
        let folder = try Folder()
        let image = try folder.file("a.img", SavedStateTests.lettersDisk)
        let (overlay, recording) = (folder.path("o"), folder.path("r.s86"))
        let run = Self.machine + ["--max-time", "1500ms", "--record", recording, image]
        for more in [[], ["--discard-writes"], ["--overlay", overlay]] {
            #expect(try Tool.run(run + more).errorLines.count == 1, "\(more)")
        }
        let warned = try Tool.run(run + ["--overlay", overlay])
        #expect(warned.status == 124 && warned.errorLines.count == 2)
        #expect(warned.errors.contains("warning: --record: the guest may write to \(overlay), and a replay needs it"))
    }

    /// A recording may be long, or say so; it is told of, and the run can be ended.
    @Test func aLongReplayIsToldOfAndEnds() throws {
        let folder = try Folder()
        let (path, far) = (folder.path("r.s86"), folder.path("far.s86"))
        _ = try Tool.run(Self.machine + ["--max-time", "1500ms", "--record", path])
        let replayed = try Tool.run(["--headless", "--replay", path])
        #expect(replayed.status == 0)
        #expect(replayed.errors == "swift86: notice: \(path): 1.500 s of guest time are done again\n")
        let recording = try Recording(path: path)
        for end in [UInt64.max, 1 << 62] {
            let position = Timeline.Position(time: end, instruction: end)
            let long = try Recording(start: recording.start, inputs: [], end: position, hash: recording.hash)
            try Data(long.container.bytes).write(to: URL(filePath: far))
            let limited = try Tool.run(["--headless", "--replay", far, "--max-time", "1s"])
            #expect(limited.status == 124 && limited.errors.contains(" s of guest time are done again"))
            for signal in ["TERM", "INT"] {
                let ended = try Tool.run(
                    ["--headless", "--replay", far],
                    through: "\"$0\" \"$@\" & sleep 1; kill -\(signal) $!; wait $!")
                #expect(ended.status == (signal == "TERM" ? 143 : 130), "\(signal): \(ended.errors)")
            }
        }
    }

    @Test func whatIsNoRecordingIsRefused() throws {
        let folder = try Folder()
        let (state, recording) = (folder.path("state.s86"), folder.path("run.s86"))
        _ = try Tool.run(Self.machine + ["--max-time", "100ms", "--save", state, "--record", recording])
        let refused = try Tool.run(["--headless", "--replay", state])
        #expect(refused.status == 2)
        #expect(refused.errors.contains("is a state and no recording"))
        #expect(try Tool.run(["--headless", "--replay", recording, "--record", state]).status == 2)
        // Cut anywhere and changed anywhere it is refused in one line.
        let bytes = try [UInt8](Data(contentsOf: URL(filePath: recording)))
        for number in 0..<6 {
            var bad = bytes
            if number < 3 { bad.removeLast(bytes.count / 4 * (number + 1)) } else { bad[bytes.count / 7 * number] ^= 4 }
            try Data(bad).write(to: URL(filePath: state))
            let result = try Tool.run(["--headless", "--replay", state])
            #expect(result.status == 2 && result.errors.split(separator: "\n").count == 1)
        }
    }
}
