// The interrupt controllers of a PC/AT: two 8259As, the INT pin of the second on IR2 of the first. [PC/AT TR System interrupts]
//
// Inputs 0-7 are the master's, 8-15 the slave's. Input 2 is the cascade and no line of the bus: the bus's IRQ2 pin
// leads to input 9.

/// The AT's cascaded pair of 8259As: sixteen inputs and the CPU's INTR pin.
public final class PICPair: InterruptInput, InterruptController {
    /// The two chips' states.
    public struct State: Stateful, Sendable {
        public var master = PIC.State()
        public var slave = PIC.State()

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&master)
            visitor.visit(&slave)
        }
    }

    /// The master's input that the slave's INT pin is wired to.
    private static let cascadeInput = 2

    /// The chip at ports 20h and 21h.
    public let master = PIC(isMaster: true)
    /// The chip at ports A0h and A1h.
    public let slave = PIC(isMaster: false)
    /// The INTR pin.
    public private(set) var interruptRequested = false
    /// Is called when INTR changes, and when a saved state may have changed it.
    public var requestChanged: ((Bool) -> Void)?

    public init() {
        slave.interruptChanged = { [unowned master] high in
            master.setLevel(Self.cascadeInput, high)
        }
        master.askSlave = { [unowned slave] number in
            // Nobody drives the bus where no slave has this number.
            number == slave.slaveNumber ? slave.acknowledge() : 0xFF
        }
        master.interruptChanged = { [unowned self] high in
            interruptRequested = high
            requestChanged?(high)
        }
    }

    public var state: State {
        var both = State()
        both.master = master.state
        both.slave = slave.state
        return both
    }

    /// Takes over saved states.
    public func restore(_ saved: State) {
        slave.restore(saved.slave)
        master.restore(saved.master)
        interruptRequested = master.interrupt
        requestChanged?(interruptRequested)
    }

    /// Both chips as at power-on.
    public func reset() {
        slave.reset()
        master.reset()
    }

    /// Sets the level of input `number` (0...15; 2 is the cascade and leads nowhere).
    public func setLevel(_ number: Int, _ high: Bool) {
        guard number != Self.cascadeInput else { return }
        if number < 8 {
            master.setLevel(number, high)
        } else {
            slave.setLevel(number &- 8, high)
        }
    }

    public func acknowledge() -> UInt8 { master.acknowledge() }
}
