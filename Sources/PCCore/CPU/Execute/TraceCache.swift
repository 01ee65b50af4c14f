/// Decoded code of one CPU: an arena of traces, found by physical address and mode.
///
/// Traces are never freed one by one. A write to code makes those that it touches stale: their first record leads back
/// to the look-up, so links into them need no search. When the arena is full, all of it is forgotten.
final class TraceCache {
    static let tableSize = 1 << 15
    /// Records in the arena, 32 bytes each.
    static let capacity = 1 << 17
    /// The most instructions in a trace.
    static let longest = 64
    /// After so many times a page that loses its last code stays protected: new code will come.
    static let patience = 4

    /// The most instructions in the next trace; tests lower it to hold hot handlers to one instruction.
    var limit = TraceCache.longest

    /// What is known of one physical page that holds decoded code.
    struct CodePage {
        var first: TracePointer?
        /// A bit for each 32 bytes of the page that hold decoded code.
        var lines: (UInt64, UInt64) = (0, 0)
        /// How often the last code of the page was dropped.
        var emptied = 0
        /// Writes go the slow way.
        var isProtected = false
    }

    /// Traces by a hash of physical address and key; one that is displaced is still reached by links.
    let table: UnsafeMutablePointer<TracePointer?>
    private let arena: UnsafeMutableRawPointer
    private var used = 0
    private var pages: [UInt32: CodePage] = [:]
    private unowned let memory: PhysicalMemory
    private let tlbs: TLBs
    /// Grows with each trace that was dropped.
    private(set) var drops: UInt64 = 0

    /// A trace that no address has and no budget allows: what stands in the table, and in links, where there is none.
    let nowhere: TracePointer
    private let stale: Handler
    /// Grows each time that everything is forgotten: pointers to traces from before are void.
    private(set) var epoch: UInt64 = 0

    init(memory: PhysicalMemory, tlbs: TLBs) {
        self.memory = memory
        self.tlbs = tlbs
        stale = { staleTrace($0, $1, $2, $3, $4) }
        arena = .allocate(byteCount: Self.capacity * 32, alignment: 64)
        nowhere = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64).assumingMemoryBound(to: Trace.self)
        nowhere.initialize(to: Trace(next: nil, physical: Trace.stale, key: .max, count: .max, length: 1))
        nowhere.records.initialize(to: Record(handler: stale))
        table = .allocate(capacity: Self.tableSize)
        table.initialize(repeating: nowhere, count: Self.tableSize)
    }

    deinit {
        table.deallocate()
        arena.deallocate()
        nowhere.deallocate()
    }

    @inline(__always)
    static func slot(_ physical: UInt32, _ key: UInt32) -> Int {
        Int((physical ^ (physical >> 12) ^ (key &<< 9)) & UInt32(tableSize - 1))
    }

    /// Room for a trace of up to `records` records; forgets everything where the arena is full.
    func allocate(records: Int) -> TracePointer {
        if used + records + 1 > Self.capacity { forgetAll() }
        return (arena + used * 32).assumingMemoryBound(to: Trace.self)
    }

    /// Takes in a trace that was written where `allocate` said: it can now be found.
    func insert(_ trace: TracePointer, records: Int) {
        used += records + 1
        let page = trace.pointee.physical >> 12
        var entry = pages[page] ?? CodePage()
        if !entry.isProtected {
            entry.isProtected = true
            memory.codePages[Int(page)] = 1
            tlbs.protect(physicalPage: page << 12)
        }
        trace.pointee.next = entry.first
        entry.first = trace
        let first = Int(trace.pointee.physical & 0xFFF) >> 5
        let last = Int((trace.pointee.physical &+ trace.pointee.length &- 1) & 0xFFF) >> 5
        if last >= first {
            for line in first...last {
                if line < 64 { entry.lines.0 |= 1 << UInt64(line) } else { entry.lines.1 |= 1 << UInt64(line - 64) }
            }
        }
        pages[page] = entry
        table[Self.slot(trace.pointee.physical, trace.pointee.key)] = trace
    }

    /// Drops the traces that hold bytes of `physical..<physical + count`, which lies in one page.
    /// True where one was dropped.
    func invalidate(_ physical: UInt32, count: Int) -> Bool {
        let page = physical >> 12
        guard var entry = pages[page] else { return false }
        let start = physical & 0xFFF
        let end = min(start &+ UInt32(truncatingIfNeeded: count), 0x1000)
        guard end > start else { return false }
        let firstLine = Int(start >> 5)
        let lastLine = Int((end - 1) >> 5)
        let touched = (firstLine...lastLine).contains { line in
            (line < 64 ? entry.lines.0 >> UInt64(line) : entry.lines.1 >> UInt64(line - 64)) & 1 != 0
        }
        guard touched else { return false }
        var dropped = false
        var kept: TracePointer?
        var lines: (UInt64, UInt64) = (0, 0)
        var next = entry.first
        while let trace = next {
            next = trace.pointee.next
            let from = trace.pointee.physical & 0xFFF
            let to = from + trace.pointee.length
            if from < end && start < to {
                trace.pointee.physical = Trace.stale
                trace.records.pointee.handler = stale
                dropped = true
                drops &+= 1
            } else {
                trace.pointee.next = kept
                kept = trace
                for line in Int(from >> 5)...Int((max(to, from + 1) - 1) >> 5) {
                    if line < 64 { lines.0 |= 1 << UInt64(line) } else { lines.1 |= 1 << UInt64(line - 64) }
                }
            }
        }
        entry.first = kept
        entry.lines = lines
        if kept == nil { entry.emptied += 1 }
        if kept == nil && entry.emptied < Self.patience {
            memory.codePages[Int(page)] = 0
            entry.isProtected = false
        }
        pages[page] = entry
        return dropped
    }

    /// Forgets every trace. No trace may be running.
    func forgetAll() {
        for page in pages.keys { memory.codePages[Int(page)] = 0 }
        pages.removeAll(keepingCapacity: true)
        table.update(repeating: nowhere, count: Self.tableSize)
        used = 0
        epoch &+= 1
    }
}
