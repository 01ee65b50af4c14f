// String instructions without a prefix, LOOPE and LOOPNE, and single instructions that 16-bit programs use.

/// The distance to the next element: its size, negative under DF.
@inline(__always)
private func stride<W: Word>(_ s: StatePointer, _: W.Type) -> UInt32 {
    let size = UInt32(W.bitWidth / 8)
    let isDown = (s.pointee.systemFlags & Flags.direction) / Flags.direction
    return size &- isDown &* (2 &* size)
}

/// What LODS and SCAS do with the element.
protocol ElementOperation {
    static func apply<W: Word>(_ s: StatePointer, _ element: W, _ wide: inout UInt64, _ mixed: inout UInt32)
}

enum LoadElement: ElementOperation {
    @inline(__always)
    static func apply<W: Word>(_ s: StatePointer, _ element: W, _ wide: inout UInt64, _ mixed: inout UInt32) {
        s.store(element, 0)
    }
}

enum ScanElement: ElementOperation {
    @inline(__always)
    static func apply<W: Word>(_ s: StatePointer, _ element: W, _ wide: inout UInt64, _ mixed: inout UInt32) {
        _ = Sub.apply(s.load(0, as: W.self), element, &wide, &mixed)
    }
}

/// LODS and SCAS; the record's base is the index register
@inline(__always)
func readElement<O: ElementOperation, W: Word, A: Addressing>(
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
    let element = hostAddress(entry, linear).loadUnaligned(as: W.self)
    var (wide, mixed) = (w, x)
    O.apply(s, element, &wide, &mixed)
    A.advance(s, r.pointee.base, by: stride(s, W.self))
    next(s, r, n, wide, mixed)
}

/// STOS
@inline(__always)
func storeElement<W: Word, A: Addressing>(
    _: W.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let (linear, allowed) = A.target(s, size)
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, linear, size)) else {
        s.pointee.missed = linear
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    hostAddress(entry, linear).storeBytes(of: s.load(0, as: W.self), as: W.self)
    A.advance(s, 28, by: stride(s, W.self))
    next(s, r, n, w, x)
}

/// MOVS
@inline(__always)
func moveElement<W: Word, A: Addressing>(
    _: W.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let (from, readable) = A.read(s, r, size)
    let (to, writable) = A.target(s, size)
    guard _fastPath(readable), _fastPath(writable) else { return unusual(sp, rp, n, w, x) }
    let source = tlbEntry(s, from)
    guard _fastPath(source.pointee.readTag == tlbTag(s, from, size)) else {
        s.pointee.missed = from
        return missedRead(sp, rp, n, w, x)
    }
    let target = tlbEntry(s, to)
    guard _fastPath(target.pointee.writeTag == tlbTag(s, to, size)) else {
        // Two pages of one entry would displace each other for ever.
        if source == target { return unusual(sp, rp, n, w, x) }
        s.pointee.missed = to
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tags stand for pages of host memory that hold all of each access.
    let element = hostAddress(source, from).loadUnaligned(as: W.self)
    hostAddress(target, to).storeBytes(of: element, as: W.self)
    let stride = stride(s, W.self)
    A.advance(s, 24, by: stride)
    A.advance(s, 28, by: stride)
    next(s, r, n, w, x)
}

/// XLAT
@inline(__always)
func translateByte<A: Addressing>(
    _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let at = A.offset(s, r) &+ UInt32(s.load(0, as: UInt8.self))
    let offset = A.self == Segmented16.self ? at & 0xFFFF : at
    let cache = s.segment(Int(r.pointee.scaleAndSegment >> 4))
    guard _fastPath(UInt64(offset) < cache.pointee.readTop) else { return unusual(sp, rp, n, w, x) }
    let linear = cache.pointee.base &+ offset
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, 1)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds the byte.
    s.store(hostAddress(entry, linear).load(as: UInt8.self), 0)
    next(s, r, n, w, x)
}

/// LOOPE and LOOPNE (by CX where `W` is UInt16)
@inline(__always)
func loopBranchIf<C: Condition, W: Word, F: CodeForm>(
    _: C.Type, _: W.Type, _: F.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let count = s.load(4, as: W.self) &- 1
    guard F.accepts(s, s.pointee.eip &+ r.pointee.immediate) else { return unusual(sp, rp, n, w, x) }
    s.store(count, 4)
    guard count != 0, C.holds(w, x) else { return next(s, r, n, w, x) }
    follow(F.self, s, r, n, w, x)
}

/// CMC: OF keeps its place, so bit 31 of `mixed` turns with CF
@inline(__always)
func complementCarry(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    next(state(sp), record(rp), n, w ^ 0x1_0000_0000, x ^ 0x8000_0000)
}

/// LAHF
@inline(__always)
func flagsToAH(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    s.store(UInt8(truncatingIfNeeded: Flags.pack(w, x) & 0xD5 | 2), 1)
    next(s, record(rp), n, w, x)
}

/// SAHF
@inline(__always)
func flagsFromAH(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    let overflow = Flags.isOverflow(w, x) ? Flags.overflow : 0
    let (wide, mixed) = Flags.unpack(overflow | UInt32(s.load(1, as: UInt8.self)) & 0xD5)
    next(s, record(rp), n, wide, mixed)
}

/// CWD
@inline(__always)
func signIntoDX(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    s.store(UInt16(bitPattern: Int16(bitPattern: s.load(0, as: UInt16.self)) &>> 15), 8)
    next(s, record(rp), n, w, x)
}
