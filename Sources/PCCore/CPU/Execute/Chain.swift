/// How handlers follow one another, and how they leave the chain.

// SAFETY: handlers are called with the state and a record of the arena, and nothing else.
@inline(__always)
func state(_ raw: UnsafeMutableRawPointer) -> StatePointer { raw.assumingMemoryBound(to: CPUState.self) }

@inline(__always)
func record(_ raw: UnsafeMutableRawPointer) -> RecordPointer { raw.assumingMemoryBound(to: Record.self) }

/// Goes on with the next record.
@inline(__always)
func next(_ s: StatePointer, _ r: RecordPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    jump(s, r + 1, n, w, x)
}

/// Goes on at `r`: by a call in tail position, or under the trait PlainLoop by returning to the loop in `CPU.run`
/// with everything that the registers held.
@inline(__always)
func jump(_ s: StatePointer, _ r: RecordPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    #if PlainLoop
        s.pointee.resume = r
        s.pointee.remaining = n
        s.pointee.wide = w
        s.pointee.mixed = x
    #else
        r.pointee.handler(s, r, n, w, x)
    #endif
}

/// Leaves the chain with EIP at the next instruction.
@inline(__always)
func leave(_ s: StatePointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    #if PlainLoop
        s.pointee.resume = nil
    #endif
    s.pointee.remaining = n
    s.pointee.wide = w
    s.pointee.mixed = x
}

/// Goes on at CS:EIP, in the trace that stands there; where none is known, or the budget is shorter, to the run loop.
@inline(__always)
func dispatch(_ s: StatePointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let eip = s.pointee.eip
    let linear = s.segment(SegmentNumber.cs).pointee.base &+ eip
    let entry = s.pointee.codeTLB + Int((linear >> 12) & UInt32(TLBSize.code - 1))
    let key = s.pointee.codeKey
    let physical = entry.pointee.physical | (linear & 0xFFF)
    // SAFETY: the table has `tableSize` entries, none of them nil.
    let trace = s.pointee.traceTable[TraceCache.slot(physical, key)].unsafelyUnwrapped
    guard _fastPath(entry.pointee.tag == (linear & 0xFFFF_F000) | s.pointee.generation),
        _fastPath(trace.pointee.physical == physical), _fastPath(trace.pointee.key == key),
        _fastPath(n >= Int(trace.pointee.count)),
        _fastPath(UInt64(eip) &+ UInt64(trace.pointee.length) &- 1 <= UInt64(s.pointee.codeLimit))
    else { return leave(s, n, w, x) }
    jump(s, trace.records, n, w, x)
}

/// The first record of a trace that was dropped: look again.
@inline(never)
func staleTrace(
    _ s: UnsafeMutableRawPointer, _ r: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    leave(state(s), n, w, x)
}

// MARK: Plain instructions in a trace

/// The plain form of one instruction, or of all of them.
protocol PlainOperation {
    static func run(_ core: Core, _ i: Instruction) throws(Fault)
}

/// Any instruction, by the opcode map.
enum AnyOpcode: PlainOperation {
    @inline(__always) static func run(_ core: Core, _ i: Instruction) throws(Fault) { try core.execute(i) }
}

/// Runs an instruction in its plain form; it stands decoded in the place of the next record. Where the operation is
/// known, the way through the opcode map is saved.
@inline(__always)
func plain<O: PlainOperation>(
    _: O.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let s = state(sp)
    let r = record(rp)
    // SAFETY: the builder has put the instruction behind the record.
    let instruction = UnsafeRawPointer(r + 1).assumingMemoryBound(to: Instruction.self)
    let start = s.pointee.eip
    s.pointee.wide = w
    s.pointee.mixed = x
    s.pointee.remaining = n &- Int(r.pointee.index)
    let (isGood, left) = runPlain(
        O.self, Core(s), instruction, start &+ UInt32(r.pointee.offset), n &- Int(r.pointee.index))
    guard _fastPath(isGood) else {
        if s.pointee.needsLook { return leave(s, left, s.pointee.wide, s.pointee.mixed) }
        s.pointee.leaveTrace = false
        return dispatch(s, left, s.pointee.wide, s.pointee.mixed)
    }
    s.pointee.eip = start
    jump(s, r + 1 + Instruction.records, n, s.pointee.wide, s.pointee.mixed)
}

/// Executes one instruction. True where the trace goes on as if nothing had happened; else EIP is where to go on, and
/// the second value what is left of the budget.
@inline(never)
func runPlain<O: PlainOperation>(
    _: O.Type, _ core: Core, _ i: UnsafePointer<Instruction>, _ eip: UInt32, _ remaining: Int
) -> (Bool, Int) {
    let s = core.s
    var after = eip &+ UInt32(i.pointee.length)
    // The 8086 and 186 go round at FFFFh; later chips run into the limit.
    if s.pointee.model <= .i80186 { after &= 0xFFFF }
    s.pointee.instructionEIP = eip
    s.pointee.eip = after
    s.pointee.extraIterations = 0
    do {
        try O.run(core, i.pointee)
    } catch {
        core.deliver(error)
        return (false, remaining &- 1 &- s.pointee.extraIterations)
    }
    let extra = s.pointee.extraIterations
    if _fastPath(s.pointee.eip == after && extra == 0 && !s.pointee.leaveTrace) { return (true, remaining) }
    return (false, remaining &- 1 &- extra)
}

/// Runs the instruction of a hot record in its plain form: for whatever its fast path does not do.
@inline(never)
func unusual(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    let r = record(rp)
    let start = s.pointee.eip
    s.pointee.wide = w
    s.pointee.mixed = x
    s.pointee.remaining = n &- Int(r.pointee.index)
    let (isGood, left) = runAgain(Core(s), start &+ UInt32(r.pointee.offset), n &- Int(r.pointee.index))
    guard isGood else {
        if s.pointee.needsLook { return leave(s, left, s.pointee.wide, s.pointee.mixed) }
        s.pointee.leaveTrace = false
        return dispatch(s, left, s.pointee.wide, s.pointee.mixed)
    }
    s.pointee.eip = start
    jump(s, r + 1, n, s.pointee.wide, s.pointee.mixed)
}

/// Decodes the instruction at `eip` once more and executes it.
@inline(never)
private func runAgain(_ core: Core, _ eip: UInt32, _ remaining: Int) -> (Bool, Int) {
    let s = core.s
    let code32 = s.pointee.codeKey & TraceKey.code32 != 0
    s.pointee.instructionEIP = eip
    do {
        let bytes = core.codeBytes(eip)
        let rest = CheckedSource(core, eip: eip &+ UInt32(truncatingIfNeeded: bytes.count))
        var decoder = Decoder(
            rest, model: s.pointee.model, code32: code32,
            forms: s.pointee.traces._withUnsafeGuaranteedRef { $0.forms }, bytes: bytes)
        var instruction = try decoder.decode()
        // Of a comparison and its fused branch only the first runs here; the branch has a record of its own.
        // SAFETY: the pointer is not kept.
        return withUnsafePointer(to: &instruction) { runPlain(AnyOpcode.self, core, $0, eip, remaining) }
    } catch {
        s.pointee.extraIterations = 0
        core.deliver(error)
        return (false, remaining &- 1)
    }
}

// MARK: TLB misses of hot records

/// A read missed: fills the TLB and tries again, or goes the plain way where the fast path cannot do it.
@inline(never)
func missedRead(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    guard _fastPath(Core(s).refill(s.pointee.missed, write: false)) else { return unusual(sp, rp, n, w, x) }
    jump(s, record(rp), n, w, x)
}

extension Core {
    /// Makes the fast path of an access to `linear` work. False where it cannot: a fault, a device, decoded code, or
    /// an access that crosses into the next page (the entry was good and it missed all the same).
    @inline(never)
    func refill(_ linear: UInt32, write: Bool) -> Bool {
        let index = Int((linear >> 12) & UInt32(TLBSize.data - 1))
        let entry = s.pointee.tlb + index
        let info = s.pointee.tlbInfo + index
        let tag = (linear & 0xFFFF_F000) | s.pointee.generation
        if (write ? entry.pointee.writeTag : entry.pointee.readTag) == tag || s.pointee.singly { return false }
        let isKnown = info.pointee.tag == tag && (!write || info.pointee.physical & TLBInfo.writable != 0)
        if !isKnown, let found = quickWalk(linear, write: write) {
            info.pointee = found
            fill(entry, found)
            return (write ? entry.pointee.writeTag : entry.pointee.readTag) == tag
        }
        // A walk that writes to watched page tables belongs to the instruction's plain form.
        if s.pointee.watchesMemory { return false }
        guard (try? translate(linear, write: write, user: s.pointee.cpl == 3)) != nil else { return false }
        return (write ? entry.pointee.writeTag : entry.pointee.readTag) == tag
    }

    /// Delivers what an instruction raised: EIP goes back to its start, except where the exception is a trap.
    func deliver(_ fault: Fault) {
        // The 8086 and 186 push the address after a division that overflows.
        let isOldDivide = fault.vector == Fault.Vector.divideError && s.pointee.model <= .i80186
        if !fault.isTrap && !isOldDivide { s.pointee.eip = s.pointee.instructionEIP }
        if s.pointee.catchesExceptions {
            if fault.vector == Fault.Vector.pageFault { s.pointee.cr2 = fault.linear }
            s.pointee.caught = CaughtEvent(fault)
            look()
            return
        }
        raise(fault)
    }
}
