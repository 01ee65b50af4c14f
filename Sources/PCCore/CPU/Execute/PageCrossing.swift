/// Instructions that cross the end of a page. Each is a trace of its own, which holds the bytes on the first page; those on
/// the second stand behind its records and are compared every time, since nobody watches writes to them.
///
/// In the record `displacement` is the second page's physical address and `immediate` how many bytes lie there.

/// Runs such an instruction in its plain form.
@inline(__always)
func acrossPages(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    s.pointee.wide = w
    s.pointee.mixed = x
    s.pointee.remaining = n
    let eip = s.pointee.eip
    // A walk of the page tables that is watched belongs to this instruction.
    s.pointee.instructionEIP = eip
    guard _fastPath(Core(s).isUnchanged(r, eip)) else {
        // The run loop decodes it anew, or raises what there is to raise.
        return leave(s, n, w, x)
    }
    // SAFETY: the builder has put the instruction there.
    let instruction = UnsafeRawPointer(r + 1).assumingMemoryBound(to: Instruction.self)
    let (isGood, left) = runPlain(AnyOpcode.self, Core(s), instruction, eip, n)
    if !isGood {
        if s.pointee.needsLook { return leave(s, left, s.pointee.wide, s.pointee.mixed) }
        s.pointee.leaveTrace = false
    }
    dispatch(s, isGood ? left &- 1 : left, s.pointee.wide, s.pointee.mixed)
}

extension Core {
    /// Whether the record's instruction is what a fetch at `eip` would find. Where not, its trace is dropped.
    @inline(never)
    func isUnchanged(_ r: RecordPointer, _ eip: UInt32) -> Bool {
        let count = Int(r.pointee.immediate)
        let linear = s.segment(SegmentNumber.cs).pointee.base &+ eip
        let second = (linear & 0xFFFF_F000) &+ 0x1000
        let last = UInt64(second &- linear) + UInt64(eip) + UInt64(count) - 1
        if last <= UInt64(s.pointee.codeLimit), let physical = try? translateCode(second),
            physical == r.pointee.displacement, let host = physicalCode(physical)
        {
            // SAFETY: `count` is at most 14, and as many bytes were put behind the instruction.
            let known = UnsafeRawPointer(r + 2 + Instruction.records).assumingMemoryBound(to: UInt8.self)
            if (0..<count).allSatisfy({ host[$0] == known[$0] }) { return true }
        }
        let first = s.pointee.traces._withUnsafeGuaranteedRef { $0.first(of: r) }
        _ = dropCode(first, count: 1)
        return false
    }

    /// Code at `physical`; nil where none can stand.
    func physicalCode(_ physical: UInt32) -> UnsafePointer<UInt8>? {
        let host = s.pointee.memory._withUnsafeGuaranteedRef {
            Int(physical >> 12) < $0.codePageCount ? $0.page(physical).host : nil
        }
        // SAFETY: the host memory of a page has 1000h bytes.
        return host.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) + Int(physical & 0xFFF) }
    }
}

extension TraceCache {
    /// The physical address of the trace that begins with `record`.
    func first(of record: RecordPointer) -> UInt32 {
        // SAFETY: a trace's head stands before its first record.
        (UnsafeMutableRawPointer(record) - 32).assumingMemoryBound(to: Trace.self).pointee.home
    }
}

extension TraceBuilder {
    /// Writes the trace of an instruction of which `room` bytes, all that are left of its page, stand at `start`, and that
    /// CS:`eip` leads to. False where it does not cross into the next page, or that cannot be fetched.
    mutating func crossPage(_ start: UnsafePointer<UInt8>, room: Int, eip: UInt32) -> Bool {
        let linear = core.s.segment(SegmentNumber.cs).pointee.base &+ eip
        let left = UInt64(core.s.pointee.codeLimit) + 1 - UInt64(eip)
        // As in `CPU.findTrace`.
        if core.s.pointee.watchesMemory, !core.knowsCode(linear &+ UInt32(room)) { return false }
        guard room < 15, UInt64(room) < left, let physical = try? core.translateCode(linear &+ UInt32(room)),
            let second = core.physicalCode(physical)
        else { return false }
        let count = Int(min(15, left))
        // SAFETY: the bytes that the closure fills are those that it counts.
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            // SAFETY: `start` has `room` bytes, and `second` is the start of a page.
            for i in 0..<count { buffer[i] = i < room ? start[i] : second[i - room] }
            filled = count
        }
        // SAFETY: the bytes are not kept.
        let decoded = bytes.withUnsafeBytes { decode($0) }
        guard let instruction = decoded, Int(instruction.length) > room else { return false }
        let there = Int(instruction.length) - room
        emit(HandlerTable.firstString + StringGroup.acrossPages) {
            $0.scaleAndSegment = Record.plain
            ($0.immediate, $0.displacement) = (UInt32(there), physical)
        }
        // SAFETY: `allocate` made room for many more records.
        UnsafeMutableRawPointer(record).assumingMemoryBound(to: Instruction.self).initialize(to: instruction)
        record += Instruction.records
        UnsafeMutableRawPointer(record + 1).copyMemory(from: second, byteCount: there)
        hasTail = true
        offset = UInt32(room)
        index = 1
        return true
    }
}
