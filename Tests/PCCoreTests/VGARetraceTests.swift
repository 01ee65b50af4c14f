import Testing

@testable import PCCore

@Suite struct VGARetraceTests {
    /// Mode 3: 449 lines of 900 dots at 28.322 MHz, which is 70.086 Hz.
    @Test func mode3RunsAt70Hertz() {
        // A slot is one dot.
        let bench = VGATestBench(slotsPerSecond: 28_322_000)
        var changes: [(time: UInt64, status: UInt8)] = []
        var last: UInt8 = 0xFF
        for time in 0..<UInt64(2 * 449 * 900) {
            bench.scheduler.now = time
            let status = bench.in(0x3DA)
            if status & 8 != last & 8 { changes.append((time, status & 8)) }
            last = status
        }
        let expected: [UInt64] = [0, 412, 414, 449 + 412, 449 + 414]
        #expect(changes.map(\.time) == expected.map { $0 * 900 })
        #expect(changes.map(\.status) == [0, 8, 0, 8, 0])
    }

    @Test func displayEnableFollowsLineAndDot() {
        let bench = VGATestBench(slotsPerSecond: 28_322_000)
        func displaying(_ line: UInt64, _ dot: UInt64) -> Bool {
            bench.scheduler.now = 5 * 449 * 900 + line * 900 + dot
            return bench.in(0x3DA) & 1 == 0
        }
        #expect(displaying(0, 0))
        #expect(displaying(0, 719))
        #expect(!displaying(0, 720))
        #expect(!displaying(0, 899))
        #expect(displaying(399, 719))
        #expect(!displaying(400, 0))
        #expect(!displaying(448, 0))
    }

    /// The quick conversion agrees with the exact one, at rates and times that divide nothing.
    @Test(arguments: [330_000 as UInt64, 99_999_989, 400_000_000])
    func timesFarApartAgreeWithExactArithmetic(rate: UInt64) {
        let bench = VGATestBench(slotsPerSecond: rate)
        let timing = bench.vga.timing
        var time: UInt64 = 0
        for step in 1..<3000 {
            time += UInt64(step) * 7919 * (step % 50 == 0 ? 1 << 22 : 1)
            bench.scheduler.now = time
            let dot = timing.clock.ticks(at: time) % timing.frame
            let line = dot / 900
            let expected: UInt8 = (line < 400 && dot % 900 < 720 ? 0 : 1) | (line == 412 || line == 413 ? 8 : 0)
            #expect(bench.in(0x3DA) == expected)
        }
        bench.scheduler.now = 3
        #expect(bench.in(0x3DA) == 0, "time may go back when a state is restored")
    }

    /// What is remembered of the beam ends exactly where it changes.
    @Test(arguments: [330_000 as UInt64, 7_159_090, 99_999_989, 400_000_000])
    func timesCloseTogetherAgreeWithExactArithmetic(rate: UInt64) {
        let bench = VGATestBench(slotsPerSecond: rate)
        let timing = bench.vga.timing
        var time: UInt64 = 1 << 40
        for step in 0..<200_000 as Range<UInt64> {
            time += step & 7
            bench.scheduler.now = time
            let dot = timing.clock.ticks(at: time) % timing.frame
            let line = dot / 900
            let expected: UInt8 = (line < 400 && dot % 900 < 720 ? 0 : 1) | (line == 412 || line == 413 ? 8 : 0)
            guard bench.in(0x3DA) == expected else {
                Issue.record("at \(time)")
                return
            }
        }
    }

    @Test(arguments: [
        (VGATestBench.Mode.text80, 70.086), (.text40, 70.086), (.planar640, 59.940),
        (.chained, 70.086),
    ])
    func frameRates(mode: VGATestBench.Mode, hertz: Double) {
        let bench = VGATestBench(mode: mode)
        let clock = bench.vga.timing.clock
        let rate = Double(clock.numerator) / Double(clock.denominator) / Double(bench.vga.timing.frame)
        #expect(abs(rate - hertz) < 0.01)
    }

    private func firstEvent(_ bench: VGATestBench) -> EventKind? {
        bench.scheduler.now = bench.scheduler.nextDeadline
        return bench.scheduler.takeDue()
    }

    @Test func interruptComesAtRetraceAndWaitsForItsAcknowledge() {
        let bench = VGATestBench(slotsPerSecond: 28_322_000)
        #expect(bench.scheduler.nextDeadline == .max)
        bench.scheduler.now = 1000
        bench.crtc(0x11, 0x8E)
        bench.crtc(0x11, 0x9E)
        #expect(bench.scheduler.deadline(of: .verticalRetrace) == 412 * 900)
        #expect(bench.in(0x3C2) & 0x80 == 0)
        #expect(firstEvent(bench) == .verticalRetrace)
        bench.vga.eventDue()
        #expect(bench.irq)
        #expect(bench.in(0x3C2) & 0x80 != 0)
        #expect(bench.scheduler.nextDeadline == .max, "nothing more until the guest acknowledges")
        bench.crtc(0x11, 0x8E)
        #expect(!bench.irq)
        #expect(bench.in(0x3C2) & 0x80 == 0)
        bench.crtc(0x11, 0x9E)
        #expect(bench.scheduler.nextDeadline == (449 + 412) * 900)
        bench.vga.reset()
        #expect(bench.scheduler.nextDeadline == .max)
        #expect(bench.interrupts == 1)
    }

    @Test func latchIsSetWithoutInterruptAndRaisesItWhenEnabled() {
        let bench = VGATestBench(slotsPerSecond: 28_322_000)
        bench.crtc(0x11, 0xAE)
        bench.crtc(0x11, 0xBE)
        #expect(bench.scheduler.nextDeadline == .max)
        bench.scheduler.now = 412 * 900 - 1
        #expect(bench.in(0x3C2) & 0x80 == 0)
        bench.scheduler.now = 412 * 900
        #expect(bench.in(0x3C2) & 0x80 != 0)
        #expect(!bench.irq)
        bench.scheduler.now = 500_000
        bench.crtc(0x11, 0x9E)
        #expect(bench.irq)
        bench.crtc(0x11, 0xBE)
        #expect(!bench.irq)
        #expect(bench.in(0x3C2) & 0x80 != 0)
    }

    @Test func aLineCounterThatNeverGetsThereInterruptsNever() {
        let bench = VGATestBench()
        bench.crtc(0x11, 0x1E)
        bench.crtc(0x10, 0xFF)
        bench.crtc(0x07, 0x9F)
        #expect(bench.scheduler.nextDeadline == .max)
        #expect(bench.vga.timing.retraceStart > bench.vga.timing.lines)
    }

    @Test func blinkRatesAreThoseOfTheFrameCounter() {
        let bench = VGATestBench(slotsPerSecond: 28_322_000)
        let phases = (0..<64).map { frame -> BlinkPhase in
            bench.scheduler.now = UInt64(frame) * 449 * 900
            return bench.vga.blinkPhase
        }
        for (frame, phase) in phases.enumerated() {
            #expect(phase.cursor == (frame % 16 < 8))
            #expect(phase.characters == (frame % 32 < 16))
        }
    }
}
