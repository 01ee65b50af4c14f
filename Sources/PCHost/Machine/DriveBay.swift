import PCCore

/// The drives of a machine to be, filled one image after the other.
public struct DriveBay {
    /// Drives A and B.
    public private(set) var floppies: [(any BlockDevice)?] = [nil, nil]
    /// Primary master and slave, secondary master and slave.
    public private(set) var disks: [(any BlockDevice)?] = [nil, nil, nil, nil]
    /// CD-ROM drives at the same places.
    public private(set) var cdroms: [CDROMDrive?] = [nil, nil, nil, nil]
    /// The files in the drives.
    public private(set) var images: [DiskImage] = []

    public init() {}

    /// Whether no drive holds anything.
    public var isEmpty: Bool {
        floppies.allSatisfy { $0 == nil } && disks.allSatisfy { $0 == nil } && cdroms.allSatisfy { $0?.disc == nil }
    }

    /// Which files are in use as disks.
    public var files: Set<FileIdentity> { Set(images.map(\.identity)) }

    /// The places in the order in which CD-ROM drives take them: the second channel first.
    private static let cdromPlaces = [2, 3, 1, 0]

    /// Opens an image and puts it into `drive`, or into the first drive of its kind that is empty.
    ///
    /// - Parameters:
    ///   - kind: what the image has to be; nil: what its content says.
    ///   - access: for floppies and hard disks; a CD is always read alone.
    public mutating func insert(
        _ path: String, as kind: DiskKind? = nil, drive: Int? = nil, access: DiskImage.Access
    ) throws(BadInput) {
        if let identity = FileIdentity(path: path), files.contains(identity) {
            throw BadInput("\(path): is in another drive of this machine already")
        }
        let found: DiskKind
        if let kind {
            found = kind
        } else {
            found = CueSheet.isNamed(path) ? .cdrom : try DiskImage.shape(of: path).kind(of: path)
        }
        guard found != .cdrom else {
            let disc = try CDImage(path: path)
            try insert(cd: disc, path)
            return images.append(disc.image)
        }
        let image = try DiskImage(path: path, access: access)
        switch found {
        case .floppy:
            try image.shape.checkFloppy(path)
            try Self.place(image, in: &floppies, drive, free: floppies.map { $0 == nil }, "two floppy drives")
        default:
            try image.shape.checkDisk(path)
            let free = zip(disks, cdroms).map { $0 == nil && $1 == nil }
            try Self.place(image, in: &disks, drive, free: free, "four hard disks and CD-ROM drives")
        }
        images.append(image)
    }

    /// Adds a CD-ROM drive without a disc.
    public mutating func addCDROM() throws(BadInput) { try insert(cd: nil, "--cdrom") }

    private mutating func insert(cd disc: CDImage?, _ path: String) throws(BadInput) {
        guard let place = Self.cdromPlaces.first(where: { disks[$0] == nil && cdroms[$0] == nil }) else {
            throw BadInput("\(path): the machine has four hard disks and CD-ROM drives, and they are taken")
        }
        cdroms[place] = CDROMDrive(disc)
    }

    /// Puts a disk that is in no file into drive A.
    public mutating func insert(floppy disk: any BlockDevice) {
        floppies[0] = disk as? ChangeTrackingDisk ?? ChangeTrackingDisk(disk, discardsWrites: false)
    }

    /// Makes a disk that is in no file the first hard disk.
    public mutating func insert(disk: any BlockDevice) {
        disks[0] = ChangeTrackingDisk(disk, discardsWrites: false)
    }

    private static func place(
        _ image: DiskImage, in drives: inout [(any BlockDevice)?], _ drive: Int?, free: [Bool], _ limit: String
    ) throws(BadInput) {
        guard let place = drive ?? free.firstIndex(of: true) else {
            throw BadInput("\(image.path): the machine has \(limit), and they are taken")
        }
        guard free[place] else { throw BadInput("\(image.path): the drive is taken") }
        drives[place] = image.tracked
    }
}
