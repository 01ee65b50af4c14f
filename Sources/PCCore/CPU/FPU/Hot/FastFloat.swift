/// A result of the frequent case: normal operands, a normal result, to nearest, in any precision.
struct FastFloat {
    var significand: UInt64
    /// Sign and exponent.
    var word: UInt32
    /// PE and C1.
    var status: UInt16
    /// Otherwise the operation is left to the general functions, and the rest means nothing.
    var isGood: Bool

    @inline(__always) static var isNot: FastFloat { FastFloat(significand: 0, word: 0, status: 0, isGood: false) }

    /// Normal and not empty, by the word of sign, exponent and emptiness. The integer bit is looked at apart.
    @inline(__always) static func isNormal(_ word: UInt32) -> Bool {
        (word & (FPUState.Register.empty | 0x7FFF)) &- 1 < 0x7FFE
    }

    /// Rounds `high`, which has its top bit set, and `low` below it to nearest, ties to even: away go `low` and the bits
    /// of `high` in `mask`, ones from bit 0 up.
    @inline(__always)
    static func rounded(_ high: UInt64, _ low: UInt64, below mask: UInt64, exponent: UInt32, sign: UInt32) -> FastFloat
    {
        // What lies below a half, and one more under an odd significand, carries where it is to be rounded up.
        let isOdd: UInt128 = high & (mask &+ 1) == 0 ? 0 : 1
        let sum =
            UInt128(high: high, low: low) &+ UInt128(high: mask >> 1, low: mask &<< 63 | .max >> 1) &+ isOdd
        let significand = sum.high & ~mask
        // All ones went up to the next power of two.
        let carries = significand == 0
        let exponent = exponent &+ (carries ? 1 : 0)
        let isExact = low | high & mask == 0
        let grows = significand != high & ~mask
        return FastFloat(
            significand: carries ? Extended.integerBit : significand, word: sign | exponent,
            status: (isExact ? 0 : FloatEnvironment.Status.precision) | (grows ? FloatEnvironment.Status.c1 : 0),
            isGood: exponent &- 1 < 0x7FFE)
    }

    @inline(__always)
    static func product(_ a: UInt64, _ aWord: UInt32, _ b: UInt64, _ bWord: UInt32, below mask: UInt64) -> FastFloat {
        guard _fastPath(isNormal(aWord)), _fastPath(isNormal(bWord)), _fastPath(Int64(bitPattern: a & b) < 0) else {
            return isNot
        }
        let (high, low) = a.multipliedFullWidth(by: b)
        // The product of two numbers in [1, 2) is in [1, 4).
        let shift = (high >> 63) ^ 1
        let exponent =
            (aWord & 0x7FFF) &+ (bWord & 0x7FFF) &- UInt32(Extended.bias - 1) &- UInt32(truncatingIfNeeded: shift)
        return rounded(
            high &<< shift | (low >> 63) & shift, low &<< shift, below: mask, exponent: exponent,
            sign: (aWord ^ bWord) & 0x8000)
    }

    /// Without branches on which operand is larger, on signs and on carries: to a predictor these are noise.
    @inline(__always)
    static func sum(_ a: UInt64, _ aWord: UInt32, _ b: UInt64, _ bWord: UInt32, below mask: UInt64) -> FastFloat {
        guard _fastPath(isNormal(aWord)), _fastPath(isNormal(bWord)), _fastPath(Int64(bitPattern: a & b) < 0) else {
            return isNot
        }
        // The larger first.
        let (aExponent, bExponent) = (UInt64(aWord & 0x7FFF), UInt64(bWord & 0x7FFF))
        let swaps = ones(UInt128(high: aExponent, low: a) < UInt128(high: bExponent, low: b))
        let large = a ^ (a ^ b) & swaps
        let small = b ^ (a ^ b) & swaps
        let exponent = aExponent ^ (aExponent ^ bExponent) & swaps
        let sign = (aWord ^ (aWord ^ bWord) & UInt32(truncatingIfNeeded: swaps)) & 0x8000
        let distance = exponent &+ exponent &- aExponent &- bExponent
        guard _fastPath(distance < 64) else { return farSum(large, exponent, sign, distance, aWord ^ bWord, mask) }
        // `small` moved right by the distance into 128 bits, and its two's complement where the signs differ.
        let differ = ones((aWord ^ bWord) & 0x8000 != 0)
        let (low, lowCarry) = (((small &<< 1) &<< (63 &- distance)) ^ differ).addingReportingOverflow(differ & 1)
        let addend = ((small &>> distance) ^ differ) &+ (lowCarry ? 1 : 0)
        let (high, highCarry) = large.addingReportingOverflow(addend)
        // A carry out of a sum moves it one place right.
        let carry = (highCarry ? 1 : 0) & ~differ
        let sumHigh = high &>> carry | carry &<< 63
        let sumLow = low &>> carry | (high & carry) &<< 63 | low & carry
        // Nearly everything went away, or all of it.
        guard _fastPath(sumHigh != 0) else { return isNot }
        let shift = UInt64(truncatingIfNeeded: sumHigh.leadingZeroBitCount)
        return rounded(
            sumHigh &<< shift | (sumLow >> 1) &>> (63 &- shift), sumLow &<< shift, below: mask,
            exponent: UInt32(truncatingIfNeeded: exponent &+ carry &- shift), sign: sign)
    }

    /// The larger operand, with nothing of the other but that it is there: more than 64 places lie between them.
    @inline(__always)
    private static func farSum(
        _ large: UInt64, _ exponent: UInt64, _ sign: UInt32, _ distance: UInt64, _ signs: UInt32, _ mask: UInt64
    ) -> FastFloat {
        // Under a power of two, what is taken away counts for more.
        guard distance > 65, signs & 0x8000 == 0 || large != Extended.integerBit else { return isNot }
        return rounded(
            signs & 0x8000 == 0 ? large : large &- 1, signs & 0x8000 == 0 ? 1 : .max, below: mask,
            exponent: UInt32(truncatingIfNeeded: exponent), sign: sign)
    }

    /// All ones or zeros.
    @inline(__always) private static func ones(_ condition: Bool) -> UInt64 { 0 &- (condition ? 1 : 0) }
}
