import Testing

@testable import PCCore

/// A parallel port with a slot for each microsecond, its interrupt line, and what was printed.
private final class Rig: InterruptInput {
    let scheduler = Scheduler(slotsPerSecond: 1_000_000)
    private(set) var port: ParallelPort!
    private(set) var irq = false
    private(set) var edges = 0
    var printed: [UInt8] = []

    init(hasPrinter: Bool = true, isBidirectional: Bool = true) {
        port = ParallelPort(
            scheduler: scheduler, event: .parallel1, irq: IRQLine(self, 7), isBidirectional: isBidirectional)
        if hasPrinter { port.print = { [unowned self] in printed.append($0) } }
    }

    func setLevel(_ number: Int, _ high: Bool) {
        if number == 7, high, !irq { edges += 1 }
        irq = high
    }

    func out(_ offset: UInt16, _ value: UInt32) { port.writePort(offset, value, .byte) }
    func input(_ offset: UInt16) -> UInt32 { port.readPort(offset, .byte) }

    func pass(_ microseconds: UInt64) {
        let end = scheduler.now + microseconds
        while scheduler.nextDeadline <= end {
            scheduler.now = scheduler.nextDeadline
            while scheduler.takeDue() != nil { port.eventDue() }
        }
        scheduler.now = end
    }

    /// As INT 17h does it.
    func send(_ byte: UInt32, interrupt: UInt32 = 0) {
        out(0, byte)
        out(2, 0x0D | interrupt)
        out(2, 0x0C | interrupt)
    }
}

@Suite struct ParallelPortTests {
    @Test func aByteGoesOutAtTheStrobe() {
        let rig = Rig()
        #expect(rig.input(1) == 0xDF)
        rig.out(0, 0x41)
        #expect(rig.printed == [])
        rig.out(2, 0x0D)
        #expect(rig.printed == [0x41])
        // Held low or let go: nothing new.
        rig.out(2, 0x0D)
        rig.out(2, 0x0C)
        #expect(rig.printed == [0x41])
        #expect(rig.input(0) == 0x41)
    }

    /// Busy for 20 µs, of which the last 5 are ACK.
    @Test func busyAndAcknowledge() {
        let rig = Rig()
        rig.send(0x41)
        #expect(rig.input(1) == 0x5F)
        rig.pass(14)
        #expect(rig.input(1) == 0x5F)
        rig.pass(1)
        #expect(rig.input(1) == 0x1F)
        rig.send(0x42)
        rig.pass(5)
        // Bit 2 is low until the status is read.
        #expect(rig.input(1) == 0xDB)
        #expect(rig.input(1) == 0xDF)
        // What came while it was busy is lost.
        #expect(rig.printed == [0x41])
        rig.send(0x43)
        #expect(rig.printed == [0x41, 0x43])
        #expect(rig.edges == 0)
    }

    @Test func theEndOfAnAcknowledgeInterrupts() {
        let rig = Rig()
        rig.send(1, interrupt: 0x10)
        rig.pass(19)
        #expect(!rig.irq)
        rig.pass(1)
        #expect(rig.irq && rig.edges == 1)
        _ = rig.input(1)
        #expect(!rig.irq)
        // One that is pending comes when it is enabled.
        rig.send(2)
        rig.pass(20)
        #expect(!rig.irq)
        rig.out(2, 0x1C)
        #expect(rig.irq)
        rig.out(2, 0x0C)
        #expect(!rig.irq)
    }

    @Test func theInitialiseLineMakesThePrinterForget() {
        let rig = Rig()
        rig.send(1, interrupt: 0x10)
        rig.out(2, 0x18)
        #expect(rig.input(1) == 0x5F)
        rig.out(2, 0x19)
        #expect(rig.printed == [1])
        rig.pass(100)
        #expect(rig.edges == 0)
        rig.out(2, 0x1C)
        #expect(rig.input(1) == 0xDF)
    }

    @Test func withoutAPrinterTheLinesFloatHigh() {
        let rig = Rig(hasPrinter: false)
        #expect(rig.input(1) == 0x7F)
        rig.send(1, interrupt: 0x10)
        rig.pass(1000)
        #expect(rig.edges == 0 && rig.input(1) == 0x7F)
    }

    @Test func theDirectionBit() {
        let rig = Rig()
        rig.out(0, 0x55)
        rig.out(2, 0x2C)
        #expect(rig.input(0) == 0xFF && rig.input(2) == 0xEC)
        rig.out(2, 0x0C)
        #expect(rig.input(0) == 0x55 && rig.input(2) == 0xCC)
        let old = Rig(isBidirectional: false)
        old.out(0, 0x55)
        old.out(2, 0x2C)
        #expect(old.input(0) == 0x55 && old.input(2) == 0xEC)
    }

    @Test func reset() {
        let rig = Rig()
        rig.send(1, interrupt: 0x10)
        rig.port.reset()
        rig.pass(100)
        #expect(rig.edges == 0 && rig.input(0) == 0 && rig.input(2) == 0xCC && rig.input(1) == 0xDF)
    }
}
