/// FSQRT.
extension FloatEnvironment {
    mutating func squareRoot(_ a: Extended) -> Extended {
        if let nan = nan(a) { return nan }
        if a.isZero { return a }
        if a.isNegative { return invalid() }
        if stopsAtDenormal(a) || a.isInfinite { return a }
        let number = FiniteNumber(a)
        // An even exponent is halved; the square has 127 or 128 bits, its root 64.
        let isOdd = number.exponent & 1
        let square = UInt128(high: number.significand) &>> UInt128(truncatingIfNeeded: 1 &- isOdd)
        let root = Self.root(square)
        let rest = square &- UInt128(root) &* UInt128(root)
        // A rest above the root is more than half of the last place; exactly half it cannot be.
        let low: UInt64 = rest == 0 ? 0 : rest > UInt128(root) ? 1 &<< 63 | 1 : 1
        return rounded(
            isNegative: false, exponent: (number.exponent &- isOdd) / 2, significand: UInt128(high: root, low: low),
            precisionBits: precisionBits)
    }

    /// The whole part of the root of a number of 127 or 128 bits.
    private static func root(_ square: UInt128) -> UInt64 {
        var root: UInt64 = 0
        for bit in (0..<64 as Range<UInt64>).reversed() {
            let next = root | 1 &<< bit
            if UInt128(next) &* UInt128(next) <= square { root = next }
        }
        return root
    }
}
