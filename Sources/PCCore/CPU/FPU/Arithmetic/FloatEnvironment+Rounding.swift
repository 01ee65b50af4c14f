/// Rounding, and what becomes of a number that no longer fits [SDM 1 4.8.4, 8.5.4 to 8.5.6].
extension FloatEnvironment {
    /// The range of exponents, without bias, of normal numbers in a register.
    private static let smallestExponent = 1 - Extended.bias
    private static let largestExponent = 0x7FFE - Extended.bias
    /// What an unmasked overflow takes from the exponent and an unmasked underflow adds to it.
    static let exponentWrap = 24576

    /// The bits of a register's significand below the precision in use.
    @inline(__always) var precisionMask: UInt64 {
        switch control >> 8 & 3 {
        case 0: 0xFF_FFFF_FFFF
        case 2: 0x7FF
        default: 0
        }
    }

    /// Whether a magnitude that lies between two numbers may go to the larger one whatever its distance. To nearest
    /// is not asked here.
    @inline(__always) func roundsAway(isNegative: Bool) -> Bool { rounding == (isNegative ? .down : .up) }

    /// A significand without the bits in `mask` (ones from bit 0 up); `status` has PE if any of them were set, C1 if
    /// the magnitude grew. Where `carries`, the significand is 2^128 and reads as 0.
    func roundedSignificand(
        _ significand: UInt128, below mask: UInt128, isNegative: Bool
    ) -> (significand: UInt128, carries: Bool, status: UInt16) {
        guard significand & mask != 0 else { return (significand, false, 0) }
        let increment: UInt128 =
            switch rounding {
            case .nearest: mask &>> 1 &+ (significand & (mask &+ 1) != 0 ? 1 : 0)
            case .zero: 0
            case .down, .up: roundsAway(isNegative: isNegative) ? mask : 0
            }
        let (sum, carries) = significand.addingReportingOverflow(increment)
        let grows = carries || sum & ~mask != significand & ~mask
        return (sum & ~mask, carries, grows ? Status.precision | Status.c1 : Status.precision)
    }

    /// A register's contents for significand / 2^127 * 2^exponent, where bit 127 is set and the lowest bit is sticky.
    mutating func rounded(
        isNegative: Bool, exponent: Int, significand: UInt128, precisionBits: Int
    ) -> Extended {
        let mask = UInt128.max &>> UInt128(truncatingIfNeeded: precisionBits)
        let (kept, carries, flags) = roundedSignificand(significand, below: mask, isNegative: isNegative)
        let number = FiniteNumber(
            isNegative: isNegative, exponent: carries ? exponent &+ 1 : exponent,
            significand: carries ? Extended.integerBit : kept.high)
        let unrounded = FiniteNumber(isNegative: isNegative, exponent: exponent, significand: significand.high)
        if number.exponent > Self.largestExponent {
            let largest = (~mask).high
            return isEarly
                ? earlyOverflow(unrounded, largest: largest) : overflowed(number, flags, largest: largest)
        }
        if number.exponent >= Self.smallestExponent {
            raise(flags)
            return Extended(number)
        }
        guard isMasked(Status.underflow) else {
            return isEarly ? underflowed(unrounded, 0) : underflowed(number, flags)
        }
        let tiny = significand.shiftedRightSticky(by: Self.smallestExponent &- exponent)
        let denormal = roundedSignificand(tiny, below: mask, isNegative: isNegative)
        // Masked, an underflow is one only where accuracy was lost; the early chips also count what rounds toward zero.
        let isUnderflow = denormal.status != 0 || isEarly && rounding == .zero
        raise(isUnderflow ? denormal.status | Status.underflow : 0)
        let significand = denormal.significand.high
        return Extended(
            isNegative: isNegative, exponent: significand & Extended.integerBit == 0 ? 0 : 1, significand: significand)
    }

    /// The response to a rounded number that is too large.
    private mutating func overflowed(_ number: FiniteNumber, _ flags: UInt16, largest: UInt64) -> Extended {
        var number = number
        guard isMasked(Status.overflow) else {
            number.exponent &-= Self.exponentWrap
            raise(Status.overflow | flags)
            guard number.exponent > Self.largestExponent else { return Extended(number) }
            // FSCALE can leave the range so far that the wrapped exponent does not fit either [SDM 1 8.5.4].
            raise(Status.precision | Status.c1)
            return .infinity(isNegative: number.isNegative)
        }
        raise(Status.overflow | Status.precision)
        guard rounding == .nearest || roundsAway(isNegative: number.isNegative) else {
            return Extended(
                isNegative: number.isNegative, exponent: 0x7FFE, significand: largest)
        }
        raise(Status.c1)
        return .infinity(isNegative: number.isNegative)
    }

    /// The response to a rounded number that is too small, where underflow is not masked.
    private mutating func underflowed(_ number: FiniteNumber, _ flags: UInt16) -> Extended {
        var number = number
        number.exponent &+= Self.exponentWrap
        raise(Status.underflow | flags)
        guard number.exponent < Self.smallestExponent else { return Extended(number) }
        raise(Status.precision)
        return .zero(isNegative: number.isNegative)
    }
}
