import PCCore

/// What `boot --trace` and its filters ask for.
public struct TracePlan: Equatable, Sendable {
    public var target: ByteSink.Target
    /// Where instructions are told; everywhere if there is none.
    public var ranges: [InstructionTrace.Range] = []
    /// The count of the first instruction that may be told.
    public var from: UInt64 = 1
    /// How many lines are written at most.
    public var limit: UInt64 = .max

    public init(_ target: ByteSink.Target) {
        self.target = target
    }

    /// Nil where no trace is asked for.
    init?(_ options: BootOptions) throws(BadInput) {
        guard let path = options.trace else {
            let filters = [
                ("--trace-range", !options.traceRanges.isEmpty), ("--trace-from", options.traceFrom != nil),
                ("--trace-count", options.traceCount != nil),
            ]
            for (name, isGiven) in filters where isGiven {
                throw BadInput("\(name): there is no trace; give --trace FILE as well")
            }
            return nil
        }
        guard !path.isEmpty else { throw BadInput("--trace: must be a file, or - for standard output") }
        target = path == "-" ? .standardOutput : .file(path)
        for text in options.traceRanges { ranges.append(try Self.range(text)) }
        from = try Self.count(options.traceFrom, "--trace-from") ?? from
        limit = try Self.count(options.traceCount, "--trace-count") ?? limit
    }

    private static func count(_ text: String?, _ option: String) throws(BadInput) -> UInt64? {
        guard let text else { return nil }
        guard let count = UInt64(text), count > 0 else {
            throw BadInput("\(option) \(text): must be a whole number above 0")
        }
        return count
    }

    /// `F000:E000-F000:FFFF`, `F000:E000-FFFF`, `0x7C00-0x7DFF`, or one address.
    private static func range(_ text: String) throws(BadInput) -> InstructionTrace.Range {
        let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let wrong = BadInput(
            "--trace-range \(text): must be FROM-TO such as F000:E000-F000:FFFF or 0x7C00-0x7DFF")
        guard let first = OptionValue.address(ends[0]) else { throw wrong }
        switch first {
        case .linear(let start):
            guard ends.count == 2 else { return .linear(start...start) }
            guard case .linear(let end)? = OptionValue.address(ends[1]) else { throw wrong }
            guard start <= end else { throw BadInput("--trace-range \(text): ends before it starts") }
            return .linear(start...end)
        case .segmented(let selector, let start):
            guard ends.count == 2 else { return .offsets(selector: selector, start...start) }
            let last = ends[1].contains(":") ? String(ends[1]) : "\(ends[0].prefix { $0 != ":" }):\(ends[1])"
            guard case .segmented(let other, let end)? = OptionValue.address(last) else { throw wrong }
            guard other == selector else {
                throw BadInput(
                    "--trace-range \(text): both ends must have one segment; give two ranges, or linear addresses")
            }
            guard start <= end else { throw BadInput("--trace-range \(text): ends before it starts") }
            return .offsets(selector: selector, start...end)
        }
    }
}
