/// What the MMX instructions do with two operands of 64 bits [SDM 1 9.4].
enum MMXOperation {
    /// The result of opcode 0Fh `opcode`; the first operand is the destination's old value.
    static func apply(_ opcode: UInt8, _ a: UInt64, _ b: UInt64) -> UInt64 {
        switch opcode {
        case 0x60: interleave(UInt8.self, a, b, high: false)
        case 0x61: interleave(UInt16.self, a, b, high: false)
        case 0x62: interleave(UInt32.self, a, b, high: false)
        case 0x63: pack(Int16.self, Int8.self, a, b)
        case 0x64: lanes(Int8.self, a, b) { $0 > $1 ? -1 : 0 }
        case 0x65: lanes(Int16.self, a, b) { $0 > $1 ? -1 : 0 }
        case 0x66: lanes(Int32.self, a, b) { $0 > $1 ? -1 : 0 }
        case 0x67: pack(Int16.self, UInt8.self, a, b)
        case 0x68: interleave(UInt8.self, a, b, high: true)
        case 0x69: interleave(UInt16.self, a, b, high: true)
        case 0x6A: interleave(UInt32.self, a, b, high: true)
        case 0x6B: pack(Int32.self, Int16.self, a, b)
        case 0x74: lanes(Int8.self, a, b) { $0 == $1 ? -1 : 0 }
        case 0x75: lanes(Int16.self, a, b) { $0 == $1 ? -1 : 0 }
        case 0x76: lanes(Int32.self, a, b) { $0 == $1 ? -1 : 0 }
        case 0xD1: shift(UInt16.self, a, b) { $0 >> $1 }
        case 0xD2: shift(UInt32.self, a, b) { $0 >> $1 }
        case 0xD3: shift(UInt64.self, a, b) { $0 >> $1 }
        case 0xD5: lanes(Int16.self, a, b) { $0 &* $1 }
        case 0xD8: lanes(UInt8.self, a, b, saturatingDifference)
        case 0xD9: lanes(UInt16.self, a, b, saturatingDifference)
        case 0xDB: a & b
        case 0xDC: lanes(UInt8.self, a, b, saturatingSum)
        case 0xDD: lanes(UInt16.self, a, b, saturatingSum)
        case 0xDF: ~a & b
        case 0xE1: shift(Int16.self, a, b) { $0 >> $1 }
        case 0xE2: shift(Int32.self, a, b) { $0 >> $1 }
        case 0xE5: lanes(Int16.self, a, b) { $0.multipliedFullWidth(by: $1).high }
        case 0xE8: lanes(Int8.self, a, b, saturatingDifference)
        case 0xE9: lanes(Int16.self, a, b, saturatingDifference)
        case 0xEB: a | b
        case 0xEC: lanes(Int8.self, a, b, saturatingSum)
        case 0xED: lanes(Int16.self, a, b, saturatingSum)
        case 0xEF: a ^ b
        case 0xF1: shift(UInt16.self, a, b) { $0 << $1 }
        case 0xF2: shift(UInt32.self, a, b) { $0 << $1 }
        case 0xF3: shift(UInt64.self, a, b) { $0 << $1 }
        case 0xF5: lanes(Int32.self, a, b, sumOfProducts)
        case 0xF8: lanes(UInt8.self, a, b) { $0 &- $1 }
        case 0xF9: lanes(UInt16.self, a, b) { $0 &- $1 }
        case 0xFA: lanes(UInt32.self, a, b) { $0 &- $1 }
        case 0xFC: lanes(UInt8.self, a, b) { $0 &+ $1 }
        case 0xFD: lanes(UInt16.self, a, b) { $0 &+ $1 }
        case 0xFE: lanes(UInt32.self, a, b) { $0 &+ $1 }
        default: a
        }
    }

    // MARK: Lanes

    /// Lane `number` of `word`, counted from the low end.
    @inline(__always)
    private static func lane<T: FixedWidthInteger>(_: T.Type, _ word: UInt64, _ number: Int) -> T {
        T(truncatingIfNeeded: word &>> UInt64(truncatingIfNeeded: number &* T.bitWidth))
    }

    /// `value` in lane `number`, zeros in all others.
    @inline(__always)
    private static func placed<T: FixedWidthInteger>(_ value: T, _ number: Int) -> UInt64 {
        let mask = UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- T.bitWidth)
        return (UInt64(truncatingIfNeeded: value) & mask) &<< UInt64(truncatingIfNeeded: number &* T.bitWidth)
    }

    @inline(__always)
    private static func lanes<T: FixedWidthInteger>(
        _: T.Type, _ a: UInt64, _ b: UInt64, _ operation: (T, T) -> T
    ) -> UInt64 {
        var result: UInt64 = 0
        for number in 0..<(64 / T.bitWidth) {
            result |= placed(operation(lane(T.self, a, number), lane(T.self, b, number)), number)
        }
        return result
    }

    /// Shifts each lane by the whole second operand; a count above the width shifts everything out.
    @inline(__always)
    private static func shift<T: FixedWidthInteger>(
        _: T.Type, _ a: UInt64, _ count: UInt64, _ operation: (T, UInt64) -> T
    ) -> UInt64 {
        lanes(T.self, a, 0) { value, _ in operation(value, min(count, 64)) }
    }

    /// PUNPCKL and PUNPCKH: lanes of one half of both operands in turn, the destination's first.
    private static func interleave<T: FixedWidthInteger>(_: T.Type, _ a: UInt64, _ b: UInt64, high: Bool) -> UInt64 {
        let half = 32 / T.bitWidth
        var result: UInt64 = 0
        for number in 0..<half {
            let from = high ? number + half : number
            result |= placed(lane(T.self, a, from), number * 2) | placed(lane(T.self, b, from), number * 2 + 1)
        }
        return result
    }

    /// PACKSS and PACKUS: each lane becomes the nearest value of half its width; the destination's are the low ones.
    private static func pack<Wide: FixedWidthInteger, Narrow: FixedWidthInteger>(
        _: Wide.Type, _: Narrow.Type, _ a: UInt64, _ b: UInt64
    ) -> UInt64 {
        let count = 64 / Wide.bitWidth
        var result: UInt64 = 0
        for number in 0..<count {
            result |= placed(Narrow(clamping: lane(Wide.self, a, number)), number)
            result |= placed(Narrow(clamping: lane(Wide.self, b, number)), number + count)
        }
        return result
    }

    // MARK: Arithmetic of one lane

    private static func saturatingSum<T: FixedWidthInteger>(_ a: T, _ b: T) -> T {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? (T.isSigned && a < 0 ? .min : .max) : sum
    }

    private static func saturatingDifference<T: FixedWidthInteger>(_ a: T, _ b: T) -> T {
        let (difference, overflow) = a.subtractingReportingOverflow(b)
        return overflow ? (T.isSigned && a >= 0 ? .max : .min) : difference
    }

    /// PMADDWD: the two products of words, added. Only 8000h four times overflows, to 80000000h.
    private static func sumOfProducts(_ a: Int32, _ b: Int32) -> Int32 {
        let low = Int32(Int16(truncatingIfNeeded: a)) &* Int32(Int16(truncatingIfNeeded: b))
        return low &+ (a >> 16) &* (b >> 16)
    }
}
