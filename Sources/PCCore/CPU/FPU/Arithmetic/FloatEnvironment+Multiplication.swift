/// FMUL, FDIV and their kin.
extension FloatEnvironment {
    mutating func multiply(_ a: Extended, _ b: Extended) -> Extended {
        if rounding == .nearest, let (product, flags) = Self.fastMultiply(a, b, precisionMask: precisionMask) {
            raise(flags)
            return product
        }
        if let nan = nan(a, b) { return nan }
        let isNegative = a.isNegative != b.isNegative
        if a.isInfinite && b.isZero || a.isZero && b.isInfinite { return invalid() }
        if stopsAtDenormal(a, b) { return a }
        if a.isInfinite || b.isInfinite { return .infinity(isNegative: isNegative) }
        if a.isZero || b.isZero { return .zero(isNegative: isNegative) }
        let (x, y) = (FiniteNumber(a), FiniteNumber(b))
        let (high, low) = x.significand.multipliedFullWidth(by: y.significand)
        let product = UInt128(high: high, low: low)
        let shift = product.leadingZeroBitCount
        return rounded(
            isNegative: isNegative, exponent: x.exponent &+ y.exponent &+ 1 &- shift,
            significand: product &<< UInt128(truncatingIfNeeded: shift), precisionBits: precisionBits)
    }

    /// a / b.
    mutating func divide(_ a: Extended, _ b: Extended) -> Extended {
        if rounding == .nearest, let (quotient, flags) = Self.fastDivide(a, b, precisionMask: precisionMask) {
            raise(flags)
            return quotient
        }
        if let nan = nan(a, b) { return nan }
        let isNegative = a.isNegative != b.isNegative
        if a.isInfinite && b.isInfinite || a.isZero && b.isZero { return invalid() }
        if b.isZero && !a.isInfinite {
            raise(Status.zeroDivide)
            return .infinity(isNegative: isNegative)
        }
        if stopsAtDenormal(a, b) { return a }
        if a.isInfinite { return .infinity(isNegative: isNegative) }
        if a.isZero || b.isInfinite { return .zero(isNegative: isNegative) }
        let (x, y) = (FiniteNumber(a), FiniteNumber(b))
        let (quotient, borrow) = Self.quotient(x.significand, y.significand)
        return rounded(
            isNegative: isNegative, exponent: x.exponent &- y.exponent &- borrow, significand: quotient,
            precisionBits: precisionBits)
    }

    /// The quotient of two significands with bit 63 set: bit 127 set, 64 good bits, a guard bit and a sticky one; with
    /// 1 to take from the exponent where a < b.
    @inline(__always) static func quotient(_ a: UInt64, _ b: UInt64) -> (quotient: UInt128, borrow: Int) {
        let borrow = a < b
        let (high, low) = borrow ? (a, 0) : (a &>> 1, a &<< 63)
        let (quotient, remainder) = (b | Extended.integerBit).dividingFullWidth((high, low))
        // What is left against half of the divisor.
        let rest = b &- remainder
        let below: UInt64 =
            remainder == 0 ? 0 : remainder < rest ? 1 : remainder == rest ? 1 &<< 63 : 1 &<< 63 | 1
        return (UInt128(high: quotient, low: below), borrow ? 1 : 0)
    }
}
