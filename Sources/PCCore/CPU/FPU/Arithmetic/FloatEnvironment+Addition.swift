/// FADD, FSUB and their kin.
extension FloatEnvironment {
    mutating func add(_ a: Extended, _ b: Extended) -> Extended {
        if rounding == .nearest, let (sum, flags) = Self.fastAdd(a, b, precisionMask: precisionMask) {
            raise(flags)
            return sum
        }
        if let nan = nan(a, b) { return nan }
        return sum(a, b)
    }

    /// a - b. A NaN keeps its sign.
    mutating func subtract(_ a: Extended, _ b: Extended) -> Extended {
        if rounding == .nearest, let (sum, flags) = Self.fastAdd(a, b.negated, precisionMask: precisionMask) {
            raise(flags)
            return sum
        }
        if let nan = nan(a, b) { return nan }
        return sum(a, b.negated)
    }

    /// Of two operands that are no NaNs.
    private mutating func sum(_ a: Extended, _ b: Extended) -> Extended {
        if a.isInfinite && b.isInfinite && (isProjective || a.isNegative != b.isNegative) { return invalid() }
        if stopsAtDenormal(a, b) || a.isInfinite { return a }
        if b.isInfinite { return b }
        if areEarly(a, b) { return unnormalSum(a, b) }
        if a.isZero && b.isZero {
            return .zero(isNegative: a.isNegative == b.isNegative ? a.isNegative : rounding == .down)
        }
        if a.isZero || b.isZero { return rounded(FiniteNumber(a.isZero ? b : a)) }
        var large = FiniteNumber(a)
        var small = FiniteNumber(b)
        if (large.exponent, large.significand) < (small.exponent, small.significand) { swap(&large, &small) }
        // One bit above the significand for the carry.
        let augend = UInt128(large.significand) &<< 63
        let addend = (UInt128(small.significand) &<< 63).shiftedRightSticky(by: large.exponent &- small.exponent)
        let sum = large.isNegative == small.isNegative ? augend &+ addend : augend &- addend
        if sum == 0 { return .zero(isNegative: rounding == .down) }
        let shift = sum.leadingZeroBitCount
        return rounded(
            isNegative: large.isNegative, exponent: large.exponent &+ 1 &- shift,
            significand: sum &<< UInt128(truncatingIfNeeded: shift), precisionBits: precisionBits)
    }

    /// A number that is exact but for its length, by precision control.
    private mutating func rounded(_ number: FiniteNumber) -> Extended {
        rounded(
            isNegative: number.isNegative, exponent: number.exponent, significand: UInt128(high: number.significand),
            precisionBits: precisionBits)
    }
}
