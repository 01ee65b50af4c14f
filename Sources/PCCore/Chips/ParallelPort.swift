// Parallel port with a printer on its cable, as LPT1 of a PC/AT: ports 378h-37Ah, IRQ 7. Data, status and control as the AT's
// printer adapter has them, the latched interrupt and the direction bit as the PS/2's port has them.
// [PC/AT TR Serial/Parallel adapter], [PS/2 TR Parallel port controller], [IEEE 1284 compatibility mode]
//
// The printer takes a byte at STROBE, is busy with it for 20 µs and says so by a pulse of ACK of 5 µs at the end. It has
// paper, is on line, and never fails. Without a printer the lines of the cable float high, which reads as busy.
//
// Not modelled: EPP and ECP, AUTO FEED (the printer's own line feed) and SELECT IN (a printer is always selected), set-up
// times of the data, the printer's own power.

/// The port. Offset 0 is data, 1 status, 2 control.
public final class ParallelPort: PortDevice {
    public struct State: Stateful, Sendable {
        var data: UInt8 = 0
        var control = Control.powerOn
        /// When the printer has done with its byte; past where it waits for one.
        var busyUntil: GuestTime = 0
        /// An ACK came and nobody has read the status since. // status bit 2, low
        var interrupt = false
        /// An ACK is to come.
        var isAcknowledging = false

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&data)
            visitor.visit(&control)
            visitor.visit(time: &busyUntil)
            visitor.visit(&interrupt)
            visitor.visit(&isAcknowledging)
        }
    }

    enum Control {
        static let strobe: UInt8 = 0x01
        /// INIT is low, which is active, while this is 0.
        static let notInitialise: UInt8 = 0x04
        static let interruptEnable: UInt8 = 0x10
        /// The data lines are inputs.
        static let input: UInt8 = 0x20
        static let bits: UInt8 = 0x3F
        /// INIT and SELECT IN as every BIOS leaves them; a printer that is held in its reset would print for nobody.
        static let powerOn: UInt8 = 0x0C
    }

    private enum Status {
        /// Bits 1-0 mean nothing and read as ones.
        static let unused: UInt8 = 0x03
        static let noInterrupt: UInt8 = 0x04
        static let notError: UInt8 = 0x08
        static let selected: UInt8 = 0x10
        static let paperEnd: UInt8 = 0x20
        static let notAcknowledge: UInt8 = 0x40
        /// The line is BUSY, and the adapter turns it round.
        static let notBusy: UInt8 = 0x80
    }

    enum Microseconds {
        static let byte: UInt64 = 20
        static let acknowledge: UInt64 = 5
    }

    public private(set) var state = State()
    /// Takes each byte that is printed; nil where no printer is on the cable.
    public var print: ((UInt8) -> Void)?

    private let scheduler: Scheduler
    private let event: EventKind
    private let irq: IRQLine
    private let isBidirectional: Bool

    /// - Parameters:
    ///   - event: what wakes the port for the end of an ACK.
    ///   - irq: IRQ 7 for LPT1.
    ///   - isBidirectional: control bit 5 turns the data lines round, as on a PS/2.
    public init(scheduler: Scheduler, event: EventKind, irq: IRQLine, isBidirectional: Bool) {
        self.scheduler = scheduler
        self.event = event
        self.irq = irq
        self.isBidirectional = isBidirectional
    }

    public func reset() {
        state = State()
        scheduler.cancel(event)
        updateIRQ()
    }

    // MARK: Ports

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        switch offset {
        case 0: return UInt32(isInput ? 0xFF : state.data)
        case 1:
            let value = status
            state.interrupt = false
            updateIRQ()
            return UInt32(value)
        default:
            // Unused bits read as ones; an AT's port has no direction bit.
            return UInt32(state.control | (isBidirectional ? 0xC0 : 0xE0))
        }
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let value = UInt8(truncatingIfNeeded: value)
        switch offset {
        case 0: state.data = value
        case 2: writeControl(value & Control.bits)
        default: break
        }
    }

    private var isInput: Bool { isBidirectional && state.control & Control.input != 0 }

    private var status: UInt8 {
        let interrupt = state.interrupt ? 0 : Status.noInterrupt
        guard print != nil else {
            return Status.unused | interrupt | Status.notError | Status.selected | Status.paperEnd
                | Status.notAcknowledge
        }
        var value = Status.unused | interrupt | Status.notError | Status.selected | Status.notAcknowledge
        let isHeld = state.control & Control.notInitialise == 0
        if scheduler.now >= state.busyUntil, !isHeld { value |= Status.notBusy }
        if isAcknowledging { value &= ~Status.notAcknowledge }
        return value
    }

    /// ACK is low at the end of each byte.
    private var isAcknowledging: Bool {
        state.isAcknowledging && scheduler.now < state.busyUntil
            && state.busyUntil &- scheduler.now <= scheduler.duration(microseconds: Microseconds.acknowledge)
    }

    private func writeControl(_ value: UInt8) {
        let rose = value & ~state.control
        state.control = value
        if value & Control.notInitialise == 0 {
            // The printer forgets the byte that it is busy with.
            state.isAcknowledging = false
            state.busyUntil = scheduler.now
            scheduler.cancel(event)
        } else if rose & Control.strobe != 0 {
            strobe()
        }
        updateIRQ()
    }

    /// A byte at a printer that is busy is lost.
    private func strobe() {
        guard let print, scheduler.now >= state.busyUntil else { return }
        print(isInput ? 0xFF : state.data)
        state.busyUntil = scheduler.now &+ scheduler.duration(microseconds: Microseconds.byte)
        state.isAcknowledging = true
        scheduler.schedule(event, at: state.busyUntil)
    }

    // MARK: Lines and events

    /// ACK goes back to high, which interrupts.
    public func eventDue() {
        state.isAcknowledging = false
        state.interrupt = true
        updateIRQ()
    }

    private func updateIRQ() {
        irq.set(state.interrupt && state.control & Control.interruptEnable != 0)
    }

    /// Takes over a saved state without calls; the scheduler's own state brings the pending event.
    public func restore(_ saved: State) {
        state = saved
    }
}
