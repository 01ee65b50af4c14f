/// A disk over another one that knows what the guest has changed since power-on: for the machine hash, for states that
/// are saved and loaded, for going back in time.
///
/// With `discardsWrites` the changes stay in memory, the base is never written and may be read-only. Otherwise every
/// write goes through to the base, and what it replaced first is kept.
public final class ChangeTrackingDisk: BlockDevice {
    public let base: any BlockDevice
    /// Whether the changes stay in memory.
    public let discardsWrites: Bool
    /// What every sector holds that was written since power-on, or is changed in the state that was restored.
    public private(set) var changes = DiskChanges()
    /// What the base held at power-on where it has been written since.
    private var originals = DiskChanges()
    /// Is told of each sector that the guest writes.
    public var written: ((Int) -> Void)?
    /// The sum over the whole base as it was at power-on, once it is known.
    private var wholeDigest: DiskDigest?

    public init(_ base: any BlockDevice, discardsWrites: Bool) {
        self.base = base
        self.discardsWrites = discardsWrites
    }

    public var sectorSize: Int { base.sectorSize }
    public var sectorCount: Int { base.sectorCount }
    public var isReadOnly: Bool { !discardsWrites && base.isReadOnly }

    /// The numbers of the sectors that were written, in ascending order.
    public var changedSectors: [Int] { changes.sectors }

    public func read(sector: Int) throws(BlockError) -> [UInt8] {
        if let bytes = changes[sector] { return bytes }
        return try base.read(sector: sector)
    }

    public func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        guard !isReadOnly else { throw .writeProtected }
        try check(sector, bytes)
        try put(sector, bytes)
        changes[sector] = bytes
        written?(sector)
    }

    public func flush() throws(BlockError) {
        if !discardsWrites { try base.flush() }
    }

    /// Gives `consume` the canonical bytes of all changes, piece by piece: for each changed sector in ascending order
    /// its number (eight bytes, little endian), then its content.
    public func canonicalChanges(_ consume: ([UInt8]) -> Void) throws(BlockError) {
        changes.visit { sector, bytes in
            consume((0..<8).map { UInt8(truncatingIfNeeded: sector >> ($0 * 8)) })
            consume(bytes)
        }
    }

    /// The canonical bytes of all changes in one array.
    public func canonicalChanges() throws(BlockError) -> [UInt8] {
        var all: [UInt8] = []
        try canonicalChanges { all += $0 }
        return all
    }

    private func check(_ sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        guard sector >= 0, sector < min(sectorCount, DiskChanges.sectorLimit) else { throw .outOfRange }
        guard bytes.count == sectorSize else { throw .failed("a sector of \(bytes.count) bytes") }
    }

    /// Writes through where writes go through.
    private func put(_ sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        guard !discardsWrites else { return }
        if originals[sector] == nil {
            // What the host could not read is lost with this write: going back gives zeroes.
            let original = try? base.read(sector: sector)
            try base.write(sector: sector, bytes)
            originals[sector] = original ?? [UInt8](repeating: 0, count: sectorSize)
        } else {
            try base.write(sector: sector, bytes)
        }
    }

    /// What the base held at power-on.
    private func original(_ sector: Int) throws(BlockError) -> [UInt8] {
        if let bytes = originals[sector] { return bytes }
        return try base.read(sector: sector)
    }

    // MARK: States

    /// Makes the disk what it was at power-on with `state` for changes: sectors that are changed now and not in `state`
    /// are what they were. A write-through base gets what differs.
    ///
    /// Changes that the disk cannot have are refused before anything is done. An error of the base leaves a disk of which
    /// some sectors are of the old state and some of the new; `changes` says what it holds.
    public func restore(_ state: DiskChanges) throws(BlockError) {
        if isReadOnly, !state.isEmpty { throw .writeProtected }
        try state.visit { sector, bytes throws(BlockError) in try check(sector, bytes) }
        guard !discardsWrites else {
            changes = state
            return
        }
        let old = changes
        try old.visitDifferences(to: state) { sector, before, after throws(BlockError) in
            // What is changed now has an original.
            if let bytes = after ?? originals[sector], bytes != before { try put(sector, bytes) }
            changes[sector] = after
        }
        changes = state
    }

    /// The digest of the disk as it was at power-on, without the sectors of `state`: what a state that holds the changes
    /// `state` needs to find again when it is loaded, in this process or another. The base is read once.
    public func baseDigest(excluding state: DiskChanges) throws(BlockError) -> DiskDigest {
        var digest: DiskDigest
        if let wholeDigest {
            digest = wholeDigest
        } else {
            digest = try base.digest { originals[$0] != nil }
            originals.visit { digest.sum += SectorHash(sector: $0, $1) }
            wholeDigest = digest
        }
        try state.visit { sector, _ throws(BlockError) in
            digest.sum -= SectorHash(sector: sector, try original(sector))
        }
        return digest
    }

    /// Whether a state with the changes `state`, saved where `baseDigest` gave `expected`, is one of this disk.
    public func check(_ expected: DiskDigest, for state: DiskChanges) throws(DiskMismatch) {
        let shape = DiskDigest(sectorSize: sectorSize, sectorCount: sectorCount)
        guard expected.sectorSize == sectorSize, expected.sectorCount == sectorCount else {
            throw .shape(expected: expected, found: shape)
        }
        let found: DiskDigest
        do {
            found = try baseDigest(excluding: state)
        } catch {
            throw .unusable(error)
        }
        guard found == expected else { throw .content }
    }

    /// The base has become another disk under this one: what it holds now is what it holds at power-on.
    public func forget() {
        changes = DiskChanges()
        originals = DiskChanges()
        wholeDigest = nil
    }
}
