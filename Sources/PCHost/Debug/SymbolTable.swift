/// Names of addresses, as linkers and assemblers list them.
public struct SymbolTable: Sendable {
    public struct Symbol: Equatable, Sendable {
        public var name: String
        /// Linear.
        public var address: UInt32

        public init(_ name: String, _ address: UInt32) {
            self.name = name
            self.address = address
        }
    }

    /// An address so far behind a symbol is not called by it.
    private static let reach: UInt32 = 0x1_0000

    /// By address; at one address in the order of their files.
    public private(set) var symbols: [Symbol] = []
    private var byName: [String: UInt32] = [:]
    private var byLowerName: [String: UInt32] = [:]

    public init() {}

    public var count: Int { symbols.count }

    /// Adds what is not there yet. Of two symbols of one name the first counts.
    public mutating func add(_ more: [Symbol]) {
        for symbol in more {
            if byName[symbol.name] == nil { byName[symbol.name] = symbol.address }
            if byLowerName[symbol.name.lowercased()] == nil { byLowerName[symbol.name.lowercased()] = symbol.address }
        }
        let all = symbols + more
        let order = all.indices.sorted { (all[$0].address, $0) < (all[$1].address, $1) }
        symbols = []
        symbols.reserveCapacity(all.count)
        // Those of one address stand together.
        var names: Set<String> = []
        for place in order {
            if symbols.last?.address != all[place].address { names = [] }
            if names.insert(all[place].name).inserted { symbols.append(all[place]) }
        }
    }

    /// The address of a name, in its own case or else in any.
    public func address(of name: String) -> UInt32? {
        byName[name] ?? byLowerName[name.lowercased()]
    }

    /// `name` or `name+offset` (hexadecimal) for a linear address; nil where no symbol is near below it.
    public func name(of linear: UInt32) -> String? {
        var (low, high) = (0, symbols.count)
        while low < high {
            let middle = (low + high) / 2
            if symbols[middle].address <= linear { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let address = symbols[low - 1].address
        // The first of those at one address.
        var place = low - 1
        while place > 0, symbols[place - 1].address == address { place -= 1 }
        let distance = linear &- address
        guard distance < Self.reach else { return nil }
        let name = symbols[place].name
        return distance == 0 ? name : "\(name)+\(String(distance, radix: 16, uppercase: true))"
    }
}
