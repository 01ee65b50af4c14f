import Synchronization
import Testing

@testable import PCHost

/// A clock that moves only when it is told to, or slept on.
final class HandClock: Sendable {
    private let time = Mutex<UInt64>(5_000_000_000)
    private let sleeps = Mutex<[UInt64]>([])

    var clock: HostClock {
        HostClock(
            now: { self.time.withLock { $0 } },
            sleep: { nanoseconds in
                self.sleeps.withLock { $0.append(nanoseconds) }
                self.advance(nanoseconds)
            })
    }

    var slept: [UInt64] { sleeps.withLock { $0 } }

    func advance(_ nanoseconds: UInt64) {
        time.withLock { $0 += nanoseconds }
    }
}

@Suite struct PacerTests {
    private let hand = HandClock()
    private let seconds = GuestSeconds(slotsPerSecond: 1_000_000)

    @Test func sleepsWhenTheGuestIsAhead() {
        var pacer = Pacer(clock: hand.clock, seconds: seconds, now: 100)
        pacer.wait(for: 20_100)
        #expect(hand.slept == [20_000_000])
        pacer.wait(for: 20_100)
        #expect(hand.slept.count == 1)
    }

    @Test func makesUpForAShortDelay() {
        var pacer = Pacer(clock: hand.clock, seconds: seconds, now: 0)
        hand.advance(60_000_000)
        #expect(pacer.lead(at: 10_000) == 0)
        #expect(pacer.lead(at: 60_000) == 0)
        #expect(pacer.lead(at: 70_000) == 10_000_000)
    }

    @Test func aLongDelayStaysLost() {
        var pacer = Pacer(clock: hand.clock, seconds: seconds, now: 0)
        hand.advance(3_000_000_000)
        #expect(pacer.lead(at: 10_000) == 0)
        #expect(pacer.lead(at: 15_000) == 5_000_000)
    }

    @Test func conversionsAreExact() {
        let slow = GuestSeconds(slotsPerSecond: 330_000)
        #expect(slow.slots(nanoseconds: 1_000_000_000) == 330_000)
        #expect(slow.nanoseconds(slots: 330_000) == 1_000_000_000)
        #expect(slow.slots(nanoseconds: 1) == 1)
        #expect(slow.slots(nanoseconds: 0) == 0)
        #expect(GuestSeconds(slotsPerSecond: 10_000_000_000).slots(nanoseconds: .max) == .max)
    }
}
