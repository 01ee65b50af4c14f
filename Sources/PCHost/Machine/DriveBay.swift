import PCCore

/// The drives of a machine to be, filled one image after the other.
public struct DriveBay {
    /// Drives A and B.
    public private(set) var floppies: [(any BlockDevice)?] = [nil, nil]
    /// Primary master and slave, secondary master and slave.
    public private(set) var disks: [(any BlockDevice)?] = [nil, nil, nil, nil]
    /// The files in the drives.
    public private(set) var images: [DiskImage] = []

    public init() {}

    /// Whether no drive holds anything.
    public var isEmpty: Bool { floppies.allSatisfy { $0 == nil } && disks.allSatisfy { $0 == nil } }

    /// Which files are in use as disks.
    public var files: Set<FileIdentity> { Set(images.map(\.identity)) }

    /// Opens an image and puts it into `drive`, or into the first drive of its kind that is empty.
    ///
    /// - Parameter kind: what the image has to be; nil: what its content says.
    public mutating func insert(
        _ path: String, as kind: DiskKind? = nil, drive: Int? = nil, access: DiskImage.Access
    ) throws(BadInput) {
        if let identity = FileIdentity(path: path), files.contains(identity) {
            throw BadInput("\(path): is in another drive of this machine already")
        }
        let image = try DiskImage(path: path, access: access)
        let found: DiskKind
        switch kind {
        case .floppy:
            try image.shape.checkFloppy(path)
            found = .floppy
        case .disk:
            try image.shape.checkDisk(path)
            found = .disk
        default: found = try image.shape.kind(of: path)
        }
        switch found {
        case .floppy: try Self.place(image, in: &floppies, drive, "the machine has two floppy drives")
        case .disk: try Self.place(image, in: &disks, drive, "the machine has four hard disks")
        case .cdrom: throw BadInput("\(path): is a CD; CD-ROM drives are not there yet")
        }
        images.append(image)
    }

    /// Puts a disk that is in no file into drive A.
    public mutating func insert(floppy disk: any BlockDevice) {
        floppies[0] = ChangeTrackingDisk(disk, discardsWrites: false)
    }

    private static func place(
        _ image: DiskImage, in drives: inout [(any BlockDevice)?], _ drive: Int?, _ limit: String
    ) throws(BadInput) {
        guard let free = drive ?? drives.firstIndex(where: { $0 == nil }) else {
            throw BadInput("\(image.path): \(limit), and they are taken")
        }
        guard drives[free] == nil else { throw BadInput("\(image.path): the drive is taken") }
        drives[free] = image.tracked
    }
}
