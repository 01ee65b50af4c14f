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

/// The clock in guest time with one slot for each tick of its oscillator.
private final class Rig {
    static let second: GuestTime = 32_768
    let scheduler: Scheduler
    let recorder = Recorder()
    let rtc: RTC
    var events = 0

    init(_ time: ClockTime = .fixed, slotsPerSecond: UInt64 = second) {
        scheduler = Scheduler(slotsPerSecond: slotsPerSecond)
        rtc = RTC(scheduler: scheduler, event: .realTimeClock, irq: IRQLine(recorder, 8), startTime: time)
    }

    func run(to end: GuestTime) {
        while scheduler.nextDeadline <= end {
            scheduler.now = scheduler.nextDeadline
            while scheduler.takeDue() != nil {
                events += 1
                rtc.eventDue()
            }
        }
        scheduler.now = end
    }

    func pass(seconds: UInt64) { run(to: scheduler.now + seconds * scheduler.slotsPerSecond) }
    func pass(ticks: UInt64) { run(to: scheduler.now + ticks) }

    func write(_ index: UInt8, _ value: UInt8) {
        rtc.writePort(0, UInt32(index), .byte)
        rtc.writePort(1, UInt32(value), .byte)
    }

    func read(_ index: UInt8) -> UInt8 {
        rtc.writePort(0, UInt32(index), .byte)
        return UInt8(rtc.readPort(1, .byte))
    }

    /// Century, year, month, day, weekday, hour, minute, second, as bytes.
    var bytes: [UInt8] { [0x32, 9, 8, 7, 6, 4, 2, 0].map { read($0) } }

    /// Lets the alarm's bytes be `hour`, `minute`, `second`.
    func setAlarm(_ hour: UInt8, _ minute: UInt8, _ second: UInt8) {
        write(5, hour)
        write(3, minute)
        write(1, second)
    }
}

extension ClockTime {
    fileprivate init(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int) {
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }
}

@Suite struct RTCTests {
    private let rig = Rig()

    // MARK: Time and calendar

    @Test func showsTheStartTimeAndCountsOn() {
        // 2 January 2026 is a Friday.
        #expect(rig.bytes == [0x20, 0x26, 0x01, 0x02, 6, 0x03, 0x04, 0x05])
        rig.run(to: Rig.second - 1)
        #expect(rig.read(0) == 0x05)
        rig.run(to: Rig.second)
        #expect(rig.read(0) == 0x06)
        rig.pass(seconds: 54)
        #expect(rig.bytes == [0x20, 0x26, 0x01, 0x02, 6, 0x03, 0x05, 0x00])
        #expect(rig.events == 0)
    }

    @Test(arguments: [330_000 as UInt64, 8_000_000, 400_000_000])
    func secondsNeverDrift(slotsPerSecond: UInt64) {
        let rig = Rig(ClockTime(2026, 1, 1, 0, 0, 0), slotsPerSecond: slotsPerSecond)
        rig.run(to: 86_400 * slotsPerSecond - 1)
        #expect(rig.bytes == [0x20, 0x26, 0x01, 0x01, 5, 0x23, 0x59, 0x59])
        rig.run(to: 86_400 * slotsPerSecond)
        #expect(rig.bytes == [0x20, 0x26, 0x01, 0x02, 6, 0x00, 0x00, 0x00])
    }

    @Test(arguments: [
        (ClockTime(2023, 2, 28, 23, 59, 59), [0x20, 0x23, 0x03, 0x01, 4, 0, 0, 0] as [UInt8]),
        (ClockTime(2024, 2, 28, 23, 59, 59), [0x20, 0x24, 0x02, 0x29, 5, 0, 0, 0]),
        (ClockTime(2000, 2, 28, 23, 59, 59), [0x20, 0x00, 0x02, 0x29, 3, 0, 0, 0]),
        (ClockTime(1999, 12, 31, 23, 59, 59), [0x20, 0x00, 0x01, 0x01, 7, 0, 0, 0]),
        (ClockTime(2026, 4, 30, 23, 59, 59), [0x20, 0x26, 0x05, 0x01, 6, 0, 0, 0]),
        (ClockTime(2026, 12, 31, 23, 59, 59), [0x20, 0x27, 0x01, 0x01, 6, 0, 0, 0]),
    ])
    func midnightCarries(start: ClockTime, after: [UInt8]) {
        let rig = Rig(start)
        rig.pass(seconds: 1)
        #expect(rig.bytes == after)
    }

    /// Many days at once give what as many single days give, over two centuries.
    @Test func daysAtOnceAreDaysOneByOne() {
        let format = RTCFormat(isBinary: true, is24Hour: true)
        var one = [UInt8](repeating: 0, count: 128)
        one[0x07] = 28
        one[0x08] = 2
        one[0x09] = 99
        one[0x32] = 19
        one[0x06] = 1
        let start = one
        for day in 1...73_500 as ClosedRange<UInt64> {
            format.add(86_400, to: &one)
            guard day % 97 == 0 || day > 73_400 else { continue }
            var all = start
            format.add(day * 86_400, to: &all)
            #expect(all == one)
        }
        #expect(one[0x32] == 22)
    }

    @Test func twelveHourAndBinaryModes() {
        let rig = Rig(ClockTime(2026, 1, 2, 11, 59, 59))
        rig.write(0x0B, 0x00)
        rig.write(0x04, 0x11)
        rig.pass(seconds: 1)
        #expect(rig.read(4) == 0x92)  // 12 PM is noon.
        rig.pass(seconds: 3600)
        #expect(rig.read(4) == 0x81)
        rig.pass(seconds: 11 * 3600)
        #expect(rig.read(4) == 0x12)  // 12 AM is midnight.
        #expect(rig.read(7) == 0x03)
        rig.write(0x0B, 0x06)
        rig.write(0, 58)
        rig.write(2, 59)
        rig.write(4, 22)
        rig.pass(seconds: 2)
        #expect([rig.read(4), rig.read(2), rig.read(0)] == [23, 0, 0])
    }

    @Test func writtenTimeCountsOn() {
        rig.write(0x0B, 0x82)
        for (index, value) in [(0, 0x58), (2, 0x59), (4, 0x23), (7, 0x31), (8, 0x12), (9, 0x99), (0x32, 0x19), (6, 6)] {
            rig.write(UInt8(index), UInt8(value))
        }
        rig.pass(seconds: 10)
        #expect(rig.read(0) == 0x58)  // SET: no updates.
        rig.write(0x0B, 0x02)
        rig.pass(seconds: 2)
        #expect(rig.bytes == [0x20, 0x00, 0x01, 0x01, 7, 0, 0, 0])
    }

    /// What no date has goes on somehow, and does not trap.
    @Test func nonsenseInTheTimeBytes() {
        for value in 0...255 as ClosedRange<UInt8> {
            for mode in [0x00, 0x02, 0x04, 0x06] as [UInt8] {
                rig.write(0x0B, mode | 0x30)
                for index in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x32] as [UInt8] { rig.write(index, value) }
                rig.pass(seconds: 100_000)
                _ = rig.read(0x0C)
                #expect(rig.read(0x0D) == 0x80)
            }
        }
    }

    // MARK: Update cycle and divider

    @Test func updateInProgressComes244MicrosecondsBefore() {
        #expect(rig.read(0x0A) == 0x26)
        rig.run(to: Rig.second - 74)
        #expect(rig.read(0x0A) == 0x26)
        rig.run(to: Rig.second - 73)
        #expect(rig.read(0x0A) == 0xA6)
        #expect(rig.read(0) == 0x05)
        rig.write(0x0B, 0x82)
        #expect(rig.read(0x0A) == 0x26)  // SET ends it.
        rig.write(0x0B, 0x02)
        rig.run(to: Rig.second)
        #expect(rig.read(0x0A) == 0x26)
        #expect(rig.read(0) == 0x06)
    }

    @Test func firstUpdateComesHalfASecondAfterTheDividersReset() {
        rig.pass(ticks: 1000)
        rig.write(0x0A, 0x76)
        rig.pass(seconds: 5)
        #expect(rig.read(0) == 0x05)
        rig.write(0x0A, 0x26)
        rig.pass(ticks: 16_383)
        #expect(rig.read(0) == 0x05)
        rig.pass(ticks: 1)
        #expect(rig.read(0) == 0x06)
        rig.pass(seconds: 1)
        #expect(rig.read(0) == 0x07)
    }

    /// A divider set for 4 MHz divides the AT's 32,768 Hz by 128 too much.
    @Test func otherTimeBasesRunSlow() {
        rig.write(0x0A, 0x06)
        rig.pass(seconds: 127)
        #expect(rig.read(0) == 0x05)
        rig.pass(seconds: 1)
        #expect(rig.read(0) == 0x06)
        rig.write(0x0A, 0x16)
        rig.pass(seconds: 32)
        #expect(rig.read(0) == 0x07)
    }

    // MARK: Interrupts

    @Test(arguments: [
        (1 as UInt8, 256), (2, 128), (3, 8192), (4, 4096), (5, 2048), (6, 1024), (7, 512), (8, 256), (9, 128), (10, 64),
        (11, 32), (12, 16), (13, 8), (14, 4), (15, 2), (0, 0),
    ])
    func periodicInterruptRates(rate: UInt8, hertz: Int) {
        rig.write(0x0A, 0x20 | rate)
        rig.write(0x0B, 0x42)
        var count = 0
        while let deadline = rig.scheduler.deadline(of: .realTimeClock), deadline <= 2 * Rig.second {
            rig.run(to: deadline)
            #expect(rig.recorder.level)
            #expect(rig.read(0x0C) == (deadline % Rig.second == 0 ? 0xD0 : 0xC0))
            #expect(!rig.recorder.level)
            count += 1
        }
        #expect(count == 2 * hertz)
    }

    @Test func flagsComeWithoutInterruptsAndGoWhenRead() {
        rig.pass(seconds: 1)
        #expect(rig.scheduler.nextDeadline == .max)
        #expect(rig.read(0x0C) == 0x50)
        #expect(rig.read(0x0C) == 0x00)
        rig.pass(seconds: 1)
        rig.write(0x0B, 0x12)  // The flag stands already: the interrupt comes at once.
        #expect(rig.recorder.level)
        #expect(rig.read(0x0C) == 0xD0)
        #expect(!rig.recorder.level)
    }

    @Test func updateEndedInterrupt() {
        rig.write(0x0B, 0x12)
        rig.run(to: Rig.second - 1)
        #expect(!rig.recorder.level)
        rig.run(to: Rig.second)
        #expect(rig.recorder.level)
        rig.pass(seconds: 10)
        #expect(rig.recorder.rises == 1)  // Until C is read the line stays up, and nothing is scheduled.
        #expect(rig.events == 1)
        #expect(rig.read(0x0C) & 0x90 == 0x90)
        rig.write(0x0B, 0x92)
        #expect(rig.read(0x0B) == 0x82)  // SET takes UIE away.
        #expect(rig.scheduler.nextDeadline == .max)
    }

    @Test func alarmComesAtItsTime() {
        rig.setAlarm(0x03, 0x05, 0x00)
        rig.write(0x0B, 0x22)
        rig.run(to: 55 * Rig.second - 1)
        #expect(!rig.recorder.level)
        rig.run(to: 55 * Rig.second)
        #expect(rig.recorder.level)
        #expect(rig.events == 1)
        #expect(rig.read(0x0C) & 0xA0 == 0xA0)
        rig.pass(seconds: 86_399)
        #expect(!rig.recorder.level)
        rig.pass(seconds: 1)
        #expect(rig.recorder.level)
    }

    @Test(arguments: [
        (0xFF as UInt8, 0xFF as UInt8, 0xC0 as UInt8, 1 as UInt64), (0xFF, 0xFF, 0x05, 60), (0xFF, 0x04, 0x05, 3600),
        (0xFF, 0x04, 0xFF, 1), (0xC5, 0x00, 0x00, 3355), (0x03, 0x04, 0xFF, 1), (0x04, 0xFF, 0xFF, 3355),
        (0x03, 0x04, 0x05, 86_400),
    ])
    func alarmBytesThatDoNotCare(hour: UInt8, minute: UInt8, second: UInt8, seconds: UInt64) {
        rig.setAlarm(hour, minute, second)
        rig.write(0x0B, 0x22)
        #expect(rig.scheduler.deadline(of: .realTimeClock) == seconds * Rig.second)
        rig.write(0x0B, 0x02)  // The flag comes without the interrupt, too.
        rig.run(to: seconds * Rig.second - 1)
        #expect(rig.read(0x0C) & 0x20 == 0)
        rig.run(to: seconds * Rig.second)
        #expect(rig.read(0x0C) & 0x20 != 0)
    }

    @Test func alarmThatIsNoTimeNeverComes() {
        rig.setAlarm(0x24, 0x00, 0x00)
        rig.write(0x0B, 0x22)
        #expect(rig.scheduler.nextDeadline == .max)
        rig.setAlarm(0x01, 0x00, 0x99)
        #expect(rig.scheduler.nextDeadline == .max)
        rig.write(0x0B, 0x20)  // 12-hour mode: 83h is 3 PM.
        rig.setAlarm(0x83, 0x04, 0x05)
        #expect(rig.scheduler.deadline(of: .realTimeClock) == 12 * 3600 * Rig.second)
    }

    @Test func resetTakesTheInterruptsAndLeavesTheTime() {
        rig.write(0x0B, 0x7A)
        rig.pass(seconds: 3)
        rig.rtc.writePort(0, 0x0C, .byte)
        #expect(rig.recorder.level)
        rig.rtc.reset()
        #expect(!rig.recorder.level)
        #expect(rig.rtc.state.masksNMI)
        #expect(rig.read(0x0B) == 0x02)
        #expect(rig.read(0x0C) == 0)
        #expect(rig.read(0) == 0x08)
    }

    // MARK: RAM and ports

    @Test func ramKeepsBytesAndRegistersCAndDCannotBeWritten() {
        for index in 0x0E...0x7F as ClosedRange<UInt8> { rig.write(index, index ^ 0x55) }
        for index in 0x0E...0x7F as ClosedRange<UInt8> { #expect(rig.read(index) == index ^ 0x55) }
        rig.write(0x0C, 0xFF)
        rig.write(0x0D, 0x00)
        #expect(rig.read(0x0C) == 0)
        #expect(rig.read(0x0D) == 0x80)
        #expect(rig.rtc.readPort(0, .byte) == 0xFF)
        rig.write(0x0A, 0xFF)
        #expect(rig.read(0x0A) == 0x7F)
    }

    @Test func bit7OfTheIndexMasksNMI() {
        var changes: [Bool] = []
        rig.rtc.nmiMaskChanged = { changes.append($0) }
        #expect(rig.rtc.state.masksNMI)
        _ = rig.read(0x8D)
        #expect(rig.read(0x0D) == 0x80)
        #expect(rig.read(0x8D) == 0x80)
        #expect(changes == [false, true])
    }

    @Test func checksumIsTheBIOSsOne() {
        for index in 0x10...0x2D as ClosedRange<UInt8> { rig.rtc[cmos: index] = 0xF0 }
        rig.rtc.updateChecksum()
        #expect(rig.read(0x2E) == 0x1C)  // 30 * F0h = 1C20h.
        #expect(rig.read(0x2F) == 0x20)
        #expect(rig.rtc[cmos: 0x10] == 0xF0)
        rig.pass(seconds: 1)
        #expect(rig.rtc[cmos: 0] == 0x06)
    }

    @Test func stateIsTheWholeFuture() {
        rig.write(0x0B, 0x72)
        rig.run(to: 77_777)
        _ = rig.read(0x0C)
        let copy = Rig(ClockTime(1980, 1, 1, 0, 0, 0))
        copy.scheduler.restore(rig.scheduler.state)
        copy.rtc.restore(rig.rtc.state)
        rig.pass(seconds: 100)
        copy.pass(seconds: 100)
        #expect(rig.recorder.level && copy.recorder.level)
        #expect(rig.bytes == copy.bytes)
        var (a, b) = (StateWriter(), StateWriter())
        var (left, right) = (rig.rtc.state, copy.rtc.state)
        left.visit(&a)
        right.visit(&b)
        #expect(a.bytes == b.bytes)
    }
}
