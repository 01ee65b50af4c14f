import PCCore
import Testing

@testable import PCHost

/// Texts that clients watch for, each client for itself, and events that come again.
@Suite struct ControlWatchTests {
    private let session = ControlSession(clock: HandClock().clock)

    private func start() throws -> (ControlClient, ControlClient) {
        #expect(session.answer("start") == ["ok"])
        let clients = (session.addClient(), session.addClient())
        for client in [clients.0, clients.1] { #expect(session.answer("events on", for: client) == ["ok"]) }
        return clients
    }

    @Test func whoGoesIsForgotten() throws {
        let (a, b) = try start()
        #expect(session.answer("watch-text w BIOS", for: a) == ["ok"])
        #expect(session.answer("watch-text w BIOS", for: b) == ["ok"])
        session.remove(a)
        #expect(session.watches.map(\.client) == [b.number])
        #expect(session.answer("events off", for: b) == ["ok"])
        #expect(session.watches.isEmpty)
    }

    @Test func thereIsALimit() throws {
        let (a, b) = try start()
        for number in 1...64 { #expect(session.answer("watch-text \(number) x", for: a) == ["ok"]) }
        #expect(session.answer("watch-text 65 x", for: a) == ["error watch-text: at most 64 texts"])
        // In place of one, and for somebody else.
        #expect(session.answer("watch-text 64 y", for: a) == ["ok"])
        #expect(session.answer("watch-text 65 x", for: b) == ["ok"])
        #expect(session.answer("watch-text 1", for: a) == ["ok"])
        #expect(session.answer("watch-text 65 x", for: a) == ["ok"])
    }

    /// Two clients may use the same name, and each hears of its own text.
    @Test func namesAreEachClientsOwn() throws {
        let (a, b) = try start()
        #expect(session.answer("watch-text w one", for: a) == ["ok"])
        #expect(session.answer("watch-text w two", for: b) == ["ok"])
        #expect(session.watches.count == 2)
        let (event, other) = (ControlEvent.text(watch: "w", client: a.number), ControlEvent.resumed)
        #expect(a.hears(event) && !b.hears(event))
        #expect(a.hears(other) && b.hears(other))
        #expect(session.answer("watch-text w", for: a) == ["ok"])
        #expect(session.watches.map(\.client) == [b.number])
    }

    /// A machine that ended, was brought back by a state and ends again.
    @Test func anEndIsToldOfEachTime() throws {
        _ = try start()
        let folder = try TemporaryFolder()
        let (run, lines) = (try #require(session.session), { session.takeEvents().compactMap(\.line) })
        #expect(session.answer("save \(folder.path("s"))") == ["ok"])
        for _ in 0..<2 {
            run.end(.poweredOff)
            #expect(lines() == ["*stopped off"])
            #expect(lines() == [])
            #expect(session.answer("load \(folder.path("s"))") == ["ok"])
            #expect(session.answer("status") == ["|running", "ok"])
            #expect(lines() == [])
        }
    }
}
