/// What all transcendental instructions have in common. Precision control does not apply to them [SDM 1 8.1.5.2].
extension FloatEnvironment {
    /// A result that is not exact: its lowest bit is sticky.
    @inline(__always) mutating func rounded(_ isNegative: Bool, _ magnitude: Magnitude) -> Extended {
        rounded(
            isNegative: isNegative, exponent: magnitude.exponent, significand: magnitude.significand | 1,
            precisionBits: 64)
    }
}

extension Extended {
    /// A zero, or a pseudo-zero: one with an exponent, which 8087 and 80287 take for a number. It cannot be normalised;
    /// here it counts as zero (unverified: what their transcendental instructions make of it is undefined).
    var hasNoValue: Bool { significand == 0 }
}
