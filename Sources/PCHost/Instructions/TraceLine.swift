/// A line of a trace, taken apart.
struct TraceLine: Equatable {
    var count: UInt64
    var address: String
    var bytes: String
    var instruction: String
    /// What happened besides: an exception, and `name=value` for each register that changed.
    var changes: [String]

    /// Nil where this is no line of a trace.
    init?(_ line: some Collection<UInt8>) {
        let fields = line.split(separator: 9, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self).trimmed
        }
        guard fields.count == 5, let count = UInt64(fields[0]), fields[1].contains(":") else { return nil }
        self.count = count
        (address, bytes, instruction) = (fields[1], fields[2], fields[3])
        changes = fields[4].split(separator: " ").map(String.init)
    }

    /// The name of what a change is about: the register, or the exception itself.
    static func name(_ change: String) -> Substring { change.prefix { $0 != "=" } }

    /// Makes what is ignored equal in all lines.
    mutating func forget(_ names: Set<String>) {
        guard !names.isEmpty else { return }
        if names.contains("count") { count = 0 }
        if names.contains("instruction") { instruction = "" }
        changes = names.contains("changes") ? [] : changes.filter { !names.contains(String(Self.name($0))) }
    }

    /// What differs between two lines, for a person.
    func difference(from other: TraceLine) -> String {
        if address != other.address { return "the first is at \(address), the second at \(other.address)" }
        if bytes != other.bytes { return "the bytes are \(bytes) and \(other.bytes)" }
        if instruction != other.instruction { return "the instruction is \(instruction) and \(other.instruction)" }
        var differences: [String] = []
        for change in changes where !other.changes.contains(change) {
            let name = Self.name(change)
            let counterpart = other.changes.first { Self.name($0) == name }
            differences.append("\(change) in the first, \(counterpart ?? "no change of it") in the second")
        }
        for change in other.changes where !changes.contains(where: { Self.name($0) == Self.name(change) }) {
            differences.append("no change of it in the first, \(change) in the second")
        }
        if differences.isEmpty { return "the counts are \(count) and \(other.count)" }
        return differences.joined(separator: "; ")
    }
}

extension String {
    /// Without the blanks at both ends.
    fileprivate var trimmed: String {
        let start = drop { $0 == " " }
        guard let last = start.lastIndex(where: { $0 != " " }) else { return "" }
        return String(start[...last])
    }
}
