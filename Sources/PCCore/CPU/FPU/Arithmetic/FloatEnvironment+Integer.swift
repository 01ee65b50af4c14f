/// FILD, FIST, FISTP and FRNDINT.
extension FloatEnvironment {
    /// FRNDINT.
    mutating func roundToInteger(_ a: Extended) -> Extended {
        if let nan = nan(a) { return nan }
        if stopsAtDenormal(a) || a.exponent >= Extended.bias &+ 63 { return a }
        if a.significand == 0 { return .zero(isNegative: a.isNegative) }
        let (magnitude, flags) = integer(FiniteNumber(a))
        raise(flags)
        return Extended(magnitude: magnitude, isNegative: a.isNegative)
    }

    /// The number as an integer of 16, 32 or 64 bits; where it does not fit, IE and the integer indefinite, which is
    /// the most negative one [SDM 1 4.2.1.2].
    mutating func storeInteger(_ a: Extended, bits: Int) -> Int64 {
        let limit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: bits &- 1)
        if let magnitude = magnitude(a, upTo: a.isNegative ? limit : limit &- 1) {
            return Int64(bitPattern: a.isNegative ? 0 &- magnitude : magnitude)
        }
        raise(Status.invalid)
        return Int64(bitPattern: 0 &- limit)
    }

    /// What a number is as an integer, but for the sign, with PE and C1; nil where it is none or larger than `limit`.
    mutating func magnitude(_ a: Extended, upTo limit: UInt64) -> UInt64? {
        if a.isZero { return 0 }
        if a.isUnsupported || refuses(a) || a.exponent > Extended.bias &+ 63 { return nil }
        let (magnitude, flags) = integer(FiniteNumber(a))
        guard magnitude <= limit else { return nil }
        raise(flags)
        return magnitude
    }

    /// Rounded by the rounding control. The exponent is at most 63.
    private func integer(_ a: FiniteNumber) -> (magnitude: UInt64, flags: UInt16) {
        let fixed = UInt128(high: a.significand).shiftedRightSticky(by: 63 &- a.exponent)
        let (significand, _, flags) = roundedSignificand(
            fixed, below: UInt128(UInt64.max), isNegative: a.isNegative)
        return (significand.high, flags)
    }
}

extension Extended {
    init(integer: Int64) {
        self.init(magnitude: integer.magnitude, isNegative: integer < 0)
    }

    init(magnitude: UInt64, isNegative: Bool) {
        let shift = magnitude.leadingZeroBitCount
        self.init(
            isNegative: isNegative, exponent: magnitude == 0 ? 0 : Self.bias &+ 63 &- shift,
            significand: magnitude &<< UInt64(truncatingIfNeeded: shift))
    }
}
