/// What the names, segments and memory reads of an expression mean.
protocol DebugScope {
    /// A register or a part of one.
    func value(ofRegister name: String) -> Int64?
    /// Another figure of the machine, such as the count of instructions; a symbol of the same name comes before it.
    func value(ofFigure name: String) -> Int64?
    func address(ofSymbol name: String) -> UInt32?
    /// Where a segment begins: that of a segment register, or what `selector` chooses; nil where it chooses nothing.
    func base(ofSegmentRegister name: String) -> UInt32?
    func base(ofSelector selector: UInt16) -> UInt32?
    /// Bytes of memory, nil for all that cannot be read without side effects.
    func read(_ linear: UInt32, count: Int) -> [UInt8?]
    /// The operand size of the code that runs, in bytes.
    var width: Int { get }
}

extension DebugExpression {
    /// What it comes to now.
    func value(in scope: some DebugScope) throws(BadInput) -> DebugValue {
        try Self.value(root, scope)
    }

    /// Whether every name is known; what is not is told before a condition is first looked at.
    func check(in scope: some DebugScope) throws(BadInput) {
        try Self.check(root, scope)
    }

    private static func check(_ node: Node, _ scope: some DebugScope) throws(BadInput) {
        switch node {
        case .number: break
        case .name, .symbol: _ = try value(node, scope)
        case .far(let a, let b), .binary(_, let a, let b):
            try check(a, scope)
            try check(b, scope)
        case .memory(_, let a), .unary(_, let a): try check(a, scope)
        }
    }

    private static func value(_ node: Node, _ scope: some DebugScope) throws(BadInput) -> DebugValue {
        switch node {
        case .number(let number): return DebugValue(number)
        case .name(let name):
            if let value = scope.value(ofRegister: name) { return DebugValue(value) }
            if scope.address(ofSymbol: name) == nil, let value = scope.value(ofFigure: name) {
                return DebugValue(value)
            }
            let shown = CommandText.shown(name)
            // Such as F000 for 0xF000.
            let hint =
                UInt64(name, radix: 16) == nil ? "" : "; a hexadecimal number is written 0x\(shown) or 0\(shown)h"
            return try symbol(name, scope, "\(shown): is no register and no symbol\(hint)")
        case .symbol(let name):
            return try symbol(name, scope, "@\(CommandText.shown(name)): is no symbol")
        case .far(let segment, let offset): return try far(segment, offset, scope)
        case .memory(let width, let address):
            let linear = UInt32(truncatingIfNeeded: try number(address, .address, scope))
            return try memory(width ?? scope.width, linear, scope)
        case .unary(let sign, let operand):
            let number = try value(operand, scope).number
            switch sign {
            case .negate: return DebugValue(0 &- number)
            case .invert: return DebugValue(~number)
            case .not: return DebugValue(number == 0 ? 1 : 0)
            }
        case .binary(let sign, let left, let right):
            let a = try value(left, scope).number
            // What stands behind need not make sense where it does not matter.
            if sign == .and, a == 0 { return DebugValue(0) }
            if sign == .or, a != 0 { return DebugValue(1) }
            return DebugValue(try apply(sign, a, try value(right, scope).number))
        }
    }

    private static func number(
        _ node: Node, _ what: DebugNumber, _ scope: some DebugScope
    ) throws(BadInput) -> Int64 {
        try what.check(try value(node, scope).number)
    }

    private static func symbol(
        _ name: String, _ scope: some DebugScope, _ complaint: String
    ) throws(BadInput) -> DebugValue {
        guard let address = scope.address(ofSymbol: name) else { throw BadInput(complaint) }
        return DebugValue(Int64(address))
    }

    private static func far(_ segment: Node, _ offset: Node, _ scope: some DebugScope) throws(BadInput) -> DebugValue {
        let selector = UInt16(truncatingIfNeeded: try number(segment, .selector, scope))
        let offset = UInt32(truncatingIfNeeded: try number(offset, .offset, scope))
        var base: UInt32?
        if case .name(let name) = segment { base = scope.base(ofSegmentRegister: name) }
        guard let base = base ?? scope.base(ofSelector: selector) else {
            throw BadInput("\(HexText.number(selector, digits: 4)): the descriptor tables have no segment for it")
        }
        return DebugValue(Int64(base &+ offset), far: FarAddress(selector, offset))
    }

    private static func memory(_ width: Int, _ linear: UInt32, _ scope: some DebugScope) throws(BadInput) -> DebugValue
    {
        var number: UInt64 = 0
        for byte in scope.read(linear, count: width).reversed() {
            guard let byte else {
                throw BadInput("\(HexText.number(linear, digits: 8)): no memory can be read there")
            }
            number = number << 8 | UInt64(byte)
        }
        return DebugValue(Int64(bitPattern: number))
    }

    private static func apply(_ sign: Binary, _ a: Int64, _ b: Int64) throws(BadInput) -> Int64 {
        switch sign {
        case .or, .and: return b != 0 ? 1 : 0
        case .equal: return a == b ? 1 : 0
        case .unequal: return a != b ? 1 : 0
        case .less: return a < b ? 1 : 0
        case .lessOrEqual: return a <= b ? 1 : 0
        case .greater: return a > b ? 1 : 0
        case .greaterOrEqual: return a >= b ? 1 : 0
        case .bitOr: return a | b
        case .bitXor: return a ^ b
        case .bitAnd: return a & b
        // The smart shifts: by 64 and more nothing is left.
        case .shiftLeft: return a << b
        case .shiftRight: return a >> b
        case .plus: return a &+ b
        case .minus: return a &- b
        case .times: return a &* b
        case .divide:
            guard b != 0 else { throw BadInput("a division by 0") }
            return a.dividedReportingOverflow(by: b).partialValue
        case .remainder:
            guard b != 0 else { throw BadInput("a division by 0") }
            return a.remainderReportingOverflow(dividingBy: b).partialValue
        case .far: return b
        }
    }
}
