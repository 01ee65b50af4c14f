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
