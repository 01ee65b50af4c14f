import PCCore

extension DriveBay {
    /// The drives of a state's machine. Images that are given go into the places of their kinds, in order; every other
    /// disk is looked for where it was.
    init(
        of description: MachineDescription, _ state: String, given images: [BootPlan.Image], access: DiskImage.Access
    ) throws(BadInput) {
        self.init()
        var given: [(path: String, kind: DiskKind)] = []
        for image in images { given.append((image.path, try Self.kind(of: image))) }
        for medium in description.media {
            guard let content = medium.content else {
                if let number = medium.place.ide { cdroms[number] = CDROMDrive() }
                continue
            }
            if let number = given.firstIndex(where: { $0.kind == medium.kind }) {
                try insert(given.remove(at: number).path, medium, access)
            } else if let path = content.path {
                do {
                    try insert(path, medium, access)
                } catch {
                    throw BadInput("\(state): needs its \(medium.kind.rawValue): \(error.message); name the image beside --load")
                }
            } else if medium.kind == .floppy, let drive = medium.place.floppy {
                floppies[drive] = ChangeTrackingDisk(Firmware.demoDisk, discardsWrites: false)
            } else {
                throw BadInput("\(state): needs a \(medium.kind.rawValue) that was in no file; name an image beside --load")
            }
        }
        if let left = given.first {
            throw BadInput("\(left.path): the machine of \(state) has no such \(left.kind.rawValue); leave it out")
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
