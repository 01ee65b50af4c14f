/// What a pending event is for. The board maps each kind to the chip that it wakes; at most one of a kind is pending.
public enum EventKind: UInt8, CaseIterable, Sendable {
    case timer0, timer1, timer2
    case realTimeClock
    case keyboardController, keyboard
    case mouse
    case serial1, serial2
    case floppy
    case ide0, ide1
    case verticalRetrace
    case localAPIC
    case busMaster0, busMaster1
    case parallel1
    case powerManagement
    /// The end of what the caller of `PC.run` asked for.
    case sliceEnd
}

/// Guest time and the events that wait for it, as plain values.
///
/// The CPU runs up to `nextDeadline`, then the board takes due events one by one. Events with equal deadlines come in
/// the order in which they were scheduled.
public final class Scheduler {
    /// One slot for each kind of event.
    public struct State: Stateful, Sendable {
        public var now: GuestTime = 0
        var sequence: UInt64 = 0
        var deadlines = [GuestTime](repeating: .max, count: EventKind.allCases.count)
        var sequences = [UInt64](repeating: 0, count: EventKind.allCases.count)

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            // Sums of times that are not at the end of all of it do not wrap around.
            visitor.visit(&now, in: 0...GuestTime.max / 4)
            visitor.visit(&sequence)
            // What was due has happened before a state was saved.
            for i in deadlines.indices { visitor.visit(&deadlines[i], in: now...GuestTime.max) }
            for i in sequences.indices { visitor.visit(&sequences[i]) }
        }
    }

    public private(set) var state = State()
    /// The earliest deadline of all, `.max` where nothing is pending.
    public private(set) var nextDeadline = GuestTime.max
    /// Set when `nextDeadline` moved closer, or the board has something to do at once: the CPU ends its slice after the
    /// instruction in progress.
    public var deadlineMoved = false
    /// Slots of guest time in a second.
    public let slotsPerSecond: UInt64

    public init(slotsPerSecond: UInt64) {
        self.slotsPerSecond = slotsPerSecond
    }

    /// The current guest time. Only the run loop moves it.
    public var now: GuestTime {
        get { state.now }
        set { state.now = newValue }
    }

    /// A clock of `hertz / denominator` Hz in this machine's guest time.
    public func clock(hertz: UInt64, per denominator: UInt64 = 1) -> Clock {
        Clock(hertz: hertz, per: denominator, slotsPerSecond: slotsPerSecond)
    }

    /// The length of `microseconds` in guest time, at least one slot.
    public func duration(microseconds: UInt64) -> GuestTime {
        max(1, GuestTime(truncatingIfNeeded: UInt128(microseconds) &* UInt128(slotsPerSecond) / 1_000_000))
    }

    /// Makes `kind` due at `deadline` (not before now), in place of what was pending for it.
    public func schedule(_ kind: EventKind, at deadline: GuestTime) {
        let index = Int(kind.rawValue)
        let deadline = max(deadline, state.now)
        state.sequence &+= 1
        state.deadlines[index] = deadline
        state.sequences[index] = state.sequence
        if deadline < nextDeadline {
            nextDeadline = deadline
            deadlineMoved = true
        } else {
            findNext()
        }
    }

    /// Makes `kind` due `delay` from now.
    public func schedule(_ kind: EventKind, after delay: GuestTime) {
        let (sum, overflow) = state.now.addingReportingOverflow(delay)
        schedule(kind, at: overflow ? .max : sum)
    }

    public func cancel(_ kind: EventKind) {
        state.deadlines[Int(kind.rawValue)] = .max
        findNext()
    }

    /// The guest time at which `kind` is due, nil where it is not pending.
    public func deadline(of kind: EventKind) -> GuestTime? {
        let deadline = state.deadlines[Int(kind.rawValue)]
        return deadline == .max ? nil : deadline
    }

    /// Takes the next event that is due by now.
    public func takeDue() -> EventKind? {
        guard nextDeadline <= state.now, nextDeadline != .max else { return nil }
        var best = 0
        for i in 1..<state.deadlines.count where precedes(i, best) { best = i }
        state.deadlines[best] = .max
        findNext()
        return EventKind(rawValue: UInt8(truncatingIfNeeded: best))
    }

    /// Takes over a saved state.
    public func restore(_ saved: State) {
        state = saved
        findNext()
        deadlineMoved = true
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        let left = state.deadlines[a]
        let right = state.deadlines[b]
        return left != right ? left < right : left != .max && state.sequences[a] < state.sequences[b]
    }

    private func findNext() {
        nextDeadline = state.deadlines.min() ?? .max
    }
}
