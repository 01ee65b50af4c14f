/// A JSON text in the making. Members keep their order, so that the same result is the same text.
indirect enum JSONValue {
    case null
    case number(UInt64)
    case text(String)
    case list([JSONValue])
    case object([(String, JSONValue)])

    var description: String {
        switch self {
        case .null: "null"
        case .number(let value): String(value)
        case .text(let text): Self.quoted(text)
        case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0)): \($1.description)" }.joined(separator: ", ") + "}"
        }
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
