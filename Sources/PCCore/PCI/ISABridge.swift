// Intel 82371SB (PIIX3), function 0, the bridge to ISA: 8086:7000, device 1. It steers the PCI interrupts PIRQA-PIRQD to
// inputs of its 8259As, says which of these are level triggered (ELCR, ports 4D0h and 4D1h), and resets the machine by port
// CF9h. [PIIX3 2.2, 2.5.5, 2.5.6]
//
// Kept without effect: the X-bus chip selects, DMA and memory windows of ISA, the timer of I/O recovery, SMI sources.

/// PIIX3 function 0: interrupt steering, trigger modes and the reset control register.
public final class ISABridge: PortDevice, Stateful {
    private struct State: Stateful, Sendable {
        /// ELCR1 and ELCR2: a bit for each level-triggered input.
        var levelTriggered: UInt16 = 0
        /// RC, port CF9h.
        var resetControl: UInt8 = 0

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&levelTriggered)
            visitor.visit(&resetControl)
        }
    }

    private enum ResetControl {
        static let hard: UInt8 = 0x02
        /// A reset comes when this goes from 0 to 1.
        static let go: UInt8 = 0x04
    }

    /// PIRQRCA-PIRQRCD: bit 7 switches the steering off, bits 3-0 are the input.
    private static let routes = 0x60..<0x64
    /// Inputs that an interrupt can be steered to, and that can be level triggered: not 0, 1, 2, 8 and 13.
    private static let usable: UInt16 = 0xDEF8

    public let function: PCIFunction
    private var state = State()
    /// The lines PIRQA-PIRQD as the bus drives them.
    private var lines: UInt8 = 0

    /// The 8259As' inputs that steered interrupts hold high.
    var steeredChanged: ((UInt16) -> Void)?
    /// The inputs that are level triggered.
    var levelTriggeredChanged: ((UInt16) -> Void)?
    /// Port CF9h asks for a reset.
    var resetRequested: (() -> Void)?

    public init() {
        var space = PCIConfigurationSpace(
            vendor: 0x8086, device: 0x7000, revision: 0, classCode: 0x06_0100, isMultifunction: true)
        space.set(0x04, 0x0200_0007, .dword)
        space.allow(0x04, 0x08)
        space.allowClearing(0x07, 0x38)
        space.allow(0x4C, 0x7F)
        space[0x4C] = 0x4D
        space.allow(0x4E...0x4F)
        space[0x4E] = 0x03
        for register in Self.routes {
            space.allow(register, 0x8F)
            space[register] = 0x80
        }
        space.allow(0x69...0x6B)
        space[0x69] = 0x02
        space.allow(0x70...0x71)
        space.set(0x70, 0x8080, .word)
        space.allow(0x76...0x7A)
        space.set(0x76, 0x0C0C, .word)
        space.allow(0x80...0x82)
        space.allow(0xA0...0xAE)
        space[0xA0] = 0x08
        function = PCIFunction(space)
        function.written = { [unowned self] in if $0.overlaps(Self.routes) { steer() } }
    }

    /// PCIRST#; the bus resets the function itself.
    func reset() {
        state = State()
        levelTriggeredChanged?(0)
    }

    /// Port CF9h was used, and for a reset of everything, not of the CPU alone.
    var asksHardReset: Bool { state.resetControl & (ResetControl.hard | ResetControl.go) == 0x06 }

    // MARK: Interrupts

    /// The PCI interrupt lines have changed.
    func setLines(_ lines: UInt8) {
        self.lines = lines
        steer()
    }

    private func steer() {
        var inputs: UInt16 = 0
        for line in 0..<4 where lines >> UInt8(line) & 1 != 0 {
            let route = function.space[Self.routes.lowerBound + line]
            if route & 0x80 == 0 { inputs |= 1 << UInt16(route & 0x0F) & Self.usable }
        }
        steeredChanged?(inputs)
    }

    // MARK: Ports

    /// Offsets 0 and 1 are ELCR1 and ELCR2, 2 is RC.
    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        switch offset {
        case 0: UInt32(state.levelTriggered & 0xFF)
        case 1: UInt32(state.levelTriggered >> 8)
        default: UInt32(state.resetControl)
        }
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let byte = UInt16(value & 0xFF)
        switch offset {
        case 0: setLevelTriggered(state.levelTriggered & 0xFF00 | byte)
        case 1: setLevelTriggered(state.levelTriggered & 0x00FF | byte << 8)
        default:
            let old = state.resetControl
            state.resetControl = UInt8(byte & 0x06)
            if state.resetControl & ~old & ResetControl.go != 0 { resetRequested?() }
        }
    }

    private func setLevelTriggered(_ inputs: UInt16) {
        state.levelTriggered = inputs & Self.usable
        levelTriggeredChanged?(state.levelTriggered)
    }

    // MARK: State

    public func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&state)
        levelTriggeredChanged?(state.levelTriggered)
        steer()
    }
}
