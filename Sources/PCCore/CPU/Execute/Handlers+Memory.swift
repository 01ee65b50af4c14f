// Shifts and exchanges of memory.

/// Where the count of a shift comes from: an immediate, which is not zero, or CL.
protocol ShiftCount {
    static func value(_ s: StatePointer, _ r: RecordPointer) -> UInt32
}

enum ByImmediate: ShiftCount {
    @inline(__always) static func value(_ s: StatePointer, _ r: RecordPointer) -> UInt32 { r.pointee.immediate & 31 }
}

enum ByCL: ShiftCount {
    @inline(__always) static func value(_ s: StatePointer, _ r: RecordPointer) -> UInt32 {
        UInt32(s.load(4, as: UInt8.self) & 31)
    }
}

/// Shift or rotate of memory. A count of zero still writes what it read.
@inline(__always)
func shiftMem<O: ShiftOperation, W: Word, A: Addressing, C: ShiftCount>(
    _: O.Type, _: W.Type, _: A.Type, _: C.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer,
    _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let (linear, allowed) = A.write(s, r, size)
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, linear, size)) else {
        s.pointee.missed = linear
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let host = hostAddress(entry, linear)
    let count = C.value(s, r)
    guard count != 0 else { return next(s, r, n, w, x) }
    var (wide, mixed) = (w, x)
    host.storeBytes(of: O.apply(host.loadUnaligned(as: W.self), count, &wide, &mixed), as: W.self)
    next(s, r, n, wide, mixed)
}

/// XCHG r, m
@inline(__always)
func xchgRegMem<W: Word, A: Addressing>(
    _: W.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let (linear, allowed) = A.write(s, r, size)
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, linear, size)) else {
        s.pointee.missed = linear
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let host = hostAddress(entry, linear)
    let old = host.loadUnaligned(as: W.self)
    host.storeBytes(of: s.load(r.pointee.destination, as: W.self), as: W.self)
    s.store(old, r.pointee.destination)
    next(s, r, n, w, x)
}
