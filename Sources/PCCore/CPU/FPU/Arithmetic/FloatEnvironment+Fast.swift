/// The common case of addition, multiplication and division, to be inlined where speed counts: both operands normal
/// numbers or zeros, result normal or zero, rounding to nearest. nil means that the general form must do it.
///
/// `precisionMask` has the bits of the significand below the precision in use. The flags are PE and C1.
extension FloatEnvironment {
    typealias FastResult = (value: Extended, flags: UInt16)

    @inline(__always) static func fastAdd(_ a: Extended, _ b: Extended, precisionMask: UInt64) -> FastResult? {
        guard areCommon(a, b) else { return nil }
        let swaps =
            a.exponent != b.exponent ? a.exponent < b.exponent : a.significand < b.significand
        let (large, small) = swaps ? (b, a) : (a, b)
        let distance = UInt64(truncatingIfNeeded: large.exponent &- small.exponent)
        let addend: UInt128
        if distance < 64 {
            addend = UInt128(
                high: small.significand &>> distance, low: (small.significand &<< 1) &<< (63 &- distance))
        } else {
            // From 67 on all that counts of a number is that it is there.
            let count = distance < 67 ? distance &- 64 : 3
            let low = small.significand &>> count
            addend = UInt128(high: 0, low: low | (low &<< count == small.significand ? 0 : 1))
        }
        let augend = UInt128(high: large.significand)
        var exponent = large.exponent
        var sum: UInt128
        if (a.signExponent ^ b.signExponent) & 0x8000 == 0 {
            let carries: Bool
            (sum, carries) = augend.addingReportingOverflow(addend)
            if carries {
                sum = sum &>> 1 | sum & 1 | 1 &<< 127
                exponent &+= 1
            }
        } else {
            sum = augend &- addend
            let shift = sum.high == 0 ? 64 : sum.high.leadingZeroBitCount
            sum = sum &<< UInt128(truncatingIfNeeded: shift)
            exponent &-= shift
        }
        if sum.high == 0 {
            // Of zeros with one sign, or of a number and its negative [SDM 1 4.8.3.1].
            return (.zero(isNegative: a.signExponent & b.signExponent & 0x8000 != 0), 0)
        }
        return fastRounded(large.signExponent & 0x8000, exponent, sum, precisionMask)
    }

    @inline(__always) static func fastMultiply(_ a: Extended, _ b: Extended, precisionMask: UInt64) -> FastResult? {
        guard areCommon(a, b) else { return nil }
        let sign = (a.signExponent ^ b.signExponent) & 0x8000
        var (high, low) = a.significand.multipliedFullWidth(by: b.significand)
        if high == 0 { return (Extended(sign, 0), 0) }
        var exponent = a.exponent &+ b.exponent &- (Extended.bias &- 1)
        if high & Extended.integerBit == 0 {
            high = high &<< 1 | low &>> 63
            low = low &<< 1
            exponent &-= 1
        }
        return fastRounded(sign, exponent, UInt128(high: high, low: low), precisionMask)
    }

    @inline(__always) static func fastDivide(_ a: Extended, _ b: Extended, precisionMask: UInt64) -> FastResult? {
        guard areCommon(a, b), b.significand != 0 else { return nil }
        let sign = (a.signExponent ^ b.signExponent) & 0x8000
        if a.significand == 0 { return (Extended(sign, 0), 0) }
        let (quotient, borrow) = quotient(a.significand, b.significand)
        return fastRounded(sign, a.exponent &- b.exponent &+ Extended.bias &- borrow, quotient, precisionMask)
    }

    /// Both are normal numbers or zeros.
    @inline(__always) static func areCommon(_ a: Extended, _ b: Extended) -> Bool {
        a.isNormal && b.isNormal || (a.isNormal || a.isZero) && (b.isNormal || b.isZero)
    }

    /// To nearest, ties to even. The exponent has its bias; bit 127 of the significand is set.
    @inline(__always) private static func fastRounded(
        _ sign: UInt16, _ exponent: Int, _ significand: UInt128, _ mask: UInt64
    ) -> FastResult? {
        let half = UInt128(high: mask &>> 1, low: mask &<< 63 | UInt64.max &>> 1)
        let isOdd: UInt128 = significand.high & (mask &+ 1) == 0 ? 0 : 1
        var high = (significand &+ half &+ isOdd).high & ~mask
        var exponent = exponent
        if Int64(bitPattern: high) >= 0 {
            high = Extended.integerBit
            exponent &+= 1
        }
        guard UInt(bitPattern: exponent &- 1) < 0x7FFE else { return nil }
        let isExact = significand.low | significand.high & mask == 0
        let grows = high != significand.high & ~mask
        let flags = (isExact ? 0 : Status.precision) | (grows ? Status.c1 : 0)
        return (Extended(sign | UInt16(truncatingIfNeeded: exponent), high), flags)
    }
}

extension Extended {
    /// A number with its integer bit, neither too small nor too large for that.
    @inline(__always) var isNormal: Bool {
        Int64(bitPattern: significand) < 0 && UInt32(truncatingIfNeeded: exponent) &- 1 < 0x7FFE
    }
}
