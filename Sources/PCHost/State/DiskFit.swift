import PCCore

/// What a state needs of the disk in one of its drives.
struct DiskFit {
    let content: MachineDescription.Content
    let place: MediaPlace
    /// What the state holds of the disk.
    let changes: DiskChanges
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
        if let undone = try undone(device, name) { return undone }
        throw StateFault(
            "has another disk in \(place.name): \(name) is not the same or was changed later; give it the right one")
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
        // Nothing is lost where the writes go into memory, or into an overlay that has nothing yet.
        let isKept = disk.discardsWrites || (disk.base as? DiskImage)?.overlay?.index.count == 0
        guard undo.mayRewind || isKept else {
            throw StateFault(
                "\(name) was written to later, in \(undone.count) sectors that the state does not hold: "
                    + "--rewind-disks undoes that for good, --discard-writes leaves the disk as it is")
        }
        return undone
    }
}
