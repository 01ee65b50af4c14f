import Testing

@testable import PCCore

/// Notes what a line does.
private final class Recorder: InterruptInput {
    var level = false
    var rises = 0

    func setLevel(_ number: Int, _ high: Bool) {
        if high && !level { rises += 1 }
        level = high
    }
}

/// An 8254 whose guest time has one slot for each of its clocks, times eleven.
private final class Rig {
    let scheduler: Scheduler
    let recorder = Recorder()
    let pit: PIT
    let slotsPerClock: UInt64
    /// Guest times at which the line of counter 0 rose, in clocks.
    var riseClocks: [UInt64] = []

    init(slotsPerSecond: UInt64 = 13_125_000) {
        scheduler = Scheduler(slotsPerSecond: slotsPerSecond)
        slotsPerClock = slotsPerSecond * 11 / 13_125_000
        pit = PIT(scheduler: scheduler, event: .timer0, output0: IRQLine(recorder, 0))
    }

    /// Lets guest time pass as the run loop does: event by event.
    func run(to end: GuestTime) {
        while scheduler.nextDeadline <= end {
            scheduler.now = scheduler.nextDeadline
            while scheduler.takeDue() != nil {
                let rises = recorder.rises
                pit.eventDue()
                if recorder.rises != rises { riseClocks.append(scheduler.now / max(slotsPerClock, 1)) }
            }
        }
        scheduler.now = end
    }

    func pass(_ clocks: UInt64) { run(to: scheduler.now + clocks * slotsPerClock) }

    func write(_ offset: UInt16, _ values: UInt8...) {
        for value in values { pit.writePort(offset, UInt32(value), .byte) }
    }

    func read(_ offset: UInt16) -> UInt8 { UInt8(pit.readPort(offset, .byte)) }

    /// Two bytes, low one first.
    func count(_ counter: UInt16) -> Int { Int(read(counter)) | Int(read(counter)) << 8 }

    /// OUT after each of the next `clocks` clocks, H or L.
    func wave(_ counter: Int, _ clocks: Int) -> String {
        var wave = ""
        for _ in 0..<clocks {
            pass(1)
            wave += pit.output(counter) ? "H" : "L"
        }
        return wave
    }
}

@Suite struct PITTests {
    private let rig = Rig()

    // MARK: The modes, as the waveforms of the data sheet show them

    @Test func mode0RaisesOutAfterTheCountAndOne() {
        rig.write(3, 0x10)
        #expect(!rig.pit.output(0))
        rig.write(0, 4)
        #expect(rig.wave(0, 8) == "LLLLHHHH")
        // The counter goes on below 0; LSB only reads FDh.
        #expect(rig.read(0) == 0xFD)
        rig.write(0, 2)
        #expect(rig.wave(0, 4) == "LLHH")
    }

    @Test func mode0WaitsForGateAndForTheSecondByte() {
        rig.pit.setGate(0, false)
        rig.write(3, 0x30)
        rig.write(0, 3, 0)
        #expect(rig.wave(0, 4) == "LLLL")
        rig.write(3, 0x00)
        #expect(rig.count(0) == 3)
        rig.pit.setGate(0, true)
        #expect(rig.wave(0, 3) == "LLH")
        // The first byte of a new count stops the counter and takes OUT low at once.
        rig.write(0, 2)
        #expect(!rig.pit.output(0))
        #expect(rig.wave(0, 5) == "LLLLL")
        rig.write(0, 0)
        #expect(rig.wave(0, 4) == "LLHH")
        rig.write(0, 4, 0)
        #expect(rig.wave(0, 2) == "LL")
        rig.write(0, 9)
        #expect(rig.wave(0, 8) == "LLLLLLLL")
        #expect(rig.count(0) == 3)
    }

    @Test func mode1IsAOneShotThatCanBeRetriggered() {
        rig.write(3, 0x12)
        rig.write(0, 3)
        #expect(rig.wave(0, 3) == "HHH")
        rig.pit.setGate(0, false)
        rig.pit.setGate(0, true)
        #expect(rig.wave(0, 5) == "LLLHH")
        rig.pit.setGate(0, false)
        rig.pit.setGate(0, true)
        #expect(rig.wave(0, 2) == "LL")
        rig.pit.setGate(0, false)  // Neither a low gate nor a new count touches the pulse.
        rig.write(0, 2)
        rig.pit.setGate(0, true)
        #expect(rig.wave(0, 4) == "LLHH")
    }

    @Test func mode2IsLowForTheLastClockOfEachPeriod() {
        rig.write(3, 0x14)
        rig.write(0, 3)
        #expect(rig.wave(0, 9) == "HHLHHLHHL")
        rig.write(0, 4)  // Taken over at the end of the period.
        #expect(rig.wave(0, 9) == "HHHLHHHLH")
    }

    @Test func mode2GateStopsAndReloads() {
        rig.write(3, 0x14)
        rig.write(0, 3)
        #expect(rig.wave(0, 3) == "HHL")
        rig.pit.setGate(0, false)
        #expect(rig.pit.output(0))
        #expect(rig.wave(0, 3) == "HHH")
        rig.pit.setGate(0, true)
        #expect(rig.wave(0, 6) == "HHLHHL")
    }

    @Test func mode3IsASquareWave() {
        rig.write(3, 0x16)
        rig.write(0, 4)
        #expect(rig.wave(0, 9) == "HHLLHHLLH")
        rig.write(3, 0x16)
        rig.write(0, 5)
        #expect(rig.wave(0, 12) == "HHHLLHHHLLHH")
        // A gate that goes low takes OUT high; the rise starts over.
        #expect(rig.wave(0, 2) == "HL")
        rig.pit.setGate(0, false)
        #expect(rig.wave(0, 2) == "HH")
        rig.pit.setGate(0, true)
        #expect(rig.wave(0, 5) == "HHHLL")
    }

    @Test func mode3CountsByTwo() {
        rig.write(3, 0x16)
        rig.write(0, 5)
        var counts: [UInt8] = []
        for _ in 0..<10 {
            rig.pass(1)
            counts.append(rig.read(0))
        }
        #expect(counts == [4, 2, 0, 4, 2, 4, 2, 0, 4, 2])
    }

    @Test func mode3TakesANewCountAtTheEndOfTheHalf() {
        rig.write(3, 0x16)
        rig.write(0, 8)
        #expect(rig.wave(0, 2) == "HH")
        rig.write(0, 4)
        #expect(rig.wave(0, 8) == "HHLLHHLL")
    }

    @Test func mode4StrobesOnceForEachCount() {
        rig.write(3, 0x18)
        rig.write(0, 3)
        #expect(rig.wave(0, 6) == "HHHLHH")
        #expect(rig.read(0) == 0xFE)
        rig.write(0, 3)
        #expect(rig.wave(0, 2) == "HH")
        rig.write(0, 2)
        #expect(rig.wave(0, 4) == "HHLH")
    }

    @Test func mode5StrobesAfterATrigger() {
        rig.write(3, 0x1A)
        rig.write(0, 3)
        #expect(rig.wave(0, 5) == "HHHHH")
        rig.pit.setGate(0, false)
        rig.pit.setGate(0, true)
        #expect(rig.wave(0, 6) == "HHHLHH")
    }

    @Test func modes6And7Are2And3() {
        rig.write(3, 0x1C)
        rig.write(0, 3)
        #expect(rig.wave(0, 6) == "HHLHHL")
        rig.write(3, 0x1E)
        rig.write(0, 4)
        #expect(rig.wave(0, 4) == "HHLL")
        rig.write(3, 0xE2)
        #expect(rig.read(0) & 0x3F == 0x1E)
    }

    // MARK: Counts and latches

    @Test func zeroIsTheLargestCount() {
        rig.write(3, 0x34)
        rig.write(0, 0, 0)
        rig.pass(1)
        rig.write(3, 0x00)
        #expect(rig.count(0) == 0)
        rig.pass(1)
        #expect(rig.count(0) == 0xFFFF)
        rig.pass(65534)
        #expect(!rig.pit.output(0))
        rig.pass(1)
        #expect(rig.pit.output(0))
    }

    @Test func countsInBCD() {
        rig.write(3, 0x31)
        rig.write(0, 0x00, 0x20)
        rig.pass(2)
        #expect(rig.count(0) == 0x1999)
        rig.pass(1999)
        #expect(rig.pit.output(0))
        #expect(rig.count(0) == 0)
        rig.pass(1)
        #expect(rig.count(0) == 0x9999)
        rig.write(3, 0x35)
        rig.write(0, 0, 0)
        rig.pass(10_000)
        #expect(!rig.pit.output(0))
        #expect(rig.count(0) == 1)
    }

    @Test func oneByteCounts() {
        rig.write(3, 0x24)  // High byte only.
        rig.write(0, 0x12)
        rig.pass(1)
        #expect(rig.read(0) == 0x12)
        rig.pass(1)
        #expect(rig.read(0) == 0x11)
        rig.pass(0x11FE)
        #expect(!rig.pit.output(0))
        rig.write(3, 0x14)  // Low byte only.
        rig.write(0, 0x12)
        rig.pass(3)
        #expect(rig.read(0) == 0x10)
    }

    @Test func latchHoldsUntilItIsRead() {
        rig.write(3, 0x34)
        rig.write(0, 0x00, 0x10)
        rig.pass(1)
        rig.write(3, 0x00)
        rig.pass(100)
        rig.write(3, 0x00)  // A second latch before the read is ignored.
        rig.pass(100)
        #expect(rig.count(0) == 0x1000)
        #expect(rig.count(0) == 0x1000 - 200)
    }

    @Test func readBackLatchesStatusAndCountOfSeveralCounters() {
        rig.write(3, 0x36, 0x74)
        rig.write(3, 0xE2)  // Status of counter 0.
        #expect(rig.read(0) == 0xF6)  // OUT high, null count, both bytes, mode 3.
        rig.write(0, 0x00, 0x01)
        rig.write(1, 0x12, 0x00)
        rig.pass(1)
        rig.write(3, 0xC6)  // Both of counters 0 and 1.
        rig.pass(50)
        rig.write(3, 0xC6)
        #expect(rig.read(0) == 0xB6)
        #expect(rig.count(0) == 0x100)
        #expect(rig.read(1) == 0xB4)
        #expect(rig.count(1) == 0x12)
        #expect(rig.count(1) != 0x12)
        // A new count is null until the period's end takes it over.
        rig.write(0, 0x00, 0x02)
        rig.write(3, 0xE2)
        #expect(rig.read(0) & 0x40 != 0)
        rig.pass(256)
        rig.write(3, 0xE2)
        #expect(rig.read(0) & 0x40 == 0)
    }

    @Test func aControlWordForgetsHalfReadAndHalfWrittenCounts() {
        rig.write(3, 0x34)
        rig.write(0, 0x34, 0x12)
        rig.pass(1)
        #expect(rig.read(0) == 0x34)
        rig.write(3, 0x00)
        rig.write(3, 0x34)
        rig.write(0, 0x99)
        rig.write(3, 0x34)
        rig.write(0, 0x78, 0x56)
        rig.pass(1)
        #expect(rig.count(0) == 0x5678)
    }

    /// The control word's port gives nothing, whatever was latched; no read reaches beyond the three counters.
    @Test func controlWordCannotBeRead() {
        rig.write(3, 0xFF, 0xC0)
        for offset in 3...9 as ClosedRange<UInt16> { #expect(rig.pit.readPort(offset, .byte) == 0xFF) }
        #expect(rig.pit.output(77) == rig.pit.output(2))
    }

    // MARK: Time

    @Test(arguments: [330_000 as UInt64, 8_000_000, 13_125_000, 400_000_000])
    func tickInterruptComesAtTheRightRateForEver(slotsPerSecond: UInt64) {
        let rig = Rig(slotsPerSecond: slotsPerSecond)
        rig.write(3, 0x36)
        rig.write(0, 0, 0)
        rig.recorder.rises = 0
        rig.run(to: slotsPerSecond * 3600)
        // 1,193,181.81 Hz / 65,536 for an hour is 65,543.3 times, the famous 18.2 in a second.
        #expect(rig.recorder.rises == 65543)
    }

    @Test func eventsComeExactlyWithTheEdges() {
        rig.write(3, 0x34)
        rig.write(0, 100, 0)
        rig.pass(1000)
        #expect(rig.riseClocks == [101, 201, 301, 401, 501, 601, 701, 801, 901])
        rig.write(3, 0x30)
        #expect(!rig.recorder.level)
        rig.write(0, 50, 0)
        rig.riseClocks = []
        rig.pass(500)
        #expect(rig.riseClocks == [1051])
        #expect(rig.scheduler.deadline(of: .timer0) == nil)
    }

    /// At a third of a million slots a second a low pulse of mode 2 begins and ends within a slot.
    @Test func edgesShorterThanASlotAreNotLost() {
        let rig = Rig(slotsPerSecond: 330_000)
        rig.write(3, 0x14)
        rig.write(0, 200)
        rig.recorder.rises = 0
        rig.run(to: 330_000)
        #expect(rig.recorder.rises == 1_193_181 / 200)
    }

    @Test func theShortestPeriodsMakeOneEventASlotAtMost() {
        let rig = Rig(slotsPerSecond: 330_000)
        for word in [0x14, 0x16] as [UInt8] {
            for count in [1, 2, 3] as [UInt8] {
                rig.write(3, word)
                rig.write(0, count)
                var events = 0
                let end = rig.scheduler.now + 100
                while rig.scheduler.nextDeadline <= end {
                    rig.scheduler.now = rig.scheduler.nextDeadline
                    _ = rig.scheduler.takeDue()
                    rig.pit.eventDue()
                    events += 1
                }
                #expect(events <= 101)
                if count == 1 { #expect(events <= 1 && rig.pit.output(0)) }
            }
        }
    }

    @Test func speakerToneOfCounter2() {
        var changes = 0
        rig.pit.counter2Changed = { changes += 1 }
        rig.write(3, 0xB6)
        #expect(rig.pit.counter2Millihertz == nil)
        rig.write(2, 0xA9, 0x04)  // 1193: 1,000.15 Hz.
        #expect(rig.pit.counter2Millihertz == nil)
        rig.pit.setGate(2, true)
        #expect(rig.pit.counter2Millihertz == 1_000_152)
        rig.pit.setGate(2, true)
        rig.pit.setGate(2, false)
        #expect(rig.pit.counter2Millihertz == nil)
        #expect(changes == 5)
    }

    /// Any number of clocks at once gives what as many single clocks give: registers, OUT, and whether OUT rose.
    @Test(arguments: 0..<6 as Range<UInt8>)
    func advancingAtOnceIsAdvancingClockByClock(mode: UInt8) {
        var random = Lehmer(state: UInt64(mode) + 1)
        for round in 0..<300 {
            var one = PITCounter()
            one.program(0x10 | mode << 1 | UInt8(round & 1))
            var all = one
            for _ in 0..<12 {
                switch UInt8.random(in: 0..<4, using: &random) {
                case 0:
                    let byte = UInt8.random(in: 1..<25, using: &random)
                    one.write(byte)
                    all.write(byte)
                case 1:
                    one.setGate(!one.gate)
                    all.setGate(!all.gate)
                default: break
                }
                let clocks = UInt64.random(in: 0..<70, using: &random)
                let predicted = one.clocksToChange
                let start = (one.output, one.clock)
                var rose = false
                for _ in 0..<clocks {
                    let before = one.output
                    let stepRose = one.advance(to: one.clock + 1)
                    #expect(stepRose == (one.output && !before))
                    rose = rose || stepRose
                    // OUT never changes before the clock that the counter itself named.
                    if one.output != start.0, let predicted { #expect(one.clock >= start.1 + predicted) }
                    if predicted == nil { #expect(one.output == start.0) }
                }
                #expect(all.advance(to: all.clock + clocks) == rose)
                var (left, right) = (StateWriter(), StateWriter())
                one.visit(&left)
                all.visit(&right)
                #expect(left.bytes == right.bytes)
                #expect(one.count == all.count)
            }
        }
    }

    @Test func randomAccessesNeverTrap() {
        var random = Lehmer(state: 8254)
        for _ in 0..<20_000 {
            switch UInt8.random(in: 0..<4, using: &random) {
            case 0: rig.write(.random(in: 0...4, using: &random), .random(in: 0...255, using: &random))
            case 1: _ = rig.read(.random(in: 0...4, using: &random))
            case 2: rig.pit.setGate(.random(in: 0..<4, using: &random), .random(using: &random))
            default: rig.run(to: rig.scheduler.now + .random(in: 0..<500, using: &random))
            }
            #expect(rig.recorder.level == rig.pit.output(0))
        }
    }

    @Test func stateIsTheWholeFuture() {
        rig.write(3, 0x36, 0xB5)
        rig.write(0, 0x34, 0x12)
        rig.pass(12345)
        let copy = Rig()
        copy.scheduler.restore(rig.scheduler.state)
        copy.pit.restore(rig.pit.state)
        copy.recorder.level = rig.recorder.level
        copy.recorder.rises = rig.recorder.rises
        rig.pass(54321)
        copy.pass(54321)
        #expect(rig.recorder.rises == copy.recorder.rises)
        var (a, b) = (StateWriter(), StateWriter())
        var (left, right) = (rig.pit.state, copy.pit.state)
        left.visit(&a)
        right.visit(&b)
        #expect(a.bytes == b.bytes)
        rig.pit.reset()
        #expect(!rig.recorder.level && rig.scheduler.nextDeadline == .max)
    }

    /// A CPU can read a count sooner after it was written than any access of the ISA bus: it reads what is about to be
    /// loaded. Linux takes the counter for broken otherwise, in its fast calibration of the TSC.
    @Test(arguments: [(0xB0, 0xFFFF), (0xB4, 0xFFFF), (0xB6, 0xFFFE), (0xB8, 0xFFFF)] as [(UInt32, UInt32)])
    func aCountCanBeReadAtOnce(control: UInt32, count: UInt32) {
        let scheduler = Scheduler(slotsPerSecond: 400_000_000)
        let pit = PIT(scheduler: scheduler, event: .timer0, output0: .unconnected)
        scheduler.now = 12_345
        pit.writePort(3, control, .byte)
        for _ in 0..<2 { pit.writePort(2, 0xFF, .byte) }
        #expect(pit.readPort(2, .byte) | pit.readPort(2, .byte) << 8 == count)
    }
}
