// The hot handlers of PUSHF, POPF, CLI and STI.

/// PUSHF. `displacement` has the bits that always read as ones.
@inline(__always)
func pushFlags<W: Word, K: StackForm>(
    _: W.Type, _: K.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let top = K.at(s, 0 &- size)
    guard _fastPath(!s.pointee.isVirtual8086), _fastPath(K.allows(s, top.offset, size)) else {
        return unusual(sp, rp, n, w, x)
    }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, top.linear, size)) else {
        s.pointee.missed = top.linear
        return missedWrite(sp, rp, n, w, x)
    }
    // RF and VM are clear in traces and outside of virtual-8086 mode.
    let flags = s.pointee.systemFlags | Flags.pack(w, x) | r.pointee.displacement
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    hostAddress(entry, top.linear).storeBytes(of: W(truncatingIfNeeded: flags), as: W.self)
    K.set(s, top.offset)
    next(s, r, n, w, x)
}

/// POPF. `immediate` has the system flags that may change at level 0 in real mode, `displacement` those in protected
/// mode.
@inline(__always)
func popFlags<W: Word, K: StackForm>(
    _: W.Type, _: K.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let top = K.at(s, 0)
    guard _fastPath(!s.pointee.isVirtual8086), _fastPath(K.allows(s, top.offset, size)) else {
        return unusual(sp, rp, n, w, x)
    }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, top.linear, size)) else {
        s.pointee.missed = top.linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let image = UInt32(truncatingIfNeeded: hostAddress(entry, top.linear).loadUnaligned(as: W.self))
    let before = s.pointee.systemFlags
    var may = s.pointee.isProtected ? r.pointee.displacement : r.pointee.immediate
    if s.pointee.cpl != 0 {
        may &= UInt32(s.pointee.cpl) <= (before >> 12) & 3 ? ~Flags.iopl : ~(Flags.iopl | Flags.interrupt)
    }
    let changed = (image ^ before) & may
    // What else hangs on TF and AC is worked out in the plain form.
    guard _fastPath(changed & (Flags.trap | Flags.alignmentCheck) == 0) else { return unusual(sp, rp, n, w, x) }
    K.set(s, K.at(s, size).offset)
    s.pointee.systemFlags = before ^ changed
    let (wide, mixed) = Flags.unpack(image)
    guard _fastPath(changed & image & Flags.interrupt == 0 || !Core(s).interruptWaits) else {
        s.pointee.needsLook = true
        return leaveAfter(sp, rp, n, wide, mixed)
    }
    next(s, r, n, wide, mixed)
}

/// Whether CLI and STI may change IF.
@inline(__always)
private func mayChangeInterrupts(_ s: StatePointer) -> Bool {
    UInt32(s.pointee.cpl) <= (s.pointee.systemFlags >> 12) & 3
}

/// CLI
@inline(__always)
func clearInterrupts(
    _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    guard _fastPath(mayChangeInterrupts(s)) else { return unusual(sp, rp, n, w, x) }
    s.pointee.systemFlags &= ~Flags.interrupt
    next(s, r, n, w, x)
}

/// STI: where IF was clear, interrupts come after the next instruction at the earliest.
@inline(__always)
func setInterrupts(
    _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    guard _fastPath(mayChangeInterrupts(s)) else { return unusual(sp, rp, n, w, x) }
    guard s.pointee.systemFlags & Flags.interrupt == 0 else { return next(s, r, n, w, x) }
    s.pointee.systemFlags |= Flags.interrupt
    shadow(s, r, n, stackLoad: false)
    guard _fastPath(!Core(s).interruptWaits) else {
        s.pointee.needsLook = true
        return leaveAfter(sp, rp, n, w, x)
    }
    next(s, r, n, w, x)
}

/// Blocks interrupts until the instruction after that of `r` is done; see `Core.shadow`.
@inline(__always)
func shadow(_ s: StatePointer, _ r: RecordPointer, _ n: Int, stackLoad: Bool) {
    let left = n &- Int(r.pointee.index)
    s.pointee.shadowTime = s.pointee.sliceEnd &- UInt64(bitPattern: Int64(left)) &+ 1
    s.pointee.shadowIsStackLoad = stackLoad
}
