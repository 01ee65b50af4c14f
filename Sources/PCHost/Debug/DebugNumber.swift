import PCCore

/// What a number of a command stands for, and how large it may be. What does not fit is refused: half of an address, or of a
/// value, is another one.
struct DebugNumber: Sendable {
    /// With its article, such as `a port`.
    let what: String
    let bounds: ClosedRange<Int64>
    /// The least that is worth telling; below it numbers count from the top.
    private let told: Int64
    private let isHexadecimal: Bool

    private init(_ what: String, _ bounds: ClosedRange<Int64>, told: Int64? = nil, isHexadecimal: Bool = true) {
        self.what = what
        self.bounds = bounds
        self.told = told ?? bounds.lowerBound
        self.isHexadecimal = isHexadecimal
    }

    /// A linear or physical address; -16 is FFFFFFF0h.
    static let address = DebugNumber("an address", -0x8000_0000...0xFFFF_FFFF, told: 0)
    static let offset = DebugNumber("an offset", -0x8000_0000...0xFFFF_FFFF, told: 0)
    static let selector = DebugNumber("a segment", 0...0xFFFF)
    static let port = DebugNumber("a port", 0...0xFFFF)
    static let vector = DebugNumber("a vector", 0...255, isHexadecimal: false)

    static func count(_ range: ClosedRange<Int64>) -> DebugNumber {
        DebugNumber("a count", range, isHexadecimal: false)
    }

    static func bytes(upTo most: Int64) -> DebugNumber { DebugNumber("a count of bytes", 1...most) }

    /// What `bits` bits hold, with a sign or without.
    static func value(_ what: String, bits: Int) -> DebugNumber {
        let top: Int64 = (1 << Int64(bits)) - 1
        return DebugNumber(what, bits < 8 ? 0...top : -(1 << Int64(bits - 1))...top)
    }

    static func value(of register: Register) -> DebugNumber {
        value("a value of \(register.rawValue)", bits: register.bits)
    }

    /// - Parameter text: how the number was written.
    func check(_ number: Int64, _ text: String? = nil) throws(BadInput) -> Int64 {
        guard bounds.contains(number) else {
            throw complaint(text ?? shown(number))
        }
        return number
    }

    func complaint(_ text: String) -> BadInput {
        let range = "from \(shown(told)) to \(shown(bounds.upperBound))"
        return BadInput("\(CommandText.shown(text)): must be \(what) \(range)")
    }

    private func shown(_ number: Int64) -> String {
        guard isHexadecimal, abs(number) > 9 else { return String(number) }
        return (number < 0 ? "-" : "") + "0x" + HexText.number(number.magnitude, digits: 1)
    }
}

extension DebugExpression {
    /// Its value, which must be `what`. Where more than a number was written, a complaint tells what that comes to.
    func number(_ what: DebugNumber, in scope: some DebugScope) throws(BadInput) -> Int64 {
        let number = try value(in: scope).number
        return try what.check(number, described(number))
    }

    /// Its value as an address.
    func address(in scope: some DebugScope) throws(BadInput) -> Debugger.DumpPlace {
        let value = try value(in: scope)
        let number = try DebugNumber.address.check(value.number, described(value.number))
        return Debugger.DumpPlace(linear: UInt32(truncatingIfNeeded: number), far: value.far)
    }

    private func described(_ number: Int64) -> String {
        switch root {
        case .number, .unary(.negate, .number): return text
        default: break
        }
        return "\(text) is \(number)"
    }
}

extension Debugger {
    /// The expression that comes next, which must be `what`.
    func takeNumber(_ text: inout CommandText, _ what: DebugNumber) throws(BadInput) -> Int64 {
        try text.takeExpression().number(what, in: self)
    }

    /// The same, if anything is left.
    func takeNumber(
        _ text: inout CommandText, _ what: DebugNumber, else usual: Int64
    ) throws(BadInput) -> Int64 {
        try text.takeOptionalExpression()?.number(what, in: self) ?? usual
    }

    func takeAddress(_ text: inout CommandText) throws(BadInput) -> DumpPlace {
        try text.takeExpression().address(in: self)
    }
}
