/// Writes to pages that hold decoded code. Such a page has no write tags in the TLBs, so that a hot store to it misses; it
/// then runs once from a place of its own with the page open, and a second record closes it again.

/// A write missed: goes the detour where the page holds decoded code.
@inline(never)
func missedWrite(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    let r = record(rp)
    let core = Core(s)
    let number = core.codePage(s.pointee.missed)
    guard number != 0 else { return missedWriteElsewhere(sp, rp, n, w, x) }
    guard !r.pointee.isControl, core.openCodePage(number) else { return unusual(sp, rp, n, w, x) }
    let detour = s.pointee.detour
    detour[0] = r.pointee
    s.pointee.detourFrom = r
    jump(s, detour, n, w, x)
}

/// A write to another page missed: fills the TLB and tries again, or goes the plain way where the fast path cannot do it.
@inline(never)
func missedWriteElsewhere(
    _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let s = state(sp)
    guard _fastPath(Core(s).refill(s.pointee.missed, write: true)) else { return unusual(sp, rp, n, w, x) }
    jump(s, record(rp), n, w, x)
}

/// The second record of the detour: closes the page and goes on, unless decoded code was changed.
@inline(never)
func closeCodePage(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    let r = s.pointee.detourFrom.unsafelyUnwrapped
    let entry = tlbEntry(s, s.pointee.missed)
    entry.pointee.writeTag = 0
    // SAFETY: `openCodePage` has looked that the four bytes lie in the page.
    let changed = hostAddress(entry, s.pointee.missed).loadUnaligned(as: UInt32.self) ^ s.pointee.detourOld
    guard changed != 0, Core(s).holdsCode(s.pointee.detourPhysical, changed) else { return jump(s, r + 1, n, w, x) }
    s.pointee.detourOld = changed
    changedCode(sp, rp, n, w, x)
}

/// Sees to decoded code in which the bits `detourOld` were turned, and goes on.
@inline(never)
func changedCode(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    let r = s.pointee.detourFrom.unsafelyUnwrapped
    guard Core(s).codeWritten(s.pointee.detourPhysical, s.pointee.detourOld) else { return jump(s, r + 1, n, w, x) }
    // Decoded code was dropped, perhaps the records that come next.
    let left = n &- Int(r[1].index)
    s.pointee.eip = s.pointee.eip &+ UInt32(r[1].offset)
    dispatch(s, left, w, x)
}

extension Core {
    /// The number of the page with decoded code that `linear` leads to, where nothing else than that code stands against
    /// a write by the fast path; else 0.
    @inline(__always)
    func codePage(_ linear: UInt32) -> UInt16 {
        let index = Int((linear >> 12) & UInt32(TLBSize.data - 1))
        let tag = (linear & 0xFFFF_F000) | s.pointee.generation
        let info = s.pointee.tlbInfo[index]
        guard s.pointee.tlb[index].readTag == tag, info.tag == tag, info.physical & TLBInfo.writable != 0 else {
            return 0
        }
        return codePage(physical: info.physical)
    }

    @inline(__always)
    func codePage(physical: UInt32) -> UInt16 {
        let frame = Int(physical >> 12)
        return s.pointee.memory._withUnsafeGuaranteedRef { frame < $0.codePageCount ? $0.codePages[frame] : 0 }
    }

    /// Lets one store at `missed` into the page `number` go the fast way, if it does not cross the page's end.
    @inline(__always)
    func openCodePage(_ number: UInt16) -> Bool {
        let linear = s.pointee.missed
        let isWritable = s.pointee.traces._withUnsafeGuaranteedRef { $0.isWritable(page: number) }
        guard isWritable, linear & 0xFFF <= 0xFFC, !s.pointee.singly else { return false }
        let index = Int((linear >> 12) & UInt32(TLBSize.data - 1))
        if s.pointee.checksAccesses, deniedAccess(s.pointee.tlbInfo[index]).contains(.write) { return false }
        let entry = s.pointee.tlb + index
        entry.pointee.writeTag = entry.pointee.readTag
        // SAFETY: the read tag is good, and the four bytes lie in the page.
        s.pointee.detourOld = hostAddress(entry, linear).loadUnaligned(as: UInt32.self)
        s.pointee.detourPhysical = (s.pointee.tlbInfo[index].physical & 0xFFFF_F000) | (linear & 0xFFF)
        return true
    }

    /// Whether code was decoded from the bytes in which a bit is set in `changed`: of up to eight at `physical`, which lie
    /// on one page with code.
    @inline(__always)
    func holdsCode<W: Word>(_ physical: UInt32, _ changed: W) -> Bool {
        let (first, count) = bytes(changed)
        let number = codePage(physical: physical)
        return s.pointee.traces._withUnsafeGuaranteedRef {
            $0.holdsCode(page: number, physical &+ UInt32(truncatingIfNeeded: first), count: count)
        }
    }

    /// Sees to decoded code there. True where the trace that runs may be gone.
    @inline(__always)
    func codeWritten<W: Word>(_ physical: UInt32, _ changed: W) -> Bool {
        let (first, count) = bytes(changed)
        return dropCode(physical &+ UInt32(truncatingIfNeeded: first), count: count)
    }

    /// The first byte that is not zero, and how many from there to the last.
    @inline(__always)
    private func bytes<W: Word>(_ changed: W) -> (first: Int, count: Int) {
        let first = changed.trailingZeroBitCount >> 3
        return (first, (W.bitWidth &- changed.leadingZeroBitCount &+ 7) >> 3 &- first)
    }

    /// Patches or drops decoded code that was overwritten. True where some was dropped.
    @inline(never)
    func dropCode(_ physical: UInt32, count: Int) -> Bool {
        s.pointee.traces._withUnsafeGuaranteedRef { $0.codeWritten(self, physical, count: count) }
    }

    /// Writes to RAM at a place on one page, for a plain instruction.
    // SAFETY: the caller has looked that `place` is that of `physical`, in a page of RAM that holds all of the value.
    @inline(__always)
    func writeRAM<W: Word>(_ physical: UInt32, _ place: UnsafeMutableRawPointer, _ value: W) {
        guard codePage(physical: physical) != 0 else { return place.storeBytes(of: value, as: W.self) }
        let changed = place.loadUnaligned(as: W.self) ^ value
        place.storeBytes(of: value, as: W.self)
        if changed != 0, holdsCode(physical, changed), codeWritten(physical, changed) { s.pointee.leaveTrace = true }
    }
}
