/// An interchange format of IEEE 754 that memory holds.
struct InterchangeFormat {
    /// Bits of the significand without the integer bit, which is not stored.
    let fractionBits: Int
    /// Of the exponent; also the largest exponent of a number.
    let bias: Int

    static let single = InterchangeFormat(fractionBits: 23, bias: 127)
    static let double = InterchangeFormat(fractionBits: 52, bias: 1023)

    @inline(__always) var exponentMask: UInt64 { UInt64(truncatingIfNeeded: bias &* 2 &+ 1) }
    /// Above the sign, in 64 bits.
    @inline(__always) var unusedBits: UInt64 { fractionBits == 52 ? 0 : 32 }
    @inline(__always) var infinity: UInt64 { exponentMask &<< UInt64(truncatingIfNeeded: fractionBits) }
    @inline(__always) var signBit: UInt64 { (exponentMask &+ 1) &<< UInt64(truncatingIfNeeded: fractionBits) }
}

/// FLD, FST and FSTP of single and double precision.
extension FloatEnvironment {
    mutating func load(single: UInt32) -> Extended {
        Self.fastLoad(UInt64(single), .single) ?? loadSpecial(UInt64(single), .single)
    }

    mutating func load(double: UInt64) -> Extended {
        Self.fastLoad(double, .double) ?? loadSpecial(double, .double)
    }

    mutating func storeSingle(_ a: Extended) -> UInt32 {
        UInt32(truncatingIfNeeded: store(a, .single))
    }

    mutating func storeDouble(_ a: Extended) -> UInt64 {
        store(a, .double)
    }

    /// A denormal, an infinity or a NaN.
    private mutating func loadSpecial(_ bits: UInt64, _ format: InterchangeFormat) -> Extended {
        let isNegative = bits & format.signBit != 0
        let fraction = bits &<< UInt64(truncatingIfNeeded: 63 &- format.fractionBits) & ~Extended.integerBit
        if bits & format.infinity == format.infinity {
            let a = Extended(isNegative: isNegative, exponent: 0x7FFF, significand: fraction | Extended.integerBit)
            // Nor do the early chips look for NaNs here.
            return isEarly ? a : nan(a) ?? a
        }
        raise(Status.denormal)
        if isEarly {
            // Not normalised [SDM 3B 22.18.7.11].
            return Extended(
                isNegative: isNegative, exponent: Extended.bias &+ 1 &- format.bias, significand: fraction)
        }
        let shift = fraction.leadingZeroBitCount
        return Extended(
            isNegative: isNegative, exponent: Extended.bias &+ 1 &- format.bias &- shift,
            significand: fraction &<< UInt64(truncatingIfNeeded: shift))
    }

    private mutating func store(_ a: Extended, _ format: InterchangeFormat) -> UInt64 {
        if rounding == .nearest, let (bits, flags) = Self.fastStore(a, format) {
            raise(flags)
            return bits
        }
        let sign = a.isNegative ? format.signBit : 0
        if let nan = nan(a) {
            return bits(nan, format)
        }
        if a.isInfinite { return sign | format.infinity }
        if a.isZero { return sign }
        if refuses(a), a.significand == 0 || a.exponent > Extended.bias &- format.bias {
            // An unnormal above the range of denormals [80286 PRM 80287 table 1-9].
            return bits(invalid(), format)
        }
        return sign | storeFinite(FiniteNumber(a), format)
    }

    /// Of a NaN.
    private func bits(_ nan: Extended, _ format: InterchangeFormat) -> UInt64 {
        let fraction = (nan.significand &<< 1) &>> UInt64(truncatingIfNeeded: 64 &- format.fractionBits)
        return (nan.isNegative ? format.signBit : 0) | format.infinity | fraction
    }

    /// The bits but for the sign.
    private mutating func storeFinite(_ a: FiniteNumber, _ format: InterchangeFormat) -> UInt64 {
        let mask = UInt128.max &>> UInt128(truncatingIfNeeded: format.fractionBits &+ 1)
        let significand = UInt128(high: a.significand)
        let down = UInt64(truncatingIfNeeded: 63 &- format.fractionBits)
        let (kept, carries, flags) = roundedSignificand(significand, below: mask, isNegative: a.isNegative)
        let exponent = carries ? a.exponent &+ 1 : a.exponent
        if exponent > format.bias {
            // Not masked, nothing is stored, and so nothing was rounded [SDM 1 8.5.4].
            raise(Status.overflow)
            guard isMasked(Status.overflow) else { return 0 }
            raise(Status.precision)
            guard rounding == .nearest || roundsAway(isNegative: a.isNegative) else { return format.infinity &- 1 }
            raise(Status.c1)
            return format.infinity
        }
        if exponent > -format.bias {
            raise(flags)
            let biased = UInt64(truncatingIfNeeded: exponent &+ format.bias)
            let fraction = (carries ? 0 : kept.high & ~Extended.integerBit) &>> down
            return biased &<< UInt64(truncatingIfNeeded: format.fractionBits) | fraction
        }
        guard isMasked(Status.underflow) else {
            raise(Status.underflow)
            return 0
        }
        let tiny = significand.shiftedRightSticky(by: 1 &- format.bias &- a.exponent)
        let denormal = roundedSignificand(tiny, below: mask, isNegative: a.isNegative)
        raise(denormal.status == 0 ? 0 : denormal.status | Status.underflow)
        // The integer bit, where rounding went up to it, lands where an exponent of 1 is written.
        return denormal.significand.high &>> down
    }

    /// A normal number or a zero; nil for what is neither.
    @inline(__always) static func fastLoad(_ bits: UInt64, _ format: InterchangeFormat) -> Extended? {
        let exponent = bits &>> UInt64(truncatingIfNeeded: format.fractionBits) & format.exponentMask
        let sign = UInt16(truncatingIfNeeded: (bits &<< format.unusedBits) &>> 48) & 0x8000
        guard exponent &- 1 < format.exponentMask &- 1 else {
            return bits & (format.signBit &- 1) == 0 ? Extended(sign, 0) : nil
        }
        let fraction = bits &<< UInt64(truncatingIfNeeded: 63 &- format.fractionBits)
        let biased = UInt16(truncatingIfNeeded: exponent) &+ UInt16(truncatingIfNeeded: Extended.bias &- format.bias)
        return Extended(sign | biased, fraction | Extended.integerBit)
    }

    /// The bits for a number that is normal in both formats, or zero, to nearest, with PE and C1; else nil.
    @inline(__always) static func fastStore(
        _ a: Extended, _ format: InterchangeFormat
    ) -> (bits: UInt64, flags: UInt16)? {
        let sign = a.isNegative ? format.signBit : 0
        let exponent = a.exponent &- (Extended.bias &- format.bias)
        guard UInt(bitPattern: exponent &- 1) < UInt(bitPattern: format.bias &* 2), a.hasIntegerBit else {
            return a.isZero ? (sign, 0) : nil
        }
        let down = UInt64(truncatingIfNeeded: 63 &- format.fractionBits)
        let mask = 1 &<< down &- 1
        let kept = a.significand &>> down
        let rest = a.significand & mask
        // Rounds up where what is cut off, with the last bit kept as a tie break, is more than half.
        let grows = rest &+ (kept & 1) > (mask &+ 1) &>> 1
        // The integer bit, and a carry out of the significand, count up the exponent.
        let bits =
            UInt64(truncatingIfNeeded: exponent &- 1) &<< UInt64(truncatingIfNeeded: format.fractionBits)
            &+ kept &+ (grows ? 1 : 0)
        guard bits < format.infinity else { return nil }
        return (sign | bits, rest == 0 ? 0 : grows ? Status.precision | Status.c1 : Status.precision)
    }
}
