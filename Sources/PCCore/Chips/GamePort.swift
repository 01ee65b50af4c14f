// Game control adapter: port 201h. A 558 with four one-shots, each with the resistance of a joystick's axis in its time, and
// four button lines. Without a joystick the capacitors charge through nothing, so a one-shot that was started stays high, and
// the buttons read as open. [Game Adapter TR]
//
// Not modelled: tolerances, and noise of the potentiometers. IBM's adapter answers at 200h-207h, this one at 201h alone.

/// The game port with two joysticks of two axes and two buttons each.
public final class GamePort: PortDevice {
    public struct State: Stateful, Sendable {
        /// Resistance of each axis in ohms, X and Y of A, then of B; nobody is there above `mostOhms`.
        var ohms = [UInt32](repeating: .max, count: 4)
        /// Bit n: button n is down.
        var buttons: UInt8 = 0
        /// When the one-shots were started last.
        var startedAt: GuestTime = 0
        var wasStarted = false

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            for i in ohms.indices { visitor.visit(&ohms[i]) }
            visitor.visit(&buttons)
            visitor.visit(time: &startedAt)
            visitor.visit(&wasStarted)
        }
    }

    /// The whole way of a potentiometer is 100 kilohms.
    public static let mostOhms: UInt32 = 1_000_000

    public private(set) var state = State()
    private let scheduler: Scheduler

    public init(scheduler: Scheduler) {
        self.scheduler = scheduler
    }

    /// The adapter has no reset: a one-shot under way goes on.
    public func reset() {}

    /// Sets an axis: 0 and 1 are X and Y of joystick A, 2 and 3 of B. Nil: there is none.
    public func set(axis: Int, ohms: UInt32?) {
        guard state.ohms.indices.contains(axis) else { return }
        state.ohms[axis] = ohms.map { min($0, Self.mostOhms) } ?? .max
    }

    /// Presses or releases a button: 0 and 1 are those of joystick A, 2 and 3 of B.
    public func set(button: Int, isDown: Bool) {
        guard (0..<4).contains(button) else { return }
        let bit = UInt8(1) << UInt8(button)
        state.buttons = isDown ? state.buttons | bit : state.buttons & ~bit
    }

    /// Bits 7-4 are the buttons, low while they are down; bits 3-0 the one-shots, high while they run.
    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        var value = ~UInt32(state.buttons) << 4 & 0xF0
        for axis in 0..<4 where isRunning(axis) { value |= 1 << UInt32(axis) }
        return value
    }

    /// Any write starts all four.
    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        state.startedAt = scheduler.now
        state.wasStarted = true
    }

    private func isRunning(_ axis: Int) -> Bool {
        // An open input charges by leakage alone: it is high from power-on.
        guard state.ohms[axis] <= Self.mostOhms else { return true }
        guard state.wasStarted else { return false }
        return scheduler.now &- state.startedAt < duration(state.ohms[axis])
    }

    /// 24.2 µs and 0.011 µs an ohm. [Game Adapter TR]
    private func duration(_ ohms: UInt32) -> GuestTime {
        let nanoseconds = 24_200 + 11 * UInt64(ohms)
        return GuestTime(truncatingIfNeeded: UInt128(nanoseconds) * UInt128(scheduler.slotsPerSecond) / 1_000_000_000)
    }

    /// Takes over a saved state.
    public func restore(_ saved: State) {
        state = saved
    }
}
