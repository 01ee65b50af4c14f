/// How two numbers stand to each other.
enum FloatOrder {
    case less, equal, greater, unordered

    /// C3, C2 and C0 as comparisons leave them [SDM 1 table 8-6].
    @inline(__always) var conditions: UInt16 {
        switch self {
        case .less: FloatEnvironment.Status.c0
        case .equal: FloatEnvironment.Status.c3
        case .greater: 0
        case .unordered: FloatEnvironment.Status.c0 | FloatEnvironment.Status.c2 | FloatEnvironment.Status.c3
        }
    }
}

/// FCOM, FUCOM, FTST and FXAM.
extension FloatEnvironment {
    /// Sets C3, C2 and C0, clears C1. A quiet comparison takes QNaNs without IE.
    mutating func compare(_ a: Extended, _ b: Extended, isQuiet: Bool) -> FloatOrder {
        let order = order(a, b, isQuiet: isQuiet)
        status = status & ~Status.conditions | order.conditions
        return order
    }

    private mutating func order(_ a: Extended, _ b: Extended, isQuiet: Bool) -> FloatOrder {
        if let order = Self.fastCompare(a, b) { return order }
        if isEarly {
            // One infinity alone has no order with anything else [80286 PRM 80287 table 1-12].
            let isLost = isProjective && a.isInfinite != b.isInfinite
            if nan(a, b) != nil || isLost {
                raise(Status.invalid)
                return .unordered
            }
            if isProjective && a.isInfinite { return .equal }
        } else if a.isUnsupported || b.isUnsupported || a.isNaN || b.isNaN {
            if !isQuiet || a.isUnsupported || b.isUnsupported || a.isSignalingNaN || b.isSignalingNaN {
                raise(Status.invalid)
            }
            return .unordered
        }
        _ = stopsAtDenormal(a, b)
        if a.significand | b.significand == 0 { return .equal }
        if a.isNegative != b.isNegative { return a.isNegative ? .less : .greater }
        return Self.order(Self.magnitude(a), Self.magnitude(b), isNegative: a.isNegative)
    }

    /// A magnitude to compare, normalised as far as it goes. Below the normal range the scale is that of exponent 1.
    private static func magnitude(_ a: Extended) -> UInt128 {
        let exponent = UInt64(truncatingIfNeeded: a.exponent == 0 ? 1 : a.exponent)
        let shift = min(UInt64(truncatingIfNeeded: a.significand.leadingZeroBitCount), exponent)
        return a.significand == 0 ? 0 : UInt128(high: exponent &- shift, low: a.significand &<< shift)
    }

    @inline(__always) private static func order<T: Comparable>(_ a: T, _ b: T, isNegative: Bool) -> FloatOrder {
        a == b ? .equal : (a < b) != isNegative ? .less : .greater
    }

    /// FXAM's condition bits for a register that is not empty [SDM 2A FXAM].
    func examine(_ a: Extended) -> UInt16 {
        let sign = a.isNegative ? Status.c1 : 0
        if a.isUnsupported { return sign }
        if a.isNaN { return sign | Status.c0 }
        if a.isInfinite { return sign | Status.c2 | Status.c0 }
        if a.isZero { return sign | Status.c3 }
        if a.isDenormal { return sign | Status.c3 | Status.c2 }
        return sign | Status.c2
    }

    /// The order of normal numbers and zeros; nil where one is something else.
    @inline(__always) static func fastCompare(_ a: Extended, _ b: Extended) -> FloatOrder? {
        guard areCommon(a, b) else { return nil }
        let (x, y) = (order(of: a), order(of: b))
        return x == y ? .equal : x < y ? .less : .greater
    }

    /// A whole number in the order of the normal numbers and zeros.
    @inline(__always) private static func order(of a: Extended) -> Int128 {
        let magnitude = Int128(
            truncatingIfNeeded: UInt128(
                high: UInt64(truncatingIfNeeded: a.exponent), low: a.significand))
        return a.isNegative ? 0 &- magnitude : magnitude
    }
}
