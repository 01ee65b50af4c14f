// Intel 8254 programmable interval timer. On a PC/AT at ports 40h-43h, its three clocks 14.31818 MHz / 12: counter 0
// drives IRQ 0, counter 1 asks for memory refresh, counter 2 drives the speaker, its gate being bit 0 of port 61h.
// Data sheet: [8254]; [PC/AT TR System timers].
//
// Not modelled: that the sheet leaves a counter undefined until it is programmed (here it stands still with OUT low),
// and counts of 1 in modes 2 and 3, which it forbids (here OUT stays high).

/// An 8254: three counters that follow guest time. Offsets 0-2 are the counters, 3 is the control word.
public final class PIT: PortDevice {
    /// The three counters.
    public struct State: Stateful, Sendable {
        var counter0 = PITCounter()
        var counter1 = PITCounter()
        var counter2 = PITCounter()

        public init() {
            counter2.gate = false  // Port 61h is 0 after a reset.
        }

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&counter0)
            visitor.visit(&counter1)
            visitor.visit(&counter2)
        }

        /// Counter `number`; above 2 there is none and counter 2 answers, so that no index is ever out of range.
        subscript(number: Int) -> PITCounter {
            get { number == 0 ? counter0 : number == 1 ? counter1 : counter2 }
            // In place: the guest reads counters too often to copy them.
            _modify {
                switch number {
                case 0: yield &counter0
                case 1: yield &counter1
                default: yield &counter2
                }
            }
        }
    }

    private enum Control {
        static let offset: UInt16 = 3
        /// Bits 7-6: the counter, or this for the read-back command.
        static let readBack: UInt8 = 3
        /// Bits 5-4: a mode is set, or this for the counter latch command.
        static let latchCommand: UInt8 = 0x00
        static let accessBits: UInt8 = 0x30
    }

    private enum ReadBack {
        static let keepsCount: UInt8 = 0x20
        static let keepsStatus: UInt8 = 0x10
        static let counter0: UInt8 = 0x02
    }

    public private(set) var state = State()
    /// Is called after a control word, a count or a gate changed what counter 2 plays.
    public var counter2Changed: (() -> Void)?

    private let scheduler: Scheduler
    private let clock: Clock
    private let event: EventKind
    private let line0: IRQLine

    /// The chip's clocks, exactly: 14.31818 MHz / 12 is 13,125,000 / 11 Hz.
    static let hertz: (numerator: UInt64, denominator: UInt64) = (13_125_000, 11)

    /// - Parameters:
    ///   - event: what wakes the chip for counter 0.
    ///   - output0: follows the OUT pin of counter 0.
    public init(scheduler: Scheduler, event: EventKind, output0: IRQLine) {
        self.scheduler = scheduler
        self.event = event
        clock = scheduler.clock(hertz: Self.hertz.numerator, per: Self.hertz.denominator)
        line0 = output0
        reset()
    }

    /// The state at power-on. The chip has no reset pin.
    public func reset() {
        state = State()
        let now = clock.ticks(at: scheduler.now)
        state.counter0.clock = now
        state.counter1.clock = now
        state.counter2.clock = now
        line0.lower()
        scheduler.cancel(event)
        counter2Changed?()
    }

    /// Takes over a saved state; the scheduler's own state brings the pending event.
    public func restore(_ saved: State) {
        state = saved
    }

    /// Counter 0's OUT pin changes about now.
    public func eventDue() {
        follow(0)
        scheduleChange()
    }

    // MARK: Pins

    /// The OUT pin of counter `counter` (0...2).
    public func output(_ counter: Int) -> Bool {
        follow(counter)
        return state[counter].output
    }

    /// Sets the GATE pin of counter `counter` (0...2).
    public func setGate(_ counter: Int, _ high: Bool) {
        follow(counter)
        guard state[counter].gate != high else { return }
        state[counter].setGate(high)
        changed(counter, rose: false)
    }

    /// The frequency at counter 2's OUT pin in thousandths of a hertz; nil where it does not run in mode 2 or 3.
    public var counter2Millihertz: UInt64? {
        let counter = state.counter2
        guard counter.mode == .squareWave || counter.mode == .rateGenerator else { return nil }
        guard counter.gate, counter.hasCount, counter.initialCount > 1 else { return nil }
        return Self.hertz.numerator &* 1000 / (Self.hertz.denominator &* UInt64(counter.initialCount))
    }

    // MARK: Ports

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        // The control word cannot be read: the chip leaves the bus alone. [8254 Read/write logic]
        guard offset < Control.offset else { return 0xFF }
        follow(Int(offset))
        switch offset {
        case 0: return UInt32(state.counter0.read())
        case 1: return UInt32(state.counter1.read())
        default: return UInt32(state.counter2.read())
        }
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let value = UInt8(truncatingIfNeeded: value)
        guard offset < Control.offset else { return control(value) }
        let number = Int(offset)
        follow(number)
        let before = state[number].output
        state[number].write(value)
        changed(number, rose: state[number].output && !before)
    }

    private func control(_ word: UInt8) {
        let number = word >> 6
        if number == Control.readBack { return readBack(word) }
        follow(Int(number))
        if word & Control.accessBits == Control.latchCommand {
            switch number {
            case 0: state.counter0.latchCount()
            case 1: state.counter1.latchCount()
            default: state.counter2.latchCount()
            }
        } else {
            let before = state[Int(number)].output
            state[Int(number)].program(word)
            changed(Int(number), rose: state[Int(number)].output && !before)
        }
    }

    /// Latches count and status of several counters at once. [8254 Read-back command]
    private func readBack(_ word: UInt8) {
        for number in 0..<3 where word & ReadBack.counter0 << UInt8(number) != 0 {
            follow(number)
            if word & ReadBack.keepsCount == 0 { state[number].latchCount() }
            if word & ReadBack.keepsStatus == 0 { state[number].latchStatus() }
        }
    }

    // MARK: Time

    /// Brings a counter up to now. Counter 0's line gets every edge that was passed.
    private func follow(_ number: Int) {
        let now = clock.ticks(at: scheduler.now)
        switch number {
        case 0: drive(rose: state.counter0.advance(to: now))
        case 1: _ = state.counter1.advance(to: now)
        default: _ = state.counter2.advance(to: now)
        }
    }

    /// After an access: the line and the next event of counter 0, the tone of counter 2.
    private func changed(_ number: Int, rose: Bool) {
        if number == 0 {
            drive(rose: rose)
            scheduleChange()
        } else if number == 2 {
            counter2Changed?()
        }
    }

    /// A low pulse can be shorter than one slot of guest time: the edge must come through all the same.
    private func drive(rose: Bool) {
        if rose {
            line0.lower()
            line0.raise()
        }
        line0.set(state.counter0.output)
    }

    private func scheduleChange() {
        guard let clocks = state.counter0.clocksToChange else { return scheduler.cancel(event) }
        scheduler.schedule(event, at: clock.time(ofTick: state.counter0.clock &+ clocks))
    }
}
