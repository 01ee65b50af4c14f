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

/// Leaves the flags of a shift: SF, ZF and PF of `result`, AF clear.
///
/// Shifts and rotations work out CF and OF without branches: `carry` is 0 or 1, and bit 31 of `differs` says whether OF is
/// not what CF is. The other bits mean nothing.
@inline(__always)
private func noteShift<W: Word>(
    _ result: W, carry: UInt64, differs: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32
) -> W {
    let extended = signExtended(result)
    wide = UInt64(extended) | carry &<< 32
    mixed = extended ^ (differs & 0x8000_0000)
    return result
}

/// Sets CF and OF, as above, and leaves the other flags as they were.
@inline(__always)
private func noteRotation(carry: UInt64, differs: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) {
    // Bit 31 is SF, and SF != OF != CF is what `mixed` holds.
    let sign =
        UInt32(truncatingIfNeeded: wide) ^ UInt32(truncatingIfNeeded: wide >> 31)
        ^ UInt32(truncatingIfNeeded: wide >> 32)
    wide = wide & ~0x1_0000_0000 | carry &<< 32
    mixed = mixed & 0x7FFF_FFFF | (sign ^ differs) & 0x8000_0000
}

/// The highest bit of `value`, in bit 31.
@inline(__always) private func high<W: Word>(_ value: W) -> UInt32 { signExtended(value) }

enum Rol: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let n = W(truncatingIfNeeded: count)
        let result = a &<< n | a &>> (0 &- n)
        // OF is the new highest bit unless CF, the lowest one, is set.
        noteRotation(carry: UInt64(truncatingIfNeeded: result & 1), differs: high(result), &wide, &mixed)
        return result
    }
}

enum Ror: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let n = W(truncatingIfNeeded: count)
        let result = a &>> n | a &<< (0 &- n)
        // CF is the highest bit, OF says whether the two highest differ.
        noteRotation(
            carry: UInt64(high(result) >> 31), differs: high(result &<< 1), &wide, &mixed)
        return result
    }
}

/// A rotation through carry, by `turn` of the operand with CF above its highest bit.
@inline(__always)
private func throughCarry<W: Word>(
    _ a: W, _ count: UInt32, _ wide: UInt64, _ turn: (_ all: UInt64, _ n: UInt64, _ width: UInt64) -> UInt64
) -> (result: W, carry: UInt64) {
    let width = UInt64(W.bitWidth) + 1
    let n = UInt64(count) % width
    let all = UInt64(truncatingIfNeeded: a) | ((wide &>> 32) & 1) &<< UInt64(W.bitWidth)
    let turned = n == 0 ? all : turn(all, n, width)
    return (W(truncatingIfNeeded: turned), (turned &>> UInt64(W.bitWidth)) & 1)
}

enum Rcl: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let (result, carry) = throughCarry(a, count, wide) { $0 &<< $1 | $0 &>> ($2 &- $1) }
        noteRotation(carry: carry, differs: high(result), &wide, &mixed)
        return result
    }
}

enum Rcr: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let (result, carry) = throughCarry(a, count, wide) { $0 &>> $1 | $0 &<< ($2 &- $1) }
        let differs = high(result) ^ high(result &<< 1) ^ UInt32(truncatingIfNeeded: carry) &<< 31
        noteRotation(carry: carry, differs: differs, &wide, &mixed)
        return result
    }
}

enum Shl: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let full = UInt64(truncatingIfNeeded: a) &<< UInt64(min(count, 63))
        let result = W(truncatingIfNeeded: full)
        return noteShift(
            result, carry: (full &>> UInt64(W.bitWidth)) & 1, differs: high(result), &wide, &mixed)
    }
}

enum Shr: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let last = UInt64(truncatingIfNeeded: a) &>> UInt64(min(count &- 1, 63))
        let differs = UInt32(truncatingIfNeeded: last) &<< 31 ^ high(a)
        return noteShift(W(truncatingIfNeeded: last &>> 1), carry: last & 1, differs: differs, &wide, &mixed)
    }
}

enum Sar: ShiftOperation {
    @inline(__always)
    static func apply<W: Word>(_ a: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let last = Int64(Int32(bitPattern: signExtended(a))) &>> Int64(min(count &- 1, 63))
        let carry = UInt64(truncatingIfNeeded: last & 1)
        return noteShift(
            W(truncatingIfNeeded: last &>> 1), carry: carry, differs: UInt32(truncatingIfNeeded: carry) &<< 31, &wide,
            &mixed)
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
        let carry = (all &>> (length &- n)) & 1
        let differs = high(result) ^ high(a) ^ UInt32(truncatingIfNeeded: carry) &<< 31
        return noteShift(result, carry: carry, differs: differs, &wide, &mixed)
    }

    @inline(__always)
    static func right<W: Word>(_ a: W, _ b: W, _ count: UInt32, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let width = UInt64(W.bitWidth)
        let n = UInt64(count)
        var all = UInt64(truncatingIfNeeded: b) &<< width | UInt64(truncatingIfNeeded: a)
        if W.bitWidth == 16 { all |= UInt64(truncatingIfNeeded: a) &<< 32 }
        let result = W(truncatingIfNeeded: all &>> n)
        let carry = (all &>> (n &- 1)) & 1
        let differs = high(result) ^ high(a) ^ UInt32(truncatingIfNeeded: carry) &<< 31
        return noteShift(result, carry: carry, differs: differs, &wide, &mixed)
    }
}
