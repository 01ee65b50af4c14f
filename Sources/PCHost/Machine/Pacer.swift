import PCCore

/// Holds a machine to the host's clock: guest time never runs ahead of it, and what a slow host has lost stays lost.
public struct Pacer {
    /// How far the guest may run faster than real to make up for a delay, in nanoseconds.
    public static let largestDebt: UInt64 = 100_000_000

    private let clock: HostClock
    private let seconds: GuestSeconds
    private var hostStart: UInt64
    private var guestStart: UInt64

    /// Starts with the machine at guest time `now` and both clocks in step.
    public init(clock: HostClock, seconds: GuestSeconds, now: GuestTime) {
        self.clock = clock
        self.seconds = seconds
        hostStart = clock.now()
        guestStart = seconds.nanoseconds(slots: now)
    }

    /// How many nanoseconds guest time `now` is ahead of the host's clock; 0 where it is behind.
    public mutating func lead(at now: GuestTime) -> UInt64 {
        let guest = seconds.nanoseconds(slots: now) &- guestStart
        let host = clock.now() &- hostStart
        if guest >= host { return guest - host }
        if host - guest > Self.largestDebt {
            hostStart = clock.now()
            guestStart = seconds.nanoseconds(slots: now)
        }
        return 0
    }

    /// Sleeps until the host's clock has caught up with guest time `now`.
    public mutating func wait(for now: GuestTime) {
        let lead = lead(at: now)
        if lead > 0 { clock.sleep(lead) }
    }

    /// Puts both clocks in step at `now`, as after a pause.
    public mutating func restart(at now: GuestTime) {
        hostStart = clock.now()
        guestStart = seconds.nanoseconds(slots: now)
    }
}
