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
    /// What the disk holds in place of what it held at power-on, and no change of the guest: a state that was loaded took
    /// these sectors back to an earlier time.
    public private(set) var undone = DiskChanges()
    /// Is told of each sector that the guest writes.
    public var written: ((Int) -> Void)?
    /// Whoever wants what the base holds before it is written over, by the guest or by `restore`.
    public var guards: [any DiskGuard] = []
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
        if let bytes = changes[sector] ?? undone[sector] { return bytes }
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
        guard !discardsWrites else { return }
        for keeper in guards { keeper.flush() }
        try base.flush()
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
        let isFirst = originals[sector] == nil
        let keepers = guards.filter { $0.wants(sector) }
        // What the host could not read is lost with this write: going back gives zeroes.
        let present = isFirst || !keepers.isEmpty ? try? base.read(sector: sector) : nil
        for keeper in keepers { keeper.keep(sector, present) }
        try base.write(sector: sector, bytes)
        if isFirst { originals[sector] = present ?? [UInt8](repeating: 0, count: sectorSize) }
    }

    /// What the disk held at power-on.
    public func atPowerOn(_ sector: Int) throws(BlockError) -> [UInt8] {
        if let bytes = originals[sector] { return bytes }
        return try base.read(sector: sector)
    }

    // MARK: States

    /// Makes the disk what it was at power-on with `state` for changes: sectors that are changed now and not in `state`
    /// are what they were. A write-through base gets what differs.
    ///
    /// Changes that the disk cannot have are refused before anything is done. An error of the base leaves a disk of which
    /// some sectors are of the old state and some of the new; `changes` says what it holds.
    public func restore(_ state: DiskChanges) throws(BlockError) { try restore(state, over: undone) }

    /// The same, with `earlier` in place of what the disk held there at power-on.
    public func restore(_ state: DiskChanges, over earlier: DiskChanges) throws(BlockError) {
        if isReadOnly, !state.isEmpty || !earlier.isEmpty { throw .writeProtected }
        for sectors in [state, earlier] {
            try sectors.visit { sector, bytes throws(BlockError) in try check(sector, bytes) }
        }
        let (before, undoneBefore) = (changes, undone)
        if !discardsWrites {
            try before.visitDifferences(to: state) { sector, _, _ throws(BlockError) in
                try move(sector, to: state, over: earlier)
            }
            try undoneBefore.visitDifferences(to: earlier) { sector, _, _ throws(BlockError) in
                try move(sector, to: state, over: earlier)
            }
        }
        (changes, undone) = (state, earlier)
    }

    /// Brings one sector to what `restore` makes of the disk.
    private func move(_ sector: Int, to state: DiskChanges, over earlier: DiskChanges) throws(BlockError) {
        // What is changed now has an original.
        if let bytes = state[sector] ?? earlier[sector] ?? originals[sector],
            bytes != changes[sector] ?? undone[sector] ?? originals[sector]
        {
            try put(sector, bytes)
        }
        (changes[sector], undone[sector]) = (state[sector], earlier[sector])
    }

    /// The digest of the disk as it was at power-on, but for what is `undone`, without the sectors of `state`: what a state
    /// that holds the changes `state` needs to find again when it is loaded, in this process or another. The base is read
    /// once.
    public func baseDigest(excluding state: DiskChanges) throws(BlockError) -> DiskDigest {
        try baseDigest(excluding: state, over: undone)
    }

    /// The same, with `earlier` in place of what is `undone`.
    public func baseDigest(excluding state: DiskChanges, over earlier: DiskChanges) throws(BlockError) -> DiskDigest {
        var digest: DiskDigest
        if let wholeDigest {
            digest = wholeDigest
        } else {
            digest = try base.digest { originals[$0] != nil }
            originals.visit { digest.sum += SectorHash(sector: $0, $1) }
            wholeDigest = digest
        }
        try state.visit { sector, _ throws(BlockError) in
            digest.sum -= SectorHash(sector: sector, try atPowerOn(sector))
        }
        try earlier.visit { sector, bytes throws(BlockError) in
            guard state[sector] == nil else { return }
            digest.sum += SectorHash(sector: sector, bytes) - SectorHash(sector: sector, try atPowerOn(sector))
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
        undone = DiskChanges()
        wholeDigest = nil
    }
}
