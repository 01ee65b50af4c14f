// Intel 8259A programmable interrupt controller, one chip. A PC/AT has two (see PICPair.swift): the master at 20h-21h,
// the slave at A0h-A1h. Data sheet: [8259A]; the register words are named as there (ICW1-4, OCW1-3).
//
// Not modelled: buffered mode (bits BUF and M/S of ICW4 are kept and ignored: the SP/EN pin alone says which chip is the
// master, as in the chip sets that later took the two 8259As in), and the freeze of requests between a poll command and
// its read, which no time passes for here.

/// One 8259A: eight request inputs, an INT output, and the two ports (offset 0 is A0 low, offset 1 is A0 high).
public final class PIC: PortDevice {
    /// Which word the chip waits for at its second port.
    enum Step: UInt8 {
        /// Never initialised since power-on: INT stays low.
        case uninitialised
        case vector  // ICW2
        case cascade  // ICW3
        case modes  // ICW4
        /// Initialised: the port is the mask, OCW1.
        case ready
    }

    /// Every register and latch of the chip.
    public struct State: Stateful, Sendable {
        /// The pins IR0-7 as they stand.
        public internal(set) var levels: UInt8 = 0
        /// The edge sense latches: inputs that rose and were not acknowledged since.
        var edges: UInt8 = 0
        public internal(set) var interruptMask: UInt8 = 0  // IMR
        public internal(set) var inService: UInt8 = 0  // ISR
        /// The input with the lowest priority; the one behind it has the highest.
        var lowest: UInt8 = 7
        var step = Step.uninitialised
        var icw1: UInt8 = 0
        /// ICW2: T7-T3, the vector's upper five bits (in MCS-80 mode A15-A8).
        var vectorBase: UInt8 = 0
        /// ICW3: the inputs with a slave on them, or in its bits 0-2 the slave's own number.
        var cascade: UInt8 = 0
        var icw4: UInt8 = 0
        var rotatesInAutoEOI = false
        var specialMask = false
        /// The next read at offset 0 gives ISR, not IRR.
        var readsInService = false
        /// The next read is a poll.
        var polls = false
        /// Inputs that are level triggered whatever ICW1 says: the register (ELCR) is in a PCI chip set, which keeps it.
        /// [PIIX3 2.5.5]
        var levelTriggered: UInt8 = 0

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&levels)
            visitor.visit(&edges)
            visitor.visit(&interruptMask)
            visitor.visit(&inService)
            visitor.visit(&lowest)
            visitor.visit(&step)
            visitor.visit(&icw1)
            visitor.visit(&vectorBase)
            visitor.visit(&cascade)
            visitor.visit(&icw4)
            visitor.visit(&rotatesInAutoEOI)
            visitor.visit(&specialMask)
            visitor.visit(&readsInService)
            visitor.visit(&polls)
        }

        /// IRR: who asks for service. An edge-triggered request, too, lives only as long as its pin is high, so that a
        /// request that goes away early ends as the default IR7. [8259A Edge and level triggered modes]
        public var interruptRequest: UInt8 {
            (icw1 & ICW1.levelTriggered != 0 ? levels : edges & levels) | levels & levelTriggered
        }
    }

    enum ICW1 {
        static let needsICW4: UInt8 = 0x01  // IC4
        static let single: UInt8 = 0x02  // SNGL
        static let interval4: UInt8 = 0x04  // ADI
        static let levelTriggered: UInt8 = 0x08  // LTIM
        /// Tells ICW1 from OCW2 and OCW3.
        static let mark: UInt8 = 0x10
    }

    enum ICW4 {
        static let mode8086: UInt8 = 0x01  // µPM
        static let autoEOI: UInt8 = 0x02  // AEOI
        static let specialFullyNested: UInt8 = 0x10  // SFNM
    }

    private enum OCW2 {
        static let level: UInt8 = 0x07
        static let endOfInterrupt: UInt8 = 0x20  // EOI
        static let specific: UInt8 = 0x40  // SL
        static let rotate: UInt8 = 0x80  // R
    }

    private enum OCW3 {
        static let mark: UInt8 = 0x08
        static let readsInService: UInt8 = 0x01  // RIS
        static let readRegister: UInt8 = 0x02  // RR
        static let poll: UInt8 = 0x04  // P
        static let specialMask: UInt8 = 0x20  // SMM
        static let setSpecialMask: UInt8 = 0x40  // ESMM
    }

    /// What a poll adds to the input's number where there is a request.
    private static let pollFound: UInt8 = 0x80
    /// The input that an acknowledge without a request is answered for, and the priority lines then show.
    private static let defaultInput: UInt8 = 7

    public private(set) var state = State()
    /// The INT pin. It follows from the state and is kept because it is read after every instruction.
    public private(set) var interrupt = false
    /// Is called when the INT pin changes.
    var interruptChanged: ((Bool) -> Void)?
    /// Puts an input's number on the cascade lines and gives what the slave of that number answers.
    var askSlave: ((_ number: UInt8) -> UInt8)?

    private let isMaster: Bool

    /// - Parameter isMaster: the SP/EN pin.
    public init(isMaster: Bool) {
        self.isMaster = isMaster
    }

    /// The state at power-on. The chip has no reset pin; the board's reset button may leave it alone.
    public func reset() {
        forget()
        update()
    }

    /// Everything but the pins and what the board has wired.
    private func forget() {
        let (levels, levelTriggered) = (state.levels, state.levelTriggered)
        state = State()
        state.levels = levels
        state.levelTriggered = levelTriggered
    }

    /// Makes the inputs of `mask` level triggered.
    func setLevelTriggered(_ mask: UInt8) {
        state.levelTriggered = mask
        update()
    }

    /// Takes over a saved state. The INT pin follows without a call of `interruptChanged`.
    public func restore(_ saved: State) {
        state = saved
        interrupt = highestRequest != nil
    }

    // MARK: Pins

    /// Sets the pin IR`input` (0...7).
    public func setLevel(_ input: Int, _ high: Bool) {
        guard input >= 0, input < 8 else { return }
        let bit: UInt8 = 1 << UInt8(input)
        if high {
            guard state.levels & bit == 0 else { return }
            state.levels |= bit
            state.edges |= bit
        } else {
            guard state.levels & bit != 0 else { return }
            state.levels &= ~bit
            state.edges &= ~bit
        }
        update()
    }

    /// The INTA cycles: takes the most urgent request into service and gives the vector that goes onto the bus.
    public func acknowledge() -> UInt8 {
        let request = takeRequest()
        let vector: UInt8
        if let request, hasSlave(on: request), let askSlave {
            vector = askSlave(request)
        } else {
            vector = self.vector(of: request ?? Self.defaultInput)
        }
        if let request { endAutomatically(request) }
        return vector
    }

    /// The number that the chip answers to on the cascade lines.
    var slaveNumber: UInt8 { state.cascade & 7 }

    // MARK: Ports

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        if state.polls { return UInt32(poll()) }
        if offset & 1 != 0 { return UInt32(state.interruptMask) }
        return UInt32(state.readsInService ? state.inService : state.interruptRequest)
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let value = UInt8(truncatingIfNeeded: value)
        if offset & 1 != 0 {
            writeHigh(value)
        } else if value & ICW1.mark != 0 {
            initialise(value)
        } else if value & OCW3.mark != 0 {
            command3(value)
        } else {
            command2(value)
        }
        update()
    }

    /// ICW1 starts the initialisation: requests that wait are forgotten (an input must rise again), the mask is cleared,
    /// IR7 is the lowest. [8259A Initialization command words 1 and 2]
    private func initialise(_ value: UInt8) {
        forget()
        state.icw1 = value
        state.cascade = 7
        state.step = .vector
    }

    /// ICW2-4 in their order, then OCW1.
    private func writeHigh(_ value: UInt8) {
        switch state.step {
        case .vector:
            state.vectorBase = value
            state.step = state.icw1 & ICW1.single == 0 ? .cascade : afterCascade
        case .cascade:
            state.cascade = value
            state.step = afterCascade
        case .modes:
            state.icw4 = value
            state.step = .ready
        case .uninitialised, .ready:
            state.interruptMask = value
        }
    }

    private var afterCascade: Step { state.icw1 & ICW1.needsICW4 != 0 ? .modes : .ready }

    /// OCW2: end of interrupt and rotation.
    private func command2(_ value: UInt8) {
        let rotates = value & OCW2.rotate != 0
        let named = value & OCW2.specific != 0 ? value & OCW2.level : nil
        guard value & OCW2.endOfInterrupt != 0 else {
            if named == nil {
                state.rotatesInAutoEOI = rotates
            } else if let named, rotates {
                state.lowest = named  // Set priority; without R the word says nothing.
            }
            return
        }
        guard let ended = named ?? mostUrgent(of: visibleInService) else { return }
        state.inService &= ~(1 << ended)
        if rotates { state.lowest = ended }
    }

    /// OCW3: which register is read, poll, special mask mode.
    private func command3(_ value: UInt8) {
        if value & OCW3.setSpecialMask != 0 { state.specialMask = value & OCW3.specialMask != 0 }
        if value & OCW3.readRegister != 0 { state.readsInService = value & OCW3.readsInService != 0 }
        state.polls = value & OCW3.poll != 0
    }

    /// The read after a poll command is an acknowledge that the guest makes itself.
    private func poll() -> UInt8 {
        state.polls = false
        guard let request = takeRequest() else { return Self.defaultInput }  // unverified: bits 0-2 without a request
        endAutomatically(request)
        return Self.pollFound | request
    }

    // MARK: Priority

    /// ISR as the priority resolver sees it: in special mask mode a masked level in service holds nobody back, and a
    /// non-specific end of interrupt passes over it. [8259A Special mask mode]
    private var visibleInService: UInt8 {
        state.specialMask ? state.inService & ~state.interruptMask : state.inService
    }

    /// The input that INT stands for, nil where nothing may interrupt now.
    private var highestRequest: UInt8? {
        guard state.step == .ready else { return nil }
        let requests = state.interruptRequest & ~state.interruptMask
        guard requests != 0, let request = mostUrgent(of: requests) else { return nil }
        guard let current = mostUrgent(of: visibleInService) else { return request }
        if rank(request) < rank(current) { return request }
        // A slave in service may interrupt itself: it asks only for something more urgent of its own.
        // [8259A Special fully nested mode]
        let nests = state.icw4 & ICW4.specialFullyNested != 0
        return request == current && nests && hasSlave(on: request) ? request : nil
    }

    /// 0 for the most urgent input, 7 for the last.
    private func rank(_ input: UInt8) -> UInt8 { (input &- state.lowest &- 1) & 7 }

    private func mostUrgent(of inputs: UInt8) -> UInt8? {
        guard inputs != 0 else { return nil }
        // Turned so that the most urgent input is bit 0.
        let turn = (state.lowest &+ 1) & 7
        let turned = inputs &>> turn | inputs &<< (8 &- turn)
        return (UInt8(turned.trailingZeroBitCount) &+ turn) & 7
    }

    private func hasSlave(on input: UInt8) -> Bool {
        isMaster && state.icw1 & ICW1.single == 0 && state.cascade & 1 &<< input != 0
    }

    // MARK: Acknowledge

    /// The first INTA: the request goes into service, so that INT goes low; nil where the request has gone.
    private func takeRequest() -> UInt8? {
        let request = highestRequest
        if let request {
            state.inService |= 1 &<< request
            state.edges &= ~(1 &<< request)
        }
        update()
        return request
    }

    /// The end of the last INTA, where auto EOI mode ends the interrupt. [8259A Automatic end of interrupt mode]
    private func endAutomatically(_ request: UInt8) {
        guard state.icw4 & ICW4.autoEOI != 0 else { return }
        state.inService &= ~(1 &<< request)
        if state.rotatesInAutoEOI { state.lowest = request }
        update()
    }

    /// In MCS-80 mode the chip answers the second INTA with the low byte of a CALL's address, which is what an x86 takes
    /// as its vector. [8259A Interrupt sequence outputs]
    private func vector(of input: UInt8) -> UInt8 {
        if state.icw4 & ICW4.mode8086 != 0 { return state.vectorBase & 0xF8 | input }
        return state.icw1 & ICW1.interval4 != 0 ? state.icw1 & 0xE0 | input << 2 : state.icw1 & 0xC0 | input << 3
    }

    private func update() {
        drive(highestRequest != nil)
    }

    private func drive(_ high: Bool) {
        guard high != interrupt else { return }
        interrupt = high
        interruptChanged?(high)
    }
}
