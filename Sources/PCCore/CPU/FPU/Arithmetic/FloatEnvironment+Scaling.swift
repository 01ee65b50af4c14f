/// FSCALE and FXTRACT.
extension FloatEnvironment {
    /// a * 2^b, with b cut off to an integer.
    mutating func scale(_ a: Extended, by b: Extended) -> Extended {
        if let nan = nan(a, b) { return nan }
        if b.isInfinite {
            // The early chips scale only a zero by infinity [80286 PRM 80287 table 1-12].
            if isEarly { return a.isZero ? a : invalid() }
            if b.isNegative ? a.isInfinite : a.isZero { return invalid() }
        }
        if stopsAtDenormal(a, b) || a.isInfinite || a.significand == 0 { return a }
        if b.isInfinite { return b.isNegative ? .zero(isNegative: a.isNegative) : .infinity(isNegative: a.isNegative) }
        let number = FiniteNumber(a)
        return rounded(
            isNegative: a.isNegative, exponent: number.exponent &+ Self.scale(b),
            significand: UInt128(high: number.significand), precisionBits: 64)
    }

    /// A number cut off to an integer, or what is sure to leave the range in its place.
    private static func scale(_ b: Extended) -> Int {
        if b.significand == 0 || b.exponent < Extended.bias { return 0 }
        let number = FiniteNumber(b)
        guard number.exponent >= 0 else { return 0 }
        let magnitude =
            number.exponent > 16
            ? 1 &<< 17
            : Int(truncatingIfNeeded: number.significand &>> UInt64(truncatingIfNeeded: 63 &- number.exponent))
        return b.isNegative ? 0 &- magnitude : magnitude
    }

    /// FXTRACT: the exponent as a number, and the significand with an exponent of 0.
    mutating func extract(_ a: Extended) -> (exponent: Extended, significand: Extended) {
        if let nan = nan(a) { return (nan, nan) }
        if a.isInfinite { return isEarly ? (invalid(), .indefinite) : (.infinity(isNegative: false), a) }
        // The early chips give zero and zero [SDM 3B 22.18.7.12].
        if isEarly && a.significand == 0 { return (.zero(isNegative: false), a) }
        if a.isZero {
            raise(Status.zeroDivide)
            return (.infinity(isNegative: true), a)
        }
        if stopsAtDenormal(a) { return (a, a) }
        var number = FiniteNumber(a)
        let exponent = Extended(integer: Int64(truncatingIfNeeded: number.exponent))
        number.exponent = 0
        return (exponent, Extended(number))
    }
}
