/// Why `PC.run` came back.
public enum StopReason: Equatable, Sendable {
    /// The slice is over.
    case sliceEnd
    /// HLT with interrupts off: nothing can wake the machine but a reset.
    case haltedForEver
    /// The guest switched the machine off.
    case poweredOff
    /// The guest wrote this byte to port F4h, and `debugExit` is set.
    case debugExit(UInt8)
    /// Triple fault or shutdown, or a reset that the guest asked for, with `noReboot` set.
    case shutdown
}

/// A whole machine: the board with every part on it.
public final class PC {
    public let configuration: PCConfiguration
    public weak var host: (any Host)?

    public init(_ configuration: PCConfiguration, allocator: MemoryAllocator = .heap) {
        self.configuration = configuration
    }

    /// Slots of guest time in a second.
    public var slotsPerSecond: UInt64 { configuration.rate ?? configuration.cpu.nominalRate }
    /// Guest time.
    public var now: GuestTime { 0 }
    /// Retired instructions, each REP iteration counted.
    public var instructionCount: UInt64 { 0 }

    /// Runs until guest time `end`, unless the machine stops before; a halted machine sleeps up to `end`.
    public func run(until end: GuestTime) -> StopReason { .poweredOff }
    /// Runs at most `count` instructions, unless the machine stops before.
    public func run(instructions count: UInt64) -> StopReason { .poweredOff }
    /// One whole instruction.
    public func step() -> StopReason { .poweredOff }
    /// The reset button.
    public func reset() {}

    public func press(_ key: Key) {}
    public func release(_ key: Key) {}
    /// Bytes that arrive at COM(`port` + 1) one after the other at the line's speed.
    public func receive(_ bytes: [UInt8], port: Int) {}
    /// Puts another disk into drive `drive` (0 or 1), or takes it out. The guest sees the disk-change line.
    public func insert(_ disk: (any BlockDevice)?, floppy drive: Int) {}

    /// The text screen, nil in a graphics mode.
    public var textScreen: TextScreen? { nil }
    /// The picture as a monitor shows it, without the blinking of cursor and characters unless `blink` is true.
    public func frame(blinkVisible: Bool = true) -> FrameBuffer { FrameBuffer() }
    /// A number that changes whenever the picture may have changed.
    public var frameGeneration: UInt64 { 0 }

    /// The canonical bytes of everything that decides the machine's future.
    public func canonicalState() -> [UInt8] { [] }
}
