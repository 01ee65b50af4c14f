/// Numbers of sectors, without what is in them: a word for each 64 in a row of which one is there.
public struct SectorSet: Equatable, Sendable {
    private var rows: [Int: UInt64] = [:]

    public init() {}

    /// The sectors of which `changes` holds the content.
    public init(of changes: DiskChanges) {
        changes.visit { sector, _ in insert(sector) }
    }

    public func contains(_ sector: Int) -> Bool { (rows[sector >> 6] ?? 0) >> UInt64(sector & 63) & 1 != 0 }

    public mutating func insert(_ sector: Int) { rows[sector >> 6, default: 0] |= 1 << UInt64(sector & 63) }
}
