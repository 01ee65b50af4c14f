/// Coefficients of power series as fractions of 2^128, rounded to nearest, and the sums of such series.
enum PowerSeries {
    /// 2^128 / n! for n = 3, 5 ... 33: of sin x / x and sinh x / x.
    static let inverseOddFactorials: InlineArray<16, UInt128> = [
        0x2AAAAAAA_AAAAAAAA_AAAAAAAA_AAAAAAAB,
        0x02222222_22222222_22222222_22222222,
        0x000D00D0_0D00D00D_00D00D00_D00D00D0,
        0x00002E3B_C74AAD8E_671F5583_911CA003,
        0x0000006B_99159FD5_138E3F9D_1F92E0DF,
        0x00000000_B092309D_43684BE5_1C198E92,
        0x00000000_00D73F9F_399DC0F8_8EC32B58,
        0x00000000_0000CA96_3B81856A_53593029,
        0x00000000_00000097_A4DA340A_0AB92651,
        0x00000000_00000000_5C6E3BDB_73D5C630,
        0x00000000_00000000_002EC368_262C7034,
        0x00000000_00000000_000013F3_CCDD1660,
        0x00000000_00000000_00000007_46AC70B7,
        0x00000000_00000000_00000000_024B3F31,
        0x00000000_00000000_00000000_0000A1A7,
        0x00000000_00000000_00000000_00000027,
    ]

    /// 2^128 / n! for n = 2, 4 ... 32: of cos x and cosh x.
    static let inverseEvenFactorials: InlineArray<16, UInt128> = [
        0x80000000_00000000_00000000_00000000,
        0x0AAAAAAA_AAAAAAAA_AAAAAAAA_AAAAAAAB,
        0x005B05B0_5B05B05B_05B05B05_B05B05B0,
        0x0001A01A_01A01A01_A01A01A0_1A01A01A,
        0x0000049F_93EDDE27_D71CBBC0_5B4FA99A,
        0x00000008_F76C77FC_6C4BDAA2_6D4C3D68,
        0x00000000_0C9CBA54_603E4E90_5D6F8A2F,
        0x00000000_000D73F9_F399DC0F_88EC32B6,
        0x00000000_00000B41_3C31DCBE_CBBDD802,
        0x00000000_00000007_950AE900_808941EA,
        0x00000000_00000000_04338E5B_6DFE14A5,
        0x00000000_00000000_0001F2CF_01972F57,
        0x00000000_00000000_000000C4_742FE352,
        0x00000000_00000000_00000000_42862899,
        0x00000000_00000000_00000000_0013932C,
        0x00000000_00000000_00000000_0000050D,
    ]

    /// 2^128 / n for n = 3, 5 ... 21: of atan x / x and artanh x / x.
    static let inverseOdds: InlineArray<10, UInt128> = [
        0x55555555_55555555_55555555_55555555,
        0x33333333_33333333_33333333_33333333,
        0x24924924_92492492_49249249_24924925,
        0x1C71C71C_71C71C71_C71C71C7_1C71C71C,
        0x1745D174_5D1745D1_745D1745_D1745D17,
        0x13B13B13_B13B13B1_3B13B13B_13B13B14,
        0x11111111_11111111_11111111_11111111,
        0x0F0F0F0F_0F0F0F0F_0F0F0F0F_0F0F0F0F,
        0x0D79435E_50D79435_E50D7943_5E50D794,
        0x0C30C30C_30C30C30_C30C30C3_0C30C30C,
    ]

    /// c[0] + c[1] z + c[2] z^2 ...
    @inline(__always) static func sum<let count: Int>(
        _ coefficients: borrowing InlineArray<count, UInt128>, _ z: UInt128
    ) -> UInt128 {
        let (even, odd) = halves(coefficients, z)
        return even &+ odd
    }

    /// c[0] - c[1] z + c[2] z^2 ...
    @inline(__always) static func alternatingSum<let count: Int>(
        _ coefficients: borrowing InlineArray<count, UInt128>, _ z: UInt128
    ) -> UInt128 {
        let (even, odd) = halves(coefficients, z)
        return even &- odd
    }

    /// The sums of the even and of the odd terms, by Horner's rule in z^2: two chains that a host runs side by side.
    /// The count is even.
    @inline(__always) private static func halves<let count: Int>(
        _ coefficients: borrowing InlineArray<count, UInt128>, _ z: UInt128
    ) -> (even: UInt128, odd: UInt128) {
        let square = z.multipliedHigh(z)
        var (even, odd): (UInt128, UInt128) = (0, 0)
        var index = count
        while index > 0 {
            index &-= 2
            even = coefficients[index] &+ even.multipliedHigh(square)
            odd = coefficients[index &+ 1] &+ odd.multipliedHigh(square)
        }
        return (even, odd.multipliedHigh(z))
    }
}
