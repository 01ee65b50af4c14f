import PCCore

/// Changes the disks of a machine that runs: floppies in drives A and B, the disc in the first CD-ROM drive.
///
/// A floppy that comes out is durable, and others may have its file. A drive may have several images that take turns.
public final class MediaChanger {
    public enum Drive: Int, CaseIterable, Sendable {
        case a, b, cd

        var name: String { ["drive A", "drive B", "the CD-ROM drive"][rawValue] }
        /// What `control` calls it.
        public var letter: String { ["a", "b", "cd"][rawValue] }
        init?(named name: String) {
            switch name {
            case "a": self = .a
            case "b": self = .b
            case "cd": self = .cd
            default: return nil
            }
        }
    }

    private let pc: PC
    private let access: DiskImage.Access
    private let overlays: [String: String]
    private let messages: Messages
    /// Keeps states good that this session has saved or loaded.
    let guards: StateGuards
    /// The files in the floppy drives, and as the machine has them.
    private var floppies: [(image: DiskImage, disk: any BlockDevice)?]
    private var cd: CDImage?
    private let cdromPlace: Int?
    /// The images that take turns in each drive, and the number of the one that is in.
    private var turns: [[String]]
    private var inTurn = [0, 0, 0]
    /// Who wants to know of a disk that was put in, or, without a path, taken out.
    var changed: (Drive, _ path: String?) -> Void = { _, _ in }

    init(_ pc: PC, bay: DriveBay, access: DiskImage.Access, messages: Messages) {
        self.pc = pc
        self.access = access
        overlays = bay.overlays
        self.messages = messages
        guards = StateGuards(messages: messages)
        floppies = bay.floppyImages
        cdromPlace = bay.cdroms.firstIndex { $0 != nil }
        cd = cdromPlace.flatMap { bay.cdroms[$0]?.disc as? CDImage }
        turns = bay.turns
    }

    /// The file that is in `drive`; nil where it is empty or holds a disk that is in no file.
    public func path(in drive: Drive) -> String? {
        drive == .cd ? cd?.image.path : floppies[drive.rawValue]?.image.path
    }

    /// Whether there is a CD-ROM drive.
    public var hasCDROM: Bool { cdromPlace != nil }

    /// Whether a drive has several images.
    public var hasTurns: Bool { turns.contains { $0.count > 1 } }

    /// Puts the next of its images into every drive that has several. Says what is where.
    public func next() {
        for drive in Drive.allCases where turns[drive.rawValue].count > 1 {
            let images = turns[drive.rawValue]
            var number = inTurn[drive.rawValue]
            // A state or a client may have put in another one.
            if let path = path(in: drive), path != images[number] { number = images.firstIndex(of: path) ?? number }
            number = (number + 1) % images.count
            do throws(BadInput) {
                try insert(images[number], in: drive)
                inTurn[drive.rawValue] = number
                messages.notice("\(images[number]) is in \(drive.name)")
            } catch {
                messages.warning(error.message)
            }
        }
    }

    /// Puts a file that the user has let go over the window into the drive of its kind: drive A, or the CD-ROM drive.
    public func drop(_ path: String) {
        do throws(BadInput) {
            let kind = CueSheet.isNamed(path) ? .cdrom : try DiskImage.shape(of: path).kind(of: path)
            switch kind {
            case .floppy: try insert(path, in: .a)
            case .cdrom: try insert(path, in: .cd)
            case .disk: throw BadInput("\(path): is a hard disk, which cannot be changed while the machine runs")
            }
            messages.notice("\(path) is in \(kind == .cdrom ? Drive.cd.name : Drive.a.name)")
        } catch {
            messages.warning(error.message)
        }
    }

    /// Puts the image at `path` into `drive` in place of what is in it.
    public func insert(_ path: String, in drive: Drive) throws(BadInput) {
        if drive == .cd { try insert(cd: path) } else { try insert(floppy: path, in: drive) }
        changed(drive, path)
    }

    private func insert(floppy path: String, in drive: Drive) throws(BadInput) {
        let number = drive.rawValue
        if let old = floppies[number], old.image.identity == FileIdentity(path: path) {
            return pc.insert(old.disk, floppy: number)
        }
        try checkOtherDrives(path, drive)
        let image = try open(path)
        let disk = image.tracked
        guards.attach(to: disk)
        pc.insert(disk, floppy: number)
        if let old = floppies[number] { close(old.image) }
        floppies[number] = (image, disk)
    }

    /// Opens a floppy; one that has an overlay is never written, by whatever name it comes.
    private func open(_ path: String) throws(BadInput) -> DiskImage {
        let identity = FileIdentity(path: path)
        let overlay = overlays[path] ?? overlays.first { FileIdentity(path: $0.key) == identity }?.value
        let image = try DiskImage(path: path, access: overlay.map { .overlay($0) } ?? access)
        try image.shape.checkFloppy(path)
        if let warning = image.overlay?.warning { messages.warning(warning) }
        return image
    }

    private func insert(cd path: String) throws(BadInput) {
        guard let cdromPlace else { throw BadInput("\(path): the machine has no CD-ROM drive") }
        try checkOtherDrives(path, .cd)
        let disc: CDImage
        if let cd, cd.image.identity == FileIdentity(path: path) { disc = cd } else { disc = try CDImage(path: path) }
        pc.insert(disc, cdrom: cdromPlace)
        if let cd, cd !== disc { close(cd.image) }
        cd = disc
    }

    /// A file that is written is in one drive at a time.
    private func checkOtherDrives(_ path: String, _ drive: Drive) throws(BadInput) {
        guard access == .written, let identity = FileIdentity(path: path) else { return }
        let images = floppies.map { $0?.image } + [cd?.image]
        for other in Drive.allCases where other != drive && images[other.rawValue]?.identity == identity {
            throw BadInput("\(path): is in \(other.name) of this machine; take it out there first")
        }
    }

    /// Takes out what is in `drive`.
    public func eject(_ drive: Drive) throws(BadInput) {
        if drive == .cd {
            guard let cdromPlace else { throw BadInput("eject cd: the machine has no CD-ROM drive") }
            pc.insert(nil, cdrom: cdromPlace)
            if let cd { close(cd.image) }
            cd = nil
        } else {
            pc.insert(nil, floppy: drive.rawValue)
            if let old = floppies[drive.rawValue] { close(old.image) }
            floppies[drive.rawValue] = nil
        }
        changed(drive, nil)
    }

    // MARK: States

    /// An overlay that holds what an earlier run wrote, and that this run adds to: nothing keeps what it was; nil where
    /// there is none.
    var grownOverlay: String? {
        for place in MediaPlace.allCases {
            guard let image = (pc.device(at: place) as? ChangeTrackingDisk)?.base as? DiskImage else { continue }
            if let overlay = image.overlay, overlay.recordCount > 0 { return overlay.path }
        }
        return nil
    }

    /// The files of the disks in the drives.
    var files: Set<FileIdentity> {
        Set(
            MediaPlace.allCases.flatMap { place -> [FileIdentity] in
                switch pc.device(at: place) {
                case let disk as ChangeTrackingDisk: (disk.base as? DiskImage).map { Array($0.files) } ?? []
                case let disc as CDImage: Array(disc.image.files)
                default: []
                }
            })
    }

    /// The floppy or CD that a state had in a drive; without a path it is the demo disk.
    func open(_ path: String?, _ kind: DiskKind, _ place: MediaPlace) throws(StateFault) -> any BlockDevice {
        guard let path else { return ChangeTrackingDisk(Firmware.demoDisk, discardsWrites: false) }
        do throws(BadInput) {
            guard kind == .floppy else { return try CDImage(path: path) }
            let image = try open(path)
            return image.tracked
        } catch {
            throw StateFault("needs the disk that was in \(place.name): \(error.message)")
        }
    }

    /// A disk that was put in while a run was recorded.
    func disk(_ path: String, _ kind: DiskKind, _ drive: Int) throws(StateFault) -> any BlockDevice {
        guard let place = MediaPlace(rawValue: kind == .floppy ? drive : drive + 2) else { throw .damaged }
        return try open(path, kind, place)
    }

    /// Knows what is in the drives since a state was loaded.
    func note(_ state: SessionState) {
        let before = Drive.allCases.map { path(in: $0) }
        defer {
            for drive in Drive.allCases where path(in: drive) != before[drive.rawValue] {
                changed(drive, path(in: drive))
            }
        }
        for number in 0..<2 {
            let disk = state.disks[number == 0 ? .floppyA : .floppyB]?.device as? ChangeTrackingDisk
            floppies[number] = disk.flatMap { disk in (disk.base as? DiskImage).map { (image: $0, disk: disk) } }
        }
        guard let cdromPlace, let place = MediaPlace(rawValue: cdromPlace + 2) else { return }
        cd = state.disks[place]?.device as? CDImage
    }

    /// Closes the image of a disk that has come out, unless it is in another drive.
    func release(_ device: (any BlockDevice)?, keeping devices: [any BlockDevice]) {
        guard let device, !devices.contains(where: { $0 === device }) else { return }
        if let disk = device as? ChangeTrackingDisk, let image = disk.base as? DiskImage { close(image) }
        if let disc = device as? CDImage { close(disc.image) }
    }

    /// The floppies in the drives that are files.
    var disks: [any BlockDevice] { floppies.compactMap { $0?.disk } }

    /// Makes what is in the drives durable; the machine is over.
    public func close() {
        for case let image? in floppies.map({ $0?.image }) + [cd?.image] { close(image) }
        guards.close()
    }

    /// Makes what is in the drives durable; the machine may go on.
    public func flush() {
        guards.flush()
        for case let image? in floppies.map({ $0?.image }) {
            settle(image) { image throws(BlockError) in try image.flush() }
        }
    }

    private func close(_ image: DiskImage) {
        guards.flush()
        settle(image) { image throws(BlockError) in try image.close() }
    }

    private func settle(_ image: DiskImage, _ action: (DiskImage) throws(BlockError) -> Void) {
        do throws(BlockError) {
            try action(image)
        } catch .failed(let reason) {
            messages.warning(reason)
        } catch {
            messages.warning("\(image.path): cannot be made durable")
        }
    }
}
