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

    /// The six flags as they stand in EFLAGS.
    @inline(__always) static func pack(_ wide: UInt64, _ mixed: UInt32) -> UInt32 {
        (isCarry(wide) ? carry : 0) | (isParity(wide) ? parity : 0) | (isAuxiliary(wide, mixed) ? auxiliary : 0)
            | (isZero(wide) ? zero : 0) | (isSign(wide) ? sign : 0) | (isOverflow(wide, mixed) ? overflow : 0)
    }

    /// The words that stand for the six flags of `flags`.
    @inline(__always) static func unpack(_ flags: UInt32) -> (wide: UInt64, mixed: UInt32) {
        let isSign = flags & sign != 0
        let isCarry = flags & carry != 0
        var wide: UInt64 = flags & zero != 0 ? 0 : isSign ? 0x8000_0000 : 1 << 8
        // SF without a result that has it: bits 62 and 63 differ.
        if isSign && flags & zero != 0 { wide |= 1 << 62 }
        if isCarry { wide |= 1 << 32 }
        // All three results have an even low byte; an odd byte above turns PF off.
        if flags & parity == 0 { wide |= 1 << 40 }
        let isLess = isSign != (flags & overflow != 0)
        let mixed: UInt32 = (isLess != isCarry ? 0x8000_0000 : 0) | (flags & auxiliary != 0 ? 0x10 : 0)
        return (wide, mixed)
    }
}
