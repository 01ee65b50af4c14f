/// Which disk has which overlay: what `--overlay FILE` and `--overlay IMAGE=FILE` mean for a machine's images.
struct OverlayPlan {
    /// The overlays' files by the images' paths.
    private(set) var files: [String: String] = [:]

    /// Looks at the images where their names do not say what they are.
    init(_ plan: BootPlan) throws(BadInput) {
        guard !plan.overlays.isEmpty else { return }
        var disks: [String] = []
        for image in plan.images {
            for name in DriveBay.names(image.path) where try Self.isDisk(name, image.kind) { disks.append(name) }
        }
        for option in plan.overlays {
            let (image, file) = try Self.read(option, disks)
            guard files.updateValue(file, forKey: image) == nil else {
                throw BadInput("--overlay \(option): \(image) has an overlay already")
            }
        }
    }

    private static func isDisk(_ path: String, _ kind: DiskKind?) throws(BadInput) -> Bool {
        if let kind { return kind != .cdrom }
        guard !CueSheet.isNamed(path) else { return false }
        return try DiskImage.shape(of: path).kind(of: path) != .cdrom
    }

    private static func read(_ option: String, _ disks: [String]) throws(BadInput) -> (image: String, file: String) {
        for image in disks where option.hasPrefix(image + "=") {
            let file = String(option.dropFirst(image.count + 1))
            guard !file.isEmpty else { throw BadInput("--overlay \(option): name a file behind the =") }
            return (image, file)
        }
        if option.contains("=") {
            throw BadInput("--overlay \(option): what stands before the = is no floppy or hard disk of this machine")
        }
        guard disks.count == 1 else {
            throw BadInput(
                disks.isEmpty
                    ? "--overlay \(option): the machine has no image of a floppy or hard disk"
                    : "--overlay \(option): the machine has \(disks.count) disks; say which: "
                        + "--overlay \(disks[0])=\(option)")
        }
        return (disks[0], option)
    }
}
