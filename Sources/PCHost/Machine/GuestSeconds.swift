import PCCore

/// Converts between guest time and nanoseconds at one machine's nominal rate.
public struct GuestSeconds: Equatable, Sendable {
    /// Slots of guest time in a second.
    public let slotsPerSecond: UInt64

    public init(slotsPerSecond: UInt64) {
        self.slotsPerSecond = max(1, slotsPerSecond)
    }

    /// The guest time that `nanoseconds` last, at least one slot for anything above zero.
    public func slots(nanoseconds: UInt64) -> GuestTime {
        guard nanoseconds > 0 else { return 0 }
        let slots = UInt128(nanoseconds) * UInt128(slotsPerSecond) / 1_000_000_000
        return slots > UInt128(GuestTime.max) ? .max : max(1, GuestTime(slots))
    }

    /// How long `slots` last, in nanoseconds, rounded down.
    public func nanoseconds(slots: GuestTime) -> UInt64 {
        let nanoseconds = UInt128(slots) * 1_000_000_000 / UInt128(slotsPerSecond)
        return nanoseconds > UInt128(UInt64.max) ? .max : UInt64(nanoseconds)
    }
}
