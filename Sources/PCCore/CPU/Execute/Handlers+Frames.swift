// The hot handlers that move a frame, or a segment register that they leave as it is: LEAVE, PUSHA, POPA, PUSH and MOV
// of a segment register.

/// A segment register as the operand of PUSH or MOV; `displacement` is the memory operand's, so its number stands in
/// `destination`.
enum FromSegment: SecondOperand {
    @inline(__always) static func value<W: Word>(_ s: StatePointer, _ r: RecordPointer, _: W.Type) -> W {
        W(truncatingIfNeeded: s.segment(Int(r.pointee.destination)).pointee.selector)
    }
}

/// MOV r16, Sreg
@inline(__always)
func movRegSegment(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    s.store(FromSegment.value(s, r, UInt16.self), r.pointee.base)
    next(s, r, n, w, x)
}

/// LEAVE
@inline(__always)
func leaveFrame<W: Word, K: StackForm>(
    _: W.Type, _: K.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let toFrame = s.pointee.registers.5 &- s.pointee.registers.4
    let frame = K.at(s, toFrame)
    guard _fastPath(K.allows(s, frame.offset, size)) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, frame.linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, frame.linear, size)) else {
        s.pointee.missed = frame.linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let value = hostAddress(entry, frame.linear).loadUnaligned(as: W.self)
    K.set(s, K.at(s, toFrame &+ size).offset)
    s.store(value, 20)
    next(s, r, n, w, x)
}

/// PUSHA of words on a 16-bit stack. SP from 1 to 15 goes round, or faults.
@inline(__always)
func pushAll(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    let top = Stack16.at(s, 0 &- 16)
    guard _fastPath(stackHolds(s, top.offset, 16)) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, top.linear, 16)) else {
        s.pointee.missed = top.linear
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all sixteen bytes.
    let host = hostAddress(entry, top.linear)
    host.storeBytes(of: s.load(28, as: UInt16.self), as: UInt16.self)
    host.storeBytes(of: s.load(24, as: UInt16.self), toByteOffset: 2, as: UInt16.self)
    host.storeBytes(of: s.load(20, as: UInt16.self), toByteOffset: 4, as: UInt16.self)
    host.storeBytes(of: s.load(16, as: UInt16.self), toByteOffset: 6, as: UInt16.self)
    host.storeBytes(of: s.load(12, as: UInt16.self), toByteOffset: 8, as: UInt16.self)
    host.storeBytes(of: s.load(8, as: UInt16.self), toByteOffset: 10, as: UInt16.self)
    host.storeBytes(of: s.load(4, as: UInt16.self), toByteOffset: 12, as: UInt16.self)
    host.storeBytes(of: s.load(0, as: UInt16.self), toByteOffset: 14, as: UInt16.self)
    Stack16.set(s, top.offset)
    next(s, record(rp), n, w, x)
}

/// POPA of words from a 16-bit stack; SP's own word is passed over.
@inline(__always)
func popAll(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    let top = Stack16.at(s, 0)
    guard _fastPath(stackHolds(s, top.offset, 16)) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, top.linear, 16)) else {
        s.pointee.missed = top.linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all sixteen bytes.
    let host = hostAddress(entry, top.linear)
    s.store(host.loadUnaligned(as: UInt16.self), 28)
    s.store(host.loadUnaligned(fromByteOffset: 2, as: UInt16.self), 24)
    s.store(host.loadUnaligned(fromByteOffset: 4, as: UInt16.self), 20)
    s.store(host.loadUnaligned(fromByteOffset: 8, as: UInt16.self), 12)
    s.store(host.loadUnaligned(fromByteOffset: 10, as: UInt16.self), 8)
    s.store(host.loadUnaligned(fromByteOffset: 12, as: UInt16.self), 4)
    s.store(host.loadUnaligned(fromByteOffset: 14, as: UInt16.self), 0)
    Stack16.set(s, top.offset &+ 16)
    next(s, record(rp), n, w, x)
}
