/// The requests by their names.
extension ControlSession {
    /// The lines of an answer without its `ok`.
    func perform(_ verb: String, _ rest: String, _ client: ControlClient) throws(BadInput) -> [String] {
        if !rest.isEmpty, Self.bareVerbs.contains(verb) { throw BadInput("\(verb): \(rest.prefix(40)) is too much") }
        switch verb {
        case "machine": try describe(rest)
        case "start": try start()
        case "status": return ["|" + status(try running())]
        case "text": return Self.quoted(text(try running()))
        case "screen": try writeScreen(to: rest)
        case "key": try key(rest)
        case "mouse": try mouse(rest)
        case "type": try type(rest)
        case "serial-type": try typeSerial(rest)
        case "insert": try insert(rest)
        case "eject": try eject(rest)
        case "serial": return Self.quoted(serial(try running()))
        case "reset": try reset()
        case "stop": try pause()
        case "cont": try resume()
        case "speed": try setSpeed(rest)
        case "hash": return ["|" + hash(try running())]
        case "memory": return Self.quoted(try memory(rest))
        case "registers": return Self.quoted(registers(try running()))
        case "save": try save(rest)
        case "load": try load(rest)
        case "events": try setEvents(rest, client)
        case "watch-text": try watch(rest, client)
        case "quit": isQuitting = true
        case "": throw BadInput("the request is empty")
        default: throw BadInput("\(verb.prefix(40)): no such request")
        }
        return []
    }

    /// Those that nothing stands behind.
    private static let bareVerbs: Set = [
        "start", "status", "text", "serial", "reset", "stop", "cont", "hash", "registers", "quit",
    ]

    /// The machine's run; an error before the start.
    func running() throws(BadInput) -> MachineSession {
        guard let session else { throw BadInput("the machine has not been started") }
        return session
    }

    static func quoted(_ lines: [String]) -> [String] { lines.map { "|" + $0 } }

    /// The first word of `line`, and what follows the blanks behind it.
    static func cut(_ line: String) -> (String, String) {
        let parts = line.split(separator: " ", maxSplits: 1)
        guard let first = parts.first else { return ("", "") }
        let rest = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
        var end = String(rest)
        while end.last == " " { end.removeLast() }
        return (String(first), end)
    }
}
