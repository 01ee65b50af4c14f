// The 101/102-key keyboard of the PC/AT and PS/2, on the cable to the keyboard controller. It scans its keys, buffers
// what they send, repeats the key that is held, and takes commands. [PS/2 TR Keyboard (101- and 102-key)]
//
// Not modelled: the bits on the cable (a byte goes over whole; the controller gives it its time), parity errors, the
// flash of the lights during the self-test, and its 300 to 500 ms: it takes 2 ms. A BIOS that counts polls in place of time
// gives up before: Bochs's counts 65,535 of two port accesses, which last a microsecond each on an ISA bus and an
// instruction here. [Bochs BIOS]

/// The keyboard as a device of its own: keys go in, bytes in the chosen scan code set come out.
public final class ATKeyboard: PS2Device {
    /// Everything that the keyboard's processor remembers.
    public struct State: Stateful, Sendable {
        /// Scan codes that wait; an overrun code may stand in a 17th place.
        var queue: [UInt8] = []
        /// Replies to commands, which go before scan codes and take no place in the buffer.
        var replies: [UInt8] = []
        /// What the resend command repeats.
        var lastSent: UInt8 = 0
        /// Keys that are down, by their codes of set 3, in the order in which they went down.
        var held: [UInt8] = []
        /// Keys that the scan knows to be down. It differs from `held` while scanning stands still.
        var known: [UInt8] = []
        var scanSet: UInt8 = 2
        /// Bit 0 scroll lock, bit 1 num lock, bit 2 caps lock.
        public internal(set) var leds: UInt8 = 0
        var typematic = Typematic.powerOn
        /// The types of the keys in set 3, indexed by code.
        var keyTypes = KeyType.defaults
        /// Commands F4h and F5h switch this.
        var isEnabled = true
        var awaiting = Option.none
        /// The type that commands FBh-FDh give to the keys that follow.
        var newType: UInt8 = 0
        /// What the fake shift codes have made the system believe, and the key that asked for it.
        var fake: UInt8 = 0
        var fakeOwner: UInt8 = 0
        /// Print Screen went down as System Request.
        var printIsSysRq = false
        /// The key that repeats, 0 for none; its next repeat is `repeatTicks` after `repeatFrom`.
        var repeating: UInt8 = 0
        var repeatFrom: GuestTime = 0
        var repeatTicks: UInt64 = 0
        /// When the self-test ends; `.max` when none is running.
        var testEnds = GuestTime.max

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&queue)
            visitor.visit(&replies)
            visitor.visit(&lastSent)
            visitor.visit(&held)
            visitor.visit(&known)
            visitor.visit(&scanSet)
            visitor.visit(&leds)
            visitor.visit(&typematic)
            for i in keyTypes.indices { visitor.visit(&keyTypes[i]) }
            visitor.visit(&isEnabled)
            visitor.visit(&awaiting)
            visitor.visit(&newType)
            visitor.visit(&fake)
            visitor.visit(&fakeOwner)
            visitor.visit(&printIsSysRq)
            visitor.visit(&repeating)
            visitor.visit(time: &repeatFrom)
            visitor.visit(&repeatTicks)
            visitor.visit(time: &testEnds)
            validate()
        }

        /// A loaded state may hold anything: brings it within bounds.
        private mutating func validate() {
            queue = Array(queue.prefix(Self.bufferSize + 1))
            replies = Array(replies.prefix(Self.mostReplies))
            held = Self.distinctKeys(held)
            known = Self.distinctKeys(known)
            if !(1...3).contains(scanSet) { scanSet = 2 }
            leds &= 7
            if Key(set3: repeating) == nil { repeating = 0 }
            repeatTicks = min(repeatTicks, 1 << 32)
        }

        private static func distinctKeys(_ codes: [UInt8]) -> [UInt8] {
            var seen: [UInt8] = []
            for code in codes where Key(set3: code) != nil && !seen.contains(code) { seen.append(code) }
            return seen
        }

        /// Bytes of scan codes that the buffer holds.
        static let bufferSize = 16
        static let mostReplies = 8
    }

    /// What the next byte from the system is for.
    enum Option: UInt8, Sendable {
        case none, leds, scanSet, typematic, keyTypes
    }

    /// The setting of command F3h.
    enum Typematic {
        /// 10.9 characters a second after half a second.
        static let powerOn: UInt8 = 0x2B
        /// The rate's base, 4.17 ms, is a tick of this clock in Hz.
        static let hertz: UInt64 = 240

        /// Bits 6-5: the delay, 250 ms each, and 250 more.
        static func delay(_ setting: UInt8) -> UInt64 { 60 * UInt64(1 + setting >> 5 & 3) }
        /// (8 + A) x 2^B, A being bits 2-0 and B bits 4-3.
        static func period(_ setting: UInt8) -> UInt64 { UInt64(8 + setting & 7) << UInt64(setting >> 3 & 3) }
    }

    public internal(set) var state = State()
    public var sendRequested: (() -> Void)?
    /// Is called when the lights change: bit 0 scroll lock, bit 1 num lock, bit 2 caps lock.
    public var ledsChanged: ((UInt8) -> Void)?

    private let scheduler: Scheduler
    private let event: EventKind
    private let clock: Clock

    static let selfTestMicroseconds: UInt64 = 2000

    /// - Parameter event: what wakes the keyboard for a repeat and for the end of its self-test.
    public init(scheduler: Scheduler, event: EventKind) {
        self.scheduler = scheduler
        self.event = event
        clock = scheduler.clock(hertz: Typematic.hertz)
        reset()
    }

    /// Power comes on, or command FFh: the self-test runs, and ends with AAh.
    ///
    /// Keys that are down then count as known, so that Ctrl-Alt-Del does not come again from a keyboard that is reset
    /// while it is held.
    public func reset() {
        let old = state
        state = State()
        state.held = old.held
        state.known = old.held
        state.testEnds = scheduler.now &+ scheduler.duration(microseconds: Self.selfTestMicroseconds)
        if old.leds != 0 { ledsChanged?(0) }
        reschedule()
    }

    /// Takes over a saved state without calls; the scheduler's own state brings the pending event.
    public func restore(_ saved: State) {
        state = saved
    }

    // MARK: Keys

    /// A key goes down. One that is down already stays so: the keyboard repeats by itself.
    public func press(_ key: Key) {
        let code = key.codes.set3
        guard !state.held.contains(code) else { return }
        state.held.append(code)
        scan()
    }

    public func release(_ key: Key) {
        let code = key.codes.set3
        guard state.held.contains(code) else { return }
        state.held.removeAll { $0 == code }
        scan()
    }

    /// Keys that are down, in the order in which they went down.
    public var pressedKeys: [Key] { state.held.compactMap { Key(set3: $0) } }

    // MARK: The cable

    public var wantsToSend: Bool {
        !state.replies.isEmpty || state.awaiting == .none && !state.queue.isEmpty
    }

    public func takeByte() -> UInt8? {
        let byte: UInt8
        if !state.replies.isEmpty {
            byte = state.replies.removeFirst()
        } else if wantsToSend {
            byte = state.queue.removeFirst()
        } else {
            return nil
        }
        if byte != Reply.resend { state.lastSent = byte }
        return byte
    }

    public func receive(_ byte: UInt8) {
        perform(byte)
        scan()
        reschedule()
        if wantsToSend { sendRequested?() }
    }

    // MARK: Time

    /// The self-test ends, or the key that is held repeats.
    public func eventDue() {
        if state.testEnds <= scheduler.now {
            state.testEnds = .max
            reply(Reply.testPassed)
            scan()
        }
        if state.repeating != 0, repeatTime <= scheduler.now {
            state.repeatTicks &+= Typematic.period(state.typematic)
            // Only a state that nobody has saved can be behind by more than one.
            if repeatTime <= scheduler.now { (state.repeatFrom, state.repeatTicks) = (scheduler.now, 1) }
            // A held key puts one code into the buffer while the system takes none. [PS/2 TR Keyboard: Buffer]
            if isScanning, state.queue.isEmpty, let key = Key(set3: state.repeating) {
                enqueue(repeatSequence(key.codes))
            }
        }
        reschedule()
        if wantsToSend { sendRequested?() }
    }

    /// When `repeating` is due again.
    private var repeatTime: GuestTime {
        let (sum, overflow) = state.repeatFrom.addingReportingOverflow(clock.duration(ofTicks: state.repeatTicks))
        return overflow ? .max : sum
    }

    private func reschedule() {
        let next = min(state.testEnds, state.repeating == 0 ? .max : repeatTime)
        if next == .max {
            scheduler.cancel(event)
        } else if scheduler.deadline(of: event) != next {
            scheduler.schedule(event, at: next)
        }
    }

    // MARK: Scanning

    var isScanning: Bool { state.isEnabled && state.awaiting == .none && state.testEnds == .max }

    /// Reports what changed since the last scan.
    func scan() {
        guard isScanning, state.held != state.known else { return }
        for code in state.known where !state.held.contains(code) {
            state.known.removeAll { $0 == code }
            if state.repeating == code { state.repeating = 0 }
            if let key = Key(set3: code) { keyUp(key.codes) }
        }
        for code in state.held where !state.known.contains(code) {
            state.known.append(code)
            guard let key = Key(set3: code) else { continue }
            keyDown(key.codes)
            state.repeating = repeats(key.codes) ? code : 0
            state.repeatFrom = scheduler.now
            state.repeatTicks = Typematic.delay(state.typematic)
        }
        reschedule()
        if wantsToSend { sendRequested?() }
    }

    private func repeats(_ codes: KeyCodes) -> Bool {
        guard state.scanSet == 3 else { return codes.behaviour != .pause }
        return type(codes).contains(.typematic)
    }

    func type(_ codes: KeyCodes) -> KeyType { KeyType(rawValue: state.keyTypes[Int(codes.set3)]) }

    // MARK: The buffer

    func reply(_ byte: UInt8) {
        if state.replies.count < State.mostReplies { state.replies.append(byte) }
    }

    /// Puts a sequence into the buffer if all of it fits; otherwise the overrun code takes its place.
    /// [PS/2 TR Keyboard: Buffer]
    @discardableResult func enqueue(_ sequence: [UInt8]) -> Bool {
        if sequence.count <= State.bufferSize - state.queue.count {
            state.queue += sequence
            return true
        }
        let overrun: UInt8 = state.scanSet == 1 ? 0xFF : 0x00
        if state.queue.last != overrun, state.queue.count <= State.bufferSize { state.queue.append(overrun) }
        return false
    }

    func clearBuffer() {
        state.queue = []
        state.repeating = 0
    }
}
