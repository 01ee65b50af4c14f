// The mouse of the PS/2 on the auxiliary port of the keyboard controller, with the wheel of Microsoft's IntelliMouse and
// the five buttons of its Explorer, which a driver switches on by three sample rates in a row.
// [PS/2 TR Mouse], [IntelliMouse]
//
// Not modelled: the bits on the cable, as in `ATKeyboard`; the 300 to 500 ms of the self-test: it takes 5 ms, since POST
// waits for it. A count is a count at every resolution: whoever moves the mouse says how many there are.

/// The mouse as a device of its own: movements and buttons go in, packets come out.
public final class PS2Mouse: PS2Device, PointingDevice {
    /// Everything that the mouse's processor remembers.
    public struct State: Stateful, Sendable {
        /// An answer or a packet, as far as it has not been sent.
        var output: [UInt8] = []
        /// What the resend command repeats.
        var lastSent: [UInt8] = []
        var movement = MouseMovement()
        var buttons: MouseButtons.RawValue = 0
        /// The buttons of the last packet.
        var reportedButtons: MouseButtons.RawValue = 0
        /// Commands F4h and F5h switch this.
        var isReporting = false
        /// The mouse sends packets only when it is asked for one.
        var isRemote = false
        /// Everything is echoed.
        var isWrapping = false
        /// Scaling is 2:1.
        var isDoubling = false
        var sampleRate: UInt8 = 100
        var resolution: UInt8 = 2
        var kind = Kind.standard
        /// The sample rates that were set last, the latest one last.
        var rates: [UInt8] = []
        var awaiting = Option.none
        /// The last byte was refused: another one is an error.
        var hasRefused = false
        /// No packet goes out before.
        var nextReport: GuestTime = 0
        /// When the self-test ends; `.max` when none is running.
        var testEnds = GuestTime.max

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&output)
            visitor.visit(&lastSent)
            visitor.visit(&movement)
            visitor.visit(&buttons)
            visitor.visit(&reportedButtons)
            visitor.visit(&isReporting)
            visitor.visit(&isRemote)
            visitor.visit(&isWrapping)
            visitor.visit(&isDoubling)
            visitor.visit(&sampleRate)
            visitor.visit(&resolution)
            visitor.visit(&kind)
            visitor.visit(&rates)
            visitor.visit(&awaiting)
            visitor.visit(&hasRefused)
            visitor.visit(time: &nextReport)
            visitor.visit(time: &testEnds)
            validate()
        }

        /// A loaded state may hold anything: brings it within bounds.
        private mutating func validate() {
            output = Array(output.prefix(Self.mostOutput))
            lastSent = Array(lastSent.prefix(Self.mostOutput))
            rates = Array(rates.suffix(3))
            buttons = MouseButtons(rawValue: buttons).rawValue
            reportedButtons = MouseButtons(rawValue: reportedButtons).rawValue
            if !PS2Mouse.sampleRates.contains(sampleRate) { sampleRate = 100 }
            resolution &= 3
        }

        /// An acknowledge and a packet of four, and the end of a self-test.
        static let mostOutput = 8
    }

    /// What the mouse says it is. The raw values are its device IDs.
    enum Kind: UInt8, Sendable {
        case standard = 0
        case wheel = 3
        case fiveButtons = 4
    }

    /// What the next byte from the system is for.
    enum Option: UInt8, Sendable {
        case none, sampleRate, resolution
    }

    static let sampleRates: Set<UInt8> = [10, 20, 40, 60, 80, 100, 200]
    static let selfTestMicroseconds: UInt64 = 5000

    public internal(set) var state = State()
    public var sendRequested: (() -> Void)?

    private let scheduler: Scheduler
    private let event: EventKind

    /// - Parameter event: what wakes the mouse for the next sample and for the end of its self-test.
    public init(scheduler: Scheduler, event: EventKind) {
        self.scheduler = scheduler
        self.event = event
        reset()
    }

    /// Power comes on, or command FFh: the self-test runs, and ends with AAh and the device ID. The hand holds on.
    public func reset() {
        let buttons = state.buttons
        state = State()
        state.buttons = buttons
        state.testEnds = scheduler.now &+ scheduler.duration(microseconds: Self.selfTestMicroseconds)
        reschedule()
    }

    /// Takes over a saved state without calls; the scheduler's own state brings the pending event.
    public func restore(_ saved: State) {
        state = saved
    }

    // MARK: The hand

    public func move(dx: Int, dy: Int, wheel: Int) {
        state.movement.x.add(dx)
        state.movement.y.add(dy == .min ? .max : -dy)
        if state.kind != .standard { state.movement.wheel.add(wheel) }
        changed()
    }

    public func hold(_ buttons: MouseButtons) {
        state.buttons = buttons.rawValue
        changed()
    }

    private func changed() {
        reschedule()
        if wantsToSend { sendRequested?() }
    }

    // MARK: The cable

    public var wantsToSend: Bool { !state.output.isEmpty || hasReport && state.nextReport <= scheduler.now }

    /// A packet is made when its first byte goes out: until then it takes up what else happens.
    public func takeByte() -> UInt8? {
        guard wantsToSend else { return nil }
        if state.output.isEmpty {
            send(packet(isDoubling: state.isDoubling))
            let clock = scheduler.clock(hertz: UInt64(state.sampleRate))
            state.nextReport = scheduler.now &+ clock.duration(ofTicks: 1)
            reschedule()
        }
        return state.output.removeFirst()
    }

    public func receive(_ byte: UInt8) {
        perform(byte)
        changed()
    }

    /// Puts out an answer or a packet, in the place of what was not sent yet.
    func send(_ bytes: [UInt8]) {
        state.output = bytes
        state.lastSent = bytes
    }

    // MARK: Time

    /// The self-test ends, or a sample is due.
    public func eventDue() {
        if state.testEnds <= scheduler.now {
            state.testEnds = .max
            // An acknowledge may still be on its way.
            let result = [Reply.testPassed, state.kind.rawValue]
            state.output += result
            state.lastSent = result
        }
        changed()
    }

    private func reschedule() {
        let sample = hasReport && state.nextReport > scheduler.now ? state.nextReport : .max
        let next = min(state.testEnds, sample)
        if next == .max {
            scheduler.cancel(event)
        } else if scheduler.deadline(of: event) != next {
            scheduler.schedule(event, at: next)
        }
    }

    // MARK: Packets

    /// Something has changed, and the mouse may say so.
    private var hasReport: Bool {
        guard state.isReporting, !state.isRemote, !state.isWrapping, state.awaiting == .none else { return false }
        return state.buttons & packetButtons != state.reportedButtons || state.movement != MouseMovement()
    }

    /// The buttons that a packet of this kind of mouse shows.
    private var packetButtons: UInt8 { state.kind == .fiveButtons ? 0x1F : 0x07 }

    /// What there is to report, which is reported by that.
    func packet(isDoubling: Bool) -> [UInt8] {
        var first = Packet.always | state.buttons & 7
        if state.movement.x.hasOverflowed { first |= Packet.xOverflow }
        if state.movement.y.hasOverflowed { first |= Packet.yOverflow }
        let x = Self.counts(&state.movement.x, isDoubling)
        let y = Self.counts(&state.movement.y, isDoubling)
        if x < 0 { first |= Packet.xSign }
        if y < 0 { first |= Packet.ySign }
        state.reportedButtons = state.buttons & packetButtons
        let packet = [first, UInt8(truncatingIfNeeded: x), UInt8(truncatingIfNeeded: y)]
        let wheel = UInt8(truncatingIfNeeded: state.movement.wheel.take(-8...7))
        switch state.kind {
        case .standard: return packet
        case .wheel: return packet + [wheel]
        case .fiveButtons: return packet + [wheel & 0x0F | (state.buttons & 0x18) << 1]
        }
    }

    private static func counts(_ counter: inout MouseCounter, _ isDoubling: Bool) -> Int {
        guard isDoubling else { return counter.take(-256...255) }
        let count = counter.take(-128...127)
        let scaled = abs(count) < doubled.count ? doubled[abs(count)] : 2 * abs(count)
        return count < 0 ? -scaled : scaled
    }

    /// Slow movements stay fine at 2:1. [PS/2 TR Mouse: Set scaling 2:1]
    private static let doubled = [0, 1, 1, 3, 6, 9]

    private enum Packet {
        static let always: UInt8 = 0x08
        static let xSign: UInt8 = 0x10
        static let ySign: UInt8 = 0x20
        static let xOverflow: UInt8 = 0x40
        static let yOverflow: UInt8 = 0x80
    }
}
