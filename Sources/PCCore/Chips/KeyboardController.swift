// Intel 8042 with the keyboard controller's program, as in the PC/AT and, with the auxiliary (mouse) port, in the PS/2.
// On a PC/AT data are at port 60h, commands and status at port 64h; it raises IRQ 1 for the keyboard and IRQ 12 for the
// auxiliary device, holds the A20 gate and the CPU's reset line. [8042], [PC/AT TR Keyboard controller],
// [PS/2 TR Keyboard and auxiliary device controller]
//
// Not modelled: the password and the lock that it guards (A4h says that there is none), parity errors on the cables,
// the front panel's lock (the switch is open), and pulses of 6 µs on output lines other than the reset line. A byte
// goes to a device at once; the time of that transfer is added to that of the answer. A command is carried out at
// once, and status bit 1 stays set for the few microseconds that the program takes to see it.

/// The keyboard controller. Offset 0 is the data port (60h), offset 4 the command and status port (64h).
public final class KeyboardController: PortDevice {
    /// The chip's RAM, buffers and lines.
    public struct State: Stateful, Sendable {
        /// RAM locations 20h-3Fh; the first is the command byte.
        var ram = [UInt8](repeating: 0, count: 32)
        var output: UInt8 = 0
        var outputFull = false
        /// The output buffer holds a byte of the auxiliary device.
        var outputIsAuxiliary = false
        /// Status bit 2, set by the self-test and by the command byte.
        var systemFlag = false
        /// Status bit 3: the last write went to the command port.
        var lastWasCommand = false
        /// Status bit 6: the device did not answer.
        var timedOut = false
        /// Until then the input buffer shows as full.
        var inputBusyUntil: GuestTime = 0
        var outputPort = OutputPort.powerOn
        var expecting = Parameter.none
        var ramIndex: UInt8 = 0
        var polling = Polling.none
        var translation = ScanCodeTranslation()
        /// Answers of the controller itself; the first is put out at `answerAt`.
        var answers: [UInt8] = []
        var answerAt = GuestTime.max
        /// What waits in `answers` says that this device did not answer.
        var timeoutOf = Sender.none
        /// Who is sending, and when its byte is complete.
        var sender = Sender.none
        var byteAt = GuestTime.max
        /// A byte to the device precedes its answer on the cable.
        var lineBusyUntil: GuestTime = 0

        public init() {
            ram[0] = CommandByte.powerOn
        }

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            for i in ram.indices { visitor.visit(&ram[i]) }
            visitor.visit(&output)
            visitor.visit(&outputFull)
            visitor.visit(&outputIsAuxiliary)
            visitor.visit(&systemFlag)
            visitor.visit(&lastWasCommand)
            visitor.visit(&timedOut)
            visitor.visit(time: &inputBusyUntil)
            visitor.visit(&outputPort)
            visitor.visit(&expecting)
            visitor.visit(&ramIndex)
            visitor.visit(&polling)
            visitor.visit(&translation)
            visitor.visit(&answers)
            visitor.visit(time: &answerAt)
            visitor.visit(&timeoutOf)
            visitor.visit(&sender)
            visitor.visit(time: &byteAt)
            visitor.visit(time: &lineBusyUntil)
            answers = Array(answers.prefix(Self.mostAnswers))
            ramIndex &= 0x1F
        }

        /// The diagnostic dump is the longest answer.
        static let mostAnswers = 64

        var commandByte: UInt8 {
            get { ram[0] }
            set { ram[0] = newValue }
        }
    }

    enum CommandByte {
        static let keyboardInterrupt: UInt8 = 0x01
        static let auxiliaryInterrupt: UInt8 = 0x02
        static let systemFlag: UInt8 = 0x04
        static let disableKeyboard: UInt8 = 0x10
        static let disableAuxiliary: UInt8 = 0x20
        static let translate: UInt8 = 0x40
        /// Both cables are held until the BIOS wants them.
        static let powerOn = disableKeyboard | disableAuxiliary
    }

    enum OutputPort {
        /// Low resets the CPU.
        static let notReset: UInt8 = 0x01
        static let a20: UInt8 = 0x02
        static let keyboardFull: UInt8 = 0x10
        static let auxiliaryFull: UInt8 = 0x20
        /// The lines of a port float high after a reset of the chip, so the CPU starts with A20 open. [8042 Ports]
        static let powerOn: UInt8 = 0xCF
    }

    private enum Status {
        static let outputFull: UInt8 = 0x01  // OBF
        static let inputFull: UInt8 = 0x02  // IBF
        static let systemFlag: UInt8 = 0x04
        static let command: UInt8 = 0x08  // F1
        /// The switch on the front panel is open.
        static let notLocked: UInt8 = 0x10
        static let auxiliary: UInt8 = 0x20
        static let timeout: UInt8 = 0x40
    }

    /// What the next byte at the data port is.
    enum Parameter: UInt8, Sendable {
        case none, ram, outputPort, keyboardOutput, auxiliaryOutput, auxiliaryDevice, password
    }

    /// Commands C1h and C2h show half of the input port in status bits 4-7.
    enum Polling: UInt8, Sendable {
        case none, low, high
    }

    enum Sender: UInt8, Sendable {
        case none, keyboard, auxiliary
    }

    enum Microseconds {
        /// Eleven bits on a cable.
        static let byte: UInt64 = 1000
        /// What the program takes to answer a command.
        static let answer: UInt64 = 60
        /// What it takes to see a write.
        static let input: UInt64 = 4
        /// What it waits for a device that does not clock its byte in. [PC/AT TR Keyboard controller: Status register]
        static let timeout: UInt64 = 15_000
    }

    static let dataOffset: UInt16 = 0
    /// Address bit 2 is the chip's A0 pin.
    static let commandBit: UInt16 = 4
    /// The input port of a board with a colour display, an open lock and both data lines high.
    static let inputPort: UInt8 = 0xB3

    public internal(set) var state = State()
    /// Is called when this chip opens (true) or shuts the A20 gate.
    public var setA20: ((Bool) -> Void)?
    /// Is called when the CPU's reset line is pulsed.
    public var resetCPU: (() -> Void)?

    let scheduler: Scheduler
    private let event: EventKind
    private let keyboardLine: IRQLine
    private let auxiliaryLine: IRQLine
    private(set) var keyboard: (any PS2Device)?
    private(set) var auxiliary: (any PS2Device)?

    /// - Parameters:
    ///   - event: what wakes the chip for the end of a transfer or for an answer.
    ///   - keyboardIRQ: IRQ 1 on a PC/AT.
    ///   - auxiliaryIRQ: IRQ 12.
    public init(scheduler: Scheduler, event: EventKind, keyboardIRQ: IRQLine, auxiliaryIRQ: IRQLine = .unconnected) {
        self.scheduler = scheduler
        self.event = event
        keyboardLine = keyboardIRQ
        auxiliaryLine = auxiliaryIRQ
    }

    /// Plugs the keyboard in.
    public func connect(keyboard device: any PS2Device) {
        keyboard = device
        device.sendRequested = { [weak self] in self?.update() }
        update()
    }

    /// Plugs a device into the auxiliary port.
    public func connect(auxiliary device: any PS2Device) {
        auxiliary = device
        device.sendRequested = { [weak self] in self?.update() }
        update()
    }

    /// The RESET line of the machine. The devices have no such line.
    public func reset() {
        let wasOpen = a20
        state = State()
        if !wasOpen { setA20?(true) }
        update()
    }

    /// Takes over a saved state without calls; the scheduler's own state brings the pending event.
    public func restore(_ saved: State) {
        state = saved
    }

    /// Bit 1 of the output port: the A20 gate. Setting it calls nobody: it is for port 92h, where both drive one line.
    public var a20: Bool {
        get { state.outputPort & OutputPort.a20 != 0 }
        set { state.outputPort = state.outputPort & ~OutputPort.a20 | (newValue ? OutputPort.a20 : 0) }
    }

    // MARK: Ports

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        UInt32(offset & Self.commandBit != 0 ? status : takeOutput())
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let byte = UInt8(truncatingIfNeeded: value)
        state.inputBusyUntil = scheduler.now &+ scheduler.duration(microseconds: Microseconds.input)
        state.polling = .none
        state.lastWasCommand = offset & Self.commandBit != 0
        if state.lastWasCommand {
            state.expecting = .none
            command(byte)
        } else {
            parameter(byte)
        }
        update()
    }

    private var status: UInt8 {
        var status = Status.notLocked
        if state.outputFull {
            status |= Status.outputFull
            if state.outputIsAuxiliary { status |= Status.auxiliary }
        }
        if scheduler.now < state.inputBusyUntil { status |= Status.inputFull }
        if state.systemFlag { status |= Status.systemFlag }
        if state.lastWasCommand { status |= Status.command }
        if state.timedOut { status |= Status.timeout }
        switch state.polling {
        case .none: return status
        case .low: return status & 0x0F | Self.inputPort << 4
        case .high: return status & 0x0F | Self.inputPort & 0xF0
        }
    }

    /// Reads the output buffer, which empties it. An empty one still shows its last byte.
    private func takeOutput() -> UInt8 {
        if state.outputFull {
            state.outputFull = false
            if !state.answers.isEmpty { state.answerAt = after(Microseconds.answer) }
            update()
        }
        return state.output
    }

    /// What port 64h reads, and port 60h without emptying the buffer: for a debugger.
    public func peek(_ offset: UInt16) -> UInt8 { offset & Self.commandBit != 0 ? status : state.output }

    // MARK: Time

    /// An answer or a byte of a device is due.
    public func eventDue() {
        if state.answerAt <= scheduler.now { putAnswer() }
        if state.byteAt <= scheduler.now { endTransfer() }
        update()
    }

    func after(_ microseconds: UInt64) -> GuestTime {
        scheduler.now &+ scheduler.duration(microseconds: microseconds)
    }

    /// Makes the lines and the pending event follow the state.
    func update() {
        let full = state.outputFull
        let command = state.commandByte
        keyboardLine.set(full && !state.outputIsAuxiliary && command & CommandByte.keyboardInterrupt != 0)
        auxiliaryLine.set(full && state.outputIsAuxiliary && command & CommandByte.auxiliaryInterrupt != 0)
        updateTransfer()
        let next = min(state.answerAt, state.byteAt)
        if next == .max {
            scheduler.cancel(event)
        } else if scheduler.deadline(of: event) != next {
            scheduler.schedule(event, at: next)
        }
    }

    // MARK: The output buffer

    /// Fills the output buffer, over what may still be in it.
    func put(_ byte: UInt8, auxiliary: Bool = false, timedOut: Bool = false) {
        state.output = byte
        state.outputFull = true
        state.outputIsAuxiliary = auxiliary
        state.timedOut = timedOut
    }

    /// The next of the controller's own answers. A long one waits for the system to take each byte.
    private func putAnswer() {
        state.answerAt = .max
        guard !state.answers.isEmpty else { return }
        let device = state.timeoutOf
        state.timeoutOf = .none
        put(state.answers.removeFirst(), auxiliary: device == .auxiliary, timedOut: device != .none)
    }
}
