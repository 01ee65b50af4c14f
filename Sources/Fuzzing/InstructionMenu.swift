/// The instructions that the generator picks from, each with a weight.
extension CodeWriter {
    typealias Entry = (weight: Int, write: @Sendable (inout CodeWriter) -> Void)

    /// Appends a random instruction, or a few that belong together.
    mutating func instruction() {
        write(hasFloat && !random.oneIn(4) ? Self.float : Self.menu)
    }

    private mutating func write(_ menu: [Entry]) {
        var number = random.below(menu.reduce(0) { $0 + $1.weight })
        for entry in menu {
            number -= entry.weight
            if number < 0 { return entry.write(&self) }
        }
    }

    private static let menu: [Entry] = arithmetic + data + bits + control + strings + odd

    mutating func lock() {
        if random.oneIn(24) { emit(0xF0) }
    }

    mutating func byteOrFull(_ opcode: UInt8) { emit(opcode | UInt8(random.below(2))) }

    mutating func immediate(_ isByte: Bool) {
        let value = random.operand()
        if isByte { emit(UInt8(truncatingIfNeeded: value)) } else { emitFull(value) }
    }

    // MARK: Arithmetic

    private static let arithmetic: [Entry] = [
        (
            30,
            {
                $0.lock()
                $0.prefixes()
                $0.emit(UInt8($0.random.below(8)) << 3 | UInt8($0.random.below(4)))
                $0.operand($0.random.below(8))
            }
        ),
        (
            6,
            {
                $0.prefixes()
                let wide = $0.random.oneIn(2)
                $0.emit(UInt8($0.random.below(8)) << 3 | (wide ? 5 : 4))
                $0.immediate(!wide)
            }
        ),
        (
            16,
            {
                $0.lock()
                $0.prefixes()
                let opcode = 0x80 | UInt8($0.random.below(4))
                $0.emit(opcode)
                $0.operand($0.random.below(8))
                $0.immediate(opcode != 0x81)
            }
        ),
        (
            10,
            {
                $0.prefixes()
                $0.emit(0x40 | UInt8($0.random.below(16)))
            }
        ),
        (
            6,
            {
                $0.lock()
                $0.prefixes()
                $0.byteOrFull(0xFE)
                $0.operand($0.random.below(2))
            }
        ),
        (
            14,
            {
                $0.lock()
                $0.prefixes()
                let wide = $0.random.oneIn(2)
                let operation = $0.random.below(8)
                $0.emit(wide ? 0xF7 : 0xF6)
                $0.operand(operation)
                if operation < 2 { $0.immediate(!wide) }
            }
        ),
        (
            5,
            {
                $0.prefixes()
                let short = $0.random.oneIn(2)
                $0.emit(short ? 0x6B : 0x69)
                $0.operand($0.random.below(8))
                $0.immediate(short)
            }
        ),
        (
            3,
            {
                $0.prefixes()
                $0.emit(0x0F, 0xAF)
                $0.operand($0.random.below(8))
            }
        ),
        (
            6,
            {
                $0.prefixes()
                $0.emit($0.random.pick([0x27, 0x2F, 0x37, 0x3F]))
            }
        ),
        (
            4,
            {
                $0.prefixes()
                $0.emit($0.random.pick([0xD4, 0xD5]), $0.random.oneIn(2) ? 10 : UInt8($0.random.below(24)))
            }
        ),
        (
            5,
            {
                $0.lock()
                $0.prefixes()
                $0.emit(0x0F)
                $0.byteOrFull($0.random.pick([0xB0, 0xC0]))
                $0.operand($0.random.below(8))
            }
        ),
        (
            3,
            {
                $0.lock()
                $0.prefixes()
                $0.emit(0x0F, 0xC7)
                $0.operand(1, memoryOnly: !$0.random.oneIn(20))
            }
        ),
        // A divisor that makes a quotient that fits: the dividend's upper half is set.
        (
            4,
            {
                $0.setRegister(2, $0.random.pick([0, 0, 1, 0xFFFF_FFFF]))
                $0.prefixes()
                $0.emit(0xF7)
                $0.operand(6 + $0.random.below(2))
            }
        ),
    ]

    // MARK: Data

    private static let data: [Entry] = [
        (
            14,
            {
                $0.setRegister(
                    $0.random.pick([0, 1, 2, 3, 5, 6, 7]),
                    $0.random.oneIn(3) ? $0.offset(3) : $0.random.operand())
            }
        ),
        (
            16,
            {
                $0.prefixes()
                $0.emit(0x88 | UInt8($0.random.below(4)))
                $0.operand($0.random.below(8))
            }
        ),
        (
            4,
            {
                $0.prefixes()
                let wide = $0.random.oneIn(2)
                $0.emit((wide ? 0xB8 : 0xB0) | UInt8($0.random.below(wide ? 4 : 8)))
                $0.immediate(!wide)
            }
        ),
        (
            6,
            {
                $0.prefixes()
                let wide = $0.random.oneIn(2)
                $0.emit(wide ? 0xC7 : 0xC6)
                $0.operand($0.random.oneIn(30) ? 1 : 0)
                $0.immediate(!wide)
            }
        ),
        (
            4,
            {
                $0.prefixes()
                $0.emit(0xA0 | UInt8($0.random.below(4)))
                $0.direct()
            }
        ),
        (
            7,
            {
                $0.prefixes()
                $0.emit(0x8D)
                $0.operand($0.random.below(8), memoryOnly: !$0.random.oneIn(30))
            }
        ),
        (
            8,
            {
                $0.lock()
                $0.prefixes()
                $0.emit(0x84 | UInt8($0.random.below(4)))
                $0.operand($0.random.below(8))
            }
        ),
        (
            3,
            {
                $0.prefixes()
                let wide = $0.random.oneIn(2)
                $0.emit(wide ? 0xA9 : 0xA8)
                $0.immediate(!wide)
            }
        ),
        (
            5,
            {
                $0.prefixes()
                $0.emit(0x90 | UInt8($0.random.below(8)))
            }
        ),
        (
            5,
            {
                $0.prefixes()
                $0.emit($0.random.pick([0x98, 0x99, 0x9E, 0x9F, 0xD6, 0xD7, 0xF5, 0xF8, 0xF9, 0xFC, 0xFD, 0xFC]))
            }
        ),
        (
            7,
            {
                $0.prefixes()
                $0.emit(0x0F, $0.random.pick([0xB6, 0xB7, 0xBE, 0xBF]))
                $0.operand($0.random.below(8))
            }
        ),
        (
            5,
            {
                $0.prefixes()
                $0.emit(0x0F, 0x40 | UInt8($0.random.below(16)))
                $0.operand($0.random.below(8))
            }
        ),
        (
            5,
            {
                $0.prefixes()
                $0.emit(0x0F, 0x90 | UInt8($0.random.below(16)))
                $0.operand($0.random.below(8))
            }
        ),
        (
            2,
            {
                if !$0.operand32 { $0.operandPrefix() }
                $0.emit(0x0F, 0xC8 | UInt8($0.random.below(8)))
            }
        ),
        (
            8,
            {
                $0.prefixes()
                $0.emit(0x50 | UInt8($0.random.below(16)))
            }
        ),
        (
            5,
            {
                $0.prefixes()
                $0.emit(0xFF)
                $0.operand(6)
            }
        ),
        (
            5,
            {
                $0.prefixes()
                $0.emit(0x8F)
                $0.operand(0)
            }
        ),
        (
            4,
            {
                $0.prefixes()
                let short = $0.random.oneIn(2)
                $0.emit(short ? 0x6A : 0x68)
                $0.immediate(short)
            }
        ),
        (
            3,
            {
                $0.prefixes()
                $0.emit($0.random.pick([0x60, 0x61, 0xC9]))
            }
        ),
        (
            3,
            {
                $0.prefixes()
                $0.emit(0xC8, $0.random.byte() & 0x3F, 0, UInt8($0.random.oneIn(2) ? 0 : $0.random.below(36)))
            }
        ),
        (
            3,
            {
                $0.prefixes()
                $0.emit(0x8C)
                $0.operand($0.random.below($0.random.oneIn(20) ? 8 : 6))
            }
        ),
        (
            2,
            {
                $0.prefixes()
                $0.emit($0.random.pick([0x06, 0x0E, 0x16, 0x1E]))
            }
        ),
    ]

    // MARK: Bits

    private static let bits: [Entry] = [
        (
            24,
            {
                $0.prefixes()
                let opcode = $0.random.pick([0xC0, 0xC1, 0xC1, 0xD0, 0xD1, 0xD2, 0xD3, 0xD3]) as UInt8
                $0.emit(opcode)
                $0.operand($0.random.below(8))
                if opcode < 0xD0 { $0.emit($0.shiftCount()) }
            }
        ),
        (
            8,
            {
                $0.prefixes()
                let opcode = $0.random.pick([0xA4, 0xA5, 0xAC, 0xAD]) as UInt8
                $0.emit(0x0F, opcode)
                $0.operand($0.random.below(8))
                if opcode & 1 == 0 { $0.emit($0.shiftCount()) }
            }
        ),
        (
            5,
            {
                $0.setRegister(1, UInt32($0.shiftCount()) | $0.random.operand() & 0xFFFF_FF00)
            }
        ),
        (
            8,
            {
                $0.lock()
                $0.prefixes()
                $0.emit(0x0F, 0xBA)
                $0.operand($0.random.oneIn(40) ? $0.random.below(4) : 4 + $0.random.below(4))
                $0.emit($0.random.byte())
            }
        ),
        (
            8,
            {
                // A bit number that stays near: the register is set first.
                let register = $0.random.pick([0, 1, 2, 3, 6, 7])
                let number = $0.random.oneIn(2) ? UInt32($0.random.below(64)) : 0 &- UInt32($0.random.below(64))
                if $0.random.oneIn(2) { $0.setRegister(register, number) }
                $0.lock()
                $0.prefixes()
                $0.emit(0x0F, $0.random.pick([0xA3, 0xAB, 0xB3, 0xBB]))
                $0.operand(register)
            }
        ),
        (
            6,
            {
                $0.prefixes()
                $0.emit(0x0F, $0.random.pick([0xBC, 0xBD]))
                $0.operand($0.random.below(8))
            }
        ),
    ]

    mutating func shiftCount() -> UInt8 {
        random.oneIn(3)
            ? random.pick([0, 1, 7, 8, 9, 15, 16, 17, 18, 31, 32, 33, 0x80, 0xE1, 0xFF]) : UInt8(random.below(32))
    }
}
