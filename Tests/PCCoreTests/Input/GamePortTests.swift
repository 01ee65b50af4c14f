import Testing

@testable import PCCore

@Suite struct GamePortTests {
    /// A slot for each 100 ns.
    private let scheduler = Scheduler(slotsPerSecond: 10_000_000)

    private func read(_ port: GamePort) -> UInt32 { port.readPort(0, .byte) }

    @Test func withoutAJoystickNothingEnds() {
        let port = GamePort(scheduler: scheduler)
        #expect(read(port) == 0xFF)
        port.writePort(0, 0, .byte)
        scheduler.now += 100_000_000
        #expect(read(port) == 0xFF)
    }

    /// 24.2 µs and 0.011 µs an ohm: 24.2, 574.2 and 1,124.2 µs over the way of a joystick.
    @Test(arguments: [(0, 242), (50_000, 5742), (100_000, 11_242)] as [(UInt32, GuestTime)])
    func theTimeOfAnAxis(ohms: UInt32, slots: GuestTime) {
        let port = GamePort(scheduler: scheduler)
        port.set(axis: 1, ohms: ohms)
        #expect(read(port) == 0xFD)
        scheduler.now += 1000
        port.writePort(0, 0xFF, .byte)
        scheduler.now += slots - 1
        #expect(read(port) == 0xFF)
        scheduler.now += 1
        #expect(read(port) == 0xFD)
        // A write while it runs starts it again.
        port.writePort(0, 0, .byte)
        scheduler.now += slots / 2
        port.writePort(0, 0, .byte)
        scheduler.now += slots - 1
        #expect(read(port) == 0xFF)
    }

    @Test func buttonsAreLowWhileTheyAreDown() {
        let port = GamePort(scheduler: scheduler)
        for (button, value) in [(0, 0xEF), (1, 0xDF), (2, 0xBF), (3, 0x7F)] as [(Int, UInt32)] {
            port.set(button: button, isDown: true)
            #expect(read(port) == value)
            port.set(button: button, isDown: false)
        }
        port.set(button: 4, isDown: true)
        port.set(axis: 4, ohms: 0)
        #expect(read(port) == 0xFF)
    }

    @Test func theMachinesJoystick() {
        let bench = PCIBench(code: [0xFB, 0xF4, 0xEB, 0xFD])
        let pc = bench.pc
        bench.pass(1000)
        #expect(bench.input(0x201) == 0xFF)
        pc.setJoystick(Joystick(x: -32_768, y: 32_767, firstButton: true))
        #expect(bench.input(0x201) == 0xEC)
        bench.out(0x201, 0)
        #expect(bench.input(0x201) == 0xEF)
        // 25 µs and 1.125 ms.
        bench.pass(pc.slotsPerSecond * 25 / 1_000_000)
        #expect(bench.input(0x201) == 0xEE)
        bench.pass(pc.slotsPerSecond * 1100 / 1_000_000)
        #expect(bench.input(0x201) == 0xEC)
        pc.setJoystick(Joystick(secondButton: true), number: 1)
        bench.pass(pc.slotsPerSecond * 600 / 1_000_000)
        #expect(bench.input(0x201) == 0x60)
        pc.setJoystick(nil)
        pc.setJoystick(nil, number: 1)
        #expect(bench.input(0x201) == 0xFF)
    }
}
