/// FPATAN.
extension FloatEnvironment {
    /// The angle of the point (x, y), from -pi to pi [SDM 2A FPATAN].
    mutating func arctangent(_ y: Extended, _ x: Extended) -> Extended {
        if let nan = nan(x, y) { return nan }
        if stopsAtDenormal(x, y) { return x }
        if y.hasNoValue || x.isInfinite && !y.isInfinite {
            return x.isNegative ? rounded(y.isNegative, Arctangent.pi) : .zero(isNegative: y.isNegative)
        }
        if y.isInfinite && x.isInfinite {
            return rounded(y.isNegative, x.isNegative ? Arctangent.threeQuarters : Arctangent.quarter)
        }
        if x.hasNoValue || y.isInfinite { return rounded(y.isNegative, Arctangent.half) }
        return rounded(y.isNegative, Arctangent.angle(Magnitude(y), Magnitude(x), isLeft: x.isNegative))
    }
}

private enum Arctangent {
    /// pi * 2^126: in fixed point with two bits before the point.
    private static let fixedPi: UInt128 = 0xC90FDAA2_2168C234_C4C6628B_80DC1CD1

    static let pi = Magnitude(exponent: 1, significand: fixedPi)
    static let half = Magnitude(exponent: 0, significand: fixedPi)
    static let quarter = Magnitude(exponent: -1, significand: fixedPi)
    /// 3 pi / 4.
    static let threeQuarters = Magnitude(exponent: 1, significand: 0x96CBE3F9_990E91A7_9394C9E8_A0A5159C)

    /// atan(k / 32) * 2^128 for k = 0...32.
    private static let table: InlineArray<33, UInt128> = [
        0x00000000_00000000_00000000_00000000,
        0x07FF556E_EA5D892A_13BCEBBB_6ED46311,
        0x0FFAADDB_967EF4E3_6CB2792D_C0E2E0D5,
        0x17EE1826_02F10E8C_126ACFCF_099F06CF,
        0x1FD5BA9A_AC2F6DC6_5912F313_E7D111DF,
        0x27ADDDD1_8CC4D8B0_D1D86749_40D83FA1,
        0x2F72F697_9CB6044D_1EC2D3E2_07271D22,
        0x3721AEA5_24C14408_BD886970_72D54BC1,
        0x3EB6EBF2_5901BAC5_5B71E7BD_7DE885F9,
        0x462FD68C_2FC5E098_6523A458_DFC414C7,
        0x4D89DCDC_1FAF2F34_E2D5DA4C_693D7994,
        0x54C2B665_4735276D_4CDBFBBD_FBECF461,
        0x5BD86507_937BC239_C5519091_6E7F2242,
        0x62C934E5_286C95B6_D0BA3748_FA85146F,
        0x6993BB0F_308FF2DB_213E4AF4_800F389B,
        0x7036D325_3B27BE33_E318F6CB_3CC65C02,
        0x76B19C15_86ED3DA2_B7F222F6_5E1D4682,
        0x7D03742D_50505F2E_33691E3E_AEE47661,
        0x832BF4A6_D9867E2A_4B6A09CB_61A515C1,
        0x892AECDF_DE9547B5_094478FC_472B4AFC,
        0x8F005D5E_F7F59F9B_5C835E16_65C43748,
        0x94AC72C9_847186F6_18C4F393_F78A32F9,
        0x9A2F80E6_71BDDA20_4226F8E2_204FF3BD,
        0x9F89FDC4_F4B7A1EC_F8B49264_4F0701E0,
        0xA4BC7D19_34F70924_19A87F2A_457DAC9F,
        0xA9C7ABDC_4830F5C8_916A84B5_BE7933F6,
        0xAEAC4C38_B4D8C080_14725E2F_3E52070A,
        0xB36B31C9_1F043691_59014174_4462F93A,
        0xB8053E2B_C2319E73_CB2DA552_10A4443D,
        0xBC7B5DEA_E98AF280_D4113006_E80FB290,
        0xC0CE85B8_AC526640_89DD62C4_6E92FA25,
        0xC4FFAFFA_BF8FBD54_8CB43D10_BC9E0221,
        0xC90FDAA2_2168C234_C4C6628B_80DC1CD1,
    ]

    /// The angle of (x, y), or of (-x, y) where `isLeft`.
    static func angle(_ y: Magnitude, _ x: Magnitude, isLeft: Bool) -> Magnitude {
        // Folded at the diagonal into the first eighth of the circle.
        let isSteep = (y.exponent, y.significand) > (x.exponent, x.significand)
        let folded = isSteep ? ofRatio(x, y) : ofRatio(y, x)
        if !isSteep && !isLeft { return folded }
        let base = isSteep ? fixedPi &>> 1 : fixedPi
        let part = folded.fixed(integerBits: 2)
        return Magnitude(normalizing: isSteep && isLeft ? base &+ part : base &- part, exponent: 1)
    }

    /// atan(a / b) for a <= b: atan(k / 32) + atan((32 a - k b) / (32 b + k a)), where k / 32 is next to a / b.
    @inline(__always) private static func ofRatio(_ a: Magnitude, _ b: Magnitude) -> Magnitude {
        let distance = b.exponent &- a.exponent
        if distance > 6 { return ofSmall(a / b) }
        // Both in one scale, with room for a factor of 64; nothing is lost of 64 bits.
        let (a, b) = (a.significand &>> UInt128(truncatingIfNeeded: 7 &+ distance), b.significand &>> 7)
        let nearest = (a.high &<< 5 &+ b.high &>> 1) / (b.high | 1)
        let k = UInt128(nearest)
        let difference = Int128(truncatingIfNeeded: a &<< 5 &- k &* b)
        let entry = table[Int(truncatingIfNeeded: min(nearest, 32))]
        guard difference != 0 else { return Magnitude(normalizing: entry, exponent: -1) }
        let rest = ofSmall(
            Magnitude(normalizing: difference.magnitude, exponent: 0)
                / Magnitude(normalizing: b &<< 5 &+ k &* a, exponent: 0))
        if nearest == 0 { return rest }
        let part = rest.fixed(integerBits: 0)
        return Magnitude(normalizing: difference < 0 ? entry &- part : entry &+ part, exponent: -1)
    }

    /// t (1 - z (1/3 - z/5 ...)) with z = t^2, for t <= 1/64 or a little above. Where z is lost it is still below t.
    @inline(__always) private static func ofSmall(_ t: Magnitude) -> Magnitude {
        let z = t.squareFraction
        let loss = PowerSeries.alternatingSum(PowerSeries.inverseOdds, z).multipliedHigh(z)
        return Magnitude(
            normalizing: t.significand &- t.significand.multipliedHigh(loss) &- 1, exponent: t.exponent)
    }
}
