// Motorola MC146818 real-time clock with 128 bytes of battery-backed RAM, the CMOS. On a PC/AT its index is written at
// port 70h (bit 7 there masks NMI), its data are at 71h, and it drives IRQ 8. Data sheet: [MC146818], the layout of the
// RAM: [PC/AT TR Real-time clock and CMOS RAM].
//
// Not modelled: daylight saving (the bit DSE is kept, as in the chip sets that dropped the feature), the square wave
// output (SQWE is kept; the AT does not wire the pin), and the undefined bytes that a read during an update may give:
// here they are those of before the update.

/// The clock and its RAM. Offset 0 is the index port, offset 1 the data port.
public final class RTC: PortDevice {
    /// The RAM with the clock's bytes, and how far the divider has come.
    public struct State: Stateful, Sendable {
        /// Bytes 00h-0Dh are time, alarm and registers A-D, as of the last update that was carried out.
        var bytes = [UInt8](repeating: 0, count: 128)
        /// The index latch, seven bits.
        var index: UInt8 = 0
        /// Bit 7 of port 70h. The machine starts with NMI masked. [PC/AT TR Non-maskable interrupt]
        public internal(set) var masksNMI = true
        /// Ticks of the divider chain up to `tick`, 32,768 to a second; updates end at whole seconds.
        var chain: UInt64 = 0
        /// The tick of the oscillator that `chain` was counted up to.
        var tick: UInt64 = 0

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            for i in bytes.indices { visitor.visit(&bytes[i]) }
            visitor.visit(&index)
            visitor.visit(&masksNMI)
            visitor.visit(time: &chain)
            visitor.visit(time: &tick)
        }
    }

    private enum A {
        static let updateInProgress: UInt8 = 0x80  // UIP
        static let divider: UInt8 = 0x70  // DV2-DV0
        static let rate: UInt8 = 0x0F  // RS3-RS0
        /// The 32.768 kHz time base, 1,024 Hz.
        static let powerOn: UInt8 = 0x26
    }

    private enum B {
        static let set: UInt8 = 0x80
        static let periodicEnable: UInt8 = 0x40  // PIE
        static let alarmEnable: UInt8 = 0x20  // AIE
        static let updateEnable: UInt8 = 0x10  // UIE
        static let squareWave: UInt8 = 0x08  // SQWE
        static let binary: UInt8 = 0x04  // DM
        static let hours24: UInt8 = 0x02  // 24/12
    }

    /// Flags of register C; the three lower ones stand where B has their enable bits.
    private enum C {
        static let request: UInt8 = 0x80  // IRQF
        static let periodic: UInt8 = 0x40  // PF
        static let alarm: UInt8 = 0x20  // AF
        static let update: UInt8 = 0x10  // UF
        static let sources: UInt8 = 0x70
    }

    private enum D {
        static let validRAM: UInt8 = 0x80  // VRT
    }

    private static let second: UInt64 = 32_768
    /// UIP goes up 244 µs before an update, which takes 1,984 µs: 8 and 65 ticks. [MC146818 Update cycle]
    private static let updateWindow: UInt64 = 8 + 65
    /// The first update comes half a second after the divider's reset ends. [MC146818 Divider control]
    private static let afterReset: UInt64 = second / 2
    private static let nmiMask: UInt32 = 0x80

    public private(set) var state = State()
    /// Is called when bit 7 of port 70h changes; true masks NMI.
    public var nmiMaskChanged: ((Bool) -> Void)?

    private let scheduler: Scheduler
    private let clock: Clock
    private let event: EventKind
    private let line: IRQLine

    /// - Parameters:
    ///   - event: what wakes the chip for its next interrupt.
    ///   - irq: the IRQ pin, IRQ 8 on a PC/AT.
    ///   - startTime: what the clock shows now.
    public init(scheduler: Scheduler, event: EventKind, irq: IRQLine, startTime: ClockTime) {
        self.scheduler = scheduler
        self.event = event
        line = irq
        clock = scheduler.clock(hertz: Self.second)
        state.tick = clock.ticks(at: scheduler.now)
        state.bytes[RTCIndex.registerA] = A.powerOn
        state.bytes[RTCIndex.registerB] = B.hours24
        state.bytes[RTCIndex.registerD] = D.validRAM
        setTime(startTime)
    }

    /// The RESET pin: interrupts off. Time and RAM run from the battery and stay. [MC146818 RESET]
    public func reset() {
        catchUp()
        state.bytes[RTCIndex.registerB] &= ~(B.periodicEnable | B.alarmEnable | B.updateEnable | B.squareWave)
        state.bytes[RTCIndex.registerC] = 0
        state.index = 0
        mask(nmi: true)
        settle()
    }

    /// Takes over a saved state; the scheduler's own state brings the pending event.
    public func restore(_ saved: State) {
        state = saved
    }

    /// An interrupt is due about now.
    public func eventDue() {
        catchUp()
        settle()
    }

    // MARK: The board's side

    /// A byte of the RAM or the clock, without the side effects that the guest's accesses have.
    public subscript(cmos index: UInt8) -> UInt8 {
        get {
            var copy = state
            advance(&copy)
            return copy.bytes[Int(index & 0x7F)]
        }
        set {
            catchUp()
            state.bytes[Int(index & 0x7F)] = newValue
            settle()
        }
    }

    /// Sums bytes 10h-2Dh into 2Eh and 2Fh, as the AT's BIOS checks them.
    public func updateChecksum() {
        let sum = state.bytes[0x10...0x2D].reduce(0 as UInt16) { $0 &+ UInt16($1) }
        state.bytes[0x2E] = UInt8(truncatingIfNeeded: sum >> 8)
        state.bytes[0x2F] = UInt8(truncatingIfNeeded: sum)
    }

    /// Sets the clock.
    public func setTime(_ time: ClockTime) {
        catchUp()
        let format = Self.format(state)
        state.bytes[RTCIndex.second] = format.encode(time.second)
        state.bytes[RTCIndex.minute] = format.encode(time.minute)
        state.bytes[RTCIndex.hour] = format.encodeHour(min(max(time.hour, 0), 23))
        state.bytes[RTCIndex.weekday] = format.encode(time.weekday)
        state.bytes[RTCIndex.day] = format.encode(time.day)
        state.bytes[RTCIndex.month] = format.encode(time.month)
        let year = min(max(time.year, 0), 9999)
        state.bytes[RTCIndex.year] = format.encode(year % 100)
        state.bytes[RTCIndex.century] = format.encode(year / 100)
        settle()
    }

    // MARK: Ports

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        guard offset & 1 != 0 else { return 0xFF }  // The index latch cannot be read.
        catchUp()
        let index = Int(state.index & 0x7F)
        let value = state.bytes[index]
        switch index {
        case RTCIndex.registerA:
            return UInt32(isUpdating ? value | A.updateInProgress : value)
        case RTCIndex.registerC:
            // The read clears every flag and lets the line go.
            settle()
            let flags = state.bytes[index]
            state.bytes[index] = 0
            settle()
            return UInt32(flags)
        default:
            return UInt32(value)
        }
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let byte = UInt8(truncatingIfNeeded: value)
        guard offset & 1 != 0 else {
            state.index = byte & 0x7F
            return mask(nmi: value & Self.nmiMask != 0)
        }
        catchUp()
        let index = Int(state.index & 0x7F)
        switch index {
        case RTCIndex.registerA: writeA(byte & ~A.updateInProgress)
        case RTCIndex.registerB:
            // SET stops the updates and takes their interrupt's enable bit with it. [MC146818 Register B]
            state.bytes[index] = byte & B.set != 0 ? byte & ~B.updateEnable : byte
        case RTCIndex.registerC, RTCIndex.registerD: return  // Read-only.
        default: state.bytes[index] = byte
        }
        if index <= RTCIndex.registerB { settle() }
    }

    private func writeA(_ byte: UInt8) {
        let wasReset = Self.isReset(state.bytes[RTCIndex.registerA])
        state.bytes[RTCIndex.registerA] = byte
        // The chain is held in reset and starts from there.
        if wasReset || Self.isReset(byte) { state.chain = Self.afterReset }
    }

    private func mask(nmi: Bool) {
        guard nmi != state.masksNMI else { return }
        state.masksNMI = nmi
        nmiMaskChanged?(nmi)
    }

    // MARK: Time

    private static func isReset(_ registerA: UInt8) -> Bool { registerA & 0x60 == 0x60 }

    /// Binary digits by which the chain is slower than it should be: the AT's crystal has 32,768 Hz, and a divider set
    /// for 1 or 4 MHz divides it all the same. Nil where the chain stands: reset, and codes for tests.
    private static func slowness(_ registerA: UInt8) -> UInt64? {
        switch registerA & A.divider {
        case 0x20: 0
        case 0x10: 5
        case 0x00: 7
        default: nil
        }
    }

    private static func format(_ state: State) -> RTCFormat {
        let registerB = state.bytes[RTCIndex.registerB]
        return RTCFormat(isBinary: registerB & B.binary != 0, is24Hour: registerB & B.hours24 != 0)
    }

    /// Ticks of the chain from one periodic interrupt to the next; nil for none. [MC146818 Table 5]
    private static func period(_ registerA: UInt8) -> UInt64? {
        let rate = UInt64(registerA & A.rate)
        guard rate > 0 else { return nil }
        // The two fastest rates need the 4 or 1 MHz time base; with 32,768 Hz they are those of 8 and 9.
        let isSlow = registerA & A.divider == 0x20
        return 1 << (isSlow && rate < 3 ? rate &+ 6 : rate &- 1)
    }

    private var isUpdating: Bool {
        guard Self.slowness(state.bytes[RTCIndex.registerA]) != nil else { return false }
        guard state.bytes[RTCIndex.registerB] & B.set == 0 else { return false }
        return state.chain % Self.second >= Self.second - Self.updateWindow
    }

    private func catchUp() { advance(&state) }

    /// Counts `state` up to now: the chain, the time, and the flags of all that happened meanwhile.
    private func advance(_ state: inout State) {
        let now = clock.ticks(at: scheduler.now)
        guard now > state.tick else { return }
        let registerA = state.bytes[RTCIndex.registerA]
        guard let slowness = Self.slowness(registerA) else {
            state.tick = now
            return
        }
        let ticks = (now &- state.tick) >> slowness
        guard ticks > 0 else { return }
        let before = state.chain
        let after = before &+ ticks
        state.tick &+= ticks << slowness
        state.chain = after

        var flags: UInt8 = 0
        if let period = Self.period(registerA), after / period != before / period { flags |= C.periodic }
        let updates = after / Self.second &- before / Self.second
        if updates > 0, updates < UInt64.max / 2, state.bytes[RTCIndex.registerB] & B.set == 0 {
            flags |= C.update
            let format = Self.format(state)
            if let distance = format.secondsToAlarm(state.bytes), distance <= updates { flags |= C.alarm }
            format.add(updates, to: &state.bytes)
        }
        state.bytes[RTCIndex.registerC] |= flags
    }

    /// After a change: the request flag, the line, and the event for what may raise it next.
    private func settle() {
        let enabled = state.bytes[RTCIndex.registerB] & C.sources
        let requests = state.bytes[RTCIndex.registerC] & enabled != 0
        if requests {
            state.bytes[RTCIndex.registerC] |= C.request
        } else {
            state.bytes[RTCIndex.registerC] &= ~C.request
        }
        line.set(requests)
        guard !requests, let distance = ticksToInterrupt(enabled),
            let slowness = Self.slowness(state.bytes[RTCIndex.registerA])
        else { return scheduler.cancel(event) }
        scheduler.schedule(event, at: clock.time(ofTick: state.tick &+ distance &<< slowness))
    }

    /// Ticks of the chain to the next event that is enabled; nil where none will come.
    private func ticksToInterrupt(_ enabled: UInt8) -> UInt64? {
        var distance = UInt64.max
        if enabled & C.periodic != 0, let period = Self.period(state.bytes[RTCIndex.registerA]) {
            distance = period &- state.chain % period
        }
        if state.bytes[RTCIndex.registerB] & B.set == 0 {
            let toUpdate = Self.second &- state.chain % Self.second
            if enabled & C.update != 0 { distance = min(distance, toUpdate) }
            if enabled & C.alarm != 0, let seconds = Self.format(state).secondsToAlarm(state.bytes) {
                distance = min(distance, toUpdate &+ (seconds &- 1) &* Self.second)
            }
        }
        return distance == .max ? nil : distance
    }
}
