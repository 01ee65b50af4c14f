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
        if areEarly(a, b) { return unnormalProduct(a, b) }
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
        if refuses(b) { return invalid() }
        if b.isZero && !a.isInfinite {
            raise(Status.zeroDivide)
            return .infinity(isNegative: isNegative)
        }
        if stopsAtDenormal(a, b) { return a }
        if a.isInfinite { return .infinity(isNegative: isNegative) }
        if a.isZero || b.isInfinite { return .zero(isNegative: isNegative) }
        if areEarly(a, b) { return unnormalQuotient(a, b) }
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
        // Below b, so that the quotient has 64 bits; they are made in two halves.
        let dividend = borrow ? a : a &>> 1
        let next: UInt64 = borrow ? 0 : a &<< 31 & 0x8000_0000
        let (high, rest) = digit(dividend, next, b)
        let (low, remainder) = digit(rest, 0, b)
        // What is left against half of the divisor.
        let gap = b &- remainder
        let below: UInt64 = remainder == 0 ? 0 : remainder < gap ? 1 : remainder == gap ? 1 &<< 63 : 1 &<< 63 | 1
        return (UInt128(high: high &<< 32 | low, low: below), borrow ? 1 : 0)
    }

    /// One step of long division in digits of 32 bits: a < b, then the next digit of the dividend; b has bit 63 set.
    /// The first guess is at most 2 too large (Knuth, volume 2, 4.3.1).
    @inline(__always) private static func digit(
        _ a: UInt64, _ next: UInt64, _ b: UInt64
    ) -> (quotient: UInt64, remainder: UInt64) {
        let divisor = b &>> 32 | 0x8000_0000
        var quotient = a / divisor
        let product = quotient.multipliedFullWidth(by: b)
        // a * 2^32 + next - quotient * b, in two words.
        let (low, borrows) = (a &<< 32 | next).subtractingReportingOverflow(product.low)
        var remainder = low
        var high = a &>> 32 &- product.high &- (borrows ? 1 : 0)
        while Int64(bitPattern: high) < 0 {
            quotient &-= 1
            let carries: Bool
            (remainder, carries) = remainder.addingReportingOverflow(b)
            high &+= carries ? 1 : 0
        }
        return (quotient, remainder)
    }
}
