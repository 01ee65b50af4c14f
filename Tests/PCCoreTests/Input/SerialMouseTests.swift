import Testing

@testable import PCCore

/// A serial mouse whose line is a list of characters, with a slot for each microsecond.
private final class Rig {
    let scheduler = Scheduler(slotsPerSecond: 1_000_000)
    let mouse: SerialMouse
    private var sent: [UInt8] = []

    init() {
        mouse = SerialMouse(scheduler: scheduler, event: .mouse)
        mouse.transmit = { [unowned self] in sent += $0 }
    }

    func pass(_ microseconds: UInt64) {
        let end = scheduler.now + microseconds
        while scheduler.nextDeadline <= end {
            scheduler.now = scheduler.nextDeadline
            while scheduler.takeDue() != nil { mouse.eventDue() }
        }
        scheduler.now = end
    }

    func take() -> [UInt8] {
        defer { sent = [] }
        return sent
    }

    func powerUp() {
        mouse.setPower(true)
        pass(100_000)
        _ = take()
    }

    func move(_ dx: Int, _ dy: Int) { mouse.move(dx: dx, dy: dy, wheel: 0) }
}

@Suite struct SerialMouseTests {
    private let rig = Rig()

    @Test func saysWhatItIsWhenThePowerComes() {
        rig.move(1, 1)
        rig.pass(100_000)
        #expect(rig.take() == [])
        for _ in 0..<2 {
            rig.mouse.setPower(true)
            rig.mouse.setPower(true)
            rig.pass(10_000)
            #expect(rig.take() == [])
            rig.pass(10_000)
            #expect(rig.take() == Array("M3".utf8))
            rig.pass(100_000)
            #expect(rig.take() == [])
            rig.mouse.setPower(false)
        }
        rig.move(1, 1)
        rig.pass(100_000)
        #expect(rig.take() == [])
    }

    @Test(
        arguments: [
            (1, 0, [0x40, 0x01, 0x00]), (0, 1, [0x40, 0x00, 0x01]), (-1, 0, [0x43, 0x3F, 0x00]),
            (0, -1, [0x4C, 0x00, 0x3F]),
            (127, -128, [0x49, 0x3F, 0x00]), (-128, 127, [0x46, 0x00, 0x3F]), (64, 64, [0x45, 0x00, 0x00]),
        ] as [(Int, Int, [UInt8])])
    func movement(dx: Int, dy: Int, packet: [UInt8]) {
        rig.powerUp()
        rig.move(dx, dy)
        #expect(rig.take() == packet)
    }

    @Test func buttons() {
        rig.powerUp()
        let steps: [(MouseButtons, [UInt8])] = [
            (.left, [0x60, 0, 0]), ([.left, .right], [0x70, 0, 0]), (.middle, [0x40, 0, 0, 0x20]),
            ([], [0x40, 0, 0, 0]),
            (.fourth, []),
        ]
        for (held, packet) in steps {
            rig.mouse.hold(held)
            #expect(rig.take() == packet)
            rig.pass(100_000)
        }
        rig.mouse.hold(.middle)
        rig.pass(100_000)
        _ = rig.take()
        rig.move(2, 0)
        #expect(rig.take() == [0x40, 2, 0, 0x20])
    }

    /// Three characters of nine bits at 1200 baud take 22.5 ms; what happens meanwhile adds up.
    @Test func packetsComeAtTheSpeedOfTheLine() {
        rig.powerUp()
        var packets: [[UInt8]] = []
        for _ in 0..<45 {
            rig.move(1, 0)
            packets.append(rig.take())
            rig.pass(1000)
            packets.append(rig.take())
        }
        rig.pass(100_000)
        packets.append(rig.take())
        #expect(packets.filter { !$0.isEmpty } == [[0x40, 1, 0], [0x40, 22, 0], [0x40, 22, 0]])
    }

    /// On the machine: a driver's way, from the switch of RTS to the packet, by the registers of COM2.
    @Test func atASerialPort() {
        var configuration = PCConfiguration()
        configuration.rate = 1_000_000
        // JMP to itself, wherever it starts.
        configuration.bios = (0..<0x1_0000).map { $0 % 2 == 0 ? 0xEB : 0xFE }
        configuration.mouse = .com2
        let pc = PC(configuration)
        let uart = pc.serial[1]
        func pass(milliseconds: UInt64) { _ = pc.run(until: pc.now + milliseconds * pc.slotsPerSecond / 1000) }
        func received() -> [UInt8] {
            var bytes: [UInt8] = []
            while uart.readPort(5, .byte) & 1 != 0 { bytes.append(UInt8(uart.readPort(0, .byte))) }
            return bytes
        }
        for (register, value) in [(3, 0x80), (0, 96), (1, 0), (3, 0x02), (2, 0x01), (4, 0x01)] as [(UInt16, UInt32)] {
            uart.writePort(register, value, .byte)
        }
        pc.moveMouse(dx: 1, dy: 1)
        pass(milliseconds: 50)
        #expect(received() == [])
        uart.writePort(4, 0x0B, .byte)
        pass(milliseconds: 50)
        #expect(received() == Array("M3".utf8))
        pc.moveMouse(dx: -3, dy: 2)
        pc.setMouseButtons(.left)
        pass(milliseconds: 100)
        #expect(received() == [0x43, 0x3D, 0x02, 0x60, 0x00, 0x00])
        pc.setMouseButtons([])
        pass(milliseconds: 50)
        #expect(received() == [0x40, 0x00, 0x00])
        // In loopback mode the lines are off.
        uart.writePort(4, 0x1B, .byte)
        uart.writePort(4, 0x0B, .byte)
        pass(milliseconds: 50)
        #expect(received() == Array("M3".utf8))
        // And there is no mouse at the keyboard controller.
        pc.keyboardController.writePort(4, 0xD4, .byte)
        pc.keyboardController.writePort(0, 0xF2, .byte)
        pass(milliseconds: 50)
        #expect(pc.keyboardController.readPort(0, .byte) == 0xFE)
    }
}

@Suite struct MouseOfTheMachineTests {
    private func pc(_ mouse: MousePort = .ps2) -> PC {
        var configuration = PCConfiguration()
        configuration.bios = [UInt8](repeating: 0xF4, count: 0x1_0000)
        configuration.mouse = mouse
        return PC(configuration)
    }

    @Test func cmosTellsOfIt() {
        #expect(pc().rtc[cmos: 0x14] & 4 == 4)
        #expect(pc(.com1).rtc[cmos: 0x14] & 4 == 0)
    }

    /// Movement and buttons decide the machine's future, with either mouse.
    @Test(arguments: [MousePort.ps2, .com1, .com2]) func itsStateIsTheMachines(port: MousePort) {
        let (first, second) = (pc(port), pc(port))
        #expect(first.canonicalState() == second.canonicalState())
        first.setMouseButtons(.left)
        #expect(first.canonicalState() != second.canonicalState())
        second.setMouseButtons(.left)
        #expect(first.canonicalState() == second.canonicalState())
    }
}
