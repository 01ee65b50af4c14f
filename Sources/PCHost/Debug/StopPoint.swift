import PCCore

/// A place that the user wants to stop at: a breakpoint, a watch on memory or ports, an interrupt.
struct StopPoint {
    enum Kind: Equatable {
        case address(UInt32)
        case memory(MemoryWatch)
        case port(PortWatch)
        case interrupt(UInt8)
        case reset
    }

    let number: Int
    let kind: Kind
    /// As the user wrote it.
    let text: String
    let condition: DebugExpression?
    var isTemporary = false
    var isEnabled = true
    /// So many hits are still passed by.
    var ignored = 0
    var hits = 0

    /// What `info breaks` says of it.
    var line: String {
        var line = "\(number)  \(isTemporary ? "once " : "")\(name) \(text)"
        if let condition { line += " if \(condition.text)" }
        if !isEnabled { line += ", off" }
        if ignored > 0 { line += ", the next \(ignored) are ignored" }
        return line + ", \(hits == 1 ? "1 hit" : "\(hits) hits")"
    }

    private var name: String {
        switch kind {
        case .address: "break"
        case .memory(let watch):
            (watch.kinds == .write ? "watch" : watch.kinds == .read ? "rwatch" : "awatch")
                + (watch.isPhysical ? " physical" : "")
        case .port(let watch): watch.kinds == .write ? "port out" : watch.kinds == .read ? "port in" : "port"
        case .interrupt: "int"
        case .reset: "catch"
        }
    }
}

/// The user's stops, and what the machine is told of them.
struct StopList {
    private(set) var points: [StopPoint] = []
    private var lastNumber = 0
    /// Which point is behind each entry of `set.memory` and `set.ports`.
    private var memoryNumbers: [Int] = []
    private var portNumbers: [Int] = []
    private(set) var set = StopSet()

    /// Adds a stop and gives its number.
    mutating func add(
        _ kind: StopPoint.Kind, text: String, condition: DebugExpression? = nil, isTemporary: Bool = false
    ) -> StopPoint {
        lastNumber += 1
        let point = StopPoint(
            number: lastNumber, kind: kind, text: text, condition: condition, isTemporary: isTemporary)
        points.append(point)
        renew()
        return point
    }

    mutating func remove(_ number: Int) -> Bool {
        let before = points.count
        points.removeAll { $0.number == number }
        renew()
        return points.count < before
    }

    mutating func removeAll() {
        points = []
        renew()
    }

    /// Changes one; false where there is none of this number.
    mutating func change(_ number: Int, _ body: (inout StopPoint) -> Void) -> Bool {
        guard let place = points.firstIndex(where: { $0.number == number }) else { return false }
        body(&points[place])
        renew()
        return true
    }

    /// The enabled points that `hit` is one of.
    func points(of hit: StopHit) -> [StopPoint] {
        points.filter { point in
            guard point.isEnabled else { return false }
            switch (hit.cause, point.kind) {
            case (.breakpoint(let linear), .address(let address)): return linear == address
            case (.memory(_, _, _, _, _, _, let watch), .memory), (.dma(_, let watch), .memory):
                return memoryNumbers.indices.contains(watch) && memoryNumbers[watch] == point.number
            case (.port(_, _, _, _, let watch), .port):
                return portNumbers.indices.contains(watch) && portNumbers[watch] == point.number
            case (.interrupt(let vector), .interrupt(let wanted)): return vector == wanted
            case (.reset, .reset): return true
            default: return false
            }
        }
    }

    private mutating func renew() {
        set = StopSet()
        memoryNumbers = []
        portNumbers = []
        for point in points where point.isEnabled {
            switch point.kind {
            case .address(let address): set.breakpoints.insert(address)
            case .memory(let watch):
                set.memory.append(watch)
                memoryNumbers.append(point.number)
            case .port(let watch):
                set.ports.append(watch)
                portNumbers.append(point.number)
            case .interrupt(let vector): set.interrupts.insert(vector)
            case .reset: set.resets = true
            }
        }
    }
}
