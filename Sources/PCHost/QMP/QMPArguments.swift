/// The arguments of a command, taken one by one; what is left over is an error.
struct QMPArguments {
    private var members: [(String, JSONValue)]

    init(_ value: JSONValue?) throws(QMPError) {
        switch value {
        case nil: members = []
        case .object(let members)?: self.members = members
        default: throw QMPError("QMP input member 'arguments' must be an object")
        }
    }

    /// A member, whatever it is; nil where it is not there.
    mutating func take(_ name: String) -> JSONValue? {
        guard let index = members.firstIndex(where: { $0.0 == name }) else { return nil }
        return members.remove(at: index).1
    }

    mutating func optionalText(_ name: String) throws(QMPError) -> String? {
        switch take(name) {
        case nil: return nil
        case .text(let text)?: return text
        default: throw Self.wrongType(name, "string")
        }
    }

    mutating func text(_ name: String) throws(QMPError) -> String {
        guard let text = try optionalText(name) else { throw Self.missing(name) }
        return text
    }

    mutating func list(_ name: String) throws(QMPError) -> [JSONValue] {
        switch take(name) {
        case nil: throw Self.missing(name)
        case .list(let items)?: return items
        default: throw Self.wrongType(name, "array")
        }
    }

    mutating func bool(_ name: String) throws(QMPError) -> Bool {
        switch take(name) {
        case nil: throw Self.missing(name)
        case .bool(let value)?: return value
        default: throw Self.wrongType(name, "boolean")
        }
    }

    mutating func optionalInteger(_ name: String) throws(QMPError) -> Int64? {
        switch take(name) {
        case nil: return nil
        case .negative(let value)?: return value
        case .number(let value)?:
            guard let value = Int64(exactly: value) else { throw Self.wrongType(name, "integer") }
            return value
        default: throw Self.wrongType(name, "integer")
        }
    }

    mutating func integer(_ name: String) throws(QMPError) -> Int64 {
        guard let value = try optionalInteger(name) else { throw Self.missing(name) }
        return value
    }

    mutating func object(_ name: String) throws(QMPError) -> QMPArguments {
        guard let value = take(name) else { throw Self.missing(name) }
        return try Self.object(value, name)
    }

    /// The members of an object that is called `name`.
    static func object(_ value: JSONValue, _ name: String) throws(QMPError) -> QMPArguments {
        guard case .object = value else { throw wrongType(name, "object") }
        return try QMPArguments(value)
    }

    /// Nothing may be left.
    func end() throws(QMPError) {
        if let first = members.first { throw QMPError("Parameter '\(first.0)' is unexpected") }
    }

    static func missing(_ name: String) -> QMPError { QMPError("Parameter '\(name)' is missing") }

    static func wrongType(_ name: String, _ type: String) -> QMPError {
        QMPError("Invalid parameter type for '\(name)', expected: \(type)")
    }

    static func wrongValue(_ name: String, _ value: String) -> QMPError {
        QMPError("Parameter '\(name)' does not accept value '\(value)'")
    }
}
