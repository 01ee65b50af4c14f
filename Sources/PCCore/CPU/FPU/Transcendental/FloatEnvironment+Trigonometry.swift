/// FSIN, FCOS, FSINCOS and FPTAN.
///
/// The argument is reduced by a pi of 66 bits, as the chips do [SDM 1 8.3.8], and without any error: pi / 2 is an odd
/// integer of 66 bits over 2^65, so the rest is an integer too, and never 0. Sine and cosine of the rest are their
/// Taylor series.
extension FloatEnvironment {
    mutating func sine(_ x: Extended) -> Extended {
        if let special = trigonometricSpecial(x, ofZero: x) { return special }
        let angle = ReducedAngle(x)
        return rounded(angle.isSineNegative != x.isNegative, angle.isOdd ? angle.cosineOfRest : angle.sineOfRest)
    }

    mutating func cosine(_ x: Extended) -> Extended {
        if let special = trigonometricSpecial(x, ofZero: .one) { return special }
        let angle = ReducedAngle(x)
        return rounded(angle.isCosineNegative, angle.isOdd ? angle.sineOfRest : angle.cosineOfRest)
    }

    mutating func sineAndCosine(_ x: Extended) -> (sine: Extended, cosine: Extended) {
        if let special = trigonometricSpecial(x, ofZero: x) { return (special, x.isZero ? .one : special) }
        let angle = ReducedAngle(x)
        let (first, second) = (angle.sineOfRest, angle.cosineOfRest)
        let cosine = rounded(angle.isCosineNegative, angle.isOdd ? first : second)
        // C1 tells of the sine, as on an AMD Zen 4.
        status &= ~Status.c1
        return (rounded(angle.isSineNegative != x.isNegative, angle.isOdd ? second : first), cosine)
    }

    /// The result of FPTAN without the 1.0 that the instruction pushes after it.
    mutating func tangent(_ x: Extended) -> Extended {
        if let special = trigonometricSpecial(x, ofZero: x) { return special }
        let angle = ReducedAngle(x)
        return rounded(angle.isTangentNegative != x.isNegative, angle.tangent)
    }

    /// The result where there is nothing to compute: for a NaN, infinity, zero, an argument out of range (C2 is set),
    /// or a denormal where that is not masked.
    private mutating func trigonometricSpecial(_ x: Extended, ofZero: Extended) -> Extended? {
        if x.exponent >= Extended.bias + 63 {
            if let nan = nan(x) { return nan }
            if x.isInfinite { return invalid() }
            raise(Status.c2)
            return x
        }
        if x.isUnsupported { return invalid() }
        if x.isZero { return ofZero }
        return stopsAtDenormal(x) ? x : nil
    }
}

/// |x| = quarterTurns * pi / 2 + rest, |rest| <= pi / 4.
private struct ReducedAngle {
    /// Modulo 4.
    var quarterTurns: Int
    var isRestNegative: Bool
    var rest: Magnitude

    /// 2^65 * pi / 2, where pi = 0.C90FDAA22168C234C * 2^2 [SDM 1 8.3.8].
    private static let halfPi: UInt128 = 0x3_243F6A88_85A308D3
    /// 2^193 / halfPi.
    private static let inverseOfHalfPi: UInt128 = 0xA2F9836E_4E44152A_00062BC4_0DA276BE

    /// Of a number that is not 0 and below 2^63.
    @inline(__always) init(_ x: Extended) {
        let argument = Magnitude(x)
        guard argument.exponent >= -1 else {
            (quarterTurns, isRestNegative, rest) = (0, false, argument)
            return
        }
        let scaled = argument.significand >> (62 &- argument.exponent)
        // Rounded to nearest. It may be the wrong neighbour where the rest is within 2^-62 of pi / 4: no harm.
        let turns = (scaled.multipliedHigh(Self.inverseOfHalfPi) &>> 64 &+ 1) &>> 1
        let difference = Int128(truncatingIfNeeded: scaled &- turns &* Self.halfPi)
        quarterTurns = Int(truncatingIfNeeded: turns) & 3
        isRestNegative = difference < 0
        rest = Magnitude(normalizing: difference.magnitude, exponent: 62)
    }

    @inline(__always) var isOdd: Bool { quarterTurns & 1 != 0 }
    @inline(__always) var isSineNegative: Bool { (quarterTurns & 2 != 0) != (isRestNegative && !isOdd) }
    @inline(__always) var isCosineNegative: Bool {
        ((quarterTurns &+ 1) & 2 != 0) != (isRestNegative && isOdd)
    }
    @inline(__always) var isTangentNegative: Bool { isOdd != isRestNegative }

    /// x (1 - z (1/3! - z/5! ...)) with z = x^2. Where z is lost the sine is still below its argument.
    var sineOfRest: Magnitude {
        let z = rest.squareFraction
        let loss = PowerSeries.alternatingSum(PowerSeries.inverseOddFactorials, z).multipliedHigh(z)
        let sine = rest.significand &- rest.significand.multipliedHigh(loss) &- 1
        return Magnitude(normalizing: sine, exponent: rest.exponent)
    }

    /// 1 - z (1/2! - z/4! ...). Where z is lost the cosine is still below 1.
    var cosineOfRest: Magnitude {
        let z = rest.squareFraction
        let loss = PowerSeries.alternatingSum(PowerSeries.inverseEvenFactorials, z).multipliedHigh(z)
        return Magnitude(exponent: -1, significand: 0 &- max(loss, 1))
    }

    var tangent: Magnitude {
        // x + x^3 / 3, the next term is too small: and above x, which a quotient that is cut off may miss.
        if !isOdd && rest.exponent < -40 {
            let gain = rest.squareFraction.multipliedHigh(PowerSeries.inverseOdds[0])
            let tangent = rest.significand &>> 1 &+ (rest.significand &>> 1).multipliedHigh(gain) &+ 1
            return Magnitude(normalizing: tangent, exponent: rest.exponent &+ 1)
        }
        return isOdd ? cosineOfRest / sineOfRest : sineOfRest / cosineOfRest
    }
}
