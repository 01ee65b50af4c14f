import PCCore

/// A breakpoint or watchpoint, as the packets `Z` and `z` name it.
struct GDBPoint: Hashable {
    enum Kind: UInt32 {
        /// No memory is changed for a software breakpoint: the machine stops by its address, as at a hardware one.
        case software, hardware
        case write, read, access
    }

    var kind: Kind
    /// Linear.
    var address: UInt32
    /// Bytes that are watched.
    var count: UInt32

    /// Reads `TYPE,ADDRESS,KIND`. Watched bytes are at least one and end with the address space.
    init?(_ text: inout GDBPacketText) {
        guard let type = text.number(), let kind = Kind(rawValue: type), text.skip(","),
            let address = text.number(), text.skip(","), let count = text.number()
        else { return nil }
        self.kind = kind
        self.address = address
        self.count = kind.accesses.isEmpty ? 1 : count
        guard self.count > 0, self.count - 1 <= UInt32.max - address else { return nil }
    }

    /// The field of a stop packet that tells of a hit at `address`.
    func stopField(_ hit: UInt32) -> String {
        // A wide access may begin before the bytes that gdb knows.
        let address = String(min(max(hit, address), address + (count - 1)), radix: 16)
        return switch kind {
        case .software: "swbreak:;"
        case .hardware: "hwbreak:;"
        case .write: "watch:\(address);"
        case .read: "rwatch:\(address);"
        case .access: "awatch:\(address);"
        }
    }
}

extension GDBPoint.Kind {
    var accesses: AccessKinds {
        switch self {
        case .software, .hardware: []
        case .write: .write
        case .read: .read
        case .access: [.read, .write]
        }
    }
}

/// All that a client has asked to stop at.
struct GDBPoints {
    private(set) var points: [GDBPoint] = []
    /// By monitor commands.
    var interrupts: Set<UInt8> = []
    var ports: [PortWatch] = []
    var resets = false

    /// More than any gdb asks for.
    static let limit = 4096

    /// False where there are too many.
    mutating func insert(_ point: GDBPoint) -> Bool {
        guard !points.contains(point) else { return true }
        guard points.count < Self.limit else { return false }
        points.append(point)
        return true
    }

    mutating func remove(_ point: GDBPoint) { points.removeAll { $0 == point } }

    var stopSet: StopSet {
        var stops = StopSet()
        stops.breakpoints = Set(points.filter { $0.kind.accesses.isEmpty }.map(\.address))
        stops.memory = watches.map {
            MemoryWatch(first: $0.address, count: $0.count, isPhysical: false, kinds: $0.kind.accesses)
        }
        stops.ports = ports
        stops.interrupts = interrupts
        stops.resets = resets
        return stops
    }

    /// In the order of `StopSet.memory`.
    private var watches: [GDBPoint] { points.filter { !$0.kind.accesses.isEmpty } }

    func breakpoint(at address: UInt32) -> GDBPoint? {
        points.first { $0.kind.accesses.isEmpty && $0.address == address }
    }

    func watch(_ number: Int) -> GDBPoint? {
        let watches = watches
        return watches.indices.contains(number) ? watches[number] : nil
    }
}
