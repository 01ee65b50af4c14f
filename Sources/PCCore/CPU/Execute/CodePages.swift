/// The physical pages that hold decoded code: which of their bytes, and in which traces.
///
/// A page has a number while it holds code, which stands in `PhysicalMemory.codePages`. Traces are listed by the
/// quarter kilobyte that they start in.
///
/// SAFETY: numbers are below `capacity`, and offsets below 1000h, so that all places lie in the three allocations.
struct CodePages {
    /// Numbers 1 to `capacity` - 1.
    static let capacity = 1 << 12
    private static let bucketShift: UInt32 = 8
    private static let buckets = 16
    private static let words = 64

    struct Page {
        /// The physical page's number.
        var frame: UInt32 = 0
        /// The next number that is free, where this one is.
        var nextFree: UInt16 = 0
        /// Bytes of the longest trace that was ever here.
        var longest: UInt16 = 0
        /// Where the last patch was, and how many came before it that went up step by step.
        var patchStart: UInt16 = 0
        var patchEnd: UInt16 = 0
        var streak: UInt16 = 0
        /// The only trace with bytes of `loneStart..<loneEnd`, as the last visit found it.
        var lone: TracePointer?
        var loneStart: UInt16 = 0
        var loneEnd: UInt16 = 0
        /// RAM, not ROM.
        var isWritable = false
    }

    private let pages: UnsafeMutablePointer<Page>
    private let lists: UnsafeMutablePointer<TracePointer?>
    /// A bit for each byte of a page that a trace was decoded from.
    private let bits: UnsafeMutablePointer<UInt64>

    init() {
        pages = .allocate(capacity: Self.capacity)
        lists = .allocate(capacity: Self.capacity * Self.buckets)
        bits = .allocate(capacity: Self.capacity * Self.words)
        // Page 0 is none: it holds the first free number, and in `longest` how many were used so far.
        pages.initialize(to: Page())
    }

    func deallocate() {
        pages.deallocate()
        lists.deallocate()
        bits.deallocate()
    }

    /// A further page can be taken in.
    var hasRoom: Bool { pages.pointee.nextFree != 0 || Int(pages.pointee.longest) < Self.capacity - 1 }

    /// A number for the physical page `frame`, which holds nothing yet.
    func takeIn(_ frame: UInt32, isWritable: Bool) -> Int {
        var number = Int(pages.pointee.nextFree)
        if number != 0 {
            pages.pointee.nextFree = pages[number].nextFree
        } else {
            pages.pointee.longest += 1
            number = Int(pages.pointee.longest)
        }
        (pages + number).initialize(to: Page(frame: frame, isWritable: isWritable))
        (lists + number * Self.buckets).initialize(repeating: nil, count: Self.buckets)
        (bits + number * Self.words).initialize(repeating: 0, count: Self.words)
        return number
    }

    /// Gives the number of a page without code back.
    func release(_ number: Int) {
        pages[number].nextFree = pages.pointee.nextFree
        pages[number].frame = .max
        pages.pointee.nextFree = UInt16(truncatingIfNeeded: number)
    }

    /// Gives all numbers back; `body` sees the physical page of each.
    func releaseAll(_ body: (UInt32) -> Void) {
        for number in 1..<(Int(pages.pointee.longest) + 1) where pages[number].frame != .max {
            body(pages[number].frame)
        }
        pages.pointee = Page()
    }

    @inline(__always)
    func isWritable(_ number: Int) -> Bool { pages[number].isWritable }

    // MARK: Traces

    func insert(_ trace: TracePointer, _ number: Int) {
        let start = trace.pointee.physical & 0xFFF
        let list = lists + number * Self.buckets + Int(start >> Self.bucketShift)
        trace.pointee.next = list.pointee
        list.pointee = trace
        pages[number].lone = nil
        pages[number].longest = max(pages[number].longest, UInt16(truncatingIfNeeded: trace.pointee.length))
        mark(number, start, start + trace.pointee.length)
    }

    /// Whether a trace was decoded from one of the bytes `start..<end`, at most eight.
    @inline(__always)
    func holdsCode(_ number: Int, _ start: UInt32, _ end: UInt32) -> Bool {
        let word = bits + number * Self.words + Int(start >> 6)
        let shift = UInt64(start & 63)
        var here = word.pointee &>> shift
        if shift > 56, start < 0xFC0 { here |= word[1] &<< (64 &- shift) }
        return here & ((1 &<< UInt64(end &- start)) &- 1) != 0
    }

    /// Keeps each trace with bytes of `start..<end` that `patch` brings up to date, and takes the others out, which `drop`
    /// sees. False where no trace is left on the page.
    func visit(
        _ number: Int, _ start: UInt32, _ end: UInt32, patch: (TracePointer) -> Bool, drop: (TracePointer) -> Void
    ) -> Bool {
        let page = pages + number
        // An inner loop that patches the same place again and again.
        if let lone = page.pointee.lone, start >= page.pointee.loneStart, end <= page.pointee.loneEnd, patch(lone) {
            return true
        }
        page.pointee.lone = nil
        let longest = UInt32(page.pointee.longest)
        var (low, high) = (UInt32.max, UInt32(0))
        var (last, count) = (nil as TracePointer?, 0)
        eachList(number, start, end, longest) { list in
            var kept: TracePointer?
            var next = list.pointee
            while let trace = next {
                next = trace.pointee.next
                let from = trace.pointee.physical & 0xFFF
                let to = from + trace.pointee.length
                let isTouched = from < end && start < to
                if isTouched {
                    last = trace
                    count += 1
                }
                if isTouched && !patch(trace) {
                    drop(trace)
                    (low, high) = (min(low, from), max(high, to))
                } else {
                    trace.pointee.next = kept
                    kept = trace
                }
            }
            list.pointee = kept
        }
        guard low < high else {
            if count == 1 {
                page.pointee.lone = last
                page.pointee.loneStart = UInt16(truncatingIfNeeded: start)
                page.pointee.loneEnd = UInt16(truncatingIfNeeded: end)
            }
            return true
        }
        clear(number, low, high)
        eachList(number, low, high, longest) { list in
            var next = list.pointee
            while let trace = next {
                next = trace.pointee.next
                let from = trace.pointee.physical & 0xFFF
                mark(number, from, from + trace.pointee.length)
            }
        }
        let all = UnsafeBufferPointer(start: lists + number * Self.buckets, count: Self.buckets)
        return all.contains { $0 != nil }
    }

    /// The lists in which a trace with bytes of `start..<end` may stand.
    @inline(__always)
    private func eachList(
        _ number: Int, _ start: UInt32, _ end: UInt32, _ longest: UInt32,
        _ body: (UnsafeMutablePointer<TracePointer?>) -> Void
    ) {
        let first = start < longest ? 0 : (start - longest) >> Self.bucketShift
        for bucket in first...((end - 1) >> Self.bucketShift) { body(lists + number * Self.buckets + Int(bucket)) }
    }

    private func mark(_ number: Int, _ start: UInt32, _ end: UInt32) {
        eachWord(number, start, end) { $0.pointee |= $1 }
    }

    private func clear(_ number: Int, _ start: UInt32, _ end: UInt32) {
        eachWord(number, start, end) { $0.pointee &= ~$1 }
    }

    @inline(__always)
    private func eachWord(
        _ number: Int, _ start: UInt32, _ end: UInt32, _ body: (UnsafeMutablePointer<UInt64>, UInt64) -> Void
    ) {
        var at = start
        while at < end {
            let count = min(64 - (at & 63), end - at)
            body(
                bits + number * Self.words + Int(at >> 6),
                (UInt64.max &>> UInt64(64 - count)) &<< UInt64(at & 63))
            at += count
        }
    }

    // MARK: Patches

    /// Notes that code is written at `start..<end`. Gives how many writes came before that went up through the page, one
    /// close behind the other: many of them make new code, and to patch the old one is in vain.
    func noteWrite(_ number: Int, _ start: UInt32, _ end: UInt32) -> Int {
        let page = pages + number
        let goesUp = start > page.pointee.patchStart && start < UInt32(page.pointee.patchEnd) + 16
        page.pointee.streak = goesUp ? page.pointee.streak &+ 1 : 0
        page.pointee.patchStart = UInt16(truncatingIfNeeded: start)
        page.pointee.patchEnd = UInt16(truncatingIfNeeded: end)
        return Int(page.pointee.streak)
    }
}
