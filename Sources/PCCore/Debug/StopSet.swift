/// What a debugger wants the machine to stop at.
public struct StopSet: Equatable, Sendable {
    /// Linear addresses (CS base + EIP) of instructions before which to stop.
    public var breakpoints: Set<UInt32> = []
    public var memory: [MemoryWatch] = []
    public var ports: [PortWatch] = []
    /// Vectors whose delivery (INT n, exception, hardware) stops the machine, before the handler's first instruction.
    public var interrupts: Set<UInt8> = []
    /// The guest resets its CPU: by a port, by an APIC, or by a triple fault. The reset button is no such thing.
    public var resets = false

    public init() {}

    public var isEmpty: Bool { self == StopSet() }
}

/// What an access does.
public struct AccessKinds: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let read = AccessKinds(rawValue: 1)
    public static let write = AccessKinds(rawValue: 2)
}

/// Bytes of memory whose accesses stop the machine. An instruction that only fetches code from there does not.
public struct MemoryWatch: Equatable, Sendable {
    public var first: UInt32
    /// How many bytes; the range goes round at 4 GB.
    public var count: UInt32
    /// The address is a physical one, behind paging and the A20 gate; else it is the linear one of the access itself,
    /// whatever it leads to.
    public var isPhysical: Bool
    public var kinds: AccessKinds

    public init(first: UInt32, count: UInt32 = 1, isPhysical: Bool = false, kinds: AccessKinds = .write) {
        (self.first, self.count, self.isPhysical, self.kinds) = (first, count, isPhysical, kinds)
    }

    /// Whether one of `size` bytes at `address` is watched.
    func touches(_ address: UInt32, _ size: UInt32) -> Bool {
        // Distances go round at 4 GB, so that the end of the address space is no special case.
        address &- first < count || (count > 0 && first &- address < size)
    }
}

/// Ports whose accesses stop the machine. An access is at each port that its bytes reach.
public struct PortWatch: Equatable, Sendable {
    public var ports: ClosedRange<UInt16>
    public var kinds: AccessKinds

    public init(ports: ClosedRange<UInt16>, kinds: AccessKinds = [.read, .write]) {
        (self.ports, self.kinds) = (ports, kinds)
    }
}
