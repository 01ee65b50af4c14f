/// Reads a regular expression and makes the steps of a `TextExpression` of it.
struct ExpressionCompiler {
    /// A part of an expression.
    private indirect enum Part {
        case take(ScalarSet)
        case check(TextExpression.Place)
        case sequence([Part])
        case choice([Part])
        /// - Parameter most: nil for no end.
        case repeated(Part, least: Int, most: Int?, isGreedy: Bool)
    }

    private struct Fault: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private let source: [Unicode.Scalar]
    private var next = 0
    /// Groups that are open.
    private var depth = 0
    private var steps: [TextExpression.Step] = []
    /// Parts that were made into steps.
    private var work = 0

    private static let mostRepeats = 1000
    private static let mostWork = 10_000
    private static let mostDepth = 50

    private init(_ source: String) { self.source = Array(source.unicodeScalars) }

    static func steps(_ source: String) throws(BadInput) -> [TextExpression.Step] {
        var compiler = Self(source)
        do throws(Fault) {
            let whole = try compiler.choice()
            if compiler.peek != nil { throw Fault("a ) closes no group") }
            try compiler.emit(whole)
            return compiler.steps + [.accept]
        } catch {
            throw BadInput("\(source): is no regular expression: \(error.reason)")
        }
    }

    // MARK: Reading

    private var peek: Unicode.Scalar? { next < source.count ? source[next] : nil }

    private mutating func take() -> Unicode.Scalar? {
        guard let scalar = peek else { return nil }
        next += 1
        return scalar
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        next += 1
        return true
    }

    private mutating func choice() throws(Fault) -> Part {
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        return parts.count == 1 ? parts[0] : .choice(parts)
    }

    private mutating func sequence() throws(Fault) -> Part {
        var parts: [Part] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            parts.append(try repetition(of: try one()))
        }
        return .sequence(parts)
    }

    private mutating func one() throws(Fault) -> Part {
        if try count() != nil { throw Fault("nothing stands before a repetition") }
        switch take() {
        case "("?: return try group()
        case "["?: return .take(try set())
        case "."?: return .take(ScalarSet(members: [.range(10...10)], isInverted: true))
        case "^"?: return .check(.lineStart)
        case "$"?: return .check(.lineEnd)
        case "\\"?: return try escape()
        case let scalar?: return Self.literal(scalar)
        case nil: throw Fault("it ends too early")
        }
    }

    private static func literal(_ scalar: Unicode.Scalar) -> Part {
        .take(ScalarSet(members: [.range(scalar.value...scalar.value)]))
    }

    private mutating func group() throws(Fault) -> Part {
        if take("?"), !take(":") { throw Fault("(?\(peek.map { String($0) } ?? "") is not known, only (?:") }
        depth += 1
        guard depth <= Self.mostDepth else { throw Fault("it has more than \(Self.mostDepth) groups in one another") }
        let inner = try choice()
        guard take(")") else { throw Fault("a group does not end") }
        depth -= 1
        return inner
    }

    private mutating func repetition(of part: Part) throws(Fault) -> Part {
        guard let (least, most) = try count() else { return part }
        if case .check = part { throw Fault("a place cannot be repeated") }
        let isGreedy = !take("?")
        if try count() != nil { throw Fault("a repetition is repeated; put it into (?:)") }
        return .repeated(part, least: least, most: most, isGreedy: isGreedy)
    }

    /// How often, if that is what comes next. A brace with anything but numbers in it stands for itself.
    private mutating func count() throws(Fault) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard peek == "{" else { return nil }
        let start = next
        next += 1
        let least = try number()
        let hasComma = take(",")
        let most = hasComma ? try number() : least
        guard least != nil || most != nil, take("}") else {
            next = start
            return nil
        }
        if let least, let most, least > most { throw Fault("{\(least),\(most)} is upside down") }
        return (least ?? 0, most)
    }

    private mutating func number() throws(Fault) -> Int? {
        var value: Int?
        while let scalar = peek, ("0"..."9").contains(scalar) {
            next += 1
            value = (value ?? 0) * 10 + Int(scalar.value - 48)
            guard value ?? 0 <= Self.mostRepeats else { throw Fault("more than \(Self.mostRepeats) repetitions") }
        }
        return value
    }

    // MARK: Escapes and sets

    private mutating func escape() throws(Fault) -> Part {
        if let place = peek.flatMap({ Self.places[$0] }) {
            next += 1
            return .check(place)
        }
        return .take(ScalarSet(members: [try member()]))
    }

    private static let places: [Unicode.Scalar: TextExpression.Place] = [
        "A": .textStart, "Z": .textEnd, "z": .textEnd, "b": .wordEdge, "B": .noWordEdge,
    ]

    /// What stands behind a backslash, inside of a set and outside.
    private mutating func member() throws(Fault) -> ScalarSet.Member {
        guard let scalar = take() else { throw Fault("nothing stands behind the last backslash") }
        switch scalar {
        case "d", "D": return .digit(scalar == "d")
        case "s", "S": return .blank(scalar == "s")
        case "w", "W": return .word(scalar == "w")
        case "n": return .range(10...10)
        case "r": return .range(13...13)
        case "t": return .range(9...9)
        case "e": return .range(27...27)
        case "x": return try code(digits: 2)
        case "u": return try code(digits: 4)
        default:
            guard !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) else {
                throw Fault("\\\(scalar) is not known")
            }
            return .range(scalar.value...scalar.value)
        }
    }

    private mutating func code(digits: Int) throws(Fault) -> ScalarSet.Member {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let digit = take().flatMap({ Character($0).hexDigitValue }) else {
                throw Fault("a code needs \(digits) hexadecimal digits")
            }
            value = value << 4 | UInt32(truncatingIfNeeded: digit)
        }
        return .range(value...value)
    }

    /// What stands up to the closing bracket; one that comes first stands for itself.
    private mutating func set() throws(Fault) -> ScalarSet {
        var set = ScalarSet(isInverted: take("^"))
        repeat {
            // [[:alpha:]] is another language's: here it would be a set of letters and a bracket.
            if peek == "[", next + 1 < source.count, source[next + 1] == ":" {
                throw Fault("[: :] is not known; use a-z")
            }
            let first = try setMember()
            guard case .range(let low) = first, peek == "-", next + 1 < source.count, source[next + 1] != "]" else {
                set.members.append(first)
                continue
            }
            next += 1
            guard case .range(let high) = try setMember(), low.lowerBound <= high.lowerBound else {
                throw Fault("a range in [] is none, or upside down")
            }
            set.members.append(.range(low.lowerBound...high.lowerBound))
        } while peek != "]"
        next += 1
        return set
    }

    private mutating func setMember() throws(Fault) -> ScalarSet.Member {
        guard let scalar = take() else { throw Fault("a [ does not end") }
        guard scalar == "\\" else { return .range(scalar.value...scalar.value) }
        guard !take("b") else { return .range(8...8) }
        return try member()
    }

    // MARK: Steps

    private mutating func emit(_ part: Part) throws(Fault) {
        work += 1
        guard work <= Self.mostWork else { throw Fault("it is too large") }
        switch part {
        case .take(let set): steps.append(.take(set))
        case .check(let place): steps.append(.check(place))
        case .sequence(let parts): for part in parts { try emit(part) }
        case .choice(let parts): try emit(choiceOf: parts)
        case .repeated(let inner, let least, let most, let isGreedy):
            for _ in 0..<least { try emit(inner) }
            guard let most else { return try emit(loop: inner, isGreedy) }
            var forks: [Int] = []
            for _ in least..<most {
                forks.append(steps.count)
                steps.append(.accept)
                try emit(inner)
            }
            for fork in forks { steps[fork] = Self.fork(fork + 1, steps.count, isGreedy) }
        }
    }

    private mutating func emit(choiceOf parts: [Part]) throws(Fault) {
        var ends: [Int] = []
        for part in parts.dropLast() {
            let fork = steps.count
            steps.append(.accept)
            try emit(part)
            ends.append(steps.count)
            steps.append(.accept)
            steps[fork] = .fork(fork + 1, steps.count)
        }
        try emit(parts[parts.count - 1])
        for end in ends { steps[end] = .jump(steps.count) }
    }

    private mutating func emit(loop part: Part, _ isGreedy: Bool) throws(Fault) {
        let fork = steps.count
        steps.append(.accept)
        try emit(part)
        steps.append(.jump(fork))
        steps[fork] = Self.fork(fork + 1, steps.count, isGreedy)
    }

    private static func fork(_ inside: Int, _ behind: Int, _ isGreedy: Bool) -> TextExpression.Step {
        isGreedy ? .fork(inside, behind) : .fork(behind, inside)
    }
}
