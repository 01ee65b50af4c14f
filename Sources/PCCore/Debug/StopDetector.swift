/// The stops of one CPU, and what was met. Core+Stops.swift asks it at each place where something can be met.
final class StopDetector {
    /// Set while the machine does not run; see `CPU.setStops`.
    var stops = StopSet() {
        didSet { breakpointOffsets = Set(stops.breakpoints.map { $0 & 0xFFF }) }
    }
    /// Where breakpoints stand in their pages. Traces are found by physical address, and linear and physical pages are
    /// the same in these bits: no trace runs across such a place, whatever page it is in.
    private var breakpointOffsets: Set<UInt32> = []

    /// What was met first since somebody took it.
    var pending: StopHit?
    var keepsRunning = false
    /// What is met at this count of instructions or later is not kept.
    var keptBefore = UInt64.max
    /// What was met last: all that was met at one count of instructions.
    var lastHits: [StopHit] = []

    /// No instruction is in progress: interrupts are taken, or events are due.
    var isBetween = true
    /// `PC.run` is active: a debugger's own writes are no DMA.
    var isRunning = false
    /// The breakpoint that was met last, or a REP that goes on: the instruction runs now.
    var passed: (time: GuestTime, linear: UInt32)?
    /// The guest time of a stop before an instruction for which interrupts have been taken already.
    var resumes: GuestTime?

    func keep(_ hit: StopHit) {
        if lastHits.last?.instruction != hit.instruction { lastHits.removeAll(keepingCapacity: true) }
        lastHits.append(hit)
    }

    /// Bytes from an offset in a page to the next breakpoint there could be; 0 where it stands at one.
    func room(from offset: UInt32) -> UInt32 {
        if breakpointOffsets.contains(offset) { return 0 }
        return breakpointOffsets.reduce(0x1000) { $1 > offset ? min($0, $1 - offset) : $0 }
    }

    /// The first watch on `kind` of an access.
    func watch(
        _ kind: AccessKinds, linear: UInt32, _ physical: UInt32, _ second: UInt32, size: UInt32
    ) -> Int? {
        let here = min(size, 0x1000 - (linear & 0xFFF))
        for (number, watch) in stops.memory.enumerated() where watch.kinds.contains(kind) {
            if watch.isPhysical {
                if watch.touches(physical, here) || (here < size && watch.touches(second, size - here)) {
                    return number
                }
            } else if watch.touches(linear, size) {
                return number
            }
        }
        return nil
    }

    /// The accesses to a page that must be looked at one by one.
    func watched(linearPage: UInt32, physicalPage: UInt32) -> AccessKinds {
        stops.memory.reduce([]) {
            $1.touches($1.isPhysical ? physicalPage : linearPage, 0x1000) ? $0.union($1.kinds) : $0
        }
    }
}
