/// What tells a disk's content from another's: its shape, and the sum of the hashes of its sectors.
public struct DiskDigest: Hashable, Sendable {
    public var sectorSize: Int
    public var sectorCount: Int
    public var sum: SectorHash

    public init(sectorSize: Int, sectorCount: Int, sum: SectorHash = .zero) {
        self.sectorSize = sectorSize
        self.sectorCount = sectorCount
        self.sum = sum
    }
}

/// Why a machine's state does not fit a disk.
public enum DiskMismatch: Error, Equatable, Sendable {
    /// The disk has another number of sectors, or sectors of another size.
    case shape(expected: DiskDigest, found: DiskDigest)
    /// Sectors that the state does not hold are not what they were: it is another disk, or it was written to later.
    case content
    /// The disk cannot be read, or not written.
    case unusable(BlockError)
}

extension BlockDevice {
    /// The digest of the sectors that are not excluded. Reads the whole disk but for holes, in large pieces.
    public func digest(excluding isExcluded: (Int) -> Bool = { _ in false }) throws(BlockError) -> DiskDigest {
        var digest = DiskDigest(sectorSize: sectorSize, sectorCount: sectorCount)
        guard sectorSize > 0 else { return digest }
        let step = max(1, (256 << 10) / sectorSize)
        var sector = 0
        while true {
            sector = max(sector, firstData(from: sector))
            guard sector < sectorCount else { return digest }
            let end = min(sectorCount, sector + step)
            let piece = try read(sectors: sector..<end)
            guard piece.count == (end - sector) * sectorSize else { throw .failed("a piece of \(piece.count) bytes") }
            // SAFETY: the buffer is only read, and each slice is inside by the check above.
            piece.withUnsafeBytes { bytes in
                for number in sector..<end {
                    let at = (number - sector) * sectorSize
                    let hash = SectorHash(
                        sector: number, UnsafeRawBufferPointer(rebasing: bytes[at..<at + sectorSize]))
                    if hash != .zero, !isExcluded(number) { digest.sum += hash }
                }
            }
            sector = end
        }
    }
}
