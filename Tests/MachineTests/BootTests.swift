import Foundation
import PCHost
import Testing

/// Real images from power-on to what they show.
@Suite(.serialized) struct BootTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    @Test
    func theDemoDiskStarts() throws {
        let outcome = try Tool.run(["--headless", "--until-text", "Swift86", "--max-time", "20s", "--screen", "text"])
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(outcome.output.contains("Swift86"))
    }

    @Test(.enabled(if: Surroundings.hasFreeDOS, "../shared/guests is not there"))
    func freeDOSReachesItsPrompt() throws {
        let image = try folder.copy(#require(Surroundings.guest("freedos-1.4MB.img")))
        let picture = folder.path("screen.png")
        let outcome = try Tool.run([
            "--headless", "--until-text", "A:\\>", "--max-time", "60s", "--screen", picture, image,
        ])
        #expect(outcome.status == 0)
        #expect(try folder.content("screen.png").starts(with: [0x89, 0x50, 0x4E, 0x47]))
    }

    @Test(.enabled(if: Surroundings.hasFreeDOS, "../shared/guests is not there"))
    func controlTypesAtThePrompt() throws {
        let image = try folder.copy(#require(Surroundings.guest("freedos-1.4MB.img")))
        let session = ControlSession()
        defer { session.close() }
        #expect(session.answer("machine floppya \(image)") == ["ok"])
        #expect(session.answer("start") == ["ok"])
        try wait(session, for: "A:\\>")
        for key in ["v", "e", "r", "ret"] { #expect(session.answer("key \(key)") == ["ok"]) }
        try wait(session, for: "FreeCom")
    }

    @Test(.enabled(if: Surroundings.hasFreeDOS, "../shared/guests is not there"))
    func whatDOSPrintsGoesIntoAFile() throws {
        let image = try folder.copy(#require(Surroundings.guest("freedos-1.4MB.img")))
        var options = BootOptions()
        options.headless = true
        options.floppies = [image]
        options.parallel = "file:\(folder.path("paper"))"
        let session = try MachineSession(
            BootPlan(
                options,
                surroundings: DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false)))
        func run(until text: String) {
            let end = session.pc.now + 60 * session.pc.slotsPerSecond
            while session.pc.now < end, session.pc.textScreen?.lines.contains(where: { $0.hasPrefix(text) }) != true {
                session.advance()
            }
        }
        run(until: "A:\\>")
        session.typist.paste("echo x > prn\necho done\n")
        run(until: "done")
        #expect(try folder.content("paper") == Array("x \r\n".utf8))
    }

    @Test
    func anImageWithoutABootSignatureIsNoErrorOfTheUser() throws {
        let image = try folder.file("blank.img", [UInt8](repeating: 0, count: 163_840))
        let outcome = try Tool.run(["--headless", "--max-time", "10s", "--screen", "text", image])
        #expect(outcome.status == 124 || outcome.status == 3)
        #expect(outcome.output.contains { !$0.isWhitespace })
    }

    /// The host takes no more bytes for the image: the guest sees an error, the user a message, and the sector that was
    /// written before is there.
    @Test
    func aFullDiskIsTheGuestsErrorAndTheUsersMessage() throws {
        var disk = [UInt8](repeating: 0, count: 1_474_560)
        let code: [UInt8] = [
            0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0, 0xBB, 0x00, 0x7C,  // ds = es = 0, bx = 7C00h
            0xB8, 0x01, 0x03, 0xB9, 0x02, 0x00, 0x31, 0xD2, 0xCD, 0x13,  // write sector 2
            0xB8, 0x01, 0x03, 0xB9, 0x01, 0x4F, 0xB2, 0x00, 0xCD, 0x13,  // write cylinder 79, sector 1
            0x88, 0xE0, 0xE6, 0xF4,  // its status is the exit status
        ]
        disk.replaceSubrange(0..<code.count, with: code)
        disk[510] = 0x55
        disk[511] = 0xAA
        let image = try folder.file("disk.img", disk)
        let shell = "trap '' XFSZ; ulimit -f 1000; exec \"$0\" \"$@\""
        let outcome = try Tool.run(
            ["--headless", "--debug-exit", "--max-time", "60s", image], through: shell)
        #expect(outcome.status != 0 && outcome.status != 124, "\(outcome.status) \(outcome.errors)")
        #expect(outcome.errors.contains("disk.img"))
        let after = try folder.content("disk.img")
        #expect(after.count == disk.count)
        #expect(Array(after[512..<1024]) == Array(disk[..<512]))
    }

    private func wait(_ session: ControlSession, for text: String) throws {
        let end = Date(timeIntervalSinceNow: 120)
        while Date() < end {
            if session.answer("text").contains(where: { $0.contains(text) }) { return }
            if let pause = session.catchUp() { usleep(UInt32(clamping: pause / 1000)) }
        }
        Issue.record("waited for \(text): \(session.answer("text").joined(separator: "\n"))")
    }
}
