/// Reads expressions, by precedence.
extension CommandText {
    /// Deeper than anyone writes, and no danger for the stack.
    private static let deepest = 64
    /// Bytes of a line with an expression; what stands in a row becomes a tree as deep as it is long.
    private static let longest = 2000

    /// The longest expression that begins here.
    mutating func takeExpression() throws(BadInput) -> DebugExpression {
        guard bytes.count <= Self.longest else { throw BadInput("the line is too long: at most \(Self.longest) bytes") }
        skipBlanks()
        let start = position
        let root = try takeBinary(above: 0, depth: 0)
        return DebugExpression(root: root, text: String(decoding: bytes[start..<position], as: UTF8.self))
    }

    /// An expression, if anything is left.
    mutating func takeOptionalExpression() throws(BadInput) -> DebugExpression? {
        isAtEnd ? nil : try takeExpression()
    }

    private mutating func takeBinary(above least: Int, depth: Int) throws(BadInput) -> DebugExpression.Node {
        guard depth < Self.deepest else { throw BadInput("the expression is nested too deeply") }
        var left = try takeUnary(depth: depth)
        while let sign = nextOperator(), sign.precedence > least {
            skipBlanks()
            position += sign.rawValue.utf8.count
            let right = try takeBinary(above: sign.precedence, depth: depth + 1)
            left = sign == .far ? .far(left, right) : .binary(sign, left, right)
        }
        return left
    }

    /// Longer signs stand before their beginnings in `allCases`.
    private func nextOperator() -> DebugExpression.Binary? {
        var copy = self
        copy.skipBlanks()
        let next = copy.bytes[copy.position...]
        return DebugExpression.Binary.allCases.first { next.starts(with: $0.rawValue.utf8) }
    }

    private mutating func takeUnary(depth: Int) throws(BadInput) -> DebugExpression.Node {
        guard depth < Self.deepest else { throw BadInput("the expression is nested too deeply") }
        if take(sign: "-") { return .unary(.negate, try takeUnary(depth: depth + 1)) }
        if take(sign: "~") { return .unary(.invert, try takeUnary(depth: depth + 1)) }
        if take(sign: "!") { return .unary(.not, try takeUnary(depth: depth + 1)) }
        if take(sign: "(") {
            let inner = try takeBinary(above: 0, depth: depth + 1)
            guard take(sign: ")") else { throw missing(")") }
            return inner
        }
        if take(sign: "[") {
            let width = takeWidth()
            let inner = try takeBinary(above: 0, depth: depth + 1)
            guard take(sign: "]") else { throw missing("]") }
            return .memory(width: width, inner)
        }
        if take(sign: "'") { return try takeCharacter() }
        if take(sign: "@") {
            guard let name = takeName() else { throw BadInput("@: the name of a symbol must follow") }
            return .symbol(name)
        }
        return try takeTerm()
    }

    /// `byte`, `word` or `dword` in bytes.
    mutating func takeWidth() -> Int? {
        for (name, width) in [("byte", 1), ("word", 2), ("dword", 4)] where take(name) { return width }
        return nil
    }

    private func missing(_ sign: String) -> BadInput {
        BadInput(isAtEnd ? "\(sign) is missing" : "\(sign) is missing before \(Self.shown(rest))")
    }

    private mutating func takeCharacter() throws(BadInput) -> DebugExpression.Node {
        guard let code = byte(), byte(1) == 0x27 else { throw BadInput("': one character and another ' must follow") }
        position += 2
        return .number(Int64(code))
    }

    /// A number or a name. Beside a colon hexadecimal digits are a number, as DOS writes addresses.
    private mutating func takeTerm() throws(BadInput) -> DebugExpression.Node {
        skipBlanks()
        let isOffset = byte(-1) == 0x3A
        guard let text = takeName() else {
            guard !isAtEnd else { throw BadInput("a value is missing") }
            throw BadInput("\(Self.shown(rest)): must be a number, a register, a symbol, [ADDRESS] or (…)")
        }
        if isOffset || byte() == 0x3A, text.utf8.count <= 8, let value = Self.digits(text[...], radix: 16) {
            return .number(value)
        }
        guard let first = text.utf8.first, Self.isDigit(first) else { return .name(text) }
        return .number(try Self.number(text))
    }

    /// Decimal; hexadecimal with `0x` before it or `h` behind it.
    static func number(_ text: String) throws(BadInput) -> Int64 {
        let lower = text.lowercased()
        let value =
            lower.hasPrefix("0x")
            ? digits(lower.dropFirst(2), radix: 16)
            : lower.hasSuffix("h") ? digits(lower.dropLast(), radix: 16) : digits(lower[...], radix: 10)
        if let value { return value }
        if digits(lower[...], radix: 16) != nil {
            throw BadInput("\(shown(text)): a hexadecimal number is written 0x\(shown(text)) or \(shown(text))h")
        }
        throw BadInput("\(shown(text)): must be a number such as 4096, 0x1000 or 1000h")
    }

    private static func digits(_ text: Substring, radix: Int) -> Int64? {
        guard let first = text.first, first != "+", first != "-" else { return nil }
        return UInt64(text, radix: radix).map { Int64(bitPattern: $0) }
    }
}
