/// What a transcendental function computes with: a number above zero, significand / 2^127 * 2^exponent, bit 127 of the
/// significand set.
///
/// Products and quotients are cut off, not rounded: they are too small by a few units of the significand's last bit
/// (a quotient by up to 2^-122 of itself). A result so made is wrongly rounded to 64 bits
/// about once in 2^55, where the true one is within 2^-57 ulp of the middle of two numbers.
struct Magnitude {
    var exponent: Int
    var significand: UInt128

    @inline(__always) init(exponent: Int, significand: UInt128) {
        self.exponent = exponent
        self.significand = significand
    }

    /// value / 2^127 * 2^exponent, of a value that is not zero.
    @inline(__always) init(normalizing value: UInt128, exponent: Int) {
        let shift = value.leadingZeroBitCount
        self.init(exponent: exponent &- shift, significand: value &<< UInt128(truncatingIfNeeded: shift))
    }

    /// Of an operand that is a number and not zero, without its sign.
    @inline(__always) init(_ operand: Extended) {
        let number = FiniteNumber(operand)
        self.init(exponent: number.exponent, significand: UInt128(high: number.significand))
    }

    /// In fixed point with so many bits before the point; the number is below 2^integerBits.
    @inline(__always) func fixed(integerBits: Int) -> UInt128 { significand >> (integerBits &- 1 &- exponent) }

    /// The square of a number below 1, as a fraction of 2^128.
    @inline(__always) var squareFraction: UInt128 {
        significand.multipliedHigh(significand) >> (-2 &- 2 &* exponent)
    }

    @inline(__always) static func * (a: Magnitude, b: Magnitude) -> Magnitude {
        Magnitude(normalizing: a.significand.multipliedHigh(b.significand), exponent: a.exponent &+ b.exponent &+ 1)
    }

    @inline(__always) static func / (a: Magnitude, b: Magnitude) -> Magnitude {
        let product = a.significand.multipliedHigh(b.significand.reciprocal)
        return Magnitude(normalizing: product, exponent: a.exponent &- b.exponent)
    }
}

extension UInt128 {
    /// The product of two fractions of 2^128, at most 3 units too small.
    @inline(__always) func multipliedHigh(_ other: UInt128) -> UInt128 {
        let (high, low) = self.high.multipliedFullWidth(by: other.high)
        return UInt128(high: high, low: low)
            &+ UInt128(self.high.multipliedFullWidth(by: other.low).high)
            &+ UInt128(self.low.multipliedFullWidth(by: other.high).high)
    }

    /// 2^255 / self where bit 127 is set, never too large, too small by less than 2^-122 of itself: 62 bits by a division,
    /// doubled by a step of Newton's method.
    @inline(__always) var reciprocal: UInt128 {
        let estimate = (high | 1 &<< 63).dividingFullWidth((UInt64.max &>> 1, .max)).quotient
        // Two less for what `low` adds to the divisor, and three for what the product lacks: so the estimate is too
        // small, its error above 0 and not overrated, and the result too small again.
        let first = UInt128(high: estimate &- 2)
        let error = (1 &<< 127) &- multipliedHigh(first) &- 3
        return first &+ first.multipliedHigh(error) &<< 1
    }
}
