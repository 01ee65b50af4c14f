// The stack and calls by way of memory. Where one instruction needs two TLB entries that displace each other, it goes the
// plain way: each miss would undo the other's refill.

/// PUSH m
@inline(__always)
func pushMem<W: Word, K: StackForm, A: Addressing>(
    _: W.Type, _: K.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let (linear, allowed) = A.read(s, r, size)
    let top = K.at(s, 0 &- size)
    guard _fastPath(allowed), _fastPath(K.allows(s, top.offset, size)) else { return unusual(sp, rp, n, w, x) }
    let source = tlbEntry(s, linear)
    guard _fastPath(source.pointee.readTag == tlbTag(s, linear, size)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    let target = tlbEntry(s, top.linear)
    guard _fastPath(target.pointee.writeTag == tlbTag(s, top.linear, size)) else {
        if source == target { return unusual(sp, rp, n, w, x) }
        s.pointee.missed = top.linear
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tags stand for pages of host memory that hold all of each access.
    let value = hostAddress(source, linear).loadUnaligned(as: W.self)
    hostAddress(target, top.linear).storeBytes(of: value, as: W.self)
    K.move(s, by: 0 &- size)
    next(s, r, n, w, x)
}

/// Pushes the return address, of which the next record has the offset, and goes to `target`.
@inline(__always)
private func call<W: Word, K: StackForm>(
    _: W.Type, _: K.Type, _ target: UInt32, from source: UnsafeMutablePointer<TLBEntry>?, _ s: StatePointer,
    _ r: RecordPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let size = UInt32(W.bitWidth / 8)
    let top = K.at(s, 0 &- size)
    guard _fastPath(K.allows(s, top.offset, size)), _fastPath(LimitedCode.accepts(s, target)) else {
        return unusual(s, r, n, w, x)
    }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, top.linear, size)) else {
        if source == entry { return unusual(s, r, n, w, x) }
        s.pointee.missed = top.linear
        return missedWrite(s, r, n, w, x)
    }
    let back = s.pointee.eip &+ UInt32(r[1].offset)
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    hostAddress(entry, top.linear).storeBytes(of: W(truncatingIfNeeded: back), as: W.self)
    K.move(s, by: 0 &- size)
    s.pointee.eip = target
    dispatch(s, n &- Int(r.pointee.index) &- 1, w, x)
}

/// CALL r
@inline(__always)
func callReg<W: Word, K: StackForm>(
    _: W.Type, _: K.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let target = UInt32(truncatingIfNeeded: s.load(r.pointee.base, as: W.self))
    call(W.self, K.self, target, from: nil, s, r, n, w, x)
}

/// CALL m
@inline(__always)
func callMem<W: Word, K: StackForm, A: Addressing>(
    _: W.Type, _: K.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let (linear, allowed) = A.read(s, r, size)
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let source = tlbEntry(s, linear)
    guard _fastPath(source.pointee.readTag == tlbTag(s, linear, size)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let target = UInt32(truncatingIfNeeded: hostAddress(source, linear).loadUnaligned(as: W.self))
    call(W.self, K.self, target, from: source, s, r, n, w, x)
}
