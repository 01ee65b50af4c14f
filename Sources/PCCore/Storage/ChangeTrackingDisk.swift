/// A disk over another one that remembers which sectors the guest has written, for the machine hash.
///
/// With `discardsWrites` the changes stay in memory, the base is never written and may be read-only.
public final class ChangeTrackingDisk: BlockDevice {
    private let base: any BlockDevice
    /// Whether the changes stay in memory.
    public let discardsWrites: Bool
    private var changed: Set<Int> = []
    /// The content of changed sectors where writes are discarded.
    private var overlay: [Int: [UInt8]] = [:]

    public init(_ base: any BlockDevice, discardsWrites: Bool) {
        self.base = base
        self.discardsWrites = discardsWrites
    }

    public var sectorSize: Int { base.sectorSize }
    public var sectorCount: Int { base.sectorCount }
    public var isReadOnly: Bool { !discardsWrites && base.isReadOnly }

    /// The numbers of the sectors that were written, in ascending order.
    public var changedSectors: [Int] { changed.sorted() }

    public func read(sector: Int) throws(BlockError) -> [UInt8] {
        if let bytes = overlay[sector] { return bytes }
        return try base.read(sector: sector)
    }

    public func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        if discardsWrites {
            guard sector >= 0, sector < sectorCount else { throw .outOfRange }
            guard bytes.count == sectorSize else { throw .failed("a sector of \(bytes.count) bytes") }
            overlay[sector] = bytes
        } else {
            try base.write(sector: sector, bytes)
        }
        changed.insert(sector)
    }

    public func flush() throws(BlockError) {
        if !discardsWrites { try base.flush() }
    }

    /// Gives `consume` the canonical bytes of all changes, piece by piece: for each changed sector in ascending order
    /// its number (eight bytes, little endian), then its content.
    public func canonicalChanges(_ consume: ([UInt8]) -> Void) throws(BlockError) {
        for sector in changed.sorted() {
            consume((0..<8).map { UInt8(truncatingIfNeeded: sector >> ($0 * 8)) })
            consume(try read(sector: sector))
        }
    }

    /// The canonical bytes of all changes in one array.
    public func canonicalChanges() throws(BlockError) -> [UInt8] {
        var all: [UInt8] = []
        try canonicalChanges { all += $0 }
        return all
    }
}
