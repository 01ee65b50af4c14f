// Intel 82371AB (PIIX4), function 3, power management: 8086:7113, device 1, as the boards of QEMU and Bochs have it beside a
// PIIX3. The registers of ACPI at PMBASE, the SMBus host at SMBBA, the ports B2h and B3h of advanced power management. The
// interrupt (SCI) goes to IRQ 9 whatever the interrupt line register says. [PIIX4 7, 11]
//
// A sleep type of 0 with SLP_EN is soft-off, which ends the machine; the other types do nothing. There is no SMM: what would
// raise an SMI does nothing, but that F1h and F0h at B2h switch ACPI on and off, as a BIOS's handler would. No general
// purpose events, device monitors, clock control; no device is on the SMBus.

/// PIIX4 function 3: ACPI's fixed hardware.
public final class PowerManagement: Stateful {
    private struct State: Stateful, Sendable {
        var status: UInt16 = 0  // PMSTS, without TMROF_STS
        var enable: UInt16 = 0  // PMEN
        var control: UInt16 = 0  // PMCNTRL
        /// How often the timer's bit 23 had changed when TMROF_STS was last cleared.
        var overflowsSeen: UInt64 = 0
        /// What is kept without effect: 0Ch-37h.
        var others = [UInt8](repeating: 0, count: 0x40)
        /// APMC and APMS
        var command: UInt8 = 0
        var commandStatus: UInt8 = 0
        /// SMBus: host status, and the registers behind it.
        var hostStatus: UInt8 = 0
        var host = [UInt8](repeating: 0, count: 16)

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&status)
            visitor.visit(&enable)
            visitor.visit(&control)
            visitor.visit(&overflowsSeen)
            visitor.visitBuffer(&others, length: 0x40)
            visitor.visit(&command)
            visitor.visit(&commandStatus)
            visitor.visit(&hostStatus)
            visitor.visitBuffer(&host, length: 16)
        }
    }

    /// Bits of PMSTS and PMEN. [PIIX4 7.2.1, 7.2.2]
    private enum Event {
        static let timer: UInt16 = 0x0001
        static let global: UInt16 = 0x0020
        static let powerButton: UInt16 = 0x0100
        static let clock: UInt16 = 0x0400
        static let resume: UInt16 = 0x8000
        static let enables = timer | global | powerButton | clock
    }

    /// Bits of PMCNTRL. [PIIX4 7.2.3]
    private enum Control {
        static let enableSCI: UInt16 = 0x0001
        static let sleepType: UInt16 = 0x1C00
        static let sleep: UInt16 = 0x2000
        static let writable: UInt16 = 0x1C03
    }

    private enum Register {
        static let base = 0x40  // PMBASE
        static let deviceActivityB = 0x5B
        static let miscellaneous = 0x80  // PMREGMISC
        static let serialBase = 0x90  // SMBBA
        static let serialConfiguration = 0xD2  // SMBHSTCFG
    }

    /// The timer has 24 bits, of which the highest one's changes are noted.
    private static let overflow: UInt64 = 1 << 23

    public let function: PCIFunction
    /// Ports B2h and B3h.
    let advancedPort: any PortDevice
    private let parts: Parts
    private let scheduler: Scheduler
    private let event: EventKind
    private let clock: Clock
    private var state = State()
    /// SCI
    private(set) var interrupt = false
    /// Is called when this changes.
    var interruptChanged: (() -> Void)?
    /// The guest switches the machine off.
    var poweredOff: (() -> Void)?

    init(scheduler: Scheduler, event: EventKind) {
        self.scheduler = scheduler
        self.event = event
        clock = scheduler.clock(hertz: 3_579_545)
        parts = Parts()
        advancedPort = parts.advanced
        var space = PCIConfigurationSpace(vendor: 0x8086, device: 0x7113, revision: 3, classCode: 0x06_8000)
        space.set(0x04, 0x0280_0000, .dword)
        space.allow(0x04, 0x01)
        space.allowClearing(0x07, 0x38)
        space[PCIConfigurationSpace.Register.interruptPin] = 1
        space.allow(0x44...0x7F)
        // APMC_EN: SeaBIOS and its like take SMM for set up and leave it alone.
        space[Register.deviceActivityB] = 0x02
        space.allow(Register.miscellaneous, 0x01)
        space.allow(Register.serialConfiguration, 0x0F)
        space.allow(0xD3...0xD5)
        function = PCIFunction(
            space,
            regions: [
                PCIRegion(parts.registers, register: Register.base, size: 64, enable: (Register.miscellaneous, 0x01)),
                PCIRegion(
                    parts.serial, register: Register.serialBase, size: 16, enable: (Register.serialConfiguration, 0x01)),
            ])
        parts.registers.owner = self
        parts.advanced.owner = self
        parts.serial.owner = self
    }

    /// PCIRST#; the bus resets the function itself.
    func reset() {
        state = State()
        state.overflowsSeen = overflows
        update()
    }

    /// The power button of the case.
    func pressButton() {
        state.status |= Event.powerButton
        update()
    }

    /// The timer may have overflowed.
    func eventDue() { update() }

    // MARK: Events

    /// Ticks of 3.579545 MHz since power-on.
    private var ticks: UInt64 { clock.ticks(at: scheduler.now) }
    private var overflows: UInt64 { ticks / Self.overflow }
    private var status: UInt16 { state.status | (overflows != state.overflowsSeen ? Event.timer : 0) }

    /// Says when the timer's next event can come, and works out the interrupt.
    private func update() {
        if state.enable & Event.timer != 0, status & Event.timer == 0 {
            scheduler.schedule(event, at: clock.time(ofTick: (overflows + 1) &* Self.overflow))
        } else {
            scheduler.cancel(event)
        }
        drive()
    }

    private func drive() {
        let asks = status & state.enable & Event.enables != 0 && state.control & Control.enableSCI != 0
        guard asks != interrupt else { return }
        interrupt = asks
        interruptChanged?()
    }

    // MARK: Registers at PMBASE

    private func read(_ offset: Int) -> UInt8 {
        switch offset {
        case 0x00, 0x01: byte(of: status, offset)
        case 0x02, 0x03: byte(of: state.enable, offset)
        case 0x04, 0x05: byte(of: state.control, offset)
        case 0x08, 0x09, 0x0A: UInt8(truncatingIfNeeded: ticks >> UInt64((offset - 8) * 8))
        case 0x0C..<0x38: state.others[offset]
        default: 0
        }
    }

    private func byte(of word: UInt16, _ offset: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: word >> UInt16((offset & 1) * 8))
    }

    private func write(_ offset: Int, _ value: UInt8) {
        let bits = UInt16(value) << UInt16((offset & 1) * 8)
        let mask: UInt16 = 0xFF << UInt16((offset & 1) * 8)
        switch offset {
        case 0x00, 0x01:
            state.status &= ~bits
            if bits & Event.timer != 0 { state.overflowsSeen = overflows }
        case 0x02, 0x03: state.enable = (state.enable & ~mask | bits) & Event.enables
        case 0x04, 0x05:
            state.control = (state.control & ~mask | bits) & Control.writable
            if bits & Control.sleep != 0, state.control & Control.sleepType == 0 { poweredOff?() }
        // Status registers have nothing to show.
        case 0x0E..<0x18, 0x20..<0x30, 0x34..<0x38: state.others[offset] = value
        default: break
        }
        update()
    }

    // MARK: Advanced power management

    private func command(_ value: UInt8) {
        state.command = value
        if value == 0xF1 { state.control |= Control.enableSCI }
        if value == 0xF0 { state.control &= ~Control.enableSCI }
        update()
    }

    // MARK: SMBus

    /// Nobody answers whatever address is asked: a transaction ends at once, with an error of the device.
    private func writeSerial(_ offset: Int, _ value: UInt8) {
        if offset == 0 {
            state.hostStatus &= ~value
        } else {
            state.host[offset] = offset == 2 ? value & 0x1F : value
            if offset == 2, value & 0x40 != 0 { state.hostStatus |= 0x04 }
        }
    }

    // MARK: State

    public func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&state)
        drive()
    }

    /// What stands at the three ranges of ports. A wide access is one of its bytes after the other.
    private final class Parts {
        let registers = Registers()
        let advanced = Advanced()
        let serial = Serial()
    }

    private class Part: PortDevice {
        weak var owner: PowerManagement?

        func read(_ offset: Int, _ owner: PowerManagement) -> UInt8 { 0xFF }
        func write(_ offset: Int, _ value: UInt8, _ owner: PowerManagement) {}

        func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
            guard let owner else { return width.ones }
            return (0..<width.rawValue).reduce(0) {
                $0 | UInt32(read(Int(offset) + $1, owner)) << UInt32($1 * 8)
            }
        }

        func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
            guard let owner else { return }
            for i in 0..<width.rawValue {
                write(Int(offset) + i, UInt8(truncatingIfNeeded: value >> UInt32(i * 8)), owner)
            }
        }
    }

    private final class Registers: Part {
        override func read(_ offset: Int, _ owner: PowerManagement) -> UInt8 { owner.read(offset) }
        override func write(_ offset: Int, _ value: UInt8, _ owner: PowerManagement) { owner.write(offset, value) }
    }

    private final class Advanced: Part {
        override func read(_ offset: Int, _ owner: PowerManagement) -> UInt8 {
            offset == 0 ? owner.state.command : owner.state.commandStatus
        }
        override func write(_ offset: Int, _ value: UInt8, _ owner: PowerManagement) {
            if offset == 0 { owner.command(value) } else { owner.state.commandStatus = value }
        }
    }

    private final class Serial: Part {
        override func read(_ offset: Int, _ owner: PowerManagement) -> UInt8 {
            offset == 0 ? owner.state.hostStatus : owner.state.host[offset & 15]
        }
        override func write(_ offset: Int, _ value: UInt8, _ owner: PowerManagement) {
            owner.writeSerial(offset & 15, value)
        }
    }
}
