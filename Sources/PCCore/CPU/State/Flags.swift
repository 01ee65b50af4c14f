/// The arithmetic flags as two words that the last operation leaves behind.
///
///     wide   bits 0-31   the result, sign-extended     ZF: these are 0    SF: bit 31, unless bits 62 and 63 differ
///            bit 32      CF
///            bits 40-47  PF: parity of bits 0-7 and these together
///     mixed  a ^ b       AF: bit 4 of mixed ^ wide     SF != OF: bit 31 of mixed differs from CF
///
/// An addition leaves a + b in `wide` (carry in bit 32, zeros above), a subtraction a - b (borrow: all ones above), so
/// that neither needs more than the operation itself. Every combination of flags has a representation.
enum Flags {
    static let carry: UInt32 = 0x1
    static let parity: UInt32 = 0x4
    static let auxiliary: UInt32 = 0x10
    static let zero: UInt32 = 0x40
    static let sign: UInt32 = 0x80
    static let trap: UInt32 = 0x100
    static let interrupt: UInt32 = 0x200
    static let direction: UInt32 = 0x400
    static let overflow: UInt32 = 0x800
    static let iopl: UInt32 = 0x3000
    static let nestedTask: UInt32 = 0x4000
    static let resume: UInt32 = 0x1_0000
    static let virtual8086: UInt32 = 0x2_0000
    static let alignmentCheck: UInt32 = 0x4_0000
    static let virtualInterrupt: UInt32 = 0x8_0000
    static let virtualInterruptPending: UInt32 = 0x10_0000
    static let identification: UInt32 = 0x20_0000
    static let arithmetic: UInt32 = 0x8D5

    @inline(__always) static func isCarry(_ wide: UInt64) -> Bool { wide & 0x1_0000_0000 != 0 }
    @inline(__always) static func isZero(_ wide: UInt64) -> Bool { UInt32(truncatingIfNeeded: wide) == 0 }
    @inline(__always) static func isSign(_ wide: UInt64) -> Bool {
        (UInt32(truncatingIfNeeded: wide) ^ UInt32(truncatingIfNeeded: wide >> 31)
            ^ UInt32(truncatingIfNeeded: wide >> 32))
            & 0x8000_0000 != 0
    }
    /// SF differs from OF: the signed "less" of a comparison.
    @inline(__always) static func isLess(_ wide: UInt64, _ mixed: UInt32) -> Bool {
        (mixed ^ (UInt32(truncatingIfNeeded: wide >> 32) &<< 31)) & 0x8000_0000 != 0
    }
    @inline(__always) static func isOverflow(_ wide: UInt64, _ mixed: UInt32) -> Bool {
        isSign(wide) != isLess(wide, mixed)
    }
    @inline(__always) static func isParity(_ wide: UInt64) -> Bool {
        let byte = UInt32(truncatingIfNeeded: wide ^ (wide >> 40)) & 0xFF
        return (0x9669 as UInt32) >> ((byte ^ (byte >> 4)) & 15) & 1 != 0
    }
    @inline(__always) static func isAuxiliary(_ wide: UInt64, _ mixed: UInt32) -> Bool {
        (mixed ^ UInt32(truncatingIfNeeded: wide)) & 0x10 != 0
    }

    /// The six flags as they stand in EFLAGS. Without branches: each flag is moved from where its condition stands.
    @inline(__always) static func pack(_ wide: UInt64, _ mixed: UInt32) -> UInt32 {
        let low = UInt32(truncatingIfNeeded: wide)
        let high = UInt32(truncatingIfNeeded: wide >> 32)
        // Bit 31 of these two: SF, and SF != (SF != OF).
        let signs = low ^ UInt32(truncatingIfNeeded: wide >> 31) ^ high
        let overflows = signs ^ mixed ^ high &<< 31
        return high & carry | (isParity(wide) ? parity : 0) | (mixed ^ low) & auxiliary | (low == 0 ? zero : 0)
            | signs >> 24 & sign | overflows >> 20 & overflow
    }

    /// The words that stand for the six flags of `flags`.
    @inline(__always) static func unpack(_ flags: UInt32) -> (wide: UInt64, mixed: UInt32) {
        let signBit = UInt64(flags & sign)
        // ZF; else SF in bit 31, or any other result. SF without a result that has it: bits 62 and 63 differ.
        let result = flags & zero != 0 ? signBit &<< 55 : signBit &<< 24 | (signBit ^ 0x80) &<< 1
        // All three results have an even low byte; an odd byte above turns PF off.
        let wide = result | UInt64(flags & carry) &<< 32 | UInt64(~flags & parity) &<< 38
        let isLess = flags &<< 24 ^ flags &<< 20
        return (wide, (isLess ^ flags &<< 31) & 0x8000_0000 | flags & auxiliary)
    }
}
