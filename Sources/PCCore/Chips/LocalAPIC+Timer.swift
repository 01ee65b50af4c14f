/// The timer counts down with the bus clock, divided, and interrupts at 0. [SDM 3A 10.5.4]
///
/// Nothing ticks: the count follows from guest time, and an event is pending only where an interrupt will come. Every end
/// of the count is worked out from the start of the first one, so that rounding does not add up.
extension LocalAPIC {
    /// Ticks of the bus clock to a count: 1 to 128, from the bits 3, 1 and 0 of the divide configuration register.
    private var divisor: UInt64 {
        let code = state.divide & 3 | state.divide >> 1 & 4
        return code == 7 ? 1 : 2 << UInt64(code)
    }

    private var timerEntry: UInt32 { state.table[Source.timer.rawValue] }

    /// Counts since the tick that `count` is of.
    private var elapsed: UInt64 { (clock.ticks(at: scheduler.now) &- state.countTick) / divisor }

    /// The current count register. `catchUp` was called.
    var currentCount: UInt32 { state.count == 0 ? 0 : state.count &- UInt32(truncatingIfNeeded: elapsed) }

    /// Lets the ends of the count happen that lie behind; several at once are one interrupt.
    func catchUp() {
        let passed = elapsed
        guard state.count != 0, passed >= UInt64(state.count) else { return }
        let beyond: UInt64
        if timerEntry & Vector.periodic != 0, state.initialCount != 0 {
            beyond = (passed &- UInt64(state.count)) % UInt64(state.initialCount)
            state.count = state.initialCount
        } else {
            beyond = 0
            state.count = 0
        }
        state.countTick &+= (passed &- beyond) &* divisor
        if timerEntry & Vector.mask == 0 { request(UInt8(timerEntry & 0xFF), isLevel: false) }
    }

    /// The event, which comes at the slot in which the count reaches 0.
    func eventDue() {
        catchUp()
        scheduleTimer()
    }

    /// Says when to wake.
    func scheduleTimer() {
        guard state.count != 0, timerEntry & Vector.mask == 0, isEnabled else {
            return scheduler.cancel(.localAPIC)
        }
        let end = state.countTick &+ UInt64(state.count) &* divisor
        scheduler.schedule(.localAPIC, at: clock.time(ofTick: end))
    }

    /// The initial count register: the count starts; 0 stops it.
    func startTimer(_ count: UInt32) {
        catchUp()
        state.initialCount = count
        setCount(count)
    }

    /// The divide configuration register: the count goes on from where it is.
    func setDivide(_ value: UInt32) {
        catchUp()
        let count = currentCount
        state.divide = value & 0xB
        setCount(count)
    }

    private func setCount(_ count: UInt32) {
        state.count = count
        state.countTick = clock.ticks(at: scheduler.now)
        scheduleTimer()
    }

    /// The timer's LVT entry.
    func setTimerEntry(_ value: UInt32) {
        catchUp()
        state.table[Source.timer.rawValue] = value
        scheduleTimer()
    }
}
