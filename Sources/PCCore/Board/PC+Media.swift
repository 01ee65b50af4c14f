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
        get { Media(floppies: Array(floppy.disks.prefix(2)), discs: (0..<4).map { ide[$0 / 2].disc(drive: $0 % 2) }) }
        set {
            for (drive, disk) in newValue.floppies.prefix(2).enumerated() { floppy.disks[drive] = disk }
            for (place, disc) in newValue.discs.prefix(4).enumerated() {
                ide[place / 2].replace(disc, drive: place % 2)
            }
        }
    }

    /// The disks that the guest can write to: drives A and B as they are now, then the four places of hard disks.
    public var disks: [(any BlockDevice)?] {
        Array(floppy.disks.prefix(2)) + (0..<4).map { $0 < configuration.disks.count ? configuration.disks[$0] : nil }
    }
}
