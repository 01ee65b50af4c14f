import PCCore

/// What becomes of the guest's changes to its disks, while the machine runs.
extension MachineSession {
    /// The disks in the drives now, with the files that they are in.
    private var trackedDisks: [(disk: ChangeTrackingDisk, image: DiskImage?)] {
        (media.disks + pc.configuration.disks.compactMap(\.self)).compactMap { disk in
            (disk as? ChangeTrackingDisk).map { ($0, $0.base as? DiskImage) }
        }
    }

    private var overlaid: [(disk: ChangeTrackingDisk, image: DiskImage)] {
        trackedDisks.compactMap { disk, image in
            image.flatMap { $0.overlay == nil ? nil : (disk, $0) }
        }
    }

    /// Writes what is in the disks' overlays into their images; the guest notices nothing. Images that other machines use
    /// are left as they are, and so are those behind them.
    public func commitDisks() throws(BadInput) {
        guard !overlaid.isEmpty else { throw BadInput("the machine has no disk with an overlay") }
        for (_, image) in overlaid { try image.commitOverlay() }
    }

    /// Throws away what is in the disks' overlays, and what is kept in memory alone: the disks are what their images are.
    /// The guest is not told; reset it.
    public func discardDisks() throws(BadInput) {
        let inMemory = trackedDisks.filter { $0.image?.access == .discarded }
        guard !overlaid.isEmpty || !inMemory.isEmpty else {
            throw BadInput("the machine's disks are written through; there is nothing to throw away")
        }
        for (disk, image) in overlaid {
            try image.discardOverlay()
            disk.forget()
        }
        for (disk, _) in inMemory { disk.forget() }
    }
}
