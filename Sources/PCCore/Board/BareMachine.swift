/// A CPU with memory and nothing else: for tests of single instructions.
///
/// Ports read as ones, no interrupt ever comes, and all of memory is RAM. Documentation/TestingInstructions.md shows
/// how to test code with it.
public final class BareMachine {
    public let cpu: CPU
    public let bus: Bus
    let scheduler: Scheduler
    /// What `registerChanges` and `memoryChanges` compare with.
    var mark: Mark?

    /// - Parameter memory: bytes of RAM from address 0, a whole number of pages.
    public init(
        model: CPUModel, memory: Int, coprocessor: Bool = true, allocator: MemoryAllocator = .heap
    ) {
        scheduler = Scheduler(slotsPerSecond: 1_000_000)
        let physical = PhysicalMemory(size: memory, allocator: allocator)
        physical.fillHoles()
        bus = Bus(memory: physical, addressLines: model.addressLines)
        cpu = CPU(model: model, bus: bus, scheduler: scheduler, coprocessor: coprocessor)
    }

    /// Whether single instructions run by the hot handlers, in traces of one, or in their plain form.
    public var usesTraces: Bool {
        get { !cpu.s.pointee.isPlainOnly }
        set {
            cpu.s.pointee.isPlainOnly = !newValue
            cpu.traces.limit = 1
            cpu.forgetTraces()
        }
    }

    public func peek(_ physical: UInt32) -> UInt8 { bus.memory.peek(physical) ?? 0xFF }
    public func poke(_ physical: UInt32, _ value: UInt8) { bus.memory.poke(physical, value) }

    /// Runs one whole instruction, and what it raises.
    public func step() { cpu.step() }

    /// Catches exceptions and interrupts instead of delivering them: EIP is left where a handler would return to.
    public var catchesExceptions: Bool {
        get { cpu.s.pointee.catchesExceptions }
        set { cpu.s.pointee.catchesExceptions = newValue }
    }

    /// The vector that was caught since the last call, nil for none.
    public func takeCaught() -> UInt8? { takeEvent()?.vector }

    /// What was caught since the last call, nil for nothing.
    public func takeEvent() -> CaughtEvent? {
        defer { cpu.s.pointee.caught = nil }
        var event = cpu.s.pointee.caught
        // Real mode pushes no error code.
        if cpu[.cr0] & Core.CR0.protection == 0 { event?.errorCode = nil }
        return event
    }
}
