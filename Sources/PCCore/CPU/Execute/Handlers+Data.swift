// The hot handlers that work on data. Each is written once, generic over operation, width and address form; the tables
// in HandlerTable+*.swift give each combination code of its own. None calls anything but the next record, in tail
// position, and none changes state before its last access that can fail.

/// op r, r
@inline(__always)
func aluRegReg<O: ALUOperation, W: Word>(
    _: O.Type, _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    let to = r.pointee.destination
    let result = O.apply(s.load(to, as: W.self), s.load(r.pointee.base, as: W.self), &wide, &mixed)
    if O.storesResult { s.store(result, to) }
    next(s, r, n, wide, mixed)
}

/// op r, imm
@inline(__always)
func aluRegImm<O: ALUOperation, W: Word>(
    _: O.Type, _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    let to = r.pointee.destination
    let result = O.apply(s.load(to, as: W.self), W(truncatingIfNeeded: r.pointee.immediate), &wide, &mixed)
    if O.storesResult { s.store(result, to) }
    next(s, r, n, wide, mixed)
}

/// op r, m
@inline(__always)
func aluRegMem<O: ALUOperation, W: Word, A: Addressing>(
    _: O.Type, _: W.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.read(s, r, UInt32(W.bitWidth / 8))
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, UInt32(W.bitWidth / 8))) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let operand = hostAddress(entry, linear).loadUnaligned(as: W.self)
    var (wide, mixed) = (w, x)
    let to = r.pointee.destination
    let result = O.apply(s.load(to, as: W.self), operand, &wide, &mixed)
    if O.storesResult { s.store(result, to) }
    next(s, r, n, wide, mixed)
}

/// Where the second operand of an operation on memory comes from.
protocol SecondOperand {
    static func value<W: Word>(_ s: StatePointer, _ r: RecordPointer, _: W.Type) -> W
}

enum FromRegister: SecondOperand {
    @inline(__always) static func value<W: Word>(_ s: StatePointer, _ r: RecordPointer, _: W.Type) -> W {
        s.load(r.pointee.destination, as: W.self)
    }
}

enum FromImmediate: SecondOperand {
    @inline(__always) static func value<W: Word>(_ s: StatePointer, _ r: RecordPointer, _: W.Type) -> W {
        W(truncatingIfNeeded: r.pointee.immediate)
    }
}

/// op m, r and op m, imm
@inline(__always)
func aluMem<O: ALUOperation, W: Word, A: Addressing, B: SecondOperand>(
    _: O.Type, _: W.Type, _: A.Type, _: B.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let (linear, allowed) = O.storesResult ? A.write(s, r, size) : A.read(s, r, size)
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    let tag = O.storesResult ? entry.pointee.writeTag : entry.pointee.readTag
    guard _fastPath(tag == tlbTag(s, linear, size)) else {
        s.pointee.missed = linear
        return O.storesResult ? missedWrite(sp, rp, n, w, x) : missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let host = hostAddress(entry, linear)
    var (wide, mixed) = (w, x)
    let result = O.apply(host.loadUnaligned(as: W.self), B.value(s, r, W.self), &wide, &mixed)
    if O.storesResult { host.storeBytes(of: result, as: W.self) }
    next(s, r, n, wide, mixed)
}

/// INC, DEC, NEG, NOT of a register
@inline(__always)
func unaryReg<O: UnaryOperation, W: Word>(
    _: O.Type, _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    let to = r.pointee.destination
    s.store(O.apply(s.load(to, as: W.self), &wide, &mixed), to)
    next(s, r, n, wide, mixed)
}

/// INC, DEC of memory
@inline(__always)
func unaryMem<O: UnaryOperation, W: Word, A: Addressing>(
    _: O.Type, _: W.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.write(s, r, UInt32(W.bitWidth / 8))
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, linear, UInt32(W.bitWidth / 8))) else {
        s.pointee.missed = linear
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let host = hostAddress(entry, linear)
    var (wide, mixed) = (w, x)
    host.storeBytes(of: O.apply(host.loadUnaligned(as: W.self), &wide, &mixed), as: W.self)
    next(s, r, n, wide, mixed)
}

// MARK: Moves

/// MOV r, r
@inline(__always)
func movRegReg<W: Word>(
    _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    s.store(s.load(r.pointee.base, as: W.self), r.pointee.destination)
    next(s, r, n, w, x)
}

/// MOV r, imm
@inline(__always)
func movRegImm<W: Word>(
    _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    s.store(W(truncatingIfNeeded: r.pointee.immediate), r.pointee.destination)
    next(s, r, n, w, x)
}

/// How a loaded or copied value is widened: MOV, MOVZX, MOVSX.
protocol Widening {
    associatedtype From: Word
    associatedtype To: Word
    static func widen(_ value: From) -> To
}

enum Same<W: Word>: Widening {
    @inline(__always) static func widen(_ value: W) -> W { value }
}

enum ZeroExtend<From: Word, To: Word>: Widening {
    @inline(__always) static func widen(_ value: From) -> To { To(truncatingIfNeeded: value) }
}

enum SignExtend<From: Word, To: Word>: Widening {
    @inline(__always) static func widen(_ value: From) -> To { To(truncatingIfNeeded: signExtended(value)) }
}

/// MOV, MOVZX, MOVSX r, m
@inline(__always)
func movRegMem<X: Widening, A: Addressing>(
    _: X.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.read(s, r, UInt32(X.From.bitWidth / 8))
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, UInt32(X.From.bitWidth / 8))) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    s.store(X.widen(hostAddress(entry, linear).loadUnaligned(as: X.From.self)), r.pointee.destination)
    next(s, r, n, w, x)
}

/// MOVZX, MOVSX r, r
@inline(__always)
func widenReg<X: Widening>(
    _: X.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    s.store(X.widen(s.load(r.pointee.base, as: X.From.self)), r.pointee.destination)
    next(s, r, n, w, x)
}

/// MOV m, r and MOV m, imm
@inline(__always)
func movMem<W: Word, A: Addressing, B: SecondOperand>(
    _: W.Type, _: A.Type, _: B.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.write(s, r, UInt32(W.bitWidth / 8))
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, linear, UInt32(W.bitWidth / 8))) else {
        s.pointee.missed = linear
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    hostAddress(entry, linear).storeBytes(of: B.value(s, r, W.self), as: W.self)
    next(s, r, n, w, x)
}

/// LEA
@inline(__always)
func lea<W: Word, A: Addressing>(
    _: W.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    s.store(W(truncatingIfNeeded: A.offset(s, r)), r.pointee.destination)
    next(s, r, n, w, x)
}

/// XCHG r, r
@inline(__always)
func xchgRegReg<W: Word>(
    _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (a, b) = (r.pointee.destination, r.pointee.base)
    let old = s.load(a, as: W.self)
    s.store(s.load(b, as: W.self), a)
    s.store(old, b)
    next(s, r, n, w, x)
}

// MARK: Shifts, multiplication, flags

/// Shift or rotate of a register by an immediate, which is not zero
@inline(__always)
func shiftRegImm<O: ShiftOperation, W: Word>(
    _: O.Type, _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    let to = r.pointee.destination
    s.store(O.apply(s.load(to, as: W.self), r.pointee.immediate & 31, &wide, &mixed), to)
    next(s, r, n, wide, mixed)
}

/// Shift or rotate of a register by CL
@inline(__always)
func shiftRegCL<O: ShiftOperation, W: Word>(
    _: O.Type, _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    // The byte alone, as it was written: a wider load would wait for the store before it.
    let count = UInt32(s.load(4, as: UInt8.self) & 31)
    if count != 0 {
        let to = r.pointee.destination
        s.store(O.apply(s.load(to, as: W.self), count, &wide, &mixed), to)
    }
    next(s, r, n, wide, mixed)
}

/// SHLD and SHRD of registers by an immediate, which is not zero
@inline(__always)
func doubleShiftImm(
    left: Bool, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    let to = r.pointee.destination
    let (a, b) = (s.load(to, as: UInt32.self), s.load(r.pointee.base, as: UInt32.self))
    let count = r.pointee.immediate & 31
    s.store(
        left ? DoubleShift.left(a, b, count, &wide, &mixed) : DoubleShift.right(a, b, count, &wide, &mixed), to)
    next(s, r, n, wide, mixed)
}

/// Leaves the flags of a product: CF and OF where it does not fit its width.
@inline(__always)
func signedProduct<W: Word>(_ a: W, _ b: W, _ wide: inout UInt64, _ mixed: inout UInt32) -> W {
    let product = Int64(Int32(bitPattern: signExtended(a))) &* Int64(Int32(bitPattern: signExtended(b)))
    let low = W(truncatingIfNeeded: product)
    let over = product != Int64(Int32(bitPattern: signExtended(low)))
    return noteShift(low, carry: over, overflow: over, &wide, &mixed)
}

/// IMUL r, r
@inline(__always)
func imulRegReg<W: Word>(
    _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    let to = r.pointee.destination
    s.store(signedProduct(s.load(to, as: W.self), s.load(r.pointee.base, as: W.self), &wide, &mixed), to)
    next(s, r, n, wide, mixed)
}

/// IMUL r, r, imm
@inline(__always)
func imulRegImm<W: Word>(
    _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    let b = W(truncatingIfNeeded: r.pointee.immediate)
    s.store(signedProduct(s.load(r.pointee.base, as: W.self), b, &wide, &mixed), r.pointee.destination)
    next(s, r, n, wide, mixed)
}

/// IMUL r, m
@inline(__always)
func imulRegMem<W: Word, A: Addressing>(
    _: W.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.read(s, r, UInt32(W.bitWidth / 8))
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, UInt32(W.bitWidth / 8))) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let operand = hostAddress(entry, linear).loadUnaligned(as: W.self)
    var (wide, mixed) = (w, x)
    let to = r.pointee.destination
    s.store(signedProduct(s.load(to, as: W.self), operand, &wide, &mixed), to)
    next(s, r, n, wide, mixed)
}

/// SETcc of a register
@inline(__always)
func setReg<C: Condition>(
    _: C.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    s.store(C.holds(w, x) ? 1 as UInt8 : 0, r.pointee.destination)
    next(s, r, n, w, x)
}

/// CMOVcc of registers
@inline(__always)
func moveIf<C: Condition>(
    _: C.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let to = r.pointee.destination
    s.store(s.load(C.holds(w, x) ? r.pointee.base : to, as: UInt32.self), to)
    next(s, r, n, w, x)
}

/// BSWAP
@inline(__always)
func byteSwap(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    s.store(s.load(r.pointee.destination, as: UInt32.self).byteSwapped, r.pointee.destination)
    next(s, r, n, w, x)
}

/// CDQ
@inline(__always)
func signIntoEDX(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    s.pointee.registers.2 = UInt32(bitPattern: Int32(bitPattern: s.pointee.registers.0) &>> 31)
    next(s, record(rp), n, w, x)
}

/// NOP
@inline(__always)
func nothing(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    next(state(sp), record(rp), n, w, x)
}

/// CLD (`set` false) and STD
@inline(__always)
func directionFlag(
    set: Bool, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let s = state(sp)
    if set {
        s.pointee.systemFlags |= Flags.direction
    } else {
        s.pointee.systemFlags &= ~Flags.direction
    }
    next(s, record(rp), n, w, x)
}

/// CLC (`carry` false) and STC: OF keeps its place, so bit 31 of `mixed` turns with CF
@inline(__always)
func carryFlag(
    set: Bool, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let carry: UInt64 = set ? 0x1_0000_0000 : 0
    let turned = UInt32(truncatingIfNeeded: (w ^ carry) &>> 32) & 1
    next(state(sp), record(rp), n, (w & ~0x1_0000_0000) | carry, x ^ (turned &<< 31))
}
