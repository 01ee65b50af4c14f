/// FBLD and FBSTP: packed decimal integers of 18 digits and a sign [SDM 1 4.7].
extension FloatEnvironment {
    /// IE and the packed BCD indefinite for what has more than 18 digits or is no number.
    mutating func storeBCD(_ a: Extended) -> (low: UInt64, high: UInt16) {
        guard var rest = magnitude(a, upTo: 999_999_999_999_999_999) else {
            raise(Status.invalid)
            return (0xC000_0000_0000_0000, 0xFFFF)
        }
        var digits: UInt128 = 0
        for place in 0..<18 as Range<UInt128> {
            digits |= UInt128(rest % 10) &<< (place &* 4)
            rest /= 10
        }
        return (digits.low, UInt16(truncatingIfNeeded: digits.high) | (a.isNegative ? 0x8000 : 0))
    }
}

extension Extended {
    /// Digits above 9 count with their value, as the hardware takes them; bits 8 to 14 of `high` count for nothing.
    init(bcdLow low: UInt64, high: UInt16) {
        let digits = UInt128(high: UInt64(high & 0xFF), low: low)
        var magnitude: UInt64 = 0
        for place in (0..<18 as Range<UInt128>).reversed() {
            magnitude = magnitude &* 10 &+ UInt64(truncatingIfNeeded: digits &>> (place &* 4)) & 0xF
        }
        self.init(magnitude: magnitude, isNegative: high & 0x8000 != 0)
    }
}
