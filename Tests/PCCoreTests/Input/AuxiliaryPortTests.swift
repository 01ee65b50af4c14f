import Testing

@testable import PCCore

/// Notes the levels of the two lines.
private final class Lines: InterruptInput {
    var levels = [Bool](repeating: false, count: 16)

    func setLevel(_ number: Int, _ high: Bool) { levels[number] = high }
}

/// A keyboard controller with a keyboard and, if it is to be, a mouse; a slot for each microsecond.
private final class Rig {
    let scheduler = Scheduler(slotsPerSecond: 1_000_000)
    let lines = Lines()
    let controller: KeyboardController
    let keyboard: ATKeyboard
    let mouse: PS2Mouse

    init(hasMouse: Bool = true) {
        controller = KeyboardController(
            scheduler: scheduler, event: .keyboardController, keyboardIRQ: IRQLine(lines, 1),
            auxiliaryIRQ: IRQLine(lines, 12))
        keyboard = ATKeyboard(scheduler: scheduler, event: .keyboard)
        mouse = PS2Mouse(scheduler: scheduler, event: .mouse)
        controller.connect(keyboard: keyboard)
        if hasMouse { controller.connect(auxiliary: mouse) }
        pass(50_000)
        // Both interrupts, both cables free, no translation.
        command(0x60, 0x03)
        _ = read(4)
    }

    func pass(_ microseconds: UInt64) {
        let end = scheduler.now + microseconds
        while scheduler.nextDeadline <= end {
            scheduler.now = scheduler.nextDeadline
            while let event = scheduler.takeDue() {
                switch event {
                case .keyboardController: controller.eventDue()
                case .keyboard: keyboard.eventDue()
                default: mouse.eventDue()
                }
            }
        }
        scheduler.now = end
    }

    func command(_ byte: UInt8, _ parameters: UInt8...) {
        controller.writePort(4, UInt32(byte), .byte)
        pass(10)
        for parameter in parameters {
            controller.writePort(0, UInt32(parameter), .byte)
            pass(10)
        }
    }

    var status: UInt8 { UInt8(controller.readPort(4, .byte)) }

    /// The next bytes, each with 100h where it is the mouse's, as far as they come within 20 ms each.
    func read(_ most: Int) -> [Int] {
        var bytes: [Int] = []
        while bytes.count < most {
            var left = 200
            while status & 1 == 0, left > 0 {
                pass(100)
                left -= 1
            }
            guard left > 0 else { break }
            let isMouse = status & 0x20 != 0
            bytes.append(Int(controller.readPort(0, .byte)) + (isMouse ? 0x100 : 0))
        }
        return bytes
    }
}

@Suite struct AuxiliaryPortTests {
    private let rig = Rig()

    @Test func theMouseAnswersThroughD4() {
        rig.command(0xD4, 0xF2)
        #expect(rig.read(3) == [0x1FA, 0x100])
        // Without D4 a byte is the keyboard's.
        rig.controller.writePort(0, 0xF2, .byte)
        #expect(rig.read(4) == [0xFA, 0xAB, 0x83])
    }

    @Test func interruptsAreTheMousesOwn() {
        rig.command(0xD4, 0xF4)
        rig.pass(5000)
        #expect(rig.lines.levels[12] && !rig.lines.levels[1])
        #expect(rig.status & 0x21 == 0x21)
        #expect(rig.read(1) == [0x1FA])
        #expect(!rig.lines.levels[12])
        rig.keyboard.press(.a)
        rig.pass(5000)
        #expect(rig.lines.levels[1] && !rig.lines.levels[12])
        #expect(rig.status & 0x21 == 0x01)
        #expect(rig.read(1) == [0x1C])
        // Bit 1 of the command byte.
        rig.command(0x60, 0x01)
        rig.mouse.move(dx: 1, dy: 0, wheel: 0)
        rig.pass(5000)
        #expect(rig.status & 0x21 == 0x21)
        #expect(!rig.lines.levels[12])
        rig.command(0x60, 0x03)
        #expect(rig.lines.levels[12])
        #expect(rig.read(3) == [0x108, 0x101, 0x100])
    }

    @Test func aHeldCableKeepsTheMouseQuiet() {
        rig.command(0xD4, 0xF4)
        _ = rig.read(1)
        rig.command(0xA7)
        rig.command(0x20)
        #expect(rig.read(1) == [0x23])
        rig.mouse.move(dx: 4, dy: 0, wheel: 0)
        rig.mouse.move(dx: 5, dy: 0, wheel: 0)
        #expect(rig.read(1) == [])
        // The keyboard goes on.
        rig.keyboard.press(.b)
        #expect(rig.read(1) == [0x32])
        rig.command(0xA8)
        #expect(rig.read(4) == [0x108, 0x109, 0x100])
        rig.command(0x20)
        #expect(rig.read(1) == [0x03])
        // Bit 5 of the command byte is the same.
        rig.command(0x60, 0x23)
        rig.mouse.move(dx: 1, dy: 0, wheel: 0)
        #expect(rig.read(1) == [])
        rig.command(0x60, 0x03)
        #expect(rig.read(1) == [0x108])
        // In the middle of a packet too.
        rig.command(0xA7)
        #expect(rig.read(1) == [])
        rig.command(0xA8)
        #expect(rig.read(3) == [0x101, 0x100])
    }

    @Test func testAndOutputOfTheAuxiliarySide() {
        rig.command(0xA9)
        #expect(rig.read(1) == [0x00])
        rig.command(0xD3, 0x5A)
        #expect(rig.lines.levels[12])
        rig.command(0xD0)
        #expect(rig.controller.peek(0) == 0x5A)
        #expect(rig.read(1) == [0x15A])
        // The answer to D0 was asked for while the mouse's byte stood in the buffer.
        #expect(rig.read(1).map { $0 & 0x30 } == [0x20])
        rig.command(0xD2, 0x5A)
        #expect(rig.lines.levels[1])
        #expect(rig.read(1) == [0x5A])
    }

    /// The keyboard goes first, and each byte of a packet may find it in between; nothing of either is lost.
    @Test func keyboardAndMouseTakeTurns() {
        rig.command(0xD4, 0xF4)
        _ = rig.read(1)
        rig.mouse.move(dx: 2, dy: 0, wheel: 0)
        #expect(rig.read(1) == [0x108])
        rig.pass(5000)
        rig.keyboard.press(.a)
        rig.keyboard.release(.a)
        rig.mouse.move(dx: 3, dy: 0, wheel: 0)
        let bytes = rig.read(20)
        #expect(bytes.filter { $0 >= 0x100 } == [0x102, 0x100, 0x108, 0x103, 0x100])
        #expect(bytes.filter { $0 < 0x100 } == [0x1C, 0xF0, 0x1C])
        #expect(bytes.dropFirst().prefix(3) == [0x1C, 0xF0, 0x1C])
    }

    /// What the guest does not take in time adds up in the mouse, behind the byte in the buffer.
    @Test func movementWaitsBehindAFullBuffer() {
        rig.command(0xD4, 0xF4)
        _ = rig.read(1)
        rig.keyboard.press(.a)
        rig.pass(5000)
        for _ in 0..<50 {
            rig.mouse.move(dx: 2, dy: 1, wheel: 0)
            rig.pass(10_000)
        }
        rig.keyboard.release(.a)
        let bytes = rig.read(40)
        #expect(bytes.filter { $0 >= 0x100 } == [0x128, 0x164, 0x1CE])
    }

    @Test func withoutAMouseD4TimesOut() {
        let rig = Rig(hasMouse: false)
        rig.command(0xD4, 0xFF)
        rig.pass(20_000)
        #expect(rig.status & 0x61 == 0x61)
        #expect(rig.read(1) == [0x1FE])
    }
}
