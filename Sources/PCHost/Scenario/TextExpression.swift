/// A regular expression over Unicode scalars that a text of n of them takes n steps for, whatever the expression: all ways
/// through it are followed side by side, and none is followed twice. Documentation/Scenarios.md says what it may have.
struct TextExpression: Sendable {
    /// One instruction of the machine that looks for it.
    enum Step: Equatable, Sendable {
        /// Takes one scalar of these.
        case take(ScalarSet)
        /// Goes on where this is true, and takes nothing.
        case check(Place)
        /// Goes on at both, and the first is preferred.
        case fork(Int, Int)
        case jump(Int)
        /// The expression is there.
        case accept
    }

    /// What can be said of a place between two scalars.
    enum Place: Equatable, Sendable {
        case lineStart, lineEnd, textStart, textEnd, wordEdge, noWordEdge

        func isTrue(_ index: Int, of text: [Unicode.Scalar]) -> Bool {
            switch self {
            case .lineStart: index == 0 || text[index - 1] == "\n"
            case .lineEnd: index == text.count || text[index] == "\n"
            case .textStart: index == 0
            case .textEnd: index == text.count
            case .wordEdge, .noWordEdge:
                (index > 0 && text[index - 1].isOfWord) != (index < text.count && text[index].isOfWord)
                    ? self == .wordEdge : self == .noWordEdge
            }
        }
    }

    private let steps: [Step]

    /// - Throws: where it is none, or has what cannot be followed side by side.
    init(_ source: String) throws(BadInput) { steps = try ExpressionCompiler.steps(source) }

    // MARK: Looking

    /// Where it is first: of those that begin there, the one that alternatives and greed prefer.
    func first(in text: [Unicode.Scalar], from start: Int = 0) -> Range<Int>? {
        find(text, from: start, isWhole: false)
    }

    func isThere(in text: String) -> Bool { first(in: Array(text.unicodeScalars)) != nil }

    /// Whether it is all of `text`.
    func isWhole(_ text: String) -> Bool { find(Array(text.unicodeScalars), from: 0, isWhole: true) != nil }

    /// `text` with each place where it is put as `replacement` says.
    func replaced(in text: String, with replacement: String) -> String {
        let scalars = Array(text.unicodeScalars)
        var result = String.UnicodeScalarView()
        var next = 0
        while next <= scalars.count, let found = first(in: scalars, from: next) {
            result.append(contentsOf: scalars[next..<found.lowerBound])
            result.append(contentsOf: replacement.unicodeScalars)
            next = found.upperBound
            guard found.isEmpty else { continue }
            if next < scalars.count { result.append(scalars[next]) }
            next += 1
        }
        if next < scalars.count { result.append(contentsOf: scalars[next...]) }
        return String(result)
    }

    /// - Parameter isWhole: it begins at `start` and ends at the end.
    private func find(_ text: [Unicode.Scalar], from start: Int, isWhole: Bool) -> Range<Int>? {
        var (now, then) = (Ways(steps), Ways(steps))
        var found: Range<Int>?
        for index in start...text.count {
            if found == nil, !isWhole || index == start { now.add(0, since: index, at: index, of: text) }
            if now.all.isEmpty, found != nil || isWhole { return found }
            for way in now.all {
                switch steps[way.step] {
                case .take(let set):
                    guard index < text.count, set.has(text[index]) else { continue }
                    then.add(way.step + 1, since: way.since, at: index + 1, of: text)
                    continue
                default: if isWhole, index < text.count { continue }
                }
                // It is there. What is behind in the list is less preferred.
                found = way.since..<index
                break
            }
            swap(&now, &then)
            then.clear()
        }
        return found
    }

    /// The ways that have come to one place of the text, the preferred ones first.
    private struct Ways {
        struct Way {
            let step: Int
            /// Where it began.
            let since: Int
        }

        private let steps: [Step]
        /// At steps that take something or accept.
        private(set) var all: [Way] = []
        /// Steps that a way has come to.
        private var isMet: [Bool]
        private var met: [Int] = []

        init(_ steps: [Step]) {
            self.steps = steps
            isMet = [Bool](repeating: false, count: steps.count)
        }

        mutating func clear() {
            for step in met { isMet[step] = false }
            met.removeAll(keepingCapacity: true)
            all.removeAll(keepingCapacity: true)
        }

        /// Follows `step` to all that can be reached from it without taking anything.
        mutating func add(_ step: Int, since: Int, at index: Int, of text: [Unicode.Scalar]) {
            var open = [step]
            while let step = open.popLast() {
                guard !isMet[step] else { continue }
                isMet[step] = true
                met.append(step)
                switch steps[step] {
                case .take, .accept: all.append(Way(step: step, since: since))
                case .check(let place): if place.isTrue(index, of: text) { open.append(step + 1) }
                case .fork(let first, let second): open += [second, first]
                case .jump(let target): open.append(target)
                }
            }
        }
    }
}

/// Scalars of which an expression takes one.
struct ScalarSet: Equatable, Sendable {
    enum Member: Equatable, Sendable {
        case range(ClosedRange<UInt32>)
        case digit(Bool)
        case blank(Bool)
        case word(Bool)

        func has(_ scalar: Unicode.Scalar) -> Bool {
            switch self {
            case .range(let range): range.contains(scalar.value)
            case .digit(let isOne): ("0"..."9").contains(scalar) == isOne
            case .blank(let isOne): scalar.properties.isWhitespace == isOne
            case .word(let isOne): scalar.isOfWord == isOne
            }
        }
    }

    var members: [Member] = []
    var isInverted = false

    func has(_ scalar: Unicode.Scalar) -> Bool { members.contains { $0.has(scalar) } != isInverted }
}

extension Unicode.Scalar {
    /// A letter, a digit or an underscore.
    fileprivate var isOfWord: Bool {
        switch self {
        case "_", "0"..."9", "a"..."z", "A"..."Z": true
        default: !isASCII && properties.isAlphabetic
        }
    }
}
