/// FLD1, FLDL2T, FLDL2E, FLDPI, FLDLG2, FLDLN2 and FLDZ.
extension FloatEnvironment {
    /// 1, log2 10, log2 e, pi, log10 2, ln 2 and 0 as numbers 0 to 6. The chip holds more bits than a register and
    /// rounds them by the rounding control, without PE [SDM 1 8.3.8]. The 8087 and 80287 always round to nearest
    /// [SDM 3B 22.18.7.13].
    func constant(_ number: Int) -> Extended {
        // Cut off, and whether to nearest is one more.
        let (exponent, significand, roundsUp): (UInt16, UInt64, Bool) =
            switch number {
            case 0: (0x3FFF, Extended.integerBit, false)
            case 1: (0x4000, 0xD49A_784B_CD1B_8AFE, false)
            case 2: (0x3FFF, 0xB8AA_3B29_5C17_F0BB, true)
            case 3: (0x4000, 0xC90F_DAA2_2168_C234, true)
            case 4: (0x3FFD, 0x9A20_9A84_FBCF_F798, true)
            case 5: (0x3FFE, 0xB172_17F7_D1CF_79AB, true)
            default: (0, 0, false)
            }
        let goesUp =
            switch generation < .i80387 ? .nearest : rounding {
            case .nearest: roundsUp
            case .up: (1...5).contains(number)
            case .down, .zero: false
            }
        return Extended(exponent, goesUp ? significand &+ 1 : significand)
    }
}
