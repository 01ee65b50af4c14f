/// Decoded code of one CPU: an arena of traces, found by physical address and mode.
///
/// Traces are never freed one by one. A write to code patches the instructions that it touches where they stand, or
/// makes their traces stale: a branch to one looks again, and where the same code is decoded anew it takes the old
/// place, so that what led there does again. When the arena is full, all of it is forgotten.
final class TraceCache {
    static let tableSize = 1 << 15
    /// Records in the arena, 32 bytes each.
    static let capacity = 1 << 17
    /// The most instructions in a trace.
    static let longest = 64
    /// The most records of a trace, with the one that ends it.
    static let mostRecords = (1 + Instruction.records) * longest + 1

    /// The most instructions in the next trace; tests lower it to hold hot handlers to one instruction.
    var limit = TraceCache.longest

    /// Traces by a hash of physical address and key; one that is displaced is still reached by links.
    let table: UnsafeMutablePointer<TracePointer?>
    /// Tables that the builder reads: here, because to ask for a static one takes a call each time.
    let handlers: UnsafePointer<Handler>
    let forms: UnsafePointer<UInt8>
    /// Where patches are decoded.
    let scratch: TracePointer
    private let arena: UnsafeMutableRawPointer
    private(set) var used = 0
    private let pages: CodePages
    private unowned let memory: PhysicalMemory
    private let codePages: UnsafeMutablePointer<UInt16>
    private let pageWriters: UnsafeMutablePointer<UInt16>
    private let tlbs: TLBs
    /// Grows with each trace that was dropped, and with each that was patched instead.
    private(set) var drops: UInt64 = 0
    private(set) var patches: UInt64 = 0

    /// A trace that no address has and no budget allows: what stands in the table, and in links, where there is none.
    let nowhere: TracePointer
    private let stale: Handler
    /// Grows each time that records are written over: pointers to records from before may be void.
    private(set) var epoch: UInt64 = 0

    init(memory: PhysicalMemory, tlbs: TLBs) {
        self.memory = memory
        codePages = memory.codePages
        pageWriters = memory.pageWriters
        self.tlbs = tlbs
        handlers = HandlerTable.shared
        forms = OpcodeTable.shared
        pages = CodePages()
        stale = { staleTrace($0, $1, $2, $3, $4) }
        arena = .allocate(byteCount: Self.capacity * 32, alignment: 64)
        scratch = Self.allocate(records: 2 * (1 + Instruction.records))
        nowhere = Self.allocate(records: 1)
        nowhere.initialize(
            to: Trace(next: nil, physical: Trace.stale, key: .max, count: .max, length: 1, home: Trace.stale, room: 0))
        nowhere.records.initialize(to: Record(handler: stale))
        table = .allocate(capacity: Self.tableSize)
        table.initialize(repeating: nowhere, count: Self.tableSize)
    }

    deinit {
        table.deallocate()
        arena.deallocate()
        pages.deallocate()
        scratch.deallocate()
        nowhere.deallocate()
    }

    private static func allocate(records: Int) -> TracePointer {
        // SAFETY: as many bytes as a head and the records need.
        UnsafeMutableRawPointer.allocate(byteCount: 32 * (records + 1), alignment: 64)
            .assumingMemoryBound(to: Trace.self)
    }

    @inline(__always)
    static func slot(_ physical: UInt32, _ key: UInt32) -> Int {
        Int((physical ^ (physical >> 12) ^ (key &<< 9)) & UInt32(tableSize - 1))
    }

    /// Room for the longest trace; forgets everything where the arena is full.
    func allocate() -> TracePointer {
        if used + Self.mostRecords + 1 > Self.capacity || !pages.hasRoom { forgetAll() }
        // SAFETY: `capacity` leaves room for the longest trace.
        return (arena + used * 32).assumingMemoryBound(to: Trace.self)
    }

    /// Takes in a trace that was written where `allocate` said: it can now be found. Gives the place where it is.
    func insert(_ new: TracePointer, records: Int) -> TracePointer {
        let (physical, key) = (new.pointee.physical, new.pointee.key)
        let slot = table + Self.slot(physical, key)
        // SAFETY: the table has no nil.
        var trace = slot.pointee.unsafelyUnwrapped
        if trace.pointee.home == physical, trace.pointee.key == key, trace.pointee.physical == Trace.stale,
            records <= Int(trace.pointee.room)
        {
            let (room, isRewritten) = (trace.pointee.room, trace.pointee.isRewritten)
            // SAFETY: `room` says that they fit.
            UnsafeMutableRawPointer(trace).copyMemory(from: new, byteCount: 32 * (records + 1))
            (trace.pointee.room, trace.pointee.isRewritten) = (room, isRewritten)
            epoch &+= 1
        } else {
            trace = new
            trace.pointee.room = UInt16(truncatingIfNeeded: records)
            used += records + 1
            slot.pointee = trace
        }
        let frame = physical >> 12
        let isKnown = codePages[Int(frame)]
        pages.insert(trace, isKnown != 0 ? Int(isKnown) : takeIn(frame))
        return trace
    }

    private func takeIn(_ frame: UInt32) -> Int {
        let number = pages.takeIn(frame, isWritable: memory.page(frame << 12).writable)
        codePages[Int(frame)] = UInt16(truncatingIfNeeded: number)
        tlbs.protect(physicalPage: frame << 12, pageWriters + Int(frame))
        return number
    }

    /// Whether decoded code stands in RAM, as it must where it is to be written.
    @inline(__always)
    func isWritable(page number: UInt16) -> Bool { pages.isWritable(Int(number)) }

    /// Whether `physical..<physical + count`, at most eight bytes of one page, was decoded.
    @inline(__always)
    func holdsCode(page number: UInt16, _ physical: UInt32, count: Int) -> Bool {
        let start = physical & 0xFFF
        return pages.holdsCode(Int(number), start, start &+ UInt32(truncatingIfNeeded: count))
    }

    /// Brings the traces that hold bytes of `physical..<physical + count`, which lies in one page and was written, up to
    /// date: patches them or drops them. True where one was dropped.
    func codeWritten(_ core: Core, _ physical: UInt32, count: Int) -> Bool {
        let frame = Int(physical >> 12)
        let number = Int(codePages[frame])
        let start = physical & 0xFFF
        let end = min(start &+ UInt32(truncatingIfNeeded: count), 0x1000)
        guard number != 0, end > start else { return false }
        if count <= 8, !pages.holdsCode(number, start, end) { return false }
        let before = drops
        let streak = count <= 8 ? pages.noteWrite(number, start, end) : Int.max
        let isInUse = pages.visit(
            number, start, end,
            patch: { trace in
                // Where new code was made before, it is again.
                guard streak < (trace.pointee.isRewritten ? 1 : 4) else {
                    trace.pointee.isRewritten = true
                    return false
                }
                let at = Int(trace.pointee.physical & 0xFFF)
                guard TraceBuilder.patch(core, self, trace, Int(start) - at, Int(end) - at) else { return false }
                patches &+= 1
                return true
            }, drop: drop)
        if !isInUse {
            codePages[frame] = 0
            pages.release(number)
        }
        return drops != before
    }

    private func drop(_ trace: TracePointer) {
        trace.pointee.physical = Trace.stale
        // No budget allows it, so that a branch to it looks for the new one.
        trace.pointee.count = .max
        trace.records.pointee.handler = stale
        drops &+= 1
    }

    /// Forgets every trace. No trace may be running.
    func forgetAll() {
        pages.releaseAll { codePages[Int($0)] = 0 }
        table.update(repeating: nowhere, count: Self.tableSize)
        used = 0
        epoch &+= 1
    }
}
