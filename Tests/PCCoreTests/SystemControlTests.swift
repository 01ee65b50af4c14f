import Testing

@testable import PCCore

/// Port 61h with a timer that is no more than its pins.
private final class Rig {
    let scheduler = Scheduler(slotsPerSecond: 13_125_000)
    var output = false
    var gates: [Bool] = []
    var tone: UInt64?
    var tones: [UInt64] = []
    private(set) var port: SystemControlPort!

    init() {
        port = SystemControlPort(
            scheduler: scheduler, readOutput2: { [unowned self] in output },
            setGate2: { [unowned self] in gates.append($0) }, readTone2: { [unowned self] in tone })
        port.speakerChanged = { [unowned self] in tones.append($0) }
    }

    func write(_ value: UInt32) { port.writePort(0, value, .byte) }
    var value: UInt32 { port.readPort(0, .byte) }
}

@Suite struct SystemControlTests {
    private let rig = Rig()

    @Test func port61KeepsFourBitsAndShowsTheTimersOutput() {
        rig.write(0xFF)
        #expect(rig.value & 0xEF == 0x0F)
        rig.output = true
        #expect(rig.value & 0xEF == 0x2F)
        rig.write(0x00)
        #expect(rig.value & 0xEF == 0x20)
        #expect(rig.gates == [true, false])
    }

    @Test func refreshBitTogglesEach15Microseconds() {
        var toggles = 0
        var last = rig.value & 0x10
        for time in 0..<1_312_500 as Range<GuestTime> where time % 11 == 0 {  // A tenth of a second, clock by clock.
            rig.scheduler.now = time
            let now = rig.value & 0x10
            if now != last { toggles += 1 }
            last = now
        }
        #expect(toggles == 6628)  // 119,318 clocks / 18.
    }

    @Test func speakerSoundsWithGateAndData() {
        rig.tone = 1_000_000
        rig.write(0x01)
        #expect(rig.tones == [])
        rig.write(0x03)
        rig.write(0x03)
        #expect(rig.tones == [1_000_000])
        rig.tone = 440_000
        rig.port.counter2Changed()
        rig.port.counter2Changed()
        rig.tone = nil
        rig.port.counter2Changed()
        rig.tone = 440_000
        rig.port.counter2Changed()
        rig.write(0x00)
        #expect(rig.tones == [1_000_000, 440_000, 0, 440_000, 0])
        rig.write(0x03)
        rig.port.reset()
        #expect(rig.tones.suffix(2) == [440_000, 0])
        #expect(rig.gates.last == false)
    }

    /// A real timer behind the port, wired as the board does it.
    @Test func port61DrivesTheTimer() {
        let scheduler = Scheduler(slotsPerSecond: 13_125_000)
        let pit = PIT(scheduler: scheduler, event: .timer0, output0: .unconnected)
        let port = SystemControlPort(
            scheduler: scheduler, readOutput2: { pit.output(2) }, setGate2: { pit.setGate(2, $0) },
            readTone2: { pit.counter2Millihertz })
        var tones: [UInt64] = []
        port.speakerChanged = { tones.append($0) }
        pit.counter2Changed = { port.counter2Changed() }
        port.writePort(0, 0x03, .byte)
        for (offset, value) in [(3, 0xB6), (2, 0x00), (2, 0x10)] { pit.writePort(UInt16(offset), UInt32(value), .byte) }
        #expect(tones == [291_304])
        #expect(port.readPort(0, .byte) & 0x20 != 0)
        scheduler.now = 11 * 2049
        #expect(port.readPort(0, .byte) & 0x20 == 0)
        port.writePort(0, 0x00, .byte)
        #expect(tones == [291_304, 0])
        #expect(port.readPort(0, .byte) & 0x20 != 0)
        pit.counter2Changed = nil
    }

    @Test func port92GatesA20AndResets() {
        let port = SystemControlPortA()
        var gates: [Bool] = []
        var resets = 0
        port.a20Changed = { gates.append($0) }
        port.resetRequested = { resets += 1 }
        port.writePort(0, 0x02, .byte)
        port.writePort(0, 0x02, .byte)
        #expect(port.readPort(0, .byte) == 0x02)
        #expect(port.a20)
        port.writePort(0, 0x03, .byte)
        port.writePort(0, 0x03, .byte)  // Only the change from 0 to 1 counts.
        #expect(resets == 1)
        port.writePort(0, 0xFC, .byte)
        #expect(port.readPort(0, .byte) == 0xC8)
        port.writePort(0, 0x03, .byte)
        #expect(resets == 2)
        port.reset()
        #expect(gates == [true, false, true, false])
        #expect(port.readPort(0, .byte) == 0)
    }

    @Test func debugConsoleAndExit() {
        let console = DebugConsolePort()
        let exit = DebugExitPort()
        var bytes: [UInt8] = []
        console.byteWritten = { bytes.append($0) }
        exit.exitRequested = { bytes.append($0) }
        console.writePort(0, 0x41, .byte)
        #expect(console.readPort(0, .byte) == 0xE9)
        exit.writePort(0, 0x07, .byte)
        #expect(exit.readPort(0, .byte) == 0xFF)
        #expect(bytes == [0x41, 0x07])
    }

    @Test(arguments: [
        ("Shutdown", 1), ("shutdown", 0), ("Shutdow", 0), ("ShutShutdown", 1), ("SShutdown", 1), ("Shut down", 0),
        ("ShutdownShutdown", 2), ("ShutdownX", 1),
    ])
    func powerPortWantsTheWholeWord(text: String, times: Int) {
        let port = PowerPort()
        var count = 0
        port.powerOff = { count += 1 }
        for letter in text.utf8 { port.writePort(0, UInt32(letter), .byte) }
        #expect(count == times)
        #expect(port.readPort(0, .byte) == 0xFF)
    }
}
