/// The QEMU Machine Protocol [QMP], as far as tools written for QEMU need it to drive this machine.
///
/// Names, classes of errors and their texts are those of QEMU 7.2.
final class QMPLanguage: ClientLanguage {
    let session: ControlSession
    private var reader = QMPReader()
    /// The client has agreed on capabilities; before it did, no command is there but that.
    private var isNegotiated = false

    init(_ session: ControlSession) { self.session = session }

    var greeting: [UInt8] {
        Self.line(
            .object([("QMP", .object([("version", Self.version), ("capabilities", .list([]))]))]))
    }

    let putsEventsFirst = true

    func take(_ bytes: ArraySlice<UInt8>) { reader.take(bytes) }

    func leave() {}

    func told(_ event: ControlEvent) -> [UInt8]? {
        guard isNegotiated, let json = QMPEvent.json(event) else { return nil }
        return Self.line(json)
    }

    func answerNext() -> [UInt8]? {
        guard let request = reader.next() else { return nil }
        var id: JSONValue?
        do throws(QMPError) {
            let value = try request.get()
            id = value["id"]
            let result = try perform(value)
            return Self.line(.object([("return", result)] + Self.echo(id)))
        } catch {
            return Self.line(.object(Self.echo(id) + [("error", error.json)]))
        }
    }

    private func perform(_ request: JSONValue) throws(QMPError) -> JSONValue {
        guard case .object(let members) = request else { throw QMPError("QMP input must be a JSON object") }
        for (name, _) in members where !["execute", "arguments", "id"].contains(name) {
            throw QMPError("QMP input member '\(name)' is unexpected")
        }
        guard let command = request["execute"] else { throw QMPError("QMP input lacks member 'execute'") }
        guard case .text(let name) = command else {
            throw QMPError("QMP input member 'execute' must be a string")
        }
        let arguments = try QMPArguments(request["arguments"])
        guard name != "qmp_capabilities" else { return try negotiate(arguments) }
        guard isNegotiated else {
            throw QMPError("Expecting capabilities negotiation with 'qmp_capabilities'", .commandNotFound)
        }
        return try perform(name, arguments)
    }

    /// There is no capability that could be asked for.
    private func negotiate(_ arguments: QMPArguments) throws(QMPError) -> JSONValue {
        guard !isNegotiated else {
            throw QMPError("Capabilities negotiation is already complete, command ignored", .commandNotFound)
        }
        var arguments = arguments
        if let asked = arguments.take("enable") {
            guard case .list(let names) = asked else { throw QMPArguments.wrongType("enable", "array") }
            if let first = names.first { throw QMPError("Capability \(first.description) is not there") }
        }
        try arguments.end()
        isNegotiated = true
        return .object([])
    }

    /// The version of QEMU whose answers these are.
    static let version = JSONValue.object([
        ("qemu", .object([("micro", .number(0)), ("minor", .number(2)), ("major", .number(7))])),
        ("package", .text("swift86")),
    ])

    private static func echo(_ id: JSONValue?) -> [(String, JSONValue)] { id.map { [("id", $0)] } ?? [] }

    static func line(_ value: JSONValue) -> [UInt8] { Array((value.description + "\r\n").utf8) }
}
