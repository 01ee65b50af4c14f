/// FPREM and FPREM1.
extension FloatEnvironment {
    /// What is left of a after whole b are taken away: cut off (FPREM) or to nearest (FPREM1). With exponents far
    /// apart a is only made smaller, and C2 set; else the quotient's low bits go to C0, C3 and C1 [SDM 2A FPREM].
    /// Without a quotient C0 and C3 stay as `status` has them. Precision control does not apply; the result is exact.
    mutating func remainder(_ a: Extended, _ b: Extended, toNearest: Bool) -> Extended {
        status &= ~(Status.c1 | Status.c2)
        if let nan = nan(a, b) { return nan }
        if a.isInfinite || b.isZero || refuses(b) { return invalid() }
        if stopsAtDenormal(a, b) { return a }
        status &= ~Status.conditions
        if a.significand == 0 { return .zero(isNegative: a.isNegative) }
        let x = FiniteNumber(a)
        if b.isInfinite { return exact(x) }
        let y = FiniteNumber(b)
        let distance = x.exponent &- y.exponent
        if distance < (toNearest ? -1 : 0) { return exact(x) }
        let isPartial = distance >= 64
        let step = isPartial ? Self.partialStep(distance) : distance
        // In units of half of b's last place, or of 2^(distance - step) of them.
        let divisor = UInt128(y.significand) &<< 1
        let dividend = UInt128(x.significand) &<< UInt128(truncatingIfNeeded: step &+ 1)
        var (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        var isNegative = a.isNegative
        if isPartial {
            raise(Status.c2)
        } else {
            if toNearest, rest &<< 1 > divisor || rest &<< 1 == divisor && quotient & 1 != 0 {
                quotient &+= 1
                rest = divisor &- rest
                isNegative.toggle()
            }
            raise(Self.conditions(ofQuotient: quotient))
        }
        if rest == 0 { return .zero(isNegative: a.isNegative) }
        let shift = rest.leadingZeroBitCount
        return rounded(
            isNegative: isNegative, exponent: y.exponent &+ distance &- step &+ 63 &- shift,
            significand: rest &<< UInt128(truncatingIfNeeded: shift), precisionBits: 64)
    }

    /// By how much a partial reduction takes the exponents together, 32 to 63.
    private static func partialStep(_ distance: Int) -> Int { distance & 31 | 32 }

    /// The quotient's bits 2, 1 and 0 in C0, C3 and C1.
    private static func conditions(ofQuotient quotient: UInt128) -> UInt16 {
        (quotient & 4 == 0 ? 0 : Status.c0) | (quotient & 2 == 0 ? 0 : Status.c3) | (quotient & 1 == 0 ? 0 : Status.c1)
    }

    /// The number itself as a result: a denormal one may be an underflow.
    private mutating func exact(_ a: FiniteNumber) -> Extended {
        rounded(
            isNegative: a.isNegative, exponent: a.exponent, significand: UInt128(high: a.significand),
            precisionBits: 64)
    }
}
