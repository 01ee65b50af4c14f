import PCCore

extension DriveBay {
    /// The drives of a state's machine. Images that are given go into the places of their kinds, in order; every other
    /// disk is looked for where it was.
    init(of description: MachineDescription, _ state: String, _ plan: BootPlan) throws(BadInput) {
        self.init()
        var given: [BootPlan.Image] = []
        for image in plan.images { given.append(.init(path: image.path, kind: try Self.kind(of: image))) }
        var paths: [MediaPlace: String] = [:]
        var named = plan
        named.images = []
        for medium in description.media {
            guard let content = medium.content else { continue }
            let number = given.firstIndex { $0.kind == medium.kind }
            guard let path = number.map({ given.remove(at: $0).path }) ?? content.path else { continue }
            paths[medium.place] = path
            named.images.append(.init(path: path, kind: medium.kind))
        }
        if let left = given.first {
            throw BadInput("\(left.path): the machine of \(state) has no drive of its kind; leave it out")
        }
        overlays = try OverlayPlan(named).files
        for medium in description.media { try fill(medium, paths[medium.place], plan.access, state) }
    }

    private mutating func fill(
        _ medium: MachineDescription.Medium, _ path: String?, _ access: DiskImage.Access, _ state: String
    ) throws(BadInput) {
        if let path {
            do {
                try insert(path, medium, access)
            } catch {
                throw BadInput("\(state): needs its \(medium.kind.rawValue): \(error.message); name it beside --load")
            }
        } else if medium.content == nil, let number = medium.place.ide {
            cdroms[number] = CDROMDrive()
        } else if medium.kind == .floppy, let drive = medium.place.floppy {
            floppies[drive] = ChangeTrackingDisk(Firmware.demoDisk, discardsWrites: false)
        } else {
            throw BadInput("\(state): needs a \(medium.kind.rawValue) that was in no file; name one beside --load")
        }
    }

    private static func kind(of image: BootPlan.Image) throws(BadInput) -> DiskKind {
        if let kind = image.kind { return kind }
        return CueSheet.isNamed(image.path) ? .cdrom : try DiskImage.shape(of: image.path).kind(of: image.path)
    }

    private mutating func insert(
        _ path: String, _ medium: MachineDescription.Medium, _ access: DiskImage.Access
    ) throws(BadInput) {
        if let number = medium.place.ide, medium.kind == .cdrom {
            let disc = try CDImage(path: path)
            cdroms[number] = CDROMDrive(disc)
            images.append(disc.image)
        } else {
            try insert(path, as: medium.kind, drive: medium.place.floppy ?? medium.place.ide, access: access)
        }
    }
}
