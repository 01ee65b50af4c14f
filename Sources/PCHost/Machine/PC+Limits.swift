import PCCore

extension PC {
    /// Runs until guest time `end` and at most `count` instructions, whichever comes first.
    ///
    /// An instruction takes at least one slot, so with as many instructions left as slots the time is the closer limit.
    /// Otherwise the count is; a machine that sleeps on the way may then wake later than `end`.
    func run(until end: GuestTime, atMost count: UInt64) -> StopReason {
        count >= end &- now ? run(until: end) : run(instructions: count)
    }
}
