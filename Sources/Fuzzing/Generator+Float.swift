import PCCore

/// States of the x87 that a case starts with, and numbers in memory that are worth loading.
extension Generator {
    mutating func floatRegisters() -> FloatRegisters {
        var registers = FloatRegisters()
        registers.control = controlWord()
        registers.status = UInt16(truncatingIfNeeded: random.next()) & 0x7F00
        if random.oneIn(4) { registers.status |= UInt16(random.below(0x80)) }
        // Mostly nothing waits: the first instruction would be the last.
        if registers.isPending, !random.oneIn(8) { registers.status &= ~FloatRegisters.exceptions }
        if registers.isPending { registers.status |= 0x8080 } else { registers.status &= ~0x80 }
        for i in 0..<8 { registers.stack[i] = random.extended() }
        let empty = random.pick([0, 0, 0, 0xFF, random.byte(), random.byte() & random.byte()]) as UInt8
        registers.tags = (0..<8).reduce(0) { tags, number in
            let value = registers.stack[(number - registers.top) & 7]
            return tags | (empty >> UInt8(number) & 1 == 1 ? 3 : value.tag) << UInt16(number * 2)
        }
        return registers
    }

    private mutating func controlWord() -> UInt16 { random.controlWord() }

    /// Sixteen bytes with numbers in some format of the x87 at the start.
    mutating func floatContents() -> [UInt8] {
        var writer = ByteWriter()
        switch random.below(6) {
        case 0:
            for _ in 0..<4 { writer.write(random.single()) }
        case 1, 2:
            for _ in 0..<2 { writer.write(random.double()) }
        case 3:
            // BCD, with a digit that is none now and then.
            for _ in 0..<9 {
                writer.write(random.oneIn(40) ? random.byte() : UInt8(random.below(10) << 4 | random.below(10)))
            }
            writer.write(random.pick([0, 0x80, random.byte()]) as UInt8)
            for _ in 0..<6 { writer.write(random.byte()) }
        default:
            let value = random.extended()
            writer.write(value.significand)
            writer.write(value.signExponent)
            for _ in 0..<3 { writer.write(UInt16(truncatingIfNeeded: random.controlWord())) }
        }
        return writer.bytes
    }
}

extension FloatRegisters.Value {
    /// Valid, zero or special, as the tag word has it [SDM 1 8.1.7].
    var tag: UInt16 {
        switch signExponent & 0x7FFF {
        case 0: significand == 0 ? 1 : 2
        case 0x7FFF: 2
        default: significand >> 63 == 1 ? 0 : 2
        }
    }
}

extension Random {
    /// All rounding modes and precisions; exceptions mostly masked.
    mutating func controlWord() -> UInt16 {
        let masks = oneIn(3) ? UInt16(below(0x40)) : 0x3F
        let precision = pick([0, 2, 3, 3, 3]) as UInt16
        return 0x40 | masks | precision << 8 | UInt16(oneIn(2) ? 0 : below(4)) << 10 | (oneIn(8) ? 0x1000 : 0)
    }

    /// Exponents near those where formats begin and end.
    private mutating func exponent(_ bias: Int, _ largest: Int) -> Int {
        let centre = pick([0, 0, 0, 0, 63, -126, 127, -1022, 1023, -16382, 16383])
        return min(max(bias + centre + below(140) - 70, 0), largest)
    }

    /// Bits that rounding finds interesting.
    private mutating func significand() -> UInt64 {
        let value = next()
        switch below(8) {
        case 0: return 0
        case 1: return .max
        case 2: return 1 << UInt64(below(64))
        case 3: return .max << UInt64(below(64))
        // A tie or next to one at the end of a single or a double.
        case 4, 5:
            let width = pick([11, 40, 11, 40, below(63) + 1]) as Int
            return (value >> UInt64(width)) << UInt64(width) | 1 << UInt64(width - 1) &+ UInt64(below(3)) &- 1
        default: return value
        }
    }

    mutating func extended() -> FloatRegisters.Value {
        let sign: UInt16 = oneIn(2) ? 0x8000 : 0
        let integer: UInt64 = 1 << 63
        switch below(24) {
        case 0: return .init(signExponent: sign, significand: 0)
        case 1: return .init(signExponent: sign | 0x7FFF, significand: integer)
        case 2: return .init(signExponent: sign | 0x7FFF, significand: significand() | 3 << 62)
        case 3: return .init(signExponent: sign | 0x7FFF, significand: (significand() | 1) & ~(1 << 62) | integer)
        case 4: return .init(signExponent: sign, significand: significand() & ~integer)
        case 5: return .init(signExponent: sign, significand: significand() | integer)
        // What the 387 does not support.
        case 6: return .init(signExponent: sign | UInt16(below(0x8000)), significand: significand() & ~integer)
        case 7...10:
            let number = oneIn(2) ? UInt64(below(100) + 1) : next() >> UInt64(below(63)) | 1
            let shift = number.leadingZeroBitCount
            return .init(signExponent: sign | UInt16(0x3FFF + 63 - shift), significand: number << UInt64(shift))
        case 11: return .init(signExponent: UInt16(below(0x10000)), significand: significand() | integer)
        default:
            return .init(signExponent: sign | UInt16(exponent(0x3FFF, 0x7FFE)), significand: significand() | integer)
        }
    }

    mutating func single() -> UInt32 {
        let fraction = UInt32(truncatingIfNeeded: significand() >> 40) & 0x7F_FFFF
        let exponent = oneIn(4) ? pick([0, 0xFF, 1, 0xFE]) : oneIn(2) ? below(256) : 127 + below(60) - 30
        return (oneIn(2) ? 1 << 31 : 0) | UInt32(exponent) << 23 | fraction
    }

    mutating func double() -> UInt64 {
        let fraction = significand() >> 11 & 0xF_FFFF_FFFF_FFFF
        let exponent = oneIn(4) ? pick([0, 0x7FF, 1, 0x7FE]) : oneIn(2) ? below(2048) : 1023 + below(140) - 70
        return (oneIn(2) ? 1 << 63 : 0) | UInt64(exponent) << 52 | fraction
    }
}
