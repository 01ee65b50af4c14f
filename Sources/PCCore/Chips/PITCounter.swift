// One counter of an 8254 (see PIT.swift): control logic, count register and counting element, as a closed form.
//
// Time here is in clocks of the chip. Nothing is done clock by clock: `advance` moves the counter over any number of
// clocks at once, and `clocksToChange` says when OUT may change next. [8254 Mode definitions]

/// A counter's mode. Control words with mode bits 6 and 7 mean modes 2 and 3.
public enum PITMode: UInt8, Sendable {
    case interruptOnTerminalCount = 0
    case oneShot = 1
    case rateGenerator = 2
    case squareWave = 3
    case softwareStrobe = 4
    case hardwareStrobe = 5
}

/// Registers, counting element and pins of one counter.
public struct PITCounter: Stateful, Sendable {
    /// Which bytes of a count are read and written.
    enum Access: UInt8 {
        case lowByte = 1
        case highByte = 2
        case both = 3
    }

    /// Bits 5-0 of the control word, as written: access, mode, BCD.
    var control: UInt8 = 0x30
    /// The count register, CR, as the guest wrote it.
    var countRegister: UInt16 = 0
    /// A whole count was written since the control word.
    var hasCount = false
    /// The count register was not transferred to the counting element yet.
    var nullCount = true
    /// The next clock transfers the count register and does not count.
    var loadsNext = false
    /// The first byte of a count, which waits for the second.
    var firstByte: UInt8 = 0
    var expectsSecondByte = false
    /// The counting element runs: it was loaded since the control word.
    var running = false
    /// The end of the count changes OUT (modes 0, 1, 4, 5: once for each load).
    var armed = false
    /// The counting element, CE: 0...modulus-1 (modes 0, 1, 4, 5), clocks to the reload (2) or to the end of the half (3).
    var element: UInt32 = 0
    /// The count that the present period was loaded with (modes 2 and 3).
    var period: UInt32 = 0
    /// Guest clocks that `advance` came up to.
    var clock: UInt64 = 0
    /// The OUT pin at `clock`.
    public internal(set) var output = false
    /// The GATE pin.
    public internal(set) var gate = true

    /// What the guest reads by latches and in two halves.
    var latch = PITLatch()

    public init() {}

    public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&control)
        visitor.visit(&countRegister)
        visitor.visit(&hasCount)
        visitor.visit(&nullCount)
        visitor.visit(&loadsNext)
        visitor.visit(&firstByte)
        visitor.visit(&expectsSecondByte)
        visitor.visit(&running)
        visitor.visit(&armed)
        visitor.visit(&element, in: 0...0x1_0000)
        visitor.visit(&period, in: 0...0x1_0000)
        visitor.visit(time: &clock)
        visitor.visit(&output)
        visitor.visit(&gate)
        visitor.visit(&latch)
    }

    var mode: PITMode {
        let bits = control >> 1 & 7
        return PITMode(rawValue: bits > 5 ? bits & 3 : bits) ?? .interruptOnTerminalCount
    }

    var access: Access { Access(rawValue: control >> 4 & 3) ?? .both }
    private var isBCD: Bool { control & 1 != 0 }
    /// What 0 counts as: four digits of 16 or of 10.
    var modulus: UInt32 { isBCD ? 10_000 : 0x1_0000 }

    /// The count register as a number of clocks, 1 to the modulus. Digits above 9 count as they weigh.
    var initialCount: UInt32 {
        guard isBCD else { return countRegister == 0 ? 0x1_0000 : UInt32(countRegister) }
        var count: UInt32 = 0
        for digit in stride(from: 12, through: 0, by: -4) {
            count = count * 10 + UInt32(countRegister >> UInt16(digit) & 0xF)
        }
        return count == 0 ? 10_000 : count
    }

    /// What the counting element's output latch shows.
    var count: UInt16 {
        // An access of the ISA bus takes longer than a clock: whoever reads a count finds it loaded. Here an instruction is
        // shorter, and the load may still be to come.
        if loadsNext { return digits(mode == .squareWave ? initialCount & ~1 : initialCount % modulus) }
        guard mode == .squareWave else { return digits(element) }
        // The element goes by twos. An odd count has one clock more in its high half, at the end of which 0 shows.
        let extra: UInt32 = period & 1 != 0 && output ? 1 : 0
        return digits((element &- min(element, extra)) &* 2)
    }

    private func digits(_ number: UInt32) -> UInt16 {
        guard isBCD else { return UInt16(truncatingIfNeeded: number) }
        var rest = number % 10_000
        var digits: UInt16 = 0
        for place in stride(from: 0 as UInt16, through: 12, by: 4) {
            digits |= UInt16(rest % 10) << place
            rest /= 10
        }
        return digits
    }

    // MARK: What the guest and the board do

    /// A control word: the counter stops until a count arrives, and OUT goes to where the mode starts.
    mutating func program(_ word: UInt8) {
        control = word & 0x3F
        countRegister = 0
        hasCount = false
        nullCount = true
        loadsNext = false
        expectsSecondByte = false
        running = false
        armed = false
        latch = PITLatch()
        output = mode != .interruptOnTerminalCount
    }

    mutating func write(_ byte: UInt8) {
        switch access {
        case .lowByte: setCount(UInt16(byte))
        case .highByte: setCount(UInt16(byte) << 8)
        case .both where expectsSecondByte:
            expectsSecondByte = false
            setCount(UInt16(byte) << 8 | UInt16(firstByte))
        case .both:
            firstByte = byte
            expectsSecondByte = true
            // The first byte stops mode 0 at once. [8254 Mode 0]
            if mode == .interruptOnTerminalCount {
                running = false
                loadsNext = false
                output = false
            }
        }
    }

    private mutating func setCount(_ count: UInt16) {
        countRegister = count
        hasCount = true
        nullCount = true
        switch mode {
        case .interruptOnTerminalCount:
            output = false
            loadsNext = true
        case .softwareStrobe:
            loadsNext = true
        case .rateGenerator, .squareWave:
            // A counter that runs takes the new count over at the end of its period, or of its half.
            if !running { loadsNext = true }
        case .oneShot, .hardwareStrobe:
            break  // Waits for a trigger.
        }
    }

    mutating func setGate(_ high: Bool) {
        guard high != gate else { return }
        gate = high
        let isPeriodic = mode == .rateGenerator || mode == .squareWave
        if !high {
            if isPeriodic { output = true }
        } else if hasCount, isPeriodic || mode == .oneShot || mode == .hardwareStrobe {
            loadsNext = true  // The trigger.
        }
    }

    // MARK: Counting

    /// Moves the counter up to clock `end`. Returns whether OUT rose on the way, be it low again or not.
    @inline(__always)
    mutating func advance(to end: UInt64) -> Bool { end > clock && advanceOn(to: end) }

    private mutating func advanceOn(to end: UInt64) -> Bool {
        var clocks = end &- clock
        clock = end
        var rose = endStrobe()
        if loadsNext {
            rose = load() || rose
            clocks &-= 1
        }
        guard clocks > 0, running else { return rose }
        switch mode {
        case .interruptOnTerminalCount, .softwareStrobe:
            return gate ? countDown(clocks) || rose : rose
        case .oneShot, .hardwareStrobe:
            return countDown(clocks) || rose
        case .rateGenerator:
            return gate ? countPeriods(clocks) || rose : rose
        case .squareWave:
            return gate ? countHalves(clocks) || rose : rose
        }
    }

    /// A strobe of modes 4 and 5 lasts for one clock.
    private mutating func endStrobe() -> Bool {
        guard !output, mode == .softwareStrobe || mode == .hardwareStrobe else { return false }
        output = true
        return true
    }

    private mutating func load() -> Bool {
        let before = output
        loadsNext = false
        nullCount = false
        running = true
        armed = true
        period = initialCount
        switch mode {
        case .interruptOnTerminalCount, .softwareStrobe, .hardwareStrobe:
            element = period % modulus
        case .oneShot:
            element = period % modulus
            output = false
        case .rateGenerator:
            element = period
            output = true
        case .squareWave:
            output = true
            element = half
        }
        return output && !before
    }

    /// Modes 0, 1, 4 and 5: down to 0, where OUT changes once, and on from the top.
    private mutating func countDown(_ clocks: UInt64) -> Bool {
        let toZero = UInt64(element == 0 ? modulus : element)
        var rose = false
        if armed && clocks >= toZero {
            armed = false
            if mode == .softwareStrobe || mode == .hardwareStrobe {
                output = clocks > toZero
                rose = output
            } else {
                rose = !output
                output = true
            }
        }
        let past = UInt32(truncatingIfNeeded: clocks % UInt64(modulus))
        element = (element % modulus &+ modulus &- past) % modulus
        return rose
    }

    /// Mode 2: OUT is low while the count is 1.
    private mutating func countPeriods(_ clocks: UInt64) -> Bool {
        guard clocks >= UInt64(element) else {
            element &-= UInt32(truncatingIfNeeded: clocks)
            output = element != 1
            return false
        }
        // The first reload ends a low clock, unless the period was the forbidden 1; so do those of later periods.
        let rose = element > 1 || !output
        var rest = clocks &- UInt64(element)
        reload()
        let roseAgain = period > 1 && rest >= UInt64(period)
        rest %= UInt64(period)
        element = period &- UInt32(truncatingIfNeeded: rest)
        output = element != 1 || period == 1
        return rose || roseAgain
    }

    /// Mode 3: OUT changes at the end of each half.
    private mutating func countHalves(_ clocks: UInt64) -> Bool {
        let before = output
        var rest = clocks
        guard rest >= UInt64(element) else {
            element &-= UInt32(truncatingIfNeeded: rest)
            return false
        }
        rest &-= UInt64(element)
        var toggles = 1
        reload()
        guard period > 1 else {  // Not allowed in this mode: OUT stays high.
            output = true
            element = 1
            return !before
        }
        output.toggle()
        // Whole periods, then perhaps one more half.
        if rest >= UInt64(period) {
            toggles = 3
            rest %= UInt64(period)
        }
        element = half
        if rest >= UInt64(element) {
            rest &-= UInt64(element)
            output.toggle()
            toggles &+= 1
            element = half
        }
        element &-= UInt32(truncatingIfNeeded: rest)
        return toggles > 1 || (output && !before)
    }

    /// The end of a period, or a half: the count register goes into the element again.
    private mutating func reload() {
        period = initialCount
        nullCount = false
    }

    /// Clocks in the half that OUT is in: an odd count has one more in the high half. [8254 Mode 3]
    private var half: UInt32 {
        max(1, output ? (period &+ 1) / 2 : period / 2)
    }

    /// The clocks from `clock` to when OUT may change next; nil where nothing will change it but a write or the gate.
    var clocksToChange: UInt64? {
        if loadsNext { return 1 }
        switch mode {
        case .interruptOnTerminalCount:
            return running && armed && gate ? toZero : nil
        case .oneShot:
            return running && armed ? toZero : nil
        case .softwareStrobe:
            return !output ? 1 : running && armed && gate ? toZero : nil
        case .hardwareStrobe:
            return !output ? 1 : running && armed ? toZero : nil
        case .rateGenerator:
            guard running, gate else { return nil }
            if element > 1 { return UInt64(element &- 1) }
            return output && initialCount == 1 ? nil : 1
        case .squareWave:
            guard running, gate else { return nil }
            return output && period == 1 && initialCount == 1 ? nil : UInt64(max(element, 1))
        }
    }

    private var toZero: UInt64 { UInt64(element == 0 ? modulus : element) }
}
