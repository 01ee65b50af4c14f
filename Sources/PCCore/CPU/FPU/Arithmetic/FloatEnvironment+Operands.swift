/// What operations do about operands that are no numbers, before they come to arithmetic.
extension FloatEnvironment {
    /// The response to one or two operands of which one is a NaN or unsupported; nil if neither is. An SNaN raises IE
    /// and becomes quiet; of two NaNs of a kind the larger significand wins, and the positive one of equals; a QNaN
    /// wins over an SNaN [SDM 1 table 4-7].
    mutating func nan(_ a: Extended, _ b: Extended) -> Extended? {
        guard a.exponent == 0x7FFF || b.exponent == 0x7FFF || a.isUnsupported || b.isUnsupported else { return nil }
        if isEarly { return earlyNaN(a, b) }
        if a.isUnsupported || b.isUnsupported { return invalid() }
        guard a.isNaN || b.isNaN else { return nil }
        if a.isSignalingNaN || b.isSignalingNaN { raise(Status.invalid) }
        guard b.isNaN else { return a.quieted }
        guard a.isNaN else { return b.quieted }
        if a.isSignalingNaN != b.isSignalingNaN { return a.isSignalingNaN ? b : a }
        if a.significand != b.significand { return (a.significand > b.significand ? a : b).quieted }
        return (a.isNegative ? b : a).quieted
    }

    /// The same for an operation of one operand.
    mutating func nan(_ a: Extended) -> Extended? { nan(a, a) }

    /// Raises DE for a denormal. True: DE is not masked, and the operation ends here.
    mutating func stopsAtDenormal(_ a: Extended) -> Bool {
        guard a.isDenormal else { return false }
        raise(Status.denormal)
        return !isMasked(Status.denormal)
    }

    mutating func stopsAtDenormal(_ a: Extended, _ b: Extended) -> Bool {
        guard a.isDenormal || b.isDenormal else { return false }
        raise(Status.denormal)
        return !isMasked(Status.denormal)
    }
}

extension Extended {
    /// A NaN with its quiet bit set.
    var quieted: Extended { Extended(signExponent, significand | Self.quietBit) }
}
