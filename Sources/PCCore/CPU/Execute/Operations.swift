typealias Word = FixedWidthInteger & UnsignedInteger

/// An operation of two operands; gives the result and leaves the lazy flags in `wide` and `mixed` (see Flags.swift).
protocol ALUOperation {
    /// False for CMP and TEST, which only leave flags.
    static var storesResult: Bool { get }
    static func apply<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W
}

extension ALUOperation {
    @inline(__always) static var storesResult: Bool { true }
}

/// Leaves the flags of a sum or difference whose bits above the width are the carry.
@inline(__always)
func noteSum<W: Word>(_ full: UInt64, _ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
    if W.bitWidth == 32 {
        wide = full
        mixed = UInt32(truncatingIfNeeded: a ^ b)
    } else {
        let carry = (full >> UInt64(W.bitWidth)) & 1
        wide = UInt64(signExtended(W(truncatingIfNeeded: full))) | carry &<< 32
        mixed = signExtended(a ^ b)
    }
    return W(truncatingIfNeeded: full)
}

/// `value` with its sign carried to bit 31.
@inline(__always)
func signExtended<W: Word>(_ value: W) -> UInt32 {
    let shift = UInt32(32 &- W.bitWidth)
    return UInt32(
        bitPattern: Int32(bitPattern: UInt32(truncatingIfNeeded: value) &<< shift) &>> Int32(bitPattern: shift))
}

/// Leaves the flags of a logical operation: CF, OF and AF clear.
@inline(__always)
func noteLogic<W: Word>(_ result: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
    let extended = signExtended(result)
    wide = UInt64(extended)
    mixed = extended
    return result
}

/// Leaves SF, ZF and PF of `result`, AF clear, and CF and OF as given.
@inline(__always)
func noteShift<W: Word>(_ result: W, carry: Bool, overflow: Bool, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
    let extended = signExtended(result)
    wide = UInt64(extended) | (carry ? 0x1_0000_0000 : 0)
    mixed = extended ^ (carry != overflow ? 0x8000_0000 : 0)
    return result
}

enum Add: ALUOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        noteSum(UInt64(truncatingIfNeeded: a) &+ UInt64(truncatingIfNeeded: b), a, b, &wide, &mixed)
    }
}

enum Adc: ALUOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let carry = (wide &>> 32) & 1
        return noteSum(UInt64(truncatingIfNeeded: a) &+ UInt64(truncatingIfNeeded: b) &+ carry, a, b, &wide, &mixed)
    }
}

enum Sub: ALUOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        noteSum(UInt64(truncatingIfNeeded: a) &- UInt64(truncatingIfNeeded: b), a, b, &wide, &mixed)
    }
}

enum Sbb: ALUOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        let borrow = (wide &>> 32) & 1
        return noteSum(UInt64(truncatingIfNeeded: a) &- UInt64(truncatingIfNeeded: b) &- borrow, a, b, &wide, &mixed)
    }
}

enum And: ALUOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        noteLogic(a & b, &wide, &mixed)
    }
}

enum Or: ALUOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        noteLogic(a | b, &wide, &mixed)
    }
}

enum Xor: ALUOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        noteLogic(a ^ b, &wide, &mixed)
    }
}

enum Cmp: ALUOperation {
    @inline(__always) static var storesResult: Bool { false }
    @inline(__always) static func apply<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        Sub.apply(a, b, &wide, &mixed)
    }
}

enum Test: ALUOperation {
    @inline(__always) static var storesResult: Bool { false }
    @inline(__always) static func apply<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        And.apply(a, b, &wide, &mixed)
    }
}

/// An operation of one operand.
protocol UnaryOperation {
    static func apply<W: Word>(_ a: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W
}

/// INC and DEC leave CF as it was. Bit 31 of `mixed` is turned where the carry of the sum differs from it.
@inline(__always)
private func noteStep<W: Word>(
    _ full: UInt64, _ a: W, _ wide: inout UInt64, _ mixed: inout UInt32
) -> W {
    let carry = (wide &>> 32) & 1
    let carryOut = (full >> UInt64(W.bitWidth)) & 1
    let result = W(truncatingIfNeeded: full)
    wide = UInt64(signExtended(result)) | carry &<< 32
    mixed = signExtended(a ^ 1) ^ (UInt32(truncatingIfNeeded: carry ^ carryOut) &<< 31)
    return result
}

enum Inc: UnaryOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        noteStep(UInt64(truncatingIfNeeded: a) &+ 1, a, &wide, &mixed)
    }
}

enum Dec: UnaryOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        noteStep(UInt64(truncatingIfNeeded: a) &- 1, a, &wide, &mixed)
    }
}

enum Neg: UnaryOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
        Sub.apply(0, a, &wide, &mixed)
    }
}

enum Not: UnaryOperation {
    @inline(__always) static func apply<W: Word>(_ a: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W { ~a }
}
