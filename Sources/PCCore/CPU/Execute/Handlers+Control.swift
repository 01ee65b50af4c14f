// The hot handlers that move the stack or leave the trace.

/// PUSH r and PUSH imm
@inline(__always)
func pushValue<W: Word, K: StackForm, B: SecondOperand>(
    _: W.Type, _: K.Type, _: B.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let top = K.at(s, 0 &- size)
    guard _fastPath(K.allows(s, top.offset, size)) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, top.linear, size)) else {
        s.pointee.missed = top.linear
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    hostAddress(entry, top.linear).storeBytes(of: B.value(s, r, W.self), as: W.self)
    K.move(s, by: 0 &- size)
    next(s, r, n, w, x)
}

/// POP r
@inline(__always)
func popReg<W: Word, K: StackForm>(
    _: W.Type, _: K.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let top = K.at(s, 0)
    guard _fastPath(K.allows(s, top.offset, size)) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, top.linear, size)) else {
        s.pointee.missed = top.linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let value = hostAddress(entry, top.linear).loadUnaligned(as: W.self)
    K.set(s, K.at(s, size).offset)
    s.store(value, r.pointee.destination)
    next(s, r, n, w, x)
}

// MARK: Branches

/// How code is addressed.
protocol CodeForm {
    /// Whether a trace of `length` bytes may start at `eip`.
    static func allows(_ s: StatePointer, _ eip: UInt32, _ length: UInt32) -> Bool
    /// Whether `eip`, taken from a register or the stack, is within the limit of CS.
    static func accepts(_ s: StatePointer, _ eip: UInt32) -> Bool
}

/// 32-bit code in a flat segment.
enum FlatCode: CodeForm {
    @inline(__always) static func allows(_ s: StatePointer, _ eip: UInt32, _ length: UInt32) -> Bool { true }
    @inline(__always) static func accepts(_ s: StatePointer, _ eip: UInt32) -> Bool { true }
}

/// Any other code. Where EIP leaves 16 bits it is above the limit as well, and goes the plain way.
enum LimitedCode: CodeForm {
    @inline(__always) static func allows(_ s: StatePointer, _ eip: UInt32, _ length: UInt32) -> Bool {
        UInt64(eip) &+ UInt64(length) &- 1 <= UInt64(s.pointee.codeLimit)
    }
    @inline(__always) static func accepts(_ s: StatePointer, _ eip: UInt32) -> Bool { eip <= s.pointee.codeLimit }
}

/// Goes to the record's linked trace, `immediate` bytes from the start of this one and on the same page.
@inline(__always)
func follow<F: CodeForm>(_: F.Type, _ s: StatePointer, _ r: RecordPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let left = n &- Int(r.pointee.index) &- 1
    // SAFETY: a link leads to a trace of the arena, or to `nowhere`, which no budget is enough for.
    let trace = r.pointee.link.unsafelyUnwrapped.assumingMemoryBound(to: Trace.self)
    let eip = s.pointee.eip &+ r.pointee.immediate
    guard _fastPath(left >= Int(trace.pointee.count)), _fastPath(F.allows(s, eip, trace.pointee.length)) else {
        return unlinked(s, r, n, w, x)
    }
    s.pointee.eip = eip
    jump(s, trace.records, left, w, x)
}

/// A branch whose link does not lead on: finds or decodes the target and links it, or leaves the chain.
@inline(never)
func unlinked(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    let eip = s.pointee.eip &+ r.pointee.immediate
    guard eip <= s.pointee.codeLimit else { return unusual(sp, rp, n, w, x) }
    // The record may be gone after this.
    let left = n &- Int(r.pointee.index) &- 1
    guard Core(s).link(r, eip) else {
        // What is left of the slice is shorter than the trace, or the trace has no place: one by one.
        s.pointee.eip = eip
        return leave(s, left, w, x)
    }
    // SAFETY: `link` has just set it to a trace of the arena.
    let trace = r.pointee.link.unsafelyUnwrapped.assumingMemoryBound(to: Trace.self)
    s.pointee.eip = eip
    guard left >= Int(trace.pointee.count),
        UInt64(eip) &+ UInt64(trace.pointee.length) &- 1 <= UInt64(s.pointee.codeLimit)
    else { return leave(s, left, w, x) }
    jump(s, trace.records, left, w, x)
}

/// Goes to `immediate` bytes from the start of the trace, on another page.
@inline(__always)
func goFar<F: CodeForm>(_: F.Type, _ s: StatePointer, _ r: RecordPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let eip = s.pointee.eip &+ r.pointee.immediate
    guard _fastPath(F.accepts(s, eip)) else { return unusual(s, r, n, w, x) }
    s.pointee.eip = eip
    dispatch(s, n &- Int(r.pointee.index) &- 1, w, x)
}

/// Jcc within the page
@inline(__always)
func branch<C: Condition, F: CodeForm>(
    _: C.Type, _: F.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    guard C.holds(w, x) else { return next(s, r, n, w, x) }
    follow(F.self, s, r, n, w, x)
}

/// Jcc to another page
@inline(__always)
func branchFar<C: Condition>(
    _: C.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    guard C.holds(w, x) else { return next(s, r, n, w, x) }
    goFar(LimitedCode.self, s, r, n, w, x)
}

/// LOOP (by CX where `W` is UInt16) and JCXZ
@inline(__always)
func loopBranch<W: Word, F: CodeForm>(
    _: W.Type, _: F.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let count = s.load(4, as: W.self) &- 1
    guard F.accepts(s, s.pointee.eip &+ r.pointee.immediate) else { return unusual(sp, rp, n, w, x) }
    s.store(count, 4)
    guard count != 0 else { return next(s, r, n, w, x) }
    follow(F.self, s, r, n, w, x)
}

@inline(__always)
func branchIfZeroCount<W: Word, F: CodeForm>(
    _: W.Type, _: F.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    guard s.load(4, as: W.self) == 0 else { return next(s, r, n, w, x) }
    follow(F.self, s, r, n, w, x)
}

/// JMP rel within the page
@inline(__always)
func jumpNear<F: CodeForm>(
    _: F.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    follow(F.self, state(sp), record(rp), n, w, x)
}

/// JMP rel to another page
@inline(__always)
func jumpFar(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    goFar(LimitedCode.self, state(sp), record(rp), n, w, x)
}

/// CALL rel within the page. The next record has the offset of the return address.
@inline(__always)
func callNear<W: Word, K: StackForm, F: CodeForm>(
    _: W.Type, _: K.Type, _: F.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let top = K.at(s, 0 &- size)
    guard _fastPath(K.allows(s, top.offset, size)), _fastPath(F.accepts(s, s.pointee.eip &+ r.pointee.immediate)) else {
        return unusual(sp, rp, n, w, x)
    }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, top.linear, size)) else {
        s.pointee.missed = top.linear
        return missedWrite(sp, rp, n, w, x)
    }
    let back = s.pointee.eip &+ UInt32(r[1].offset)
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    hostAddress(entry, top.linear).storeBytes(of: W(truncatingIfNeeded: back), as: W.self)
    K.move(s, by: 0 &- size)
    follow(F.self, s, r, n, w, x)
}

/// CALL rel to another page
@inline(__always)
func callFar<W: Word, K: StackForm>(
    _: W.Type, _: K.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let top = K.at(s, 0 &- size)
    let target = s.pointee.eip &+ r.pointee.immediate
    guard _fastPath(K.allows(s, top.offset, size)), _fastPath(LimitedCode.accepts(s, target)) else {
        return unusual(sp, rp, n, w, x)
    }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, top.linear, size)) else {
        s.pointee.missed = top.linear
        return missedWrite(sp, rp, n, w, x)
    }
    let back = s.pointee.eip &+ UInt32(r[1].offset)
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    hostAddress(entry, top.linear).storeBytes(of: W(truncatingIfNeeded: back), as: W.self)
    K.move(s, by: 0 &- size)
    s.pointee.eip = target
    dispatch(s, n &- Int(r.pointee.index) &- 1, w, x)
}

/// RET and RET imm
@inline(__always)
func returnNear<W: Word, K: StackForm>(
    _: W.Type, _: K.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let size = UInt32(W.bitWidth / 8)
    let top = K.at(s, 0)
    guard _fastPath(K.allows(s, top.offset, size)) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, top.linear, size)) else {
        s.pointee.missed = top.linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let target = UInt32(truncatingIfNeeded: hostAddress(entry, top.linear).loadUnaligned(as: W.self))
    guard _fastPath(LimitedCode.accepts(s, target)) else { return unusual(sp, rp, n, w, x) }
    K.set(s, K.at(s, size &+ r.pointee.immediate).offset)
    s.pointee.eip = target
    dispatch(s, n &- Int(r.pointee.index) &- 1, w, x)
}

/// JMP r
@inline(__always)
func jumpReg<W: Word>(
    _: W.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let target = UInt32(truncatingIfNeeded: s.load(r.pointee.base, as: W.self))
    guard _fastPath(LimitedCode.accepts(s, target)) else { return unusual(sp, rp, n, w, x) }
    s.pointee.eip = target
    dispatch(s, n &- Int(r.pointee.index) &- 1, w, x)
}

/// JMP m
@inline(__always)
func jumpMem<W: Word, A: Addressing>(
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
    let target = UInt32(truncatingIfNeeded: hostAddress(entry, linear).loadUnaligned(as: W.self))
    guard _fastPath(LimitedCode.accepts(s, target)) else { return unusual(sp, rp, n, w, x) }
    s.pointee.eip = target
    dispatch(s, n &- Int(r.pointee.index) &- 1, w, x)
}

/// The end of a trace that runs on: the next page, or the next trace. It is no instruction.
@inline(__always)
func runOn(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    s.pointee.eip = s.pointee.eip &+ UInt32(r.pointee.offset)
    dispatch(s, n &- Int(r.pointee.index), w, x)
}
