// The VGA: an IBM Personal System/2 video subsystem on an adapter, 256 KB. [FreeVGA] [PS/2 HITR video]
//
// Ports 3B4h, 3B5h, 3BAh or 3D4h, 3D5h, 3DAh, and 3C0h-3CFh; memory window A0000h-BFFFFh; vertical interrupt on IRQ 2
// (input 9 of an AT). The BIOS of the adapter programs it: after a reset it shows nothing and its memory is shut.
//
// The picture is that of the last complete frame, scan line by scan line, but from the memory as it is when the picture is
// taken (VGA+Raster.swift). Not modelled: changes within a line, the feature connector, the diagnostic bits 4 and 5 of
// input status 1 (read 0), light pen, the page bit of the miscellaneous output register, sense of anything but a colour
// monitor.

/// The video adapter. Its blocks hold the registers; extensions add ports, memory and the picture.
public final class VGA {
    /// Everything that decides the adapter's future.
    public struct State: Stateful, Sendable {
        var registers: Registers
        var memory: [UInt8]

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&registers)
            visitor.visit(&memory)
        }
    }

    /// All registers, as they are after power-on.
    struct Registers: Stateful, Sendable {
        /// 3C2h.
        var miscellaneousOutput: UInt8 = 0
        /// 3BAh or 3DAh, written.
        var featureControl: UInt8 = 0
        /// 3C3h bit 0: ports and memory answer. An adapter in a slot starts enabled.
        var subsystemEnable: UInt8 = 1
        var crtc = CRTController()
        var sequencer = Sequencer()
        var graphics = GraphicsController()
        var attribute = AttributeController()
        var dac = DAC()
        /// What the CPU's last read took from the four planes.
        var latches: UInt32 = 0
        /// The vertical interrupt latch, as of the last time that something about it changed.
        var retraceLatched = false
        /// From when on the next vertical retrace sets the latch, while register 11h lets it.
        var retraceArmed: GuestTime = 0
        var dispi: Dispi

        init(memorySize: Int = VideoMemory.count) { dispi = Dispi(memorySize: memorySize) }

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&miscellaneousOutput)
            visitor.visit(&featureControl)
            visitor.visit(&subsystemEnable)
            visitor.visit(&crtc)
            visitor.visit(&sequencer)
            visitor.visit(&graphics)
            visitor.visit(&attribute)
            visitor.visit(&dac)
            visitor.visit(&latches)
            visitor.visit(&retraceLatched)
            visitor.visit(time: &retraceArmed)
            visitor.visit(&dispi)
        }
    }

    let scheduler: Scheduler
    private let irq: IRQLine
    var registers: Registers
    let memory: VideoMemory
    /// The board: what the CPU now reaches like RAM.
    var directMemoryChanged: ((DirectMemory) -> Void)?
    var directMemory = DirectMemory()
    // What follows from the registers, kept because it is asked for often.
    private(set) var path: MemoryPath
    var timing: FrameTiming
    /// What the beam has drawn. Not state: only pictures depend on it.
    var raster = RasterRecord()

    /// Changes with everything that can change the picture, but for blinking.
    public var generation: UInt64 {
        settleRaster()
        return changes
    }
    private var changes: UInt64 = 1
    /// Changes with the shape or the colours of the whole picture.
    private(set) var layoutGeneration: UInt64 = 1
    /// Changes with plane 2, where the fonts are.
    private(set) var fontGeneration: UInt64 = 1

    /// - Parameter irq: the vertical interrupt; its events are of the kind `.verticalRetrace`.
    init(scheduler: Scheduler, irq: IRQLine, memory: VideoMemory = VideoMemory()) {
        self.scheduler = scheduler
        self.irq = irq
        self.memory = memory
        registers = Registers(memorySize: memory.size)
        path = MemoryPath(registers.sequencer, registers.graphics, enabled: false)
        timing = Self.timing(of: registers, scheduler)
    }

    /// The reset line: registers as after power-on; video memory keeps what it holds.
    public func reset() {
        registers = Registers(memorySize: memory.size)
        registersReplaced()
    }

    /// A copy of the state, memory included.
    public var state: State { state(hasMemory: true) }

    /// A copy of the state, with an empty array in place of the memory where that is kept elsewhere.
    func state(hasMemory: Bool) -> State { State(registers: registers, memory: hasMemory ? memory.bytes : []) }

    /// Takes over a saved state. The scheduler and the interrupt controller are restored by themselves.
    public func restore(_ saved: State) { restore(saved, hasMemory: true) }

    func restore(_ saved: State, hasMemory: Bool) {
        registers = saved.registers
        if hasMemory { memory.bytes = saved.memory }
        registersReplaced()
    }

    private func registersReplaced() {
        timing = Self.timing(of: registers, scheduler)
        raster.reset(start: registers.crtc.startAddress)
        updatePath()
        fontChanged()
        layoutChanged()
        updateInterrupt()
    }

    // MARK: What follows from the registers

    @inline(__always)
    func contentChanged() { changes &+= 1 }

    func layoutChanged() {
        layoutGeneration &+= 1
        contentChanged()
    }

    @inline(__always)
    func fontChanged() { fontGeneration &+= 1 }

    /// Brings up to date what depends on a register that has been written.
    func apply(_ effect: VideoEffect) {
        if effect.isEmpty { return }
        if effect.contains(.memoryPath) { updatePath() }
        if effect.contains(.timing) { updateTiming() }
        if effect.contains(.layout) { layoutChanged() }
        if effect.contains(.content) { contentChanged() }
    }

    /// Whether the adapter answers at its ports and in memory.
    var subsystemEnabled: Bool { registers.subsystemEnable & 1 != 0 }

    func updatePath() {
        let answers = subsystemEnabled && registers.miscellaneousOutput & 2 != 0
        path = MemoryPath(registers.sequencer, registers.graphics, enabled: answers)
        updateDirectMemory()
    }

    private static func timing(of registers: Registers, _ scheduler: Scheduler) -> FrameTiming {
        FrameTiming(
            registers.crtc, registers.sequencer, clockSelect: registers.miscellaneousOutput >> 2 & 3,
            slotsPerSecond: scheduler.slotsPerSecond)
    }

    private func updateTiming() {
        let changed = Self.timing(of: registers, scheduler)
        guard !changed.isSame(as: timing) else { return }
        settleInterrupt()
        timing = changed
        raster.reset(start: registers.crtc.startAddress)
        // A frame in sections, or an older start address, may have been on the monitor.
        contentChanged()
        updateInterrupt()
    }

    // MARK: Vertical interrupt

    private var interruptArmed: Bool {
        registers.crtc[.verticalRetraceEnd] & CRTController.interruptArm != 0
    }

    /// The vertical interrupt latch, bit 7 of input status 0.
    var interruptPending: Bool {
        registers.retraceLatched
            || interruptArmed && timing.nextRetrace(after: registers.retraceArmed) <= scheduler.now
    }

    /// Writes down what the latch is, before something changes that it depends on.
    func settleInterrupt() {
        registers.retraceLatched = interruptPending
        registers.retraceArmed = scheduler.now
    }

    /// Sets line and event by the latch and register 11h, whose bit 4 clears and bit 5 shuts off.
    func updateInterrupt() {
        if !interruptArmed { registers.retraceLatched = false }
        let enabled = interruptArmed && registers.crtc[.verticalRetraceEnd] & CRTController.interruptDisable == 0
        let next = timing.nextRetrace(after: registers.retraceArmed)
        if enabled, !registers.retraceLatched, next != .max {
            scheduler.schedule(.verticalRetrace, at: next)
        } else if scheduler.deadline(of: .verticalRetrace) != nil {
            scheduler.cancel(.verticalRetrace)
        }
        irq.set(enabled && registers.retraceLatched)
    }

    /// Vertical retrace began while the guest has its interrupt enabled.
    public func eventDue() {
        settleInterrupt()
        updateInterrupt()
    }
}
