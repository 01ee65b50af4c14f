/// A shift or rotation by a count that is not zero.
protocol ShiftOperation {
    /// - Parameter count: 1 to 255; above 31 only on the 8086, which does not mask it.
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W
}

/// Sets CF and OF and leaves the other flags as they were.
@inline(__always)
func noteCarryOverflow(_ carry: Bool, _ overflow: Bool, _ wide: inout UInt64, _ mixed: inout UInt32) {
    let less = Flags.isSign(wide) != overflow
    wide = (wide & ~0x1_0000_0000) | (carry ? 0x1_0000_0000 : 0)
    mixed = (mixed & 0x7FFF_FFFF) | (less != carry ? 0x8000_0000 : 0)
}

@inline(__always)
private func isHigh<W: Word>(_ value: W) -> Bool { value &>> W(truncatingIfNeeded: W.bitWidth &- 1) != 0 }

enum Rol: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let n = W(truncatingIfNeeded: count) & W(truncatingIfNeeded: W.bitWidth &- 1)
        let result = n == 0 ? a : a &<< n | a &>> (W(truncatingIfNeeded: W.bitWidth) &- n)
        let carry = result & 1 != 0
        noteCarryOverflow(carry, isHigh(result) != carry, &wide, &mixed)
        return result
    }
}

enum Ror: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let n = W(truncatingIfNeeded: count) & W(truncatingIfNeeded: W.bitWidth &- 1)
        let result = n == 0 ? a : a &>> n | a &<< (W(truncatingIfNeeded: W.bitWidth) &- n)
        noteCarryOverflow(isHigh(result), isHigh(result) != isHigh(result &<< 1), &wide, &mixed)
        return result
    }
}

enum Rcl: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let width = UInt64(W.bitWidth) + 1
        let n = UInt64(count) % width
        let carryIn = (wide &>> 32) & 1
        let all = UInt64(truncatingIfNeeded: a) | carryIn &<< UInt64(W.bitWidth)
        let turned = n == 0 ? all : all &<< n | all &>> (width &- n)
        let result = W(truncatingIfNeeded: turned)
        let carry = (turned &>> UInt64(W.bitWidth)) & 1 != 0
        noteCarryOverflow(carry, isHigh(result) != carry, &wide, &mixed)
        return result
    }
}

enum Rcr: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let width = UInt64(W.bitWidth) + 1
        let n = UInt64(count) % width
        let carryIn = (wide &>> 32) & 1
        let all = UInt64(truncatingIfNeeded: a) | carryIn &<< UInt64(W.bitWidth)
        let turned = n == 0 ? all : all &>> n | all &<< (width &- n)
        let result = W(truncatingIfNeeded: turned)
        let carry = (turned &>> UInt64(W.bitWidth)) & 1 != 0
        noteCarryOverflow(carry, isHigh(result) != isHigh(result &<< 1), &wide, &mixed)
        return result
    }
}

enum Shl: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let full = UInt64(truncatingIfNeeded: a) &<< UInt64(min(count, 63))
        let result = W(truncatingIfNeeded: full)
        let carry = (full &>> UInt64(W.bitWidth)) & 1 != 0
        return noteShift(result, carry: carry, overflow: isHigh(result) != carry, &wide, &mixed)
    }
}

enum Shr: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let last = UInt64(truncatingIfNeeded: a) &>> UInt64(min(count &- 1, 63))
        return noteShift(
            W(truncatingIfNeeded: last &>> 1), carry: last & 1 != 0, overflow: isHigh(a), &wide, &mixed)
    }
}

enum Sar: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let extended = Int64(Int32(bitPattern: signExtended(a)))
        let last = extended &>> Int64(min(count &- 1, 63))
        return noteShift(W(truncatingIfNeeded: last &>> 1), carry: last & 1 != 0, overflow: false, &wide, &mixed)
    }
}

/// The 8086's SETMO: all ones. Other chips take the same code for SHL.
enum Setmo: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        noteLogic(W.max, &wide, &mixed)
    }
}

/// SHLD and SHRD. With 16-bit operands and a count above 16, which Intel leaves undefined, the bits go on as in a
/// rotation of first:second:first.
enum DoubleShift {
    @inline(__always)
    static func left<W: Word>(_ a: W, _ b: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let width = UInt64(W.bitWidth)
        let n = UInt64(count)
        var all = UInt64(truncatingIfNeeded: a) &<< width | UInt64(truncatingIfNeeded: b)
        if W.bitWidth == 16 { all = all &<< 16 | UInt64(truncatingIfNeeded: a) }
        let length = W.bitWidth == 16 ? 48 : width &* 2
        let result = W(truncatingIfNeeded: all &>> (length &- width &- n))
        let carry = (all &>> (length &- n)) & 1 != 0
        return noteShift(result, carry: carry, overflow: isHigh(result) != isHigh(a), &wide, &mixed)
    }

    @inline(__always)
    static func right<W: Word>(_ a: W, _ b: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let width = UInt64(W.bitWidth)
        let n = UInt64(count)
        var all = UInt64(truncatingIfNeeded: b) &<< width | UInt64(truncatingIfNeeded: a)
        if W.bitWidth == 16 { all |= UInt64(truncatingIfNeeded: a) &<< 32 }
        let result = W(truncatingIfNeeded: all &>> n)
        let carry = (all &>> (n &- 1)) & 1 != 0
        return noteShift(result, carry: carry, overflow: isHigh(result) != isHigh(a), &wide, &mixed)
    }
}
