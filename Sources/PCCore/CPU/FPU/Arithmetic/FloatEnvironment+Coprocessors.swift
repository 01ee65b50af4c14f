/// Where the 8087 and the 80287 differ from the 387 and its successors. From the manuals alone
/// [80286 PRM 80287 tables 1-9, 1-12 and 1-17; SDM 3B 22.18]; no vectors of these chips are at hand.
///
/// unverified: C1 after rounding, which their manuals do not define; the precedence of an unmasked DE over IE;
/// underflow in a division; FSCALE by fractions and by more than 2^15, which is undefined. The wrong quotient bits of
/// FPREM [SDM 3B 22.18.7.4] are not modelled.
extension FloatEnvironment {
    @inline(__always) var isEarly: Bool { generation < .i80387 }
    /// The two infinities are one, without a sign: bit 12 of the control word is clear.
    @inline(__always) var isProjective: Bool { isEarly && control & 0x1000 == 0 }

    /// One kind of NaN, which is never changed and always raises IE; the larger significand wins.
    mutating func earlyNaN(_ a: Extended, _ b: Extended) -> Extended? {
        let (first, second) = (a.isEarlyNaN, b.isEarlyNaN)
        guard first || second else { return nil }
        raise(Status.invalid)
        return first && (!second || a.significand >= b.significand) ? a : b
    }

    /// Whether an operand that is not normalised has to be refused.
    func refuses(_ a: Extended) -> Bool { isEarly && a.isUnnormal }

    /// Whether the general form knows nothing of these finite operands.
    func areEarly(_ a: Extended, _ b: Extended) -> Bool { isEarly && (a.isUnnormal || b.isUnnormal) }

    /// Masked, a result that is not infinite is no overflow, and cutting off gives infinity; not masked, the
    /// significand stays unrounded, without PE [SDM 3B 22.18.6.2].
    mutating func earlyOverflow(_ unrounded: FiniteNumber, largest: UInt64) -> Extended {
        var number = unrounded
        guard isMasked(Status.overflow) else {
            raise(Status.overflow)
            number.exponent &-= Self.exponentWrap
            return Extended(number)
        }
        if rounding == (number.isNegative ? .up : .down) {
            raise(Status.precision)
            return Extended(isNegative: number.isNegative, exponent: 0x7FFE, significand: largest)
        }
        raise(Status.overflow | Status.precision)
        return .infinity(isNegative: number.isNegative)
    }

    // MARK: Unnormals

    /// Of finite operands that are not both normalised. The larger one decides whether the sum is normalised.
    mutating func unnormalSum(_ a: Extended, _ b: Extended) -> Extended {
        let exponent = max(a.scale, b.scale)
        let x = (UInt128(a.significand) &<< 63).shiftedRightSticky(by: exponent &- a.scale)
        let y = (UInt128(b.significand) &<< 63).shiftedRightSticky(by: exponent &- b.scale)
        let (large, larger) = x < y ? (b, y) : (a, x)
        let smaller = x < y ? x : y
        let sum = a.isNegative == b.isNegative ? larger &+ smaller : larger &- smaller
        if sum == 0 {
            let isNegative = a.isNegative == b.isNegative ? a.isNegative : rounding == .down
            return large.isUnnormal
                ? Extended(isNegative: isNegative, exponent: exponent &+ Extended.bias, significand: 0)
                : .zero(isNegative: isNegative)
        }
        let shift = sum.leadingZeroBitCount
        guard large.isUnnormal && shift > 0 else {
            return rounded(
                isNegative: large.isNegative, exponent: exponent &+ 1 &- shift,
                significand: sum &<< UInt128(truncatingIfNeeded: shift), precisionBits: precisionBits)
        }
        return unnormal(isNegative: large.isNegative, exponent, sum &<< 1)
    }

    /// The product is not normalised either.
    mutating func unnormalProduct(_ a: Extended, _ b: Extended) -> Extended {
        let (high, low) = a.significand.multipliedFullWidth(by: b.significand)
        return unnormal(
            isNegative: a.isNegative != b.isNegative, a.scale &+ b.scale, UInt128(high: high, low: low) &<< 1)
    }

    /// By a normal divisor.
    mutating func unnormalQuotient(_ a: Extended, _ b: Extended) -> Extended {
        let (quotient, remainder) = UInt128(high: a.significand).quotientAndRemainder(
            dividingBy: UInt128(b.significand | Extended.integerBit))
        return unnormal(
            isNegative: a.isNegative != b.isNegative, a.scale &- b.scale,
            quotient &<< 63 | (remainder == 0 ? 0 : 1))
    }

    /// Rounds a significand whose integer bit would be bit 127, where it stands.
    private mutating func unnormal(isNegative: Bool, _ exponent: Int, _ significand: UInt128) -> Extended {
        let mask = UInt128.max &>> UInt128(truncatingIfNeeded: precisionBits)
        let isTiny = exponent < 1 &- Extended.bias
        let (kept, _, flags) = roundedSignificand(
            significand.shiftedRightSticky(by: 1 &- Extended.bias &- exponent), below: mask, isNegative: isNegative)
        if exponent > Extended.bias {
            let number = FiniteNumber(isNegative: isNegative, exponent: exponent, significand: significand.high)
            return earlyOverflow(number, largest: (~mask).high)
        }
        if isTiny && !isMasked(Status.underflow) {
            raise(Status.underflow)
            return Extended(
                isNegative: isNegative, exponent: exponent &+ Self.exponentWrap &+ Extended.bias,
                significand: significand.high)
        }
        raise(isTiny && (flags != 0 || rounding == .zero) ? flags | Status.underflow : flags)
        return Extended(
            isNegative: isNegative, exponent: isTiny ? 0 : exponent &+ Extended.bias, significand: kept.high)
    }
}

extension Extended {
    /// All that has the largest exponent and is no infinity.
    fileprivate var isEarlyNaN: Bool { exponent == 0x7FFF && significand != Self.integerBit }
    /// A denormal, an unnormal or a pseudo-zero: a finite number without its integer bit that is no zero.
    var isUnnormal: Bool { exponent != 0x7FFF && !hasIntegerBit && !isZero }
    /// The exponent without bias, as it weighs.
    fileprivate var scale: Int { (exponent == 0 ? 1 : exponent) &- Self.bias }
}
