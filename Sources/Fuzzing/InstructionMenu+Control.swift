/// What the generator writes of jumps and calls, string instructions, flags and what is not allowed.
extension CodeWriter {
    // MARK: Control

    static let control: [Entry] = [
        (
            12,
            {
                let short = $0.random.oneIn(2)
                let condition = UInt8($0.random.below(16))
                if short {
                    $0.emit(0x70 | condition)
                } else {
                    if $0.random.oneIn(20) { $0.operandPrefix() }
                    $0.emit(0x0F, 0x80 | condition)
                }
                $0.relative(short)
            }
        ),
        // A comparison and the branch on it, which traces run as one.
        (
            12,
            {
                switch $0.random.below(3) {
                case 0:
                    $0.emit($0.random.pick([0x38, 0x39, 0x3A, 0x3B, 0x84, 0x85]))
                    $0.operand($0.random.below(8))
                case 1:
                    $0.emit($0.random.pick([0x83, 0x80]))
                    $0.operand(7)
                    $0.immediate(true)
                default:
                    $0.emit(0x40 | UInt8($0.random.below(16)))
                }
                $0.emit(0x70 | UInt8($0.random.below(16)), UInt8($0.random.below(24)))
            }
        ),
        (
            6,
            {
                $0.prefixes()
                $0.emit(0xE0 | UInt8($0.random.below(4)))
                $0.relative(true)
            }
        ),
        (
            5,
            {
                let short = $0.random.oneIn(2)
                $0.emit(short ? 0xEB : 0xE9)
                $0.relative(short)
            }
        ),
        (
            5,
            {
                $0.emit(0xE8)
                $0.relative(false)
            }
        ),
        (
            5,
            {
                let target = $0.target()
                $0.emit(0x68)
                $0.emitFull(target)
                if $0.random.oneIn(3) {
                    $0.emit(0xC2)
                    $0.emit16($0.random.oneIn(6) ? $0.random.operand() : UInt32($0.random.below(32)))
                } else {
                    $0.emit(0xC3)
                }
            }
        ),
        (1, { $0.emit(0xC3) }),
        (
            4,
            {
                let register = $0.random.pick([0, 1, 2, 3, 5, 6, 7])
                let target = $0.target()
                $0.setRegister(register, target)
                $0.emit(0xFF, $0.random.pick([0xD0, 0xE0]) | UInt8(register))
            }
        ),
        (
            2,
            {
                $0.prefixes()
                $0.emit(0xFF)
                $0.operand($0.random.pick([2, 4]))
            }
        ),
    ]

    private mutating func relative(_ short: Bool) {
        let distance = random.oneIn(5) ? Int32(random.below(200) - 120) : Int32(random.below(32))
        let value = UInt32(bitPattern: distance)
        if short { emit(UInt8(truncatingIfNeeded: value)) } else { emitFull(value) }
    }

    // MARK: Strings

    static let strings: [Entry] = [
        (
            12,
            {
                $0.setRegister(6, $0.offset(3))
                $0.setRegister(7, $0.offset(0))
                if $0.random.oneIn(2) { $0.setRegister(1, UInt32($0.random.below(12))) }
                $0.string($0.random.oneIn(2))
            }
        ),
        (6, { $0.string(false) }),
    ]

    private mutating func string(_ isRepeated: Bool) {
        if isRepeated { emit(random.pick([0xF2, 0xF3])) }
        prefixes()
        emit(random.pick([0xA4, 0xA5, 0xA6, 0xA7, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE, 0xAF]))
    }

    // MARK: Flags, exceptions and what is not allowed

    static let odd: [Entry] = [
        (
            6,
            {
                $0.prefixes()
                $0.emit(0x9C)
            }
        ),
        // What POPF takes has no TF.
        (
            6,
            {
                let flags = $0.random.operand() & ~0x3_0300 | 0x202
                if $0.mode == .protected32 || $0.random.oneIn(2) {
                    if !$0.operand32 { $0.operandPrefix() }
                    $0.emit(0x68)
                    $0.emit32($0.random.oneIn(12) ? flags : flags & ~0x4_4000)
                    if !$0.mode.is32Bit { $0.emit(0x66) }
                    $0.emit(0x9D)
                } else {
                    $0.emit(0x68)
                    $0.emit16(flags & ~0x4000)
                    $0.emit(0x9D)
                }
            }
        ),
        (1, { $0.emit($0.random.pick([0xCC, 0xCE])) }),
        (
            2,
            {
                $0.prefixes()
                $0.emit(0x62)
                $0.operand($0.random.below(8), memoryOnly: !$0.random.oneIn(20))
            }
        ),
        (
            2,
            {
                $0.prefixes()
                $0.emit(0x63)
                $0.operand($0.random.below(8))
            }
        ),
        (
            1,
            {
                if $0.mode.isProtected {
                    $0.emit($0.random.pick([0xF4, 0xFA, 0xFB, 0xE4, 0xEC, 0x6C, 0x6F]), 0x80)
                } else {
                    $0.emit($0.random.pick([0xFA, 0xFB]))
                }
            }
        ),
        (1, { $0.emit(0x0F, $0.random.pick([0x0B, 0xFF]), 0xC0) }),
        (
            2,
            {
                $0.prefixes()
                $0.emit(0x0F, 0x1F)
                $0.operand($0.random.below(8), memoryOnly: true)
            }
        ),
        // LOCK before what may not have it, or a random ModRM byte behind any opcode.
        (
            1,
            {
                $0.emit(0xF0)
                $0.emit($0.random.byte())
                $0.operand($0.random.below(8))
            }
        ),
        (
            2,
            {
                $0.prefixes()
                for _ in 0..<8 { $0.emit($0.random.byte()) }
            }
        ),
    ]
}
