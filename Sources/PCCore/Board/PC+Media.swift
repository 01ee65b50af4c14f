/// What is in the drives of a machine, as objects of the host.
public struct Media {
    /// Drives A and B.
    public var floppies: [(any BlockDevice)?]
    /// The discs at the four places of the IDE channels.
    public var discs: [(any BlockDevice)?]
}

extension PC {
    /// What is in the drives. Setting it tells the guest nothing: it is for a state, which knows what the guest knew then.
    public var media: Media {
        get { Media(floppies: (0..<2).map { disk(floppy: $0) }, discs: (0..<4).map { disc(cdrom: $0) }) }
        set {
            for (drive, disk) in newValue.floppies.prefix(2).enumerated() { floppy.disks[drive] = disk }
            for (place, disc) in newValue.discs.prefix(4).enumerated() {
                ide[place / 2].cdrom(place % 2)?.replace(disc)
            }
        }
    }

    /// The disks that the guest can write to: drives A and B as they are now, then the four places of hard disks.
    public var disks: [(any BlockDevice)?] {
        (0..<2).map { disk(floppy: $0) }
            + (0..<4).map { configuration.disks.indices.contains($0) ? configuration.disks[$0] : nil }
    }
}
