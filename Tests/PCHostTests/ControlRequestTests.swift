import PCCore
import Testing

@testable import PCHost

/// The requests that the line protocol has gained, and its events.
@Suite struct ControlRequestTests {
    private let folder: TemporaryFolder
    private let session = ControlSession(clock: HandClock().clock)

    init() throws { folder = try TemporaryFolder() }

    private func lines() -> [String] { session.takeEvents().compactMap(\.line) }

    @Test func aPauseStopsGuestTime() throws {
        #expect(session.answer("stop")[0].contains("not been started"))
        #expect(session.answer("start") == ["ok"])
        let pc = try #require(session.pc)
        #expect(session.answer("stop") == ["ok"])
        #expect(session.answer("stop") == ["ok"])
        #expect(session.answer("status") == ["|paused", "ok"])
        let before = pc.now
        #expect(session.catchUp() == nil)
        #expect(session.answer("key a")[0].contains("paused"))
        #expect(pc.now == before)
        #expect(session.answer("cont") == ["ok"])
        #expect(session.answer("status") == ["|running", "ok"])
        #expect(session.answer("reset") == ["ok"])
        #expect(lines() == ["*stopped paused", "*running", "*reset"])
        #expect(lines().isEmpty)
    }

    @Test func looking() throws {
        #expect(session.answer("start") == ["ok"])
        #expect(session.answer("memory 0xFFFF0 1").count == 2)
        #expect(session.answer("memory F000:FFF0 17").map(\.utf8.count) == [9 + 47 + 1, 12, 2])
        #expect(session.answer("memory F000:FFF0 17")[0].hasPrefix("|000FFFF0 EA "))
        #expect(session.answer("memory FFFFFFFF:FFFFFFFF 1")[0].hasPrefix("error"))
        for bad in ["", "0", "0 0", "0 65537", "x 1", "0 1 2"] {
            #expect(session.answer("memory " + bad)[0].hasPrefix("error memory: needs"))
        }
        #expect(session.answer("registers").contains("|cs=F000"))
        #expect(session.answer("hash")[0].utf8.count == 65)
        #expect(session.answer("hash") == session.answer("hash"))
        #expect(session.answer("speed max") == ["ok"])
        #expect(session.answer("speed warp")[0].hasPrefix("error"))
    }

    @Test func textIsToldOfOnceAndInGuestTime() throws {
        func watched(slice: UInt64) throws -> GuestTime {
            let session = ControlSession(clock: HandClock().clock)
            #expect(session.answer("start") == ["ok"])
            #expect(session.answer("watch-text w BIOS")[0].contains("events on first"))
            #expect(session.answer("events on") == ["ok"])
            #expect(session.answer("watch-text w /[A-Za-z]{3}/") == ["ok"])
            #expect(session.answer("watch-text v no such text anywhere") == ["ok"])
            let (run, pc) = (try #require(session.session), try #require(session.pc))
            var told: [ControlEvent] = []
            for _ in 0..<4000 where told.isEmpty {
                if slice > 0 { run.advance(to: pc.now + 1 + slice) }
                session.advance(run)
                told += session.takeEvents()
            }
            #expect(told.map(\.line) == ["*text w"])
            let time = pc.now
            session.advance(run)
            #expect(session.takeEvents().isEmpty)
            return time
        }
        #expect(try watched(slice: 0) == watched(slice: 0))
    }

    @Test func statesAreSavedAndLoaded() throws {
        let path = folder.path("state")
        #expect(session.answer("save x")[0].contains("not been started"))
        #expect(session.answer("start") == ["ok"])
        #expect(session.answer("save") == ["error save: needs the name of a file"])
        #expect(session.answer("load \(path)")[0].hasPrefix("error \(path)"))
        #expect(session.answer("save \(path)") == ["ok"])
        let hash = session.answer("hash")
        let pc = try #require(session.pc)
        _ = pc.run(instructions: 1_000_000)
        #expect(session.answer("hash") != hash)
        #expect(session.answer("load \(path)") == ["ok"])
        #expect(session.answer("hash") == hash)
        let monitor = HumanMonitor(session)
        #expect(monitor.answer("savevm one").contains("--states"))
        session.statesFolder = String(path.dropLast("/state".count))
        #expect(monitor.answer("savevm one") == "")
        _ = pc.run(instructions: 1_000_000)
        #expect(monitor.answer("loadvm one") == "")
        #expect(session.answer("hash") == hash)
        #expect(monitor.answer("savevm ../one").contains("no slash"))
    }

    /// A picture takes no disk's place, and no state's.
    @Test func picturesOverwriteNothingOfWorth() throws {
        let image = try folder.file("a.img", floppy(1))
        let (state, picture) = (folder.path("state"), folder.path("x.ppm"))
        #expect(session.answer("machine floppya \(image)") == ["ok"] && session.answer("start") == ["ok"])
        #expect(session.answer("save \(state)") == ["ok"])
        let overlay = try folder.file("o", OverlayFormat.magic + [1, 2, 3])
        let saved = try folder.content("state")
        let monitor = HumanMonitor(session)
        for (path, reason) in [(image, "a disk of this machine"), (state, "a saved state"), (overlay, "an overlay")] {
            #expect(session.answer("screen \(path)").last?.contains(reason) == true)
            #expect(monitor.answer("screendump \(path)").contains(reason))
            #expect(monitor.answer("screendump -f png \(path)").contains(reason))
        }
        #expect(try folder.content("a.img") == floppy(1) && folder.content("state") == saved)
        for _ in 0..<2 { #expect(session.answer("screen \(picture)") == ["ok"]) }
        session.close()
    }

    @Test func disksAreToldOf() throws {
        #expect(session.answer("start") == ["ok"])
        let disk = try folder.file("disk.img", [UInt8](repeating: 0, count: 163_840))
        let before = session.answer("hash")
        #expect(session.answer("insert b \(disk)") == ["ok"])
        #expect(session.answer("eject b") == ["ok"])
        #expect(lines() == ["*disk b inserted \(disk)", "*disk b ejected"])
        #expect(session.answer("eject a") == ["ok"])
        #expect(session.answer("hash") != before)
        session.close()
    }

    /// Whoever changes it: the window's key, a file that is dropped, a state.
    @Test func disksThatOthersChangeAreToldOf() throws {
        let (a, b) = (try folder.file("a.img", floppy(1)), try folder.file("b.img", floppy(2)))
        var options = BootOptions()
        options.headless = true
        options.floppies = ["\(a),\(b)"]
        let plan = try BootPlan(
            options, surroundings: DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false))
        let run = try MachineSession(plan)
        let session = ControlSession(of: run)
        let lines = { session.takeEvents().compactMap(\.line) }
        run.media.next()
        #expect(lines() == ["*disk a inserted \(b)"])
        run.media.drop(a)
        #expect(lines() == ["*disk a inserted \(a)"])
        run.media.drop(folder.path("none"))
        #expect(throws: BadInput.self) { try run.media.eject(.cd) }
        #expect(lines() == [])
        #expect(session.answer("save \(folder.path("s"))") == ["ok"])
        #expect(session.answer("insert a \(b)") == ["ok"])
        #expect(session.answer("load \(folder.path("s"))") == ["ok"])
        #expect(lines() == ["*disk a inserted \(b)", "*disk a inserted \(a)"])
        #expect(session.answer("load \(folder.path("s"))") == ["ok"])
        #expect(session.answer("eject a") == ["ok"])
        #expect(lines() == ["*disk a ejected"])
        session.close()
    }

    private func floppy(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 163_840) }

    @Test func aGuestThatResetsItselfIsToldOf() throws {
        #expect(session.answer("start") == ["ok"])
        let (pc, qmp) = (try #require(session.pc), { (event: ControlEvent) in QMPEvent.json(event)?.description ?? "" })
        for (port, value) in [(0x64, 0xFE), (0x92, 0x01), (0xCF9, 0x06)] as [(UInt16, UInt32)] {
            pc.bus.writePort(port, value, .byte)
            _ = pc.run(instructions: 10)
            let events = session.takeEvents()
            #expect(events == [.reset(isGuest: true)], "port \(port)")
            #expect(events.map(\.line) == ["*reset guest"])
            #expect(events.map(qmp)[0].hasSuffix("\"data\": {\"guest\": true, \"reason\": \"guest-reset\"}}"))
        }
        // Twice between two looks is told once; the button is not the guest.
        for _ in 0..<2 {
            pc.bus.writePort(0x64, 0xFE, .byte)
            _ = pc.run(instructions: 10)
        }
        #expect(lines() == ["*reset guest"])
        #expect(session.answer("reset") == ["ok"])
        #expect(lines() == ["*reset"])
        #expect(session.answer("eject a") == ["ok"])
        #expect(session.takeEvents().map(qmp)[0].contains("DEVICE_TRAY_MOVED"))
    }

    @Test func aResetThatEndsTheMachineIsNone() throws {
        #expect(session.answer("machine no-reboot yes") == ["ok"])
        #expect(session.answer("start") == ["ok"])
        try #require(session.pc).bus.writePort(0x64, 0xFE, .byte)
        session.advance(try #require(session.session))
        #expect(lines() == ["*stopped shutdown"])
    }

    @Test func whatIsTooMuchIsRefused() {
        for verb in ["start", "status", "text", "serial", "reset", "stop", "cont", "hash", "registers", "quit"] {
            #expect(session.answer(verb + " garbage") == ["error \(verb): garbage is too much"])
        }
        #expect(!session.isQuitting && session.pc == nil)
        #expect(session.answer("start  ") == ["ok"])
        #expect(session.answer("key") == ["error key: needs a key, such as ret or ctrl-c"])
        #expect(session.answer("insert a /nope") == ["error /nope: No such file or directory"])
        #expect(session.answer("load nope") == ["error nope: No such file or directory"])
        #expect(session.answer("status") == ["|running", "ok"])
    }

    @Test func linesAreCutAndBounded() {
        var reader = LineReader()
        reader.take(Array("one\r\ntwo\nth".utf8)[...])
        #expect(reader.next() == .line(Array("one".utf8)))
        #expect(reader.next() == .line(Array("two".utf8)))
        #expect(reader.next() == nil)
        reader.take(Array("ree\n".utf8)[...])
        #expect(reader.next() == .line(Array("three".utf8)))
        for _ in 0..<40 {
            reader.take([UInt8](repeating: 65, count: 65536)[...])
            #expect(reader.next() == nil)
        }
        reader.take(Array("end\nstatus\n".utf8)[...])
        #expect(reader.next() == .tooLong)
        #expect(reader.next() == .line(Array("status".utf8)))
    }
}
