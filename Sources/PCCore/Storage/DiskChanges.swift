/// What a disk's changed sectors hold: number to content, as a value.
///
/// A copy costs nothing, and the next write to either side copies a few small tables, however many sectors there are:
/// thousands of copies, as checkpoints take them, share what they have in common.
public struct DiskChanges: Equatable, Sendable {
    /// Numbers of sectors are below this.
    public static let sectorLimit = 1 << Tree.bits

    private typealias Tree = SectorBranch<SectorBranch<SectorBranch<SectorBranch<SectorBranch<SectorLeaf>>>>>

    private var tree = Tree()
    /// How many sectors there are.
    public private(set) var count = 0

    public init() {}

    public var isEmpty: Bool { count == 0 }

    /// The content of a sector; nil where it is not changed. A number that is negative or at `sectorLimit` or above is
    /// never changed, and setting it does nothing.
    public subscript(sector: Int) -> [UInt8]? {
        get { Self.isNumber(sector) ? tree[sector] : nil }
        set {
            guard Self.isNumber(sector) else { return }
            count += (newValue == nil ? 0 : 1) - (tree[sector] == nil ? 0 : 1)
            tree[sector] = newValue.map(Self.shared)
        }
    }

    /// The numbers of the sectors, in ascending order.
    public var sectors: [Int] {
        var all: [Int] = []
        all.reserveCapacity(count)
        visit { sector, _ in all.append(sector) }
        return all
    }

    /// Gives `body` every sector's number and content, in ascending order.
    public func visit<E: Error>(_ body: (Int, [UInt8]) throws(E) -> Void) throws(E) {
        try tree.visit(0, body)
    }

    /// Gives `body` every sector that is not the same in `other`, in ascending order: its number, its content here and
    /// there. What both sides share since one was copied from the other is passed over.
    public func visitDifferences<E: Error>(
        to other: DiskChanges, _ body: (Int, [UInt8]?, [UInt8]?) throws(E) -> Void
    ) throws(E) {
        guard !tree.isShared(with: other.tree) else { return }
        try tree.visitDifferences(to: other.tree, 0, body)
    }

    private static func isNumber(_ sector: Int) -> Bool { sector >= 0 && sector < sectorLimit }

    /// All sectors of zeroes share one array: formatting a disk takes little memory.
    private static func shared(_ bytes: [UInt8]) -> [UInt8] {
        bytes.count == zeroes.count && SectorHash.isZero(bytes) ? zeroes : bytes
    }

    private static let zeroes = [UInt8](repeating: 0, count: 512)
}
