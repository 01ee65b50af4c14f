/// The x87 and MMX instructions that the generator picks from, each with a weight.
extension CodeWriter {
    static let float: [Entry] = [
        // Loads and stores.
        (12, { $0.escape($0.random.pick([0xD9, 0xDB, 0xDD, 0xDF, 0xDF]), 0) }),
        (6, { $0.escape($0.random.pick([0xDB, 0xDF]), 5) }),
        (3, { $0.escape(0xDF, 4) }),
        (10, { $0.escape($0.random.pick([0xD9, 0xDB, 0xDD, 0xDF]), 2) }),
        (10, { $0.escape($0.random.pick([0xD9, 0xDB, 0xDD, 0xDF]), 3) }),
        (8, { $0.escape($0.random.pick([0xDB, 0xDF]), 7) }),
        (4, { $0.escape(0xDF, 6) }),
        (6, { $0.stackForm(0xD9, UInt8($0.random.below(8))) }),
        (4, { $0.stackForm($0.random.pick([0xD9, 0xDD, 0xDF]), 1) }),
        (6, { $0.stackForm(0xDD, UInt8(2 + $0.random.below(2))) }),
        (5, { $0.emit(0xD9, 0xE8 | UInt8($0.random.below(7))) }),
        // Arithmetic and comparisons.
        (24, { $0.escape($0.random.pick([0xD8, 0xDA, 0xDC, 0xDE]), $0.random.below(8)) }),
        (24, { $0.stackForm($0.random.pick([0xD8, 0xDC]), UInt8($0.random.below(8))) }),
        (10, { $0.stackForm(0xDE, $0.random.pick([0, 1, 4, 5, 6, 7, 2])) }),
        (2, { $0.emit(0xDE, 0xD9) }),
        (2, { $0.emit(0xDA, 0xE9) }),
        (5, { $0.stackForm(0xDD, UInt8(4 + $0.random.below(2))) }),
        (8, { $0.stackForm($0.random.pick([0xDB, 0xDF]), UInt8(5 + $0.random.below(2))) }),
        (8, { $0.stackForm($0.random.pick([0xDA, 0xDB]), UInt8($0.random.below(4))) }),
        (
            22,
            {
                $0.emit(
                    0xD9,
                    $0.random.pick([0xE0, 0xE1, 0xE4, 0xE5, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xFA, 0xFA, 0xFC, 0xFD]))
            }
        ),
        // Transcendental functions.
        (5, { $0.emit(0xD9, $0.random.pick([0xF0, 0xF1, 0xF2, 0xF3, 0xF9, 0xFB, 0xFE, 0xFF])) }),
        // Control.
        (3, { $0.stackForm($0.random.pick([0xDD, 0xDF]), 0) }),
        (4, { $0.emit(0xDB, $0.random.pick([0xE2, 0xE2, 0xE3, 0xE0, 0xE1, 0xE4])) }),
        (2, { $0.emit(0x9B) }),
        (1, { $0.emit(0xD9, 0xD0) }),
        (4, { $0.escape(0xD9, $0.random.pick([5, 7])) }),
        (3, { $0.escape(0xDD, 7) }),
        (3, { $0.emit(0xDF, 0xE0) }),
        (3, { $0.escape($0.random.pick([0xD9, 0xDD]), $0.random.pick([4, 6])) }),
        (6, { $0.loadControlWord() }),
        (3, { $0.saveAndRestore() }),
        // MMX.
        (
            24,
            {
                $0.packedPrefixes()
                $0.emit(0x0F, $0.random.pick(packed))
                $0.operand($0.random.below(8))
            }
        ),
        (
            6,
            {
                $0.packedPrefixes()
                $0.emit(0x0F, $0.random.pick([0x6E, 0x6F, 0x7E, 0x7F]))
                $0.operand($0.random.below(8))
            }
        ),
        (
            4,
            {
                let width = 0x71 + UInt8($0.random.below(3))
                let operation = $0.random.pick([2, 4, 6]) as UInt8
                $0.emit(0x0F, width, 0xC0 | operation << 3 | UInt8($0.random.below(8)))
                $0.emit($0.random.oneIn(2) ? UInt8($0.random.below(70)) : $0.random.byte())
            }
        ),
        (4, { $0.emit(0x0F, 0x77) }),
        // Anything.
        (3, { $0.emit(0xD8 | UInt8($0.random.below(8)), 0xC0 | UInt8($0.random.below(64))) }),
        (2, { $0.escape(0xD8 | UInt8($0.random.below(8)), $0.random.below(8)) }),
    ]

    private static let packed: [UInt8] = [
        0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x74, 0x75, 0x76, 0xD1, 0xD2, 0xD3,
        0xD5, 0xD8, 0xD9, 0xDB, 0xDC, 0xDD, 0xDF, 0xE1, 0xE2, 0xE5, 0xE8, 0xE9, 0xEB, 0xEC, 0xED, 0xEF, 0xF1, 0xF2,
        0xF3, 0xF5, 0xF8, 0xF9, 0xFA, 0xFC, 0xFD, 0xFE,
    ]

    private mutating func escape(_ opcode: UInt8, _ reg: Int) {
        prefixes()
        emit(opcode)
        memory(reg)
    }

    /// A register form. ST(0) and ST(1) half of the time.
    private mutating func stackForm(_ opcode: UInt8, _ reg: UInt8) {
        emit(opcode, 0xC0 | reg << 3 | UInt8(random.below(random.oneIn(2) ? 2 : 8)))
    }

    /// No operand size prefix, with which these are instructions of SSE2.
    private mutating func packedPrefixes() {
        if random.oneIn(10) { emit(random.pick([0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65])) }
    }

    /// FLDCW of a word that was just stored.
    private mutating func loadControlWord() {
        let at = offset(3)
        emit(0xC7, mode.is32Bit ? 0x05 : 0x06)
        emitOffset(at)
        let word = UInt32(random.controlWord())
        if mode.is32Bit { emit32(word) } else { emit16(word) }
        emit(0xD9, mode.is32Bit ? 0x2D : 0x2E)
        emitOffset(at)
    }

    /// FNSAVE and FRSTOR, or FNSTENV and FLDENV, of one image.
    private mutating func saveAndRestore() {
        let at = offset(3)
        let opcode = random.pick([0xD9, 0xDD]) as UInt8
        let hasPrefix = random.oneIn(3)
        for reg in [6, 4] as [UInt8] {
            if hasPrefix { emit(0x66) }
            emit(opcode, reg << 3 | (mode.is32Bit ? 5 : 6))
            emitOffset(at)
        }
    }
}
