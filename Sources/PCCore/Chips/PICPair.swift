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
    /// What the board's own lines and the PCI bus's drive, a bit for each input. The chips hold what comes of both; only a
    /// board with PCI needs to know them apart.
    private(set) var boardLines: UInt16 = 0
    private var steeredLines: UInt16 = 0
    /// Is called when one of the sixteen lines changes, whoever drives it: an I/O APIC listens to the same ones.
    var lineChanged: ((_ number: Int, _ high: Bool) -> Void)?
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

    /// Takes over what drives the inputs besides the PCI bus; the inputs themselves are the chips' state.
    func restore(boardLines lines: UInt16) { boardLines = lines }

    /// Both chips as at power-on.
    public func reset() {
        slave.reset()
        master.reset()
    }

    /// Sets the level of input `number` (0...15; 2 is the cascade and leads nowhere), as the ISA bus drives it.
    public func setLevel(_ number: Int, _ high: Bool) {
        let bit: UInt16 = (0..<16).contains(number) ? 1 << UInt16(number) : 0
        boardLines = high ? boardLines | bit : boardLines & ~bit
        drive(number, high || steeredLines & bit != 0)
    }

    /// Sets the inputs that PCI interrupts are steered to and hold high: either bus can raise an input.
    func setSteered(_ inputs: UInt16) {
        let changed = inputs ^ steeredLines
        steeredLines = inputs
        for number in 0..<16 where changed >> UInt16(number) & 1 != 0 {
            drive(number, (inputs | boardLines) >> UInt16(number) & 1 != 0)
        }
    }

    /// Makes inputs level triggered, a bit each.
    func setLevelTriggered(_ inputs: UInt16) {
        master.setLevelTriggered(UInt8(truncatingIfNeeded: inputs))
        slave.setLevelTriggered(UInt8(truncatingIfNeeded: inputs >> 8))
    }

    private func drive(_ number: Int, _ high: Bool) {
        guard number != Self.cascadeInput else { return }
        if number < 8 {
            master.setLevel(number, high)
        } else {
            slave.setLevel(number &- 8, high)
        }
        lineChanged?(number, high)
    }

    public func acknowledge() -> UInt8 { master.acknowledge() }
}
