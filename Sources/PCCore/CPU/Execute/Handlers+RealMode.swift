// The hot handlers of what real mode does with segment registers: INT, IRET, far transfers and loads, with 16-bit
// operands and a 16-bit stack. Each looks first whether the frequent case is there; else the plain form does it all.
//
// Where a handler needs two places in memory, a miss at the first goes the plain way: if both fill the TLB and try again,
// they might displace each other for ever.

/// Whether the CPU is in real mode, which the trace key does not tell.
@inline(__always)
private func isReal(_ s: StatePointer) -> Bool { s.pointee.cr0 & Core.CR0.protection == 0 }

/// Whether a load of real mode changes nothing here but selector and base: not where protected mode left another limit.
@inline(__always)
private func isOrdinary(_ segment: UnsafeMutablePointer<Segment>) -> Bool {
    segment.pointee.limit == 0xFFFF && segment.pointee.access == Segment.Access.realModeData
}

/// Whether far transfers of real mode may take the short way: as above, and code is 16-bit. No offset is beyond the
/// limit then.
@inline(__always)
private func codeIsOrdinary(_ s: StatePointer) -> Bool {
    let cs = s.segment(SegmentNumber.cs)
    return isReal(s) && isOrdinary(cs) && !cs.pointee.isBig
}

/// Whether `size` bytes at `offset` of a 16-bit stack stand together: word by word they would go round at 64 KB, even
/// where unreal mode has a limit beyond.
@inline(__always)
func stackHolds(_ s: StatePointer, _ offset: UInt32, _ size: UInt32) -> Bool {
    offset &+ size <= 0x1_0000 && Stack16.allows(s, offset, size)
}

/// Where the record's far pointer stands, and whether it may be read in one: see `stackHolds`.
@inline(__always)
private func farPointer(_ s: StatePointer, _ r: RecordPointer) -> (linear: UInt32, allowed: Bool) {
    let (linear, allowed) = Segmented16.read(s, r, 4)
    return (linear, allowed && Segmented16.offset(s, r) <= 0xFFFC)
}

@inline(__always)
private func load(_ segment: UnsafeMutablePointer<Segment>, _ selector: UInt16) {
    segment.pointee.selector = selector
    segment.pointee.base = UInt32(selector) &<< 4
}

/// Goes on at a far address. Code key and limit stay as they are.
@inline(__always)
private func enter(
    _ s: StatePointer, _ selector: UInt16, _ offset: UInt16, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    load(s.segment(SegmentNumber.cs), selector)
    s.pointee.eip = UInt32(offset)
    dispatch(s, n, w, x)
}

// MARK: Interrupts

/// INT n. `displacement` has the flags that always read as ones.
@inline(__always)
func softwareInterrupt(
    _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let at = r.pointee.immediate &* 4
    let top = Stack16.at(s, 0 &- 6)
    // Without AC only IF changes: TF and RF are clear in traces.
    guard _fastPath(codeIsOrdinary(s)), _fastPath(stackHolds(s, top.offset, 6)),
        _fastPath(at &+ 3 <= s.pointee.idtLimit), _fastPath(s.pointee.systemFlags & Flags.alignmentCheck == 0),
        _fastPath(!s.pointee.catchesExceptions)
    else { return unusual(sp, rp, n, w, x) }
    let linear = s.pointee.idtBase &+ at
    let table = tlbEntry(s, linear)
    guard _fastPath(table.pointee.readTag == tlbTag(s, linear, 4)) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, top.linear, 6)) else {
        s.pointee.missed = top.linear
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tags stand for pages of host memory that hold all of each access.
    let target = hostAddress(table, linear).loadUnaligned(as: UInt32.self)
    let stack = hostAddress(entry, top.linear)
    let back = s.pointee.eip &+ UInt32(r[1].offset)
    let flags = s.pointee.systemFlags | Flags.pack(w, x) | r.pointee.displacement
    stack.storeBytes(of: UInt16(truncatingIfNeeded: back), as: UInt16.self)
    stack.storeBytes(of: s.segment(SegmentNumber.cs).pointee.selector, toByteOffset: 2, as: UInt16.self)
    stack.storeBytes(of: UInt16(truncatingIfNeeded: flags), toByteOffset: 4, as: UInt16.self)
    Stack16.set(s, top.offset)
    s.pointee.systemFlags &= ~Flags.interrupt
    let left = n &- Int(r.pointee.index) &- 1
    enter(s, UInt16(truncatingIfNeeded: target >> 16), UInt16(truncatingIfNeeded: target), left, w, x)
}

/// IRET. `immediate` has the system flags that may change.
@inline(__always)
func interruptReturn(
    _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let top = Stack16.at(s, 0)
    guard _fastPath(codeIsOrdinary(s)), _fastPath(stackHolds(s, top.offset, 6)), _fastPath(!s.pointee.nmiBlocked)
    else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, top.linear, 6)) else {
        s.pointee.missed = top.linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let stack = hostAddress(entry, top.linear)
    let offset = stack.loadUnaligned(as: UInt16.self)
    let selector = stack.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
    let image = UInt32(stack.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
    let before = s.pointee.systemFlags
    let changed = (image ^ before) & r.pointee.immediate
    guard _fastPath(changed & Flags.trap == 0) else { return unusual(sp, rp, n, w, x) }
    Stack16.set(s, top.offset &+ 6)
    s.pointee.systemFlags = before ^ changed
    let (wide, mixed) = Flags.unpack(image)
    let left = n &- Int(r.pointee.index) &- 1
    guard _fastPath(changed & image & Flags.interrupt == 0 || !Core(s).interruptWaits) else {
        load(s.segment(SegmentNumber.cs), selector)
        s.pointee.eip = UInt32(offset)
        s.pointee.needsLook = true
        return leave(s, left, wide, mixed)
    }
    enter(s, selector, offset, left, wide, mixed)
}

// MARK: Far transfers

/// Where a far pointer comes from.
protocol FarOperand {
    /// Where it stands in memory; nil where it is in the record.
    static func place(_ s: StatePointer, _ r: RecordPointer) -> (linear: UInt32, allowed: Bool)?
}

/// `immediate` is the offset, `displacement` the selector.
enum DirectPointer: FarOperand {
    @inline(__always)
    static func place(_ s: StatePointer, _ r: RecordPointer) -> (linear: UInt32, allowed: Bool)? { nil }
}

enum PointerInMemory: FarOperand {
    @inline(__always)
    static func place(_ s: StatePointer, _ r: RecordPointer) -> (linear: UInt32, allowed: Bool)? {
        farPointer(s, r)
    }
}

/// JMP far
@inline(__always)
func farJump<P: FarOperand>(
    _: P.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    guard _fastPath(codeIsOrdinary(s)) else { return unusual(sp, rp, n, w, x) }
    let left = n &- Int(r.pointee.index) &- 1
    guard let (linear, allowed) = P.place(s, r) else {
        return enter(
            s, UInt16(truncatingIfNeeded: r.pointee.displacement), UInt16(truncatingIfNeeded: r.pointee.immediate),
            left, w, x)
    }
    guard _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, 4)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let target = hostAddress(entry, linear).loadUnaligned(as: UInt32.self)
    enter(s, UInt16(truncatingIfNeeded: target >> 16), UInt16(truncatingIfNeeded: target), left, w, x)
}

/// CALL far
@inline(__always)
func farCall<P: FarOperand>(
    _: P.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let top = Stack16.at(s, 0 &- 4)
    guard _fastPath(codeIsOrdinary(s)), _fastPath(stackHolds(s, top.offset, 4)) else {
        return unusual(sp, rp, n, w, x)
    }
    var target = (r.pointee.immediate & 0xFFFF) | r.pointee.displacement &<< 16
    if let (linear, allowed) = P.place(s, r) {
        let entry = tlbEntry(s, linear)
        guard _fastPath(allowed), _fastPath(entry.pointee.readTag == tlbTag(s, linear, 4)) else {
            return unusual(sp, rp, n, w, x)
        }
        // SAFETY: the tag stands for a page of host memory that holds all of the access.
        target = hostAddress(entry, linear).loadUnaligned(as: UInt32.self)
    }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, top.linear, 4)) else {
        s.pointee.missed = top.linear
        return missedWrite(sp, rp, n, w, x)
    }
    let back = s.pointee.eip &+ UInt32(r[1].offset)
    // SAFETY: as above.
    let stack = hostAddress(entry, top.linear)
    stack.storeBytes(of: UInt16(truncatingIfNeeded: back), as: UInt16.self)
    stack.storeBytes(of: s.segment(SegmentNumber.cs).pointee.selector, toByteOffset: 2, as: UInt16.self)
    Stack16.set(s, top.offset)
    let left = n &- Int(r.pointee.index) &- 1
    enter(s, UInt16(truncatingIfNeeded: target >> 16), UInt16(truncatingIfNeeded: target), left, w, x)
}

/// RETF and RETF imm
@inline(__always)
func farReturn(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    let top = Stack16.at(s, 0)
    guard _fastPath(codeIsOrdinary(s)), _fastPath(stackHolds(s, top.offset, 4)) else {
        return unusual(sp, rp, n, w, x)
    }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, top.linear, 4)) else {
        s.pointee.missed = top.linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let target = hostAddress(entry, top.linear).loadUnaligned(as: UInt32.self)
    Stack16.set(s, top.offset &+ 4 &+ r.pointee.immediate)
    let left = n &- Int(r.pointee.index) &- 1
    enter(s, UInt16(truncatingIfNeeded: target >> 16), UInt16(truncatingIfNeeded: target), left, w, x)
}

// MARK: Segment registers

// `destination` is the segment register's number. `immediate` is 1 where the load holds interrupts back.

/// POP Sreg
@inline(__always)
func popSegment(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    let segment = s.segment(Int(r.pointee.destination))
    let top = Stack16.at(s, 0)
    guard _fastPath(isReal(s) && isOrdinary(segment)), _fastPath(Stack16.allows(s, top.offset, 2)) else {
        return unusual(sp, rp, n, w, x)
    }
    let entry = tlbEntry(s, top.linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, top.linear, 2)) else {
        s.pointee.missed = top.linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    load(segment, hostAddress(entry, top.linear).loadUnaligned(as: UInt16.self))
    Stack16.set(s, top.offset &+ 2)
    if r.pointee.immediate != 0 { shadow(s, r, n, stackLoad: true) }
    next(s, r, n, w, x)
}

/// MOV Sreg, r
@inline(__always)
func movSegmentReg(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    let segment = s.segment(Int(r.pointee.destination))
    guard _fastPath(isReal(s) && isOrdinary(segment)) else { return unusual(sp, rp, n, w, x) }
    load(segment, s.load(r.pointee.base, as: UInt16.self))
    if r.pointee.immediate != 0 { shadow(s, r, n, stackLoad: true) }
    next(s, r, n, w, x)
}

/// MOV Sreg, m
@inline(__always)
func movSegmentMem(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    let segment = s.segment(Int(r.pointee.destination))
    let (linear, allowed) = Segmented16.read(s, r, 2)
    guard _fastPath(isReal(s) && isOrdinary(segment)), _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, 2)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    load(segment, hostAddress(entry, linear).loadUnaligned(as: UInt16.self))
    if r.pointee.immediate != 0 { shadow(s, r, n, stackLoad: true) }
    next(s, r, n, w, x)
}

/// LES, LDS, LSS, LFS, LGS. The general register is number `immediate`.
@inline(__always)
func loadFarPointer(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    let segment = s.segment(Int(r.pointee.destination))
    let (linear, allowed) = farPointer(s, r)
    guard _fastPath(isReal(s) && isOrdinary(segment)), _fastPath(allowed) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, 4)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let pointer = hostAddress(entry, linear).loadUnaligned(as: UInt32.self)
    load(segment, UInt16(truncatingIfNeeded: pointer >> 16))
    s.store(UInt16(truncatingIfNeeded: pointer), UInt8(truncatingIfNeeded: r.pointee.immediate &* 4))
    next(s, r, n, w, x)
}
