/// FYL2X and FYL2XP1.
extension FloatEnvironment {
    /// y * log2(x).
    mutating func logarithm(_ y: Extended, of x: Extended) -> Extended {
        if let nan = nan(x, y) { return nan }
        if x.hasNoValue {
            if y.hasNoValue { return invalid() }
            if y.isInfinite { return y.negated }
            raise(Status.zeroDivide)
            return .infinity(isNegative: !y.isNegative)
        }
        if x.isNegative { return invalid() }
        // The logarithm's sign: 1 counts as above 1.
        let isNegative = y.isNegative != (x.exponent < Extended.bias)
        if x.isInfinite || y.isInfinite {
            if y.hasNoValue || x == .one { return invalid() }
            return stopsAtDenormal(x, y) ? x : .infinity(isNegative: isNegative)
        }
        if stopsAtDenormal(x, y) { return x }
        if y.hasNoValue || x == .one { return .zero(isNegative: isNegative) }
        return product(y, BinaryLogarithm(of: Magnitude(x)))
    }

    /// y * log2(x + 1). Defined for |x| < 1 - sqrt(2)/2; here for all above -1. At and below -1 the result is x, as an
    /// AMD Zen 4 gives it.
    mutating func logarithmPlusOne(_ y: Extended, of x: Extended) -> Extended {
        if let nan = nan(x, y) { return nan }
        let isNegative = x.isNegative != y.isNegative
        if x.isInfinite && (x.isNegative || y.hasNoValue) || x.hasNoValue && y.isInfinite { return invalid() }
        if stopsAtDenormal(x, y) { return x }
        if x.isInfinite || y.isInfinite { return .infinity(isNegative: isNegative) }
        if x.hasNoValue || y.hasNoValue { return .zero(isNegative: isNegative) }
        guard !x.isNegative || x.exponent < Extended.bias else {
            raise(Status.precision)
            return x
        }
        return product(y, BinaryLogarithm(ofOnePlus: Magnitude(x), isNegative: x.isNegative))
    }

    private mutating func product(_ y: Extended, _ logarithm: BinaryLogarithm) -> Extended {
        let isNegative = y.isNegative != logarithm.isNegative
        let product = Magnitude(y) * logarithm.magnitude
        guard logarithm.isExact else { return rounded(isNegative, product) }
        let exact = rounded(
            isNegative: isNegative, exponent: product.exponent, significand: product.significand, precisionBits: 64)
        // An AMD Zen 4 takes all its results for inexact, so that a tiny one is an underflow.
        raise(exact.isDenormal ? Status.precision | Status.underflow : Status.precision)
        return exact
    }
}

/// A logarithm to the base 2 that is not 0: log2(2^n c (1 + s) / (1 - s)) = n + log2(c) + 2 artanh(s) / ln 2, where c is
/// the multiple of 1/32 next to the significand, and s = (m - c) / (m + c) is below 1/90.
private struct BinaryLogarithm {
    var isNegative: Bool
    var magnitude: Magnitude
    /// The number is a power of 2.
    var isExact = false

    /// 2 / ln 2.
    private static let twoOverLn2 = Magnitude(exponent: 1, significand: 0xB8AA3B29_5C17F0BB_BE87FED0_691D3E89)
    /// sqrt(2).
    private static let squareRootOf2: UInt128 = 0xB504F333_F9DE6484_597D89B3_754ABE9F

    /// |log2(k / 32)| * 2^127 for k = 23...45.
    private static let table: InlineArray<23, UInt128> = [
        0x3CFBEBFC_A715669D_F6A2B592_76887AAC,
        0x351FF2E3_0214BC30_2FFA76FA_FCBA2917,
        0x2D961ED0_CB91D406_DB502402_C94092CD,
        0x2657FDC6_E1DCD0CB_4492F1BC_6B3E5771,
        0x1F5FD8A9_063E3490_8FEF64F0_F62E7B46,
        0x18A8980A_BFBD3266_6A9B7E2D_F60D2BDC,
        0x122DADC2_AB3496D2_D23AF327_1CE44C70,
        0x0BEB024B_67DDA633_9DA288FC_615A727E,
        0x05DCE532_76563557_7970E03F_821C75D6,
        0x00000000_00000000_00000000_00000000,
        0x05AEB4DD_63BF61CC_4D81BC25_ADF04248,
        0x0B31FB7D_64898B3E_6629C130_A22BAD62,
        0x108C588C_DA79E396_27BC6FD0_A5528ABD,
        0x15C01A39_FBD6879F_A00B120A_068BADD1,
        0x1ACF5E2D_B4EC93EF_E11ECBC0_183634B5,
        0x1FBC16B9_02680A23_A8D998A7_84EF35F2,
        0x24880F56_1C0E7304_8B729748_98077F78,
        0x2934F097_9A3715FC_9257EDFE_9B5FB69A,
        0x2DC4439B_3A19BCAF_1AA41689_EE078886,
        0x32377512_3E2E1169_656A0AD7_0D38AB0C,
        0x368FD7EE_71054148_28DDF1FB_144F1D5C,
        0x3ACEA7C0_65D41DFC_7D7C3320_AAAA6B60,
        0x3EF50AD1_960D9D9C_32630008_A1EB646B,
    ]
}

extension BinaryLogarithm {
    /// Of a number other than 1.
    init(of x: Magnitude) {
        // The significand between sqrt(1/2) and sqrt(2), in fixed point with two bits before the point.
        let isHigh = x.significand > Self.squareRootOf2
        let power = isHigh ? x.exponent &+ 1 : x.exponent
        let significand = isHigh ? x.significand &>> 2 : x.significand &>> 1
        let nearest = (significand &>> 120 &+ 1) &>> 1
        let index = Int(truncatingIfNeeded: nearest)
        let center = nearest &<< 121
        let difference = Int128(truncatingIfNeeded: significand &- center)
        let isBelow = difference < 0

        var rest: UInt128 = 0
        if difference != 0 {
            let magnitude = Self.twiceArtanh(
                Magnitude(normalizing: difference.magnitude, exponent: 1)
                    / Magnitude(normalizing: significand &+ center, exponent: 1))
            if index == 32 && power == 0 {
                self.init(isNegative: isBelow, magnitude: magnitude)
                return
            }
            rest = magnitude.fixed(integerBits: 1)
        }
        // The sum, with as many bits before the point as the power needs.
        let entry = Self.table[index &- 23]
        let fraction =
            Int128(truncatingIfNeeded: index < 32 ? 0 &- entry : entry)
            &+ Int128(truncatingIfNeeded: isBelow ? 0 &- rest : rest)
        let bits = power == 0 ? -1 : Int.bitWidth &- power.magnitude.leadingZeroBitCount
        let sum = Int128(power) << (126 &- bits) &+ fraction >> (bits &+ 1)
        self.init(
            isNegative: sum < 0, magnitude: Magnitude(normalizing: sum.magnitude, exponent: bits &+ 1),
            isExact: difference == 0 && index == 32)
    }

    /// Of 1 + x or 1 - x, the sum above 0, x not 0.
    init(ofOnePlus x: Magnitude, isNegative: Bool) {
        if x.exponent < -6 {
            // Near 1 the logarithm needs all of x: c = 1, s = x / (2 + x).
            let part = x.fixed(integerBits: 2)
            let sum = (1 &<< 127) &+ (isNegative ? 0 &- part : part)
            self.init(
                isNegative: isNegative,
                magnitude: Self.twiceArtanh(x / Magnitude(normalizing: sum, exponent: 1)))
        } else {
            let scale = max(x.exponent, 0)
            let part = x.significand >> (scale &+ 1 &- x.exponent)
            let sum = ((1 as UInt128) << 126) >> scale &+ (isNegative ? 0 &- part : part)
            self.init(of: Magnitude(normalizing: sum, exponent: scale &+ 1))
        }
    }

    /// 2 artanh(s) / ln 2.
    @inline(__always) private static func twiceArtanh(_ s: Magnitude) -> Magnitude {
        let z = s.squareFraction
        let gain = PowerSeries.sum(PowerSeries.inverseOdds, z).multipliedHigh(z)
        let first = s * twoOverLn2
        let half = first.significand &>> 1
        return Magnitude(normalizing: half &+ half.multipliedHigh(gain), exponent: first.exponent &+ 1)
    }
}
