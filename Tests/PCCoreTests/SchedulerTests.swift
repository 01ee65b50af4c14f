import Testing

@testable import PCCore

@Suite struct SchedulerTests {
    @Test func equalDeadlinesComeInTheOrderOfScheduling() {
        let scheduler = Scheduler(slotsPerSecond: 1000)
        scheduler.schedule(.serial1, at: 10)
        scheduler.schedule(.timer0, at: 10)
        scheduler.schedule(.floppy, at: 5)
        #expect(scheduler.takeDue() == nil)
        scheduler.now = 10
        #expect(scheduler.takeDue() == .floppy)
        #expect(scheduler.takeDue() == .serial1)
        #expect(scheduler.takeDue() == .timer0)
        #expect(scheduler.takeDue() == nil)
        #expect(scheduler.nextDeadline == .max)
    }

    @Test func reschedulingReplacesAndCancelRemoves() {
        let scheduler = Scheduler(slotsPerSecond: 1000)
        scheduler.schedule(.timer0, at: 10)
        scheduler.schedule(.timer0, at: 20)
        #expect(scheduler.nextDeadline == 20)
        scheduler.cancel(.timer0)
        #expect(scheduler.nextDeadline == .max)
    }

    /// `.max` stands for nothing pending, also where guest time has come to its end.
    @Test func nothingIsDueAtTheEndOfTime() {
        let scheduler = Scheduler(slotsPerSecond: 1000)
        scheduler.now = .max
        #expect(scheduler.takeDue() == nil)
    }

    /// The 8254's clock is 14.31818 MHz / 12, which no power of ten divides.
    @Test(arguments: [330_000 as UInt64, 8_000_000, 400_000_000])
    func clockConversionIsExactInBothDirections(rate: UInt64) {
        let clock = Clock(hertz: 13_125_000, per: 11, slotsPerSecond: rate)
        for tick in [0, 1, 2, 65536, 1_193_181, 1 << 50] as [UInt64] {
            let time = clock.time(ofTick: tick)
            #expect(clock.ticks(at: time) >= tick)
            #expect(time == 0 || clock.ticks(at: time - 1) < tick)
        }
    }

    /// The way by a reciprocal gives what the division gives: for rates and times at random, at every edge of a tick,
    /// at both ends of guest time, and for clocks that the reciprocal is not for.
    @Test func ticksAreThoseOfTheDivision() {
        var random = Lehmer(state: 32)
        for number in 0..<2000 {
            let hertz = [32_768, 13_125_000, 1_843_200, 1, random.next() >> (number % 64)][number % 5]
            let denominator = [1, 11, 198, 1 << 40, random.next() >> (number % 61)][number % 7 % 5]
            let slots = [330_000, 100_000_000, 1, 1 << 62, random.next() >> (number % 59)][number % 11 % 5]
            let clock = Clock(hertz: max(1, hertz), per: max(1, denominator), slotsPerSecond: max(1, slots))
            var times: [GuestTime] = [0, 1, 2, .max, .max - 1, 1 << 63, 1 << 32]
            for shift in 0..<64 { times.append(random.next() >> UInt64(shift)) }
            for tick in [1, 2, 3, 1000, clock.dividedTicks(at: 1 << 50)] as [UInt64] {
                let time = clock.time(ofTick: tick)
                times += [time, time &- 1, time &+ 1]
            }
            for time in times {
                #expect(clock.ticks(at: time) == clock.dividedTicks(at: time), "\(clock) at \(time)")
            }
        }
    }
}
