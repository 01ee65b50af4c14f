/// A finite number that is not zero, taken apart: significand / 2^63 * 2^exponent, with bit 63 set.
struct FiniteNumber {
    var isNegative: Bool
    /// Without bias. Below -16382 for what a register holds as a denormal.
    var exponent: Int
    var significand: UInt64

    @inline(__always) init(isNegative: Bool, exponent: Int, significand: UInt64) {
        self.isNegative = isNegative
        self.exponent = exponent
        self.significand = significand
    }

    /// Of a register that holds a number other than zero. An exponent field of 0 weighs as 1 does [SDM 1 4.8.3.2].
    @inline(__always) init(_ number: Extended) {
        let shift = number.significand.leadingZeroBitCount
        isNegative = number.isNegative
        exponent = (number.exponent == 0 ? 1 : number.exponent) &- Extended.bias &- shift
        significand = number.significand &<< UInt64(truncatingIfNeeded: shift)
    }
}

extension Extended {
    /// Of a number whose exponent is in the range of normal ones.
    @inline(__always) init(_ number: FiniteNumber) {
        self.init(
            isNegative: number.isNegative, exponent: number.exponent &+ Extended.bias,
            significand: number.significand)
    }
}

extension UInt128 {
    /// A significand with 64 bits below it, all clear.
    @inline(__always) init(high: UInt64, low: UInt64 = 0) {
        self = UInt128(high) &<< 64 | UInt128(low)
    }

    @inline(__always) var high: UInt64 { UInt64(truncatingIfNeeded: self &>> 64) }
    @inline(__always) var low: UInt64 { UInt64(truncatingIfNeeded: self) }

    /// Shifted right by any amount; the lowest bit tells of what was lost.
    func shiftedRightSticky(by count: Int) -> UInt128 {
        guard count > 0 else { return self }
        guard count < 128 else { return self == 0 ? 0 : 1 }
        let kept = self &>> UInt128(truncatingIfNeeded: count)
        return kept &<< UInt128(truncatingIfNeeded: count) == self ? kept : kept | 1
    }
}
