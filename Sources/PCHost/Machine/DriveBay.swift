import PCCore

/// The drives of a machine to be, filled one image after the other.
public struct DriveBay {
    /// Drives A and B.
    public internal(set) var floppies: [(any BlockDevice)?] = [nil, nil]
    /// Primary master and slave, secondary master and slave.
    public internal(set) var disks: [(any BlockDevice)?] = [nil, nil, nil, nil]
    /// CD-ROM drives at the same places.
    public internal(set) var cdroms: [CDROMDrive?] = [nil, nil, nil, nil]
    /// The files in drives A and B, and as the machine has them.
    var floppyImages: [(image: DiskImage, disk: any BlockDevice)?] = [nil, nil]
    /// The images that take turns in drives A and B and in the first CD-ROM drive.
    private(set) var turns: [[String]] = [[], [], []]
    /// The files in the drives.
    public internal(set) var images: [DiskImage] = []
    /// The overlays of images, by the images' paths.
    var overlays: [String: String] = [:]

    public init() {}

    /// Whether no drive holds anything.
    public var isEmpty: Bool {
        floppies.allSatisfy { $0 == nil } && disks.allSatisfy { $0 == nil } && cdroms.allSatisfy { $0?.disc == nil }
    }

    /// Which files are in use as disks.
    public var files: Set<FileIdentity> { Set(images.flatMap(\.files)) }

    /// The places in the order in which CD-ROM drives take them: the second channel first.
    private static let cdromPlaces = [2, 3, 1, 0]

    /// Opens the first of several images, with commas between them, for a floppy or CD-ROM drive; the others take turns
    /// with it later. A file whose name has a comma in it is meant if there is one.
    mutating func insert(list: String, as kind: DiskKind, access: DiskImage.Access) throws(BadInput) {
        let names = Self.names(list)
        guard names.count > 1 else { return try insert(list, as: kind, access: access) }
        for name in names {
            let shape = try DiskImage.shape(of: name)
            if kind == .floppy {
                try shape.checkFloppy(name)
            } else if !CueSheet.isNamed(name) {
                try shape.checkCD(name)
            }
        }
        let isFirstCD = cdroms.allSatisfy { $0 == nil }
        guard kind == .floppy || isFirstCD else {
            throw BadInput("\(list): only the first CD-ROM drive can have several images")
        }
        let drive = kind == .cdrom ? 2 : floppies[0] == nil ? 0 : 1
        try insert(names[0], as: kind, access: access)
        turns[drive] = names
    }

    /// The images that take turns, of a list with commas.
    static func names(_ list: String) -> [String] {
        FileIdentity(path: list) != nil ? [list] : list.split(separator: ",").map(String.init)
    }

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
        let image = try DiskImage(path: path, access: overlays[path].map { .overlay($0) } ?? access)
        switch found {
        case .floppy:
            try image.shape.checkFloppy(path)
            let place = try Self.place(
                image, in: &floppies, drive, free: floppies.map { $0 == nil }, "two floppy drives")
            floppyImages[place] = floppies[place].map { (image, $0) }
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

    @discardableResult
    private static func place(
        _ image: DiskImage, in drives: inout [(any BlockDevice)?], _ drive: Int?, free: [Bool], _ limit: String
    ) throws(BadInput) -> Int {
        guard let place = drive ?? free.firstIndex(of: true) else {
            throw BadInput("\(image.path): the machine has \(limit), and they are taken")
        }
        guard free[place] else { throw BadInput("\(image.path): the drive is taken") }
        drives[place] = image.tracked
        return place
    }
}
