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
    /// Ticks per slot: whole ones, and `rest / slotsPerTicks` of one.
    private let whole: UInt64
    private let rest: UInt64
    private let slotsPerTicks: UInt64
    /// `rest / slotsPerTicks` in units of 2^-64, rounded down; nil where the division needs more than 64 bits.
    private let reciprocal: UInt64?

    public init(hertz numerator: UInt64, per denominator: UInt64 = 1, slotsPerSecond: UInt64) {
        precondition(numerator > 0 && denominator > 0 && slotsPerSecond > 0, "a clock needs a frequency")
        self.numerator = numerator
        self.denominator = denominator
        self.slotsPerSecond = slotsPerSecond
        let (slots, overflow) = denominator.multipliedReportingOverflow(by: slotsPerSecond)
        slotsPerTicks = slots
        // Half of 2^64 leaves room for the rest of a quotient that is one too small.
        guard !overflow, slots <= 1 << 63 else {
            (whole, rest, reciprocal) = (0, 0, nil)
            return
        }
        whole = numerator / slots
        rest = numerator % slots
        reciprocal = slots.dividingFullWidth((rest, 0)).quotient
    }

    /// Whole ticks of this clock from power-on to `time`.
    ///
    /// Devices ask at each access, so this multiplies by a reciprocal. It is too small by less than 2^-64, and `time` is
    /// below 2^64: the estimate is the quotient or one less, and the remainder tells which.
    @inline(__always)
    public func ticks(at time: GuestTime) -> UInt64 {
        guard let reciprocal else {
            // Not as a method: that would want all of the clock in memory, each time.
            return Self.ticks(at: time, numerator, denominator, slotsPerSecond)
        }
        let estimate = time.multipliedFullWidth(by: reciprocal).high
        let remainder = time &* rest &- estimate &* slotsPerTicks
        return time &* whole &+ (remainder >= slotsPerTicks ? estimate &+ 1 : estimate)
    }

    /// The same by division, for any clock.
    func dividedTicks(at time: GuestTime) -> UInt64 {
        Self.ticks(at: time, numerator, denominator, slotsPerSecond)
    }

    @inline(never)
    private static func ticks(
        at time: GuestTime, _ numerator: UInt64, _ denominator: UInt64, _ slotsPerSecond: UInt64
    ) -> UInt64 {
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
