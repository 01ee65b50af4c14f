/// A point in guest time, counted in slots of one instruction at the machine's nominal rate, from power-on.
///
/// Each retired instruction, each REP iteration and each slot slept in HLT advances it by one; nothing else does.
public typealias GuestTime = UInt64

/// A chip's input clock, converted exactly to and from guest time: no rounding ever adds up.
public struct Clock: Equatable, Sendable {
    /// The clock's frequency is `numerator / denominator` Hz.
    public let numerator: UInt64
    public let denominator: UInt64
    /// Slots of guest time in a second: the machine's nominal instruction rate in Hz.
    public let slotsPerSecond: UInt64

    public init(hertz numerator: UInt64, per denominator: UInt64 = 1, slotsPerSecond: UInt64) {
        precondition(numerator > 0 && denominator > 0 && slotsPerSecond > 0, "a clock needs a frequency")
        self.numerator = numerator
        self.denominator = denominator
        self.slotsPerSecond = slotsPerSecond
    }

    /// Whole ticks of this clock from power-on to `time`.
    public func ticks(at time: GuestTime) -> UInt64 {
        let product = UInt128(time) &* UInt128(numerator)
        return UInt64(truncatingIfNeeded: product / (UInt128(denominator) &* UInt128(slotsPerSecond)))
    }

    /// The earliest guest time at which `ticks(at:)` is at least `tick`.
    public func time(ofTick tick: UInt64) -> GuestTime {
        let product = UInt128(tick) &* (UInt128(denominator) &* UInt128(slotsPerSecond))
        let time = (product &+ UInt128(numerator) &- 1) / UInt128(numerator)
        return time > UInt128(GuestTime.max) ? .max : GuestTime(time)
    }

    /// The length of `ticks` ticks in guest time, rounded up.
    public func duration(ofTicks ticks: UInt64) -> GuestTime { time(ofTick: ticks) }
}
