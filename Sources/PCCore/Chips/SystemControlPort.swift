// Port 61h of a PC/AT, the system control port: discrete logic around the timer, the speaker and the parity checks.
// [PC/AT TR Speaker, I/O channel check]
//
// Not modelled: parity and I/O channel errors, since no memory and no card here has any: their enable bits are kept and
// their error bits read as 0. Sound made by switching the data bit alone, without the timer, is silence.

/// Port 61h: gate and data of the speaker, the refresh toggle and the timer's second output.
public final class SystemControlPort: PortDevice {
    /// The bits that the guest wrote, and what the speaker was last told.
    public struct State: Stateful, Sendable {
        public internal(set) var written: UInt8 = 0
        var millihertz: UInt64 = 0

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&written)
            visitor.visit(&millihertz)
        }
    }

    private enum Bit {
        static let timerGate: UInt8 = 0x01
        static let speakerData: UInt8 = 0x02
        /// Bits 3-0 can be read back; 2 and 3 disable the parity and channel checks.
        static let writable: UInt8 = 0x0F
        static let refresh: UInt8 = 0x10
        static let timerOutput: UInt8 = 0x20
    }

    public private(set) var state = State()
    /// Is called when the speaker's tone changes, with its frequency in thousandths of a hertz, 0 for silence.
    public var speakerChanged: ((_ millihertz: UInt64) -> Void)?

    private let scheduler: Scheduler
    /// Refresh requests: counter 1 of the timer counts to 18 on every PC/AT, which is one in 15.085 µs.
    private let refresh: Clock
    private let readOutput2: () -> Bool
    private let setGate2: (Bool) -> Void
    private let readTone2: () -> UInt64?

    /// - Parameters:
    ///   - readOutput2: the OUT pin of the timer's counter 2.
    ///   - setGate2: drives the GATE pin of the timer's counter 2.
    ///   - readTone2: the frequency at that OUT pin in thousandths of a hertz, nil where it is no steady tone.
    public init(
        scheduler: Scheduler, readOutput2: @escaping () -> Bool, setGate2: @escaping (Bool) -> Void,
        readTone2: @escaping () -> UInt64?
    ) {
        self.scheduler = scheduler
        self.readOutput2 = readOutput2
        self.setGate2 = setGate2
        self.readTone2 = readTone2
        refresh = scheduler.clock(hertz: 13_125_000, per: 11 * 18)
    }

    /// The RESET line: everything off.
    public func reset() {
        state.written = 0
        setGate2(false)
        updateSpeaker()
    }

    /// Takes over a saved state; the caller tells the speaker.
    public func restore(_ saved: State) {
        state = saved
    }

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        var value = state.written & Bit.writable
        if refresh.ticks(at: scheduler.now) & 1 != 0 { value |= Bit.refresh }
        if readOutput2() { value |= Bit.timerOutput }
        return UInt32(value)
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        state.written = UInt8(truncatingIfNeeded: value) & Bit.writable
        setGate2(state.written & Bit.timerGate != 0)
        updateSpeaker()
    }

    /// The board calls this when counter 2 was programmed.
    public func counter2Changed() { updateSpeaker() }

    /// The timer's output sounds while the data bit lets it through to the speaker.
    private func updateSpeaker() {
        let open = state.written & Bit.speakerData != 0
        let millihertz = open ? readTone2() ?? 0 : 0
        guard millihertz != state.millihertz else { return }
        state.millihertz = millihertz
        speakerChanged?(millihertz)
    }
}
