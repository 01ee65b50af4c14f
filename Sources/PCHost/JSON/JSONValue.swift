/// A JSON text, in the making or read. Members keep their order, so that the same result is the same text.
indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(UInt64)
    /// A whole number below zero.
    case negative(Int64)
    /// A finite number with a fraction or an exponent.
    case real(Double)
    case text(String)
    case list([JSONValue])
    case object([(String, JSONValue)])

    var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): String(value)
        case .negative(let value): String(value)
        case .real(let value): String(value)
        case .text(let text): Self.quoted(text)
        case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0)): \($1.description)" }.joined(separator: ", ") + "}"
        }
    }

    /// The member of an object; nil where there is none, or where this is no object.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0 == name }?.1
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\0"..." " where scalar != " ": quoted += "\\u" + HexText.number(scalar.value, digits: 4)
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
