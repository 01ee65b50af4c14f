import PCCore

/// What a state needs of the disk in one of its drives.
struct DiskFit {
    let content: MachineDescription.Content
    let place: MediaPlace
    /// What the state holds of the disk.
    let changes: DiskChanges
    /// An overlay lay over it.
    let isOverlaid: Bool
    /// What was written over since the state was saved.
    let undo: UndoFile

    /// Whether `device` is the disk that the state names, and takes the state's changes.
    ///
    /// - Returns: what has to be undone on it, besides.
    func check(_ device: any BlockDevice) throws(StateFault) -> DiskChanges {
        let name = device.imagePath ?? content.path ?? "the disk"
        let (size, expected) = (device.sectorCount, content.digest.sectorCount)
        guard device.sectorSize == content.digest.sectorSize, size == expected else {
            throw StateFault(
                "has another disk in \(place.name): \(name) has \(size) sectors, not \(expected); give it the right one"
            )
        }
        guard device.isReadOnly == content.isReadOnly else {
            throw StateFault(
                content.isReadOnly
                    ? "has a write-protected disk in \(place.name): use --read-only"
                    : "has a disk that can be written in \(place.name): use --discard-writes, not --read-only")
        }
        let image = (device as? ChangeTrackingDisk)?.base as? DiskImage
        if isOverlaid, !undo.mayRewind, image?.access == .written {
            throw StateFault(
                "was saved with an overlay over \(name): name that or a new one with --overlay, or use --discard-writes"
            )
        }
        guard let undone = try undone(device, name) else {
            throw StateFault(
                "has another disk in \(place.name): \(name) \(image?.overlay.map { "with \($0.path) over it " } ?? "")"
                    + "is not the same or was changed later; give it the right one")
        }
        if let disk = device as? ChangeTrackingDisk { try askFor(disk, undone, name) }
        return undone
    }

    /// What an earlier run, or somebody else, has left on a disk is not written over unless the user wants it.
    private func askFor(_ disk: ChangeTrackingDisk, _ undone: DiskChanges, _ name: String) throws(StateFault) {
        // Nothing is lost where the writes go into memory, or into an overlay that has nothing yet.
        guard !undo.mayRewind, !disk.discardsWrites, let image = disk.base as? DiskImage,
            image.access == .written || (image.overlay?.index.count ?? 0) > 0
        else { return }
        var lost = 0
        let compare = { (sector: Int, bytes: [UInt8]) throws(BlockError) in
            // What this run has written it can write again.
            guard disk.changes[sector] == nil else { return }
            if try disk.read(sector: sector) != bytes { lost += 1 }
        }
        do throws(BlockError) {
            try changes.visit(compare)
            try undone.visit { sector, bytes throws(BlockError) in
                if changes[sector] == nil { try compare(sector, bytes) }
            }
        } catch {
            throw StateFault("has a disk in \(place.name) that cannot be read: \(name)")
        }
        guard lost == 0 else {
            throw StateFault(
                "would write over \(lost) sectors of \(name), which hold something else than when it was saved: "
                    + "--rewind-disks does so, --discard-writes leaves the disk as it is")
        }
    }

    /// What makes the disk the one that the state had; nil where nothing does.
    private func undone(_ device: any BlockDevice, _ name: String) throws(StateFault) -> DiskChanges? {
        let unreadable = StateFault("has a disk in \(place.name) that cannot be read: \(name)")
        let disk = device as? ChangeTrackingDisk
        do throws(BlockError) {
            if try device.digestAtPowerOn(excluding: changes) == content.digest { return disk?.undone ?? DiskChanges() }
            guard let disk else { return nil }
            if try disk.baseDigest(excluding: changes, over: DiskChanges()) == content.digest { return DiskChanges() }
        } catch {
            throw unreadable
        }
        guard let disk else { return nil }
        let kept = try undo.sectors(of: place)
        var undone = DiskChanges()
        do throws(BlockError) {
            try kept.visit { sector, bytes throws(BlockError) in
                if changes[sector] == nil, try disk.atPowerOn(sector) != bytes { undone[sector] = bytes }
            }
            guard try disk.baseDigest(excluding: changes, over: undone) == content.digest else { return nil }
        } catch {
            throw unreadable
        }
        return undone
    }
}
