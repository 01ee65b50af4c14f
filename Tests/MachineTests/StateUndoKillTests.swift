import Foundation
import Testing

/// Machines that are killed while they write to a disk of which there is a saved state.
@Suite struct StateUndoKillTests {
    @Test func aStateStaysGoodWhateverIsKilled() throws {
        let folder = try Folder()
        var content = OverlayKillTests.writer + [UInt8](repeating: 0, count: 1_474_560 - OverlayKillTests.writer.count)
        content.replaceSubrange(510..<512, with: [0x55, 0xAA])
        let (a, b) = (try folder.file("a.img", content), try folder.file("b.img", content))
        let state = folder.path("x.s86")
        let machine = ["boot", "--headless", "--memory", "1M", "--cpu", "386"]
        let alone = try Tool.run(machine + ["--max-time", "1200ms", "--hash", a])
        #expect(try Tool.run(machine + ["--max-time", "900ms", "--save", state, b]).status == 124)
        let saved = try folder.content("b.img")
        #expect(try saved != content && folder.content("a.img") != saved)
        let load = ["boot", "--headless", "--load", state]
        for round in 0..<6 {
            let process = Process()
            process.executableURL = Tool.url
            process.arguments = load + ["--rewind-disks"]
            process.environment = Tool.base
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.launchUnblocked()
            // Until it has written, or in the middle of the way back.
            let wait = round % 2 == 0
            for _ in 0..<3000 where wait && (try? folder.content("b.img")) == saved { usleep(10_000) }
            usleep(UInt32(round * round * 7000 + round * 137))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if wait {
                let refused = try Tool.run(load + ["--max-time", "1200ms"])
                #expect(refused.status == 2 && refused.errorLines.count == 1)
                #expect(refused.errors.contains("sectors of \(b), which") && refused.errors.contains("--rewind"))
            }
            let again = try Tool.run(load + ["--rewind-disks", "--max-time", "1200ms", "--hash"])
            #expect(again.output == alone.output && !alone.output.isEmpty, "\(again.errors)")
            #expect(try folder.content("b.img") == folder.content("a.img"))
        }
    }
}
