import PCHost
import Testing

/// The library's example of Documentation/Control.md, as it stands there.
@Suite struct ControlExampleTests {
    @Test func theExampleOfTheGuide() {
        let session = ControlSession()
        _ = session.answer("events on")
        _ = session.answer("machine cpu 386")
        _ = session.answer("start")
        _ = session.answer("speed max")
        _ = session.answer("watch-text prompt BIOS")
        var told: [String] = []
        for _ in 0..<2000 where !told.contains("*text prompt") {
            _ = session.catchUp()
            told += session.takeEvents().compactMap(\.line)
        }
        #expect(told.contains("*text prompt"))
        #expect(session.answer("text").contains { $0.contains("BIOS") })
        session.close()
    }
}
