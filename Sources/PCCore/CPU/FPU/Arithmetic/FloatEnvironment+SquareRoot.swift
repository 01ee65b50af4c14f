/// FSQRT.
extension FloatEnvironment {
    mutating func squareRoot(_ a: Extended) -> Extended {
        if let nan = nan(a) { return nan }
        if a.isZero { return a }
        if a.isNegative || refuses(a) || isProjective && a.isInfinite { return invalid() }
        if stopsAtDenormal(a) || a.isInfinite { return a }
        let number = FiniteNumber(a)
        // An even exponent is halved; the square has 127 or 128 bits, its root 64.
        let isOdd = number.exponent & 1
        let square = UInt128(high: number.significand) &>> UInt128(truncatingIfNeeded: 1 &- isOdd)
        let (root, rest) = Self.root(square)
        // A rest above the root is more than half of the last place; exactly half it cannot be.
        let low: UInt64 = rest == 0 ? 0 : rest > root ? 1 &<< 63 | 1 : 1
        return rounded(
            isNegative: false, exponent: (number.exponent &- isOdd) / 2, significand: UInt128(high: root, low: low),
            precisionBits: precisionBits)
    }

    /// The whole part of the root of a number of 127 or 128 bits, and what its square leaves.
    private static func root(_ square: UInt128) -> (root: UInt64, rest: UInt128) {
        // The upper half first, by Heron's rule from a straight line that is at most 5% off; three steps are enough.
        let high = square.high
        var half = high &>> 33 &+ high &>> 35 &+ high &>> 37 &+ 0x5BC0_0000
        for _ in 0..<3 { half = (half &+ high / max(half, 1 &<< 31)) &>> 1 }
        half = min(half, 0xFFFF_FFFF)
        if half &* half > high { half &-= 1 }
        // The lower half by division; its own square is not yet taken into account.
        let rest = high &- half &* half
        let quotient = min((rest &<< 31 | square.low &>> 33) / max(half, 1 &<< 31), 0xFFFF_FFFF)
        var root = half &<< 32 &+ quotient
        while UInt128(root) &* UInt128(root) > square { root &-= 1 }
        return (root, square &- UInt128(root) &* UInt128(root))
    }
}
