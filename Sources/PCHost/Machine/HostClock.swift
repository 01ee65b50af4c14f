import Glibc

/// The host's clocks. Only the front-ends read them; the machine knows guest time alone.
public struct HostClock: Sendable {
    /// Nanoseconds from some fixed point in the past.
    public var now: @Sendable () -> UInt64
    /// Gives the host's processor away for this many nanoseconds.
    public var sleep: @Sendable (UInt64) -> Void

    public init(now: @escaping @Sendable () -> UInt64, sleep: @escaping @Sendable (UInt64) -> Void) {
        self.now = now
        self.sleep = sleep
    }

    /// The monotonic clock of the system.
    public static let system = HostClock(
        now: {
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        },
        sleep: { nanoseconds in
            var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
            nanosleep(&time, nil)
        })
}
