// The local APIC in a Pentium or Pentium II, of the kind with a bus of three wires (version 1xh, not x2APIC): FEE00000h, and
// where IA32_APIC_BASE moves it. It stands between the 8259As and the CPU's INTR: their line leads to LINT0, which lets it
// through after a reset (virtual wire mode). On the chip LINT0 is masked then, until a BIOS programs it; that of Bochs does
// not, nor does one that a program comes back through after a reset of the CPU. Manual: [SDM 3A 10].
//
// One processor is on the bus, number 0. Not modelled: SMI and remote read, arbitration, the polarity of LINT0 and LINT1
// (a pin is high while it asks), thermal and performance interrupts (nothing counts), redelivery, and RAM at the place that
// the registers are moved to: RAM answers first. Accesses of other widths than 32 bits, undefined, read 0 and write nothing.

/// The local APIC of the only processor.
final class LocalAPIC: InterruptController, APICBaseRegister, Stateful {
    /// Entries of the local vector table, in the order of their registers.
    enum Source: Int, CaseIterable {
        case timer, performance, lint0, lint1, error
    }

    /// Every register and latch.
    struct State: Stateful, Sendable {
        /// IA32_APIC_BASE
        var base = LocalAPIC.initialBase
        /// ID, bits 27-24
        var identifier: UInt8 = 0
        var taskPriority: UInt8 = 0  // TPR
        var logicalDestination: UInt8 = 0  // LDR, bits 31-24
        var destinationFormat: UInt8 = 0xF  // DFR, bits 31-28
        var spurious: UInt32 = 0xFF  // SVR
        var inService = VectorSet()  // ISR
        var levelTriggered = VectorSet()  // TMR
        var requests = VectorSet()  // IRR
        /// ESR as it reads, and what a write of it will bring there.
        var errors: UInt32 = 0
        var newErrors: UInt32 = 0
        var command: UInt64 = 0  // ICR
        /// LVT
        var table: InlineArray<5, UInt32> = [Vector.mask, Vector.mask, Vector.delivery, Vector.mask, Vector.mask]
        var initialCount: UInt32 = 0
        var divide: UInt32 = 0
        /// The count stood at `count` at this tick of the bus clock; 0 is stopped.
        var countTick: UInt64 = 0
        var count: UInt32 = 0
        /// The pins LINT0 and LINT1.
        var pins = InlineArray<2, Bool>(repeating: false)
        /// A message asks for an interrupt acknowledge cycle.
        var externalPending = false

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&base)
            visitor.visit(&identifier)
            visitor.visit(&taskPriority)
            visitor.visit(&logicalDestination)
            visitor.visit(&destinationFormat)
            visitor.visit(&spurious)
            visitor.visit(&inService)
            visitor.visit(&levelTriggered)
            visitor.visit(&requests)
            visitor.visit(&errors)
            visitor.visit(&newErrors)
            visitor.visit(&command)
            for source in 0..<5 { visitor.visit(&table[source]) }
            visitor.visit(&initialCount)
            visitor.visit(&divide)
            visitor.visit(time: &countTick)
            visitor.visit(&count)
            visitor.visit(&pins[0])
            visitor.visit(&pins[1])
            visitor.visit(&externalPending)
        }
    }

    /// Bits of an LVT entry.
    enum Vector {
        static let delivery: UInt32 = 0x700
        static let remoteIRR: UInt32 = 0x4000
        static let level: UInt32 = 0x8000
        static let mask: UInt32 = 0x1_0000
        static let periodic: UInt32 = 0x2_0000
    }

    /// Bits of SVR.
    enum Spurious {
        static let enable: UInt32 = 0x100
        /// The low four bits of the vector are ones on these processors.
        static let fixed: UInt32 = 0x0F
    }

    /// Bits of IA32_APIC_BASE.
    enum Base {
        static let enable: UInt64 = 0x800
        static let address: UInt64 = 0xFFFF_F000
    }

    /// At FEE00000h, enabled, and this is the bootstrap processor.
    static let initialBase: UInt64 = 0xFEE0_0900

    let model: CPUModel
    let scheduler: Scheduler
    /// The clock of the processor's bus, which the timer counts.
    let clock: Clock
    var state = State()
    /// The CPU core's interrupt request. It follows from the state.
    private(set) var interruptRequested = false

    /// Is called when this changes.
    var requestChanged: ((Bool) -> Void)?
    /// An interrupt acknowledge cycle on the bus.
    var acknowledgeExternal: (() -> UInt8)?
    var nonMaskable: (() -> Void)?
    /// INIT: the processor starts again.
    var initialised: (() -> Void)?
    /// The end of a level-triggered interrupt, for the I/O APICs.
    var ended: ((UInt8) -> Void)?
    /// Messages are taken from now on.
    var becameReady: (() -> Void)?
    /// Where the registers answer now; nil where they do not.
    var moved: ((UInt32?) -> Void)?

    init(model: CPUModel, scheduler: Scheduler) {
        self.model = model
        self.scheduler = scheduler
        // The bus of a Pentium MMX runs at 66 2/3 MHz, that of a Pentium II at 100.
        clock =
            model >= .pentiumII
            ? scheduler.clock(hertz: 100_000_000) : scheduler.clock(hertz: 200_000_000, per: 3)
    }

    // MARK: Reset

    /// The RESET pin.
    func reset() {
        state.base = Self.initialBase
        state.identifier = 0
        initialise()
        moved?(address)
    }

    /// INIT: everything but the identification and the place. [SDM 3A 10.4.7.3]
    func initialise() {
        let old = state
        state = State()
        state.base = old.base
        state.identifier = old.identifier
        state.pins = old.pins
        scheduleTimer()
        update()
    }

    // MARK: IA32_APIC_BASE

    var isEnabled: Bool { state.base & Base.enable != 0 }
    /// SVR's enable bit.
    var isSoftwareEnabled: Bool { isEnabled && state.spurious & Spurious.enable != 0 }
    private var address: UInt32? { isEnabled ? UInt32(truncatingIfNeeded: state.base & Base.address) : nil }

    var base: UInt64 {
        get { state.base }
        set {
            let wasEnabled = isEnabled
            state.base = newValue & 0xF_FFFF_F800 | 0x100
            // Off, it forgets everything; the processor is then one without an APIC. [SDM 3A 10.4.3]
            if wasEnabled && !isEnabled { initialise() }
            moved?(address)
            update()
        }
    }

    // MARK: Pins

    /// Sets LINT0 or LINT1: INTR and NMI while the APIC is off.
    func setPin(_ number: Int, _ high: Bool) {
        guard state.pins[number & 1] != high else { return }
        state.pins[number & 1] = high
        if !isEnabled {
            if high, number & 1 == 1 { nonMaskable?() }
        } else {
            pinChanged(number & 1 == 0 ? .lint0 : .lint1, rose: high)
        }
        update()
    }

    /// What the pin of `source` asks for. Level-triggered ones are asked again after the end of their interrupt.
    private func pinChanged(_ source: Source, rose: Bool) {
        let entry = state.table[source.rawValue]
        guard entry & Vector.mask == 0, state.pins[source == .lint0 ? 0 : 1] else { return }
        let isLevel = entry & Vector.level != 0
        switch APICDelivery(rawValue: UInt8(entry >> 8 & 7)) {
        case .fixed where isLevel:
            guard entry & Vector.remoteIRR == 0 else { return }
            state.table[source.rawValue] |= Vector.remoteIRR
            request(UInt8(entry & 0xFF), isLevel: true)
        case .fixed where rose: request(UInt8(entry & 0xFF), isLevel: false)
        case .nonMaskable where rose: nonMaskable?()
        case .initialise where rose: initialised?()
        default: break
        }
    }

    /// Looks at the pins again after an LVT entry was written, or a level-triggered interrupt has ended.
    func lookAtPins(after ended: UInt8? = nil) {
        for source in [Source.lint0, .lint1] {
            if let ended {
                guard UInt8(state.table[source.rawValue] & 0xFF) == ended else { continue }
                state.table[source.rawValue] &= ~Vector.remoteIRR
            }
            pinChanged(source, rose: false)
        }
    }

    /// A pin that stands for the 8259As' INTR asks.
    private var pinAsksExternal: Bool {
        for number in 0..<2 where state.pins[number] {
            let entry = state.table[Source.lint0.rawValue + number]
            if entry & (Vector.mask | Vector.delivery) == Vector.delivery { return true }
        }
        return false
    }

    // MARK: Priorities [SDM 3A 10.8.3]

    /// PPR: the class of what is in service, or of the task.
    var processorPriority: UInt8 {
        let inService = state.inService.highest ?? 0
        return state.taskPriority >> 4 >= inService >> 4 ? state.taskPriority : inService & 0xF0
    }

    /// The vector that may interrupt now.
    private var deliverable: UInt8? {
        guard isSoftwareEnabled, let vector = state.requests.highest, vector >> 4 > processorPriority >> 4 else {
            return nil
        }
        return vector
    }

    /// Takes an interrupt to be served when its turn comes.
    func request(_ vector: UInt8, isLevel: Bool) {
        guard vector >= 16 else { return fail(.receivedIllegalVector) }
        state.requests.set(vector, true)
        state.levelTriggered.set(vector, isLevel)
        update()
    }

    /// What the CPU takes between two instructions: an interrupt of its own first, then one of the 8259As.
    func acknowledge() -> UInt8 {
        guard isEnabled else { return acknowledgeExternal?() ?? 0xFF }
        if let vector = deliverable {
            state.requests.set(vector, false)
            state.inService.set(vector, true)
            update()
            return vector
        }
        if state.externalPending || pinAsksExternal, let acknowledgeExternal {
            state.externalPending = false
            let vector = acknowledgeExternal()
            update()
            return vector
        }
        return UInt8(state.spurious & 0xFF)
    }

    /// EOI: the most urgent interrupt in service has ended.
    func endInterrupt() {
        guard let vector = state.inService.highest else { return }
        state.inService.set(vector, false)
        if state.levelTriggered.contains(vector) {
            lookAtPins(after: vector)
            ended?(vector)
        }
        update()
    }

    /// Works out the core's interrupt request.
    func update() {
        let high =
            isEnabled ? deliverable != nil || state.externalPending || pinAsksExternal : state.pins[0]
        guard high != interruptRequested else { return }
        interruptRequested = high
        requestChanged?(high)
    }

    // MARK: State

    func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&state)
        moved?(address)
        update()
    }
}
