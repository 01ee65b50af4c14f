// Microsoft's serial mouse with the third button of Logitech's: 1200 baud, seven data bits. It lives on the modem
// control lines of its port; when they come on, it says M, and 3 for three buttons. [MS Mouse], [Logitech Mouse]
//
// Not modelled: what a port that is set to another speed makes of its bits; there a character takes the port's time.

/// A mouse on a serial port: movements and buttons go in, characters come out.
public final class SerialMouse: PointingDevice {
    /// Everything that the mouse's processor remembers.
    public struct State: Stateful, Sendable {
        var movement = MouseMovement()
        var buttons: MouseButtons.RawValue = 0
        /// The buttons of the last packet.
        var reportedButtons: MouseButtons.RawValue = 0
        /// DTR and RTS are on.
        var hasPower = false
        /// It has not yet said what it is.
        var mustIntroduce = false
        /// Until then the line is taken, or the mouse still starts.
        var busyUntil: GuestTime = 0

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&movement)
            visitor.visit(&buttons)
            visitor.visit(&reportedButtons)
            visitor.visit(&hasPower)
            visitor.visit(&mustIntroduce)
            visitor.visit(time: &busyUntil)
            buttons = MouseButtons(rawValue: buttons).rawValue
            reportedButtons &= Self.threeButtons
        }

        static let threeButtons: UInt8 = 7
    }

    public private(set) var state = State()
    /// Takes the characters of the mouse.
    public var transmit: (([UInt8]) -> Void)?

    private let scheduler: Scheduler
    private let event: EventKind
    /// A tick for each bit on the line.
    private let clock: Clock

    private static let introduction = Array("M3".utf8)
    private static let startMicroseconds: UInt64 = 14_000
    /// One start bit, seven data bits, one stop bit.
    private static let characterBits = 9

    /// - Parameter event: what wakes the mouse when the line is free.
    public init(scheduler: Scheduler, event: EventKind) {
        self.scheduler = scheduler
        self.event = event
        clock = scheduler.clock(hertz: 1200)
    }

    /// Takes over a saved state without calls; the scheduler's own state brings the pending event.
    public func restore(_ saved: State) {
        state = saved
    }

    /// DTR and RTS, which are its power.
    public func setPower(_ isOn: Bool) {
        guard isOn != state.hasPower else { return }
        let buttons = state.buttons
        state = State()
        state.buttons = buttons
        state.hasPower = isOn
        state.mustIntroduce = isOn
        if isOn { state.busyUntil = scheduler.now &+ scheduler.duration(microseconds: Self.startMicroseconds) }
        update()
    }

    // MARK: The hand

    public func move(dx: Int, dy: Int, wheel: Int) {
        guard state.hasPower else { return }
        state.movement.x.add(dx)
        state.movement.y.add(dy == .min ? .max : -dy)
        update()
    }

    public func hold(_ buttons: MouseButtons) {
        state.buttons = buttons.rawValue
        update()
    }

    // MARK: The line

    /// The line is free.
    public func eventDue() { update() }

    /// Sends what there is to be said, now or when the line is free.
    private func update() {
        guard state.hasPower, state.mustIntroduce || hasReport else { return scheduler.cancel(event) }
        guard state.busyUntil <= scheduler.now else {
            if scheduler.deadline(of: event) != state.busyUntil { scheduler.schedule(event, at: state.busyUntil) }
            return
        }
        let bytes = state.mustIntroduce ? Self.introduction : packet()
        state.mustIntroduce = false
        let bits = UInt64(truncatingIfNeeded: bytes.count * Self.characterBits)
        state.busyUntil = scheduler.now &+ clock.duration(ofTicks: bits)
        transmit?(bytes)
        update()
    }

    private var hasReport: Bool {
        state.buttons & State.threeButtons != state.reportedButtons || state.movement != MouseMovement()
    }

    /// The left and right button and the upper bits of both movements stand in the first byte. A fourth byte follows
    /// while the middle button is down, and once when it comes up.
    private func packet() -> [UInt8] {
        let old = MouseButtons(rawValue: state.reportedButtons)
        let new = MouseButtons(rawValue: state.buttons & State.threeButtons)
        state.reportedButtons = new.rawValue
        let x = UInt8(truncatingIfNeeded: state.movement.x.take(-128...127))
        // Towards the user is positive here.
        let y = UInt8(truncatingIfNeeded: -state.movement.y.take(-127...128))
        let buttons: UInt8 = (new.contains(.left) ? 0x20 : 0) | (new.contains(.right) ? 0x10 : 0)
        let first = 0x40 | buttons | (y >> 6) << 2 | x >> 6
        let packet = [first, x & 0x3F, y & 0x3F]
        guard new.contains(.middle) || old.contains(.middle) else { return packet }
        return packet + [new.contains(.middle) ? 0x20 : 0]
    }
}
