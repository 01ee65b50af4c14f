// Multiplication and division of the accumulator: AX by bytes, DX:AX by words, EDX:EAX by double words.

/// The dividend, or where a product goes: both halves as one number.
@inline(__always)
private func accumulator<W: Word>(_ s: StatePointer, _: W.Type) -> UInt64 {
    switch W.bitWidth {
    case 8: UInt64(s.load(0, as: UInt16.self))
    case 16: UInt64(s.load(8, as: UInt16.self)) &<< 16 | UInt64(s.load(0, as: UInt16.self))
    default: UInt64(s.pointee.registers.2) &<< 32 | UInt64(s.pointee.registers.0)
    }
}

@inline(__always)
private func setAccumulator<W: Word>(_ s: StatePointer, low: W, high: W) {
    if W.bitWidth == 8 {
        s.store(UInt16(truncatingIfNeeded: high) &<< 8 | UInt16(truncatingIfNeeded: low), 0)
    } else {
        s.store(low, 0)
        s.store(high, 8)
    }
}

@inline(__always)
private func signed<W: Word>(_ value: W) -> Int64 { Int64(Int32(bitPattern: signExtended(value))) }

/// What MUL, IMUL, DIV and IDIV do with the accumulator and their operand.
protocol AccumulatorOperation {
    /// False, with nothing changed, where the instruction raises #DE or is too rare to be worth the code.
    static func apply<W: Word>(_ s: StatePointer, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> Bool
}

enum Multiply: AccumulatorOperation {
    @inline(__always)
    static func apply<W: Word>(_ s: StatePointer, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> Bool {
        let product = UInt64(truncatingIfNeeded: s.load(0, as: W.self)) &* UInt64(truncatingIfNeeded: b)
        let (low, high) = (W(truncatingIfNeeded: product), W(truncatingIfNeeded: product &>> UInt64(W.bitWidth)))
        setAccumulator(s, low: low, high: high)
        _ = noteShift(low, carry: high != 0, overflow: high != 0, &wide, &mixed)
        return true
    }
}

enum SignedMultiply: AccumulatorOperation {
    @inline(__always)
    static func apply<W: Word>(_ s: StatePointer, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> Bool {
        let product = signed(s.load(0, as: W.self)) &* signed(b)
        let low = W(truncatingIfNeeded: product)
        setAccumulator(s, low: low, high: W(truncatingIfNeeded: product &>> Int64(W.bitWidth)))
        let over = product != signed(low)
        _ = noteShift(low, carry: over, overflow: over, &wide, &mixed)
        return true
    }
}

enum Divide: AccumulatorOperation {
    @inline(__always)
    static func apply<W: Word>(_ s: StatePointer, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> Bool {
        let (dividend, divisor) = (accumulator(s, W.self), UInt64(truncatingIfNeeded: b))
        guard _fastPath(dividend &>> UInt64(W.bitWidth) < divisor) else { return false }
        let quotient = dividend / divisor
        setAccumulator(
            s, low: W(truncatingIfNeeded: quotient), high: W(truncatingIfNeeded: dividend &- quotient &* divisor))
        return true
    }
}

enum SignedDivide: AccumulatorOperation {
    @inline(__always)
    static func apply<W: Word>(_ s: StatePointer, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> Bool {
        let shift = Int64(64 &- 2 &* W.bitWidth)
        let dividend = (Int64(bitPattern: accumulator(s, W.self)) &<< shift) &>> shift
        let divisor = signed(b)
        // The host traps where -2^63 is divided by -1.
        guard _fastPath(divisor != 0 && divisor != -1) else { return false }
        let quotient = dividend / divisor
        let low = W(truncatingIfNeeded: quotient)
        guard _fastPath(signed(low) == quotient) else { return false }
        setAccumulator(s, low: low, high: W(truncatingIfNeeded: dividend &- quotient &* divisor))
        return true
    }
}

/// MUL, IMUL, DIV, IDIV r
@inline(__always)
func accumulateReg<O: AccumulatorOperation, W: Word>(
    _: O.Type, _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    guard _fastPath(O.apply(s, s.load(r.pointee.base, as: W.self), &wide, &mixed)) else {
        return unusual(sp, rp, n, w, x)
    }
    next(s, r, n, wide, mixed)
}

/// MUL, IMUL, DIV, IDIV m
@inline(__always)
func accumulateMem<O: AccumulatorOperation, W: Word, A: Addressing>(
    _: O.Type, _: W.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let (linear, allowed) = A.read(s, r, size)
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, size)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let operand = hostAddress(entry, linear).loadUnaligned(as: W.self)
    var (wide, mixed) = (w, x)
    guard _fastPath(O.apply(s, operand, &wide, &mixed)) else { return unusual(sp, rp, n, w, x) }
    next(s, r, n, wide, mixed)
}

/// IMUL r, m, imm
@inline(__always)
func imulRegMemImm<W: Word, A: Addressing>(
    _: W.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let (linear, allowed) = A.read(s, r, size)
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, size)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let operand = hostAddress(entry, linear).loadUnaligned(as: W.self)
    var (wide, mixed) = (w, x)
    let product = signedProduct(operand, W(truncatingIfNeeded: r.pointee.immediate), &wide, &mixed)
    s.store(product, r.pointee.destination)
    next(s, r, n, wide, mixed)
}
