// National Semiconductor NS16550A UART, as COM1 (ports 3F8h-3FFh, IRQ 4) and COM2 (2F8h-2FFh, IRQ 3) of a PC/AT, with
// a 1.8432 MHz clock. Its OUT2 output lets the interrupt line through. [NS16550A], [PC/AT TR Serial adapter]
//
// Characters take their time on the line, by divisor and character length. What comes in from outside waits in a
// backlog, the sender's side, and arrives one character after the other.
//
// Not modelled: RXRDY and TXRDY (FCR bit 3), which a PC does not wire; framing and parity errors of the line, which
// never makes any; a break from outside; writes to the line and modem status registers, which the sheet reserves for
// factory tests.

/// The modem control lines that come in.
public struct ModemInputs: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue & 0xF0 }

    public static let clearToSend = ModemInputs(rawValue: 0x10)  // CTS
    public static let dataSetReady = ModemInputs(rawValue: 0x20)  // DSR
    public static let ringIndicator = ModemInputs(rawValue: 0x40)  // RI
    public static let carrierDetect = ModemInputs(rawValue: 0x80)  // DCD
    /// Another computer is there, and ready.
    public static let ready: ModemInputs = [.clearToSend, .dataSetReady, .carrierDetect]
}

/// A 16550A with the line behind it. Offsets 0-7 are its registers.
public final class UART: PortDevice {
    /// The registers, both FIFOs, and what is on its way.
    public struct State: Stateful, Sendable {
        var interruptEnable: UInt8 = 0  // IER
        var fifoControl: UInt8 = 0  // FCR
        var lineControl: UInt8 = 0  // LCR
        var modemControl: UInt8 = 0  // MCR
        /// LSR bits 1-4: errors that were not read yet.
        var lineErrors: UInt8 = 0
        /// MSR bits 0-3: changes that were not read yet.
        var modemChanges: UInt8 = 0
        var modemInputs = ModemInputs.ready.rawValue
        var scratch: UInt8 = 0  // SCR
        /// DLM and DLL. The sheet leaves them undefined at power-on; here it is 9,600 baud.
        var divisor: UInt16 = 12

        var received: [UInt8] = []
        /// The LSR bits that belong to each character of `received`.
        var receivedErrors: [UInt8] = []
        var lastReceived: UInt8 = 0
        /// The tick at which characters that nobody reads ask for attention.
        var timeoutTick = Ticks.never
        /// What comes from outside, and how much of it has arrived.
        var backlog: [UInt8] = []
        var backlogTaken = 0
        /// The tick at which the next character of the backlog is complete.
        var arrivalTick = Ticks.never

        var toSend: [UInt8] = []
        var shifting = false
        var shiftRegister: UInt8 = 0
        /// The tick at which the character in the shift register is out.
        var shiftEndTick = Ticks.never
        /// The transmitter's interrupt waits for its turn.
        var emptyPending = false
        /// The tick at which `emptyPending` comes up, where it is put off.
        var emptyTick = Ticks.never
        /// Two characters were in the FIFO at once since it was last empty.
        var hadTwo = false
        /// The tick at which a break in loopback mode is as long as a character.
        var breakTick = Ticks.never
        /// The receiver has seen this break.
        var breakSeen = false

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            dropTaken()
            visitor.visit(&interruptEnable)
            visitor.visit(&fifoControl)
            visitor.visit(&lineControl)
            visitor.visit(&modemControl)
            visitor.visit(&lineErrors)
            visitor.visit(&modemChanges)
            visitor.visit(&modemInputs)
            visitor.visit(&scratch)
            visitor.visit(&divisor)
            visitor.visit(&received)
            visitor.visit(&receivedErrors)
            visitor.visit(&lastReceived)
            visitor.visit(time: &timeoutTick)
            visitor.visit(&backlog)
            visitor.visit(time: &arrivalTick)
            visitor.visit(&toSend)
            visitor.visit(&shifting)
            visitor.visit(&shiftRegister)
            visitor.visit(time: &shiftEndTick)
            visitor.visit(&emptyPending)
            visitor.visit(time: &emptyTick)
            visitor.visit(&hadTwo)
            visitor.visit(time: &breakTick)
            visitor.visit(&breakSeen)
            validate()
        }

        /// A loaded state may hold anything: brings it within bounds.
        private mutating func validate() {
            received = Array(received.prefix(capacity))
            receivedErrors = Array(receivedErrors.prefix(received.count))
            receivedErrors += [UInt8](repeating: 0, count: received.count - receivedErrors.count)
            backlog = Array(backlog.prefix(UART.backlogLimit))
            toSend = Array(toSend.prefix(capacity))
            modemInputs &= 0xF0
            modemChanges &= 0x0F
            if !shifting { shiftEndTick = Ticks.never }
        }

        mutating func dropTaken() {
            backlog.removeFirst(min(backlogTaken, backlog.count))
            backlogTaken = 0
        }

        var isFIFO: Bool { fifoControl & FIFOControl.enable != 0 }
        /// Characters that a FIFO holds; without FIFOs one register stands in its place.
        var capacity: Int { isFIFO ? UART.fifoSize : 1 }
        var isLoopback: Bool { modemControl & ModemControl.loopback != 0 }
        var isBreak: Bool { lineControl & LineControl.setBreak != 0 }
        var waiting: Int { backlog.count - backlogTaken }
    }

    /// Ticks of the chip's clock.
    enum Ticks {
        static let never = UInt64.max
        static let hertz: UInt64 = 1_843_200
    }

    enum InterruptEnable {
        static let received: UInt8 = 0x01  // ERBFI
        static let transmitterEmpty: UInt8 = 0x02  // ETBEI
        static let lineStatus: UInt8 = 0x04  // ELSI
        static let modemStatus: UInt8 = 0x08  // EDSSI
        static let all: UInt8 = 0x0F
    }

    private enum Interrupt {
        static let modemStatus: UInt8 = 0x00
        static let none: UInt8 = 0x01
        static let transmitterEmpty: UInt8 = 0x02
        static let received: UInt8 = 0x04
        static let lineStatus: UInt8 = 0x06
        static let timeout: UInt8 = 0x0C
        /// Bits 7-6 say that the FIFOs are on.
        static let fifo: UInt8 = 0xC0
    }

    enum FIFOControl {
        static let enable: UInt8 = 0x01
        static let resetReceiver: UInt8 = 0x02
        static let resetTransmitter: UInt8 = 0x04
        static let stored: UInt8 = 0xC9
        /// Bits 7-6.
        static let triggers = [1, 4, 8, 14]
    }

    enum LineControl {
        static let wordLength: UInt8 = 0x03
        static let twoStopBits: UInt8 = 0x04  // STB
        static let parity: UInt8 = 0x08  // PEN
        static let setBreak: UInt8 = 0x40
        static let divisorLatch: UInt8 = 0x80  // DLAB
    }

    enum ModemControl {
        static let dtr: UInt8 = 0x01
        static let rts: UInt8 = 0x02
        static let out1: UInt8 = 0x04
        static let out2: UInt8 = 0x08
        static let loopback: UInt8 = 0x10
        static let all: UInt8 = 0x1F
    }

    enum LineStatus {
        static let dataReady: UInt8 = 0x01  // DR
        static let overrun: UInt8 = 0x02  // OE
        static let framing: UInt8 = 0x08  // FE
        static let breakInterrupt: UInt8 = 0x10  // BI
        static let holdingEmpty: UInt8 = 0x20  // THRE
        static let transmitterEmpty: UInt8 = 0x40  // TEMT
        static let errorInFIFO: UInt8 = 0x80
        /// The errors that belong to a character.
        static let ofCharacter: UInt8 = 0x1C
    }

    static let fifoSize = 16
    /// The most that waits for the line; more is refused.
    public static let backlogLimit = 0x1_0000

    public internal(set) var state = State()
    /// Takes each character that was sent, when its last bit is out.
    public var transmit: ((UInt8) -> Void)?
    /// Is called when the guest may have switched DTR and RTS, the modem control lines that go out.
    public var outputsChanged: ((_ dtr: Bool, _ rts: Bool) -> Void)?
    /// The sender outside waits while the receiver is full, as one does that obeys flow control. Without it what comes
    /// too fast overruns.
    public var senderWaits = true

    private let scheduler: Scheduler
    private let event: EventKind
    private let clock: Clock
    private let line: IRQLine

    /// - Parameters:
    ///   - event: what wakes the chip for the next character.
    ///   - irq: the interrupt line behind the gate of OUT2.
    public init(scheduler: Scheduler, event: EventKind, irq: IRQLine) {
        self.scheduler = scheduler
        self.event = event
        line = irq
        clock = scheduler.clock(hertz: Ticks.hertz)
    }

    /// The MR pin. Divisor and scratch register stay, and so does what waits outside. [NS16550A Table I]
    public func reset() {
        let old = state
        state = State()
        state.divisor = old.divisor
        state.scratch = old.scratch
        state.modemInputs = old.modemInputs
        state.backlog = old.backlog
        state.backlogTaken = old.backlogTaken
        feed(nowTick)
        update()
        tellOutputs()
    }

    /// Takes over a saved state without calls; the scheduler's own state brings the pending event.
    public func restore(_ saved: State) {
        state = saved
    }

    /// A character is complete, or the receiver's time is up.
    public func eventDue() {
        advance(to: nowTick)
        update()
    }

    // MARK: The line

    /// Lets characters come in, one after the other at the line's speed. Gives how many of them found room.
    @discardableResult public func receive(_ bytes: [UInt8]) -> Int {
        let room = max(0, Self.backlogLimit - state.waiting)
        state.dropTaken()
        state.backlog += bytes.prefix(room)
        feed(nowTick)
        update()
        return min(room, bytes.count)
    }

    /// Characters that have not arrived yet.
    public var backlogCount: Int { state.waiting }

    /// The modem control lines that come in. A PC that has nothing plugged in sees none of them.
    public var modemInputs: ModemInputs {
        get { ModemInputs(rawValue: state.modemInputs) }
        set {
            changeModem { $0.modemInputs = newValue.rawValue }
            update()
        }
    }

    /// Bits a second as they are set now.
    public var baudRate: UInt64 { Ticks.hertz / bitTicks }

    // MARK: Ports

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        switch offset & 7 {
        case 0 where state.lineControl & LineControl.divisorLatch != 0: return UInt32(state.divisor & 0xFF)
        case 1 where state.lineControl & LineControl.divisorLatch != 0: return UInt32(state.divisor >> 8)
        case 0:
            let byte = takeReceived(nowTick)
            update()
            return UInt32(byte)
        case 1: return UInt32(state.interruptEnable)
        case 2: return UInt32(readInterruptIdentification())
        case 3: return UInt32(state.lineControl)
        case 4: return UInt32(state.modemControl)
        case 5:
            let status = lineStatus
            clearLineErrors()
            updateLine()
            return UInt32(status)
        case 6:
            let status = state.modemStatus
            state.modemChanges = 0
            updateLine()
            return UInt32(status)
        default: return UInt32(state.scratch)
        }
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let byte = UInt8(truncatingIfNeeded: value)
        switch offset & 7 {
        case 0 where state.lineControl & LineControl.divisorLatch != 0:
            state.divisor = state.divisor & 0xFF00 | UInt16(byte)
        case 1 where state.lineControl & LineControl.divisorLatch != 0:
            state.divisor = state.divisor & 0x00FF | UInt16(byte) << 8
        case 0:
            state.emptyPending = false
            // The line must be seen to drop even where the character goes on to the shift register at once.
            updateLine()
            send(byte, nowTick)
        case 1: writeInterruptEnable(byte)
        case 2: writeFIFOControl(byte)
        case 3:
            state.lineControl = byte
            watchBreak(nowTick)
        case 4:
            changeModem { $0.modemControl = byte & ModemControl.all }
            watchBreak(nowTick)
            feed(nowTick)
            tellOutputs()
        case 7: state.scratch = byte
        default: return
        }
        update()
    }

    private func writeInterruptEnable(_ byte: UInt8) {
        let enabled = byte & ~state.interruptEnable
        state.interruptEnable = byte & InterruptEnable.all
        // Enabled while the transmitter is empty, its interrupt comes at once.
        if enabled & InterruptEnable.transmitterEmpty != 0, state.toSend.isEmpty, state.emptyTick == Ticks.never {
            state.emptyPending = true
        }
    }

    /// LSR as it stands.
    var lineStatus: UInt8 {
        var status = state.lineErrors
        if !state.received.isEmpty { status |= LineStatus.dataReady }
        if state.toSend.isEmpty {
            status |= LineStatus.holdingEmpty
            if !state.shifting { status |= LineStatus.transmitterEmpty }
        }
        if state.isFIFO, state.receivedErrors.contains(where: { $0 != 0 }) { status |= LineStatus.errorInFIFO }
        return status
    }

    // MARK: Interrupts

    /// The pending interrupt of the highest priority. [NS16550A Table IV]
    private var interrupt: UInt8 {
        let enabled = state.interruptEnable
        if enabled & InterruptEnable.lineStatus != 0, state.lineErrors != 0 { return Interrupt.lineStatus }
        if enabled & InterruptEnable.received != 0, !state.received.isEmpty {
            if state.received.count >= triggerLevel { return Interrupt.received }
            if state.timeoutTick != Ticks.never, state.timeoutTick <= nowTick { return Interrupt.timeout }
        }
        if enabled & InterruptEnable.transmitterEmpty != 0, state.emptyPending { return Interrupt.transmitterEmpty }
        if enabled & InterruptEnable.modemStatus != 0, state.modemChanges != 0 { return Interrupt.modemStatus }
        return Interrupt.none
    }

    private func readInterruptIdentification() -> UInt8 {
        let interrupt = interrupt
        if interrupt == Interrupt.transmitterEmpty {
            state.emptyPending = false
            updateLine()
        }
        return interrupt | (state.isFIFO ? Interrupt.fifo : 0)
    }

    /// In loopback mode the chip's outputs are inactive, OUT2 too. [NS16550A 8.6.5]
    private func updateLine() {
        let gate = state.modemControl & (ModemControl.out2 | ModemControl.loopback) == ModemControl.out2
        line.set(gate && interrupt != Interrupt.none)
    }

    // MARK: Time

    var nowTick: UInt64 { clock.ticks(at: scheduler.now) }

    private func update() {
        updateLine()
        var next = min(min(state.shiftEndTick, state.arrivalTick), min(state.emptyTick, state.breakTick))
        if state.interruptEnable & InterruptEnable.received != 0, state.timeoutTick < next, state.timeoutTick > nowTick
        {
            next = state.timeoutTick
        }
        if next == Ticks.never {
            scheduler.cancel(event)
            return
        }
        let deadline = clock.time(ofTick: next)
        if scheduler.deadline(of: event) != deadline { scheduler.schedule(event, at: deadline) }
    }

    /// A divisor of 0 counts as 65,536. // unverified: the sheet gives no meaning to it.
    var bitTicks: UInt64 { 16 * (state.divisor == 0 ? 0x1_0000 : UInt64(state.divisor)) }

    /// The length of a character, from its start bit to its last stop bit.
    var characterTicks: UInt64 {
        let control = state.lineControl
        let length = 5 + UInt64(control & LineControl.wordLength)
        let parity: UInt64 = control & LineControl.parity != 0 ? 1 : 0
        // One stop bit, or two; with five data bits one and a half.
        let stopHalves: UInt64 = control & LineControl.twoStopBits == 0 ? 2 : length == 5 ? 3 : 4
        return (2 * (1 + length + parity) + stopHalves) * (bitTicks / 2)
    }
}
