import PCCore

/// A text that a client waits for. When it is looked for depends on guest time alone.
struct ScreenWatch {
    let client: Int
    let name: String
    let pattern: TextPattern

    static let limit = 64
    /// Guest time between two looks, in nanoseconds.
    private static let glance: UInt64 = 50_000_000

    /// When the screen is looked at next after guest time `now`: at whole multiples of the glance.
    static func next(after now: GuestTime, _ seconds: GuestSeconds) -> GuestTime {
        let step = seconds.slots(nanoseconds: glance)
        let (next, overflow) = (now / step &+ 1).multipliedReportingOverflow(by: step)
        return overflow ? .max : next
    }
}

extension ControlSession {
    func setEvents(_ value: String, _ client: ControlClient) throws(BadInput) {
        guard value == "on" || value == "off" else { throw BadInput("events: must be on or off") }
        client.hearsEvents = value == "on"
        if !client.hearsEvents { remove(client) }
    }

    /// Watches for a text or an expression between slashes, or with a name alone no longer.
    func watch(_ line: String, _ client: ControlClient) throws(BadInput) {
        _ = try running()
        let (name, text) = Self.cut(line)
        guard !name.isEmpty else { throw BadInput("watch-text: needs a name and a text") }
        guard client.hearsEvents else { throw BadInput("watch-text: ask for events on first") }
        var others = watches.filter { $0.client != client.number || $0.name != name }
        if !text.isEmpty {
            guard others.count(where: { $0.client == client.number }) < ScreenWatch.limit else {
                throw BadInput("watch-text: at most \(ScreenWatch.limit) texts")
            }
            let isExpression = text.count > 2 && text.hasPrefix("/") && text.hasSuffix("/")
            let pattern = try TextPattern(isExpression ? "re:" + text.dropFirst().dropLast() : text)
            others.append(ScreenWatch(client: client.number, name: name, pattern: pattern))
        }
        watches = others
    }

    /// Tells of the texts that are there, each once.
    func look(at session: MachineSession) {
        let lines = session.pc.textScreen?.lines ?? GlyphReader(session.pc).lines(on: session.pc.frame())
        let found = watches.filter { $0.pattern.isThere(in: lines) }
        guard !found.isEmpty else { return }
        watches.removeAll { watch in found.contains { $0.client == watch.client && $0.name == watch.name } }
        for watch in found { tell(.text(watch: watch.name, client: watch.client)) }
    }
}
