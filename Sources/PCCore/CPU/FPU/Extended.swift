/// A number as the x87 holds it: 64 bits of significand with an explicit integer bit, 15 bits of exponent, a sign
/// [SDM 1 4.2.2, 8.2].
struct Extended: Equatable {
    var significand: UInt64
    /// Bit 15 is the sign, the rest the exponent with a bias of 16383.
    var signExponent: UInt16

    @inline(__always) init(_ signExponent: UInt16, _ significand: UInt64) {
        self.signExponent = signExponent
        self.significand = significand
    }

    @inline(__always) init(isNegative: Bool, exponent: Int, significand: UInt64) {
        self.init(UInt16(truncatingIfNeeded: exponent) & 0x7FFF | (isNegative ? 0x8000 : 0), significand)
    }

    static let bias = 16383
    static let integerBit: UInt64 = 1 << 63
    static let quietBit: UInt64 = 1 << 62

    /// What an invalid operation gives: the real indefinite, a negative quiet NaN [SDM 1 4.8.3.7].
    static let indefinite = Extended(0xFFFF, 0xC000_0000_0000_0000)
    static let one = Extended(0x3FFF, integerBit)

    @inline(__always) static func zero(isNegative: Bool) -> Extended { Extended(isNegative ? 0x8000 : 0, 0) }
    @inline(__always) static func infinity(isNegative: Bool) -> Extended {
        Extended(isNegative ? 0xFFFF : 0x7FFF, integerBit)
    }

    @inline(__always) var isNegative: Bool { signExponent & 0x8000 != 0 }
    /// The biased exponent, 0 to 7FFFh.
    @inline(__always) var exponent: Int { Int(signExponent & 0x7FFF) }
    @inline(__always) var hasIntegerBit: Bool { significand & Self.integerBit != 0 }

    var isZero: Bool { exponent == 0 && significand == 0 }
    /// A number below the normal range, pseudo-denormals included.
    var isDenormal: Bool { exponent == 0 && significand != 0 }
    var isInfinite: Bool { exponent == 0x7FFF && significand == Self.integerBit }
    var isNaN: Bool { exponent == 0x7FFF && hasIntegerBit && significand & ~Self.integerBit != 0 }
    var isSignalingNaN: Bool { isNaN && significand & Self.quietBit == 0 }
    /// Unnormals, pseudo-NaNs and pseudo-infinities: invalid operands from the 387 on [SDM 1 8.2.2].
    var isUnsupported: Bool { exponent != 0 && !hasIntegerBit }

    var negated: Extended { Extended(signExponent ^ 0x8000, significand) }
    var magnitude: Extended { Extended(signExponent & 0x7FFF, significand) }
}
