/// Up to 64 values by a number from 0 to 63; only those that are there take room.
struct SparseSlots<Value> {
    private(set) var mask: UInt64 = 0
    private var values: [Value] = []

    var isEmpty: Bool { mask == 0 }

    /// Whether this is a copy of `other` that neither side has changed: true costs no look at the values.
    func isShared(with other: Self) -> Bool {
        // SAFETY: only the addresses are compared.
        mask == other.mask
            && values.withUnsafeBufferPointer { own in
                other.values.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress }
            }
    }

    subscript(slot: Int) -> Value? {
        get { has(slot) ? values[position(slot)] : nil }
        set {
            let position = position(slot)
            switch (newValue, has(slot)) {
            case (let value?, true): values[position] = value
            case (let value?, false): values.insert(value, at: position)
            case (nil, true): values.remove(at: position)
            case (nil, false): return
            }
            let bit: UInt64 = 1 << UInt64(slot & 63)
            mask = newValue == nil ? mask & ~bit : mask | bit
        }
    }

    /// Changes a value in place; where there is none, `fresh` is put there first.
    mutating func update(_ slot: Int, or fresh: @autoclosure () -> Value, _ change: (inout Value) -> Void) {
        if !has(slot) { self[slot] = fresh() }
        change(&values[position(slot)])
    }

    private func has(_ slot: Int) -> Bool { mask >> UInt64(slot & 63) & 1 != 0 }

    /// Where the value of `slot` is or would be.
    private func position(_ slot: Int) -> Int { (mask & ((1 << UInt64(slot & 63)) &- 1)).nonzeroBitCount }
}

extension SparseSlots: Equatable where Value: Equatable {}
extension SparseSlots: Sendable where Value: Sendable {}

extension UInt64 {
    /// The numbers of the bits that are set, in ascending order.
    fileprivate var bits: some Sequence<Int> {
        sequence(state: self) { rest in
            guard rest != 0 else { return nil }
            defer { rest &= rest &- 1 }
            return rest.trailingZeroBitCount
        }
    }
}

/// Sectors by number, in a tree whose parts copies share: after a copy, a write copies its path alone.
protocol SectorTree: Equatable, Sendable {
    typealias Bytes = [UInt8]
    /// How many low bits of a sector's number the tree tells apart.
    static var bits: Int { get }
    init()
    var isEmpty: Bool { get }
    subscript(sector: Int) -> Bytes? { get set }
    func isShared(with other: Self) -> Bool
    /// Every sector in ascending order; numbers count from `first`.
    func visit<E: Error>(_ first: Int, _ body: (Int, Bytes) throws(E) -> Void) throws(E)
    /// Every sector whose content here is not that in `other`, in ascending order, with both.
    func visitDifferences<E: Error>(
        to other: Self, _ first: Int, _ body: (Int, Bytes?, Bytes?) throws(E) -> Void
    ) throws(E)
}

/// 64 sectors.
struct SectorLeaf: SectorTree {
    private var sectors = SparseSlots<Bytes>()

    static var bits: Int { 6 }
    var isEmpty: Bool { sectors.isEmpty }

    subscript(sector: Int) -> Bytes? {
        get { sectors[sector & 63] }
        set { sectors[sector & 63] = newValue }
    }

    func isShared(with other: Self) -> Bool { sectors.isShared(with: other.sectors) }

    func visit<E: Error>(_ first: Int, _ body: (Int, Bytes) throws(E) -> Void) throws(E) {
        for slot in sectors.mask.bits {
            if let bytes = sectors[slot] { try body(first + slot, bytes) }
        }
    }

    func visitDifferences<E: Error>(
        to other: Self, _ first: Int, _ body: (Int, Bytes?, Bytes?) throws(E) -> Void
    ) throws(E) {
        for slot in (sectors.mask | other.sectors.mask).bits where sectors[slot] != other.sectors[slot] {
            try body(first + slot, sectors[slot], other.sectors[slot])
        }
    }
}

/// 64 trees side by side.
struct SectorBranch<Child: SectorTree>: SectorTree {
    private var children = SparseSlots<Child>()

    static var bits: Int { Child.bits + 6 }
    var isEmpty: Bool { children.isEmpty }

    private static func slot(_ sector: Int) -> Int { sector >> Child.bits & 63 }

    subscript(sector: Int) -> Bytes? {
        get { children[Self.slot(sector)]?[sector] }
        set {
            let slot = Self.slot(sector)
            if newValue == nil, children[slot]?[sector] == nil { return }
            children.update(slot, or: Child()) { $0[sector] = newValue }
            if children[slot]?.isEmpty == true { children[slot] = nil }
        }
    }

    func isShared(with other: Self) -> Bool { children.isShared(with: other.children) }

    func visit<E: Error>(_ first: Int, _ body: (Int, Bytes) throws(E) -> Void) throws(E) {
        for slot in children.mask.bits { try children[slot]?.visit(first + slot << Child.bits, body) }
    }

    func visitDifferences<E: Error>(
        to other: Self, _ first: Int, _ body: (Int, Bytes?, Bytes?) throws(E) -> Void
    ) throws(E) {
        for slot in (children.mask | other.children.mask).bits {
            let (own, others) = (children[slot] ?? Child(), other.children[slot] ?? Child())
            if own.isShared(with: others) { continue }
            try own.visitDifferences(to: others, first + slot << Child.bits, body)
        }
    }
}
