/// Cylinders, heads and sectors of a disk, and how they number its sectors.
public struct DiskGeometry: Equatable, Sendable {
    public var cylinders: Int
    public var heads: Int
    /// Sectors on a track. They are numbered from 1.
    public var sectors: Int

    /// The most cylinders that a drive may tell of itself; what is beyond is reached by LBA alone. [ATA-4 6.2.1]
    public static let mostReportedCylinders = 16383

    public init(cylinders: Int, heads: Int, sectors: Int) {
        self.cylinders = cylinders
        self.heads = heads
        self.sectors = sectors
    }

    /// The geometry of a hard disk of so many sectors of 512 bytes: 16 heads, 63 sectors, and the whole cylinders that
    /// this gives, but at least one.
    public init(hardDiskSectors count: Int) {
        self.init(cylinders: max(1, count / (16 * 63)), heads: 16, sectors: 63)
    }

    public var sectorCount: Int { cylinders * heads * sectors }

    /// The number of a sector counted from the start of the disk, nil where the geometry has no such sector.
    public func sectorNumber(cylinder: Int, head: Int, sector: Int) -> Int? {
        guard cylinder >= 0, cylinder < cylinders, head >= 0, head < heads, sector >= 1, sector <= sectors else {
            return nil
        }
        return (cylinder * heads + head) * sectors + sector - 1
    }
}
