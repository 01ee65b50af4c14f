/// What a debugger wants the machine to stop at.
public struct StopSet: Equatable, Sendable {
    /// Linear addresses (CS base + EIP) of instructions before which to stop.
    public var breakpoints: Set<UInt32> = []
    public var memory: [MemoryWatch] = []
    public var ports: [PortWatch] = []
    /// Vectors whose delivery (INT n, exception, hardware) stops the machine, before the handler's first instruction.
    public var interrupts: Set<UInt8> = []

    public init() {}

    public var isEmpty: Bool { breakpoints.isEmpty && memory.isEmpty && ports.isEmpty && interrupts.isEmpty }
}

public struct AccessKinds: OptionSet, Sendable {
    public var rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let read = AccessKinds(rawValue: 1)
    public static let write = AccessKinds(rawValue: 2)
}

/// Accesses to some bytes of memory.
public struct MemoryWatch: Equatable, Sendable {
    public var first: UInt32
    /// Bytes, at least one.
    public var count: UInt32
    /// `first` is a physical address, else a linear one.
    public var isPhysical: Bool
    public var kinds: AccessKinds

    public init(first: UInt32, count: UInt32, isPhysical: Bool, kinds: AccessKinds) {
        self.first = first
        self.count = count
        self.isPhysical = isPhysical
        self.kinds = kinds
    }
}

/// Accesses to some ports.
public struct PortWatch: Equatable, Sendable {
    public var ports: ClosedRange<UInt16>
    public var kinds: AccessKinds

    public init(ports: ClosedRange<UInt16>, kinds: AccessKinds) {
        self.ports = ports
        self.kinds = kinds
    }
}

/// Why and where the machine stopped for a debugger.
public struct StopHit: Equatable, Sendable {
    public enum Cause: Equatable, Sendable {
        /// The instruction at this linear address comes next.
        case breakpoint(UInt32)
        /// `watch` is the position in `StopSet.memory`.
        case memory(address: UInt32, physical: UInt32, width: Int, isWrite: Bool, old: UInt32, new: UInt32, watch: Int)
        case port(UInt16, width: Int, isWrite: Bool, value: UInt32, watch: Int)
        case interrupt(UInt8)
        /// A device wrote to a watched place.
        case dma(physical: UInt32, watch: Int)
    }

    public var cause: Cause
    /// CS:EIP of the instruction that did it; at a breakpoint, of the one that comes next.
    public var selector: UInt16
    public var offset: UInt32
    public var linear: UInt32
    /// Instructions that were retired before that one.
    public var instruction: UInt64
    public var time: GuestTime

    public init(
        cause: Cause, selector: UInt16, offset: UInt32, linear: UInt32, instruction: UInt64, time: GuestTime
    ) {
        self.cause = cause
        self.selector = selector
        self.offset = offset
        self.linear = linear
        self.instruction = instruction
        self.time = time
    }
}
