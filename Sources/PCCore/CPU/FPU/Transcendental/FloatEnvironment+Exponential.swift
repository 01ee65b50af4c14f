/// F2XM1.
extension FloatEnvironment {
    /// ln 2 * 2^128.
    private static let ln2 = Magnitude(exponent: -1, significand: 0xB17217F7_D1CF79AB_C9E3B398_03F2F6AF)

    /// 2^x - 1. Outside -1...1, where no manual says what comes, the number itself, as an AMD Zen 4 gives it.
    mutating func exponentialMinusOne(_ x: Extended) -> Extended {
        if let nan = nan(x) { return nan }
        if x.isInfinite { return x.isNegative ? Extended.one.negated : x }
        if x.hasNoValue || stopsAtDenormal(x) { return x }
        guard x.exponent < Extended.bias else {
            // The chip raises PE for its exact results too.
            raise(Status.precision)
            return x == Extended.one.negated ? Extended(0xBFFE, Extended.integerBit) : x
        }
        // e^w - 1 = sinh w + cosh w - 1 = w (sinh w / w + w (1/2! + w^2/4! ...)), in fixed point with two bits before
        // the point.
        let w = Magnitude(x) * Self.ln2
        let z = w.squareFraction
        let odd = PowerSeries.sum(PowerSeries.inverseOddFactorials, z).multipliedHigh(z) &>> 2 &+ 1 &<< 126
        let even = PowerSeries.sum(PowerSeries.inverseEvenFactorials, z).multipliedHigh(w.fixed(integerBits: 2))
        let factor = x.isNegative ? odd &- even : odd &+ even
        return rounded(x.isNegative, w * Magnitude(normalizing: factor, exponent: 1))
    }
}
