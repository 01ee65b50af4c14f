/// Looks for the first difference between two traces.
public struct TraceComparison {
    public struct Result: Equatable, Sendable {
        public var isSame: Bool
        /// What to tell, whole lines.
        public var report: String
    }

    private let first: TraceReader
    private let second: TraceReader
    private let ignored: Set<String>
    private let context: Int

    /// - Parameters:
    ///   - ignored: `count`, `instruction`, `changes`, or names of registers, whose differences do not count.
    ///   - context: how many lines to show before and after the difference.
    public init(_ first: String, _ second: String, ignoring ignored: [String], context: Int) throws(BadInput) {
        guard first != "-" || second != "-" else { throw BadInput("compare: only one trace can be standard input") }
        let names = ignored.flatMap { $0.split(separator: ",").map { $0.lowercased() } }
        for name in names where !Self.isKnown(name) {
            throw BadInput("--ignore \(name): must be count, instruction, changes, or registers such as eax,eflags")
        }
        self.first = try TraceReader(first)
        self.second = try TraceReader(second)
        self.ignored = Set(names)
        self.context = context
    }

    private static func isKnown(_ name: String) -> Bool {
        ["count", "instruction", "changes", "ftw"].contains(name) || RegisterReference(name) != nil
    }

    public func run() throws(BadInput) -> Result {
        var recent: [[UInt8]] = Array(repeating: [], count: context)
        var matched = 0
        while true {
            let a = try first.next()
            let b = try second.next()
            switch (a, b) {
            case (nil, nil):
                for reader in [first, second] where reader.lineNumber == 0 {
                    throw BadInput("\(reader.name): is empty; a trace has at least its first line")
                }
                return Result(isSame: true, report: "same: \(matched) lines\n")
            case (let a?, nil):
                try check(a, first)
                return try report(
                    after: before(recent, matched), "the second ends after \(matched) lines", Array(a), nil)
            case (nil, let b?):
                try check(b, second)
                return try report(
                    after: before(recent, matched), "the first ends after \(matched) lines", nil, Array(b))
            case (let a?, let b?):
                if matched == 0 || a != b {
                    let (one, two) = (try check(a, first), try check(b, second))
                    if let what = difference(one, two) {
                        return try report(
                            after: before(recent, matched), "count \(one.count): \(what)", Array(a), Array(b))
                    }
                }
                if context > 0 {
                    let slot = matched % context
                    recent[slot].removeAll(keepingCapacity: true)
                    recent[slot].append(contentsOf: a)
                }
                matched += 1
            }
        }
    }

    private func difference(_ a: TraceLine, _ b: TraceLine) -> String? {
        var (a, b) = (a, b)
        a.forget(ignored)
        b.forget(ignored)
        return a == b ? nil : a.difference(from: b)
    }

    @discardableResult
    private func check(_ line: ArraySlice<UInt8>, _ reader: TraceReader) throws(BadInput) -> TraceLine {
        guard let parsed = TraceLine(line) else {
            throw BadInput("\(reader.name): line \(reader.lineNumber) is no line of a trace as boot --trace writes it")
        }
        return parsed
    }

    /// The lines before the difference, oldest first.
    private func before(_ recent: [[UInt8]], _ matched: Int) -> [[UInt8]] {
        (max(0, matched - context)..<matched).map { recent[$0 % context] }
    }

    private func report(
        after lines: [[UInt8]], _ what: String, _ a: [UInt8]?, _ b: [UInt8]?
    ) throws(BadInput) -> Result {
        let place = a == nil ? second.lineNumber : first.lineNumber
        var report = "different: line \(place), \(what)\n"
        for line in lines { report += "  " + Self.text(line) }
        for (mark, line, reader) in [("< ", a, first), ("> ", b, second)] {
            guard let line else { continue }
            report += mark + Self.text(line)
            for _ in 0..<context {
                guard let next = try reader.next() else { break }
                report += mark + Self.text(next)
            }
        }
        return Result(isSame: false, report: report)
    }

    private static func text(_ line: some Sequence<UInt8>) -> String {
        String(decoding: Array(line), as: UTF8.self) + "\n"
    }
}
