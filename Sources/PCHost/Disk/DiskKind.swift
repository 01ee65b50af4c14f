import PCCore

/// What an image is of.
public enum DiskKind: String, Sendable {
    case floppy, disk, cdrom
}

/// Tells floppies, hard disks and CDs apart by size and content.
public struct DiskShape: Equatable, Sendable {
    /// The sizes that floppy drives know, in bytes.
    public static let floppySizes = FloppyFormat.all.map(\.size)
    /// Bytes in a cylinder of a hard disk: 16 heads of 63 sectors.
    public static let cylinder = 516_096
    /// The end of what 28-bit sector numbers reach.
    public static let largestDisk = 512 << 28
    /// The end of what 32-bit numbers of 2,048-byte sectors reach.
    static let largestCD = 2048 << 32

    public var size: Int
    /// The first sector, or as much of it as there is.
    public var bootSector: [UInt8]
    /// Whether an ISO 9660 volume descriptor stands where CDs have it.
    public var isISO9660: Bool

    public init(size: Int, bootSector: [UInt8], isISO9660: Bool = false) {
        self.size = size
        self.bootSector = bootSector
        self.isISO9660 = isISO9660
    }

    /// How raw sectors of a CD lie in the file, nil where it has none.
    public var rawCD: CDLayout? { size % 2352 == 0 ? CDLayout(rawHead: bootSector) : nil }

    /// Whether the boot sector ends in 55h AAh.
    public var hasBootSignature: Bool {
        bootSector.count >= 512 && bootSector[510] == 0x55 && bootSector[511] == 0xAA
    }

    /// The size that a FAT boot sector of a floppy gives, nil where there is none.
    public var floppySizeByContent: Int? {
        guard bootSector.count >= 512 else { return nil }
        let word = { (offset: Int) in Int(bootSector[offset]) | Int(bootSector[offset + 1]) << 8 }
        let clusterSize = Int(bootSector[13])
        guard bootSector[0] == 0xEB || bootSector[0] == 0xE9, word(11) == 512,
            clusterSize > 0, clusterSize & (clusterSize - 1) == 0, (1...2).contains(bootSector[16]),
            bootSector[21] == 0xF0 || bootSector[21] >= 0xF9, (1...2).contains(word(26)), (8...36).contains(word(24))
        else { return nil }
        return Self.floppySizes.first { $0 == word(19) * 512 }
    }

    /// What the image is, or why it is nothing that a drive takes.
    public func kind(of path: String) throws(BadInput) -> DiskKind {
        guard size > 0 else { throw BadInput("\(path): the file is empty") }
        if isISO9660, size % 2048 == 0 { return .cdrom }
        if rawCD != nil { return .cdrom }
        if Self.floppySizes.contains(size) { return .floppy }
        if let right = floppySizeByContent {
            throw BadInput("\(path): \(size) bytes, but by its boot sector it is a floppy of \(right) bytes")
        }
        try checkDisk(path)
        return .disk
    }

    /// Whether a floppy drive takes it.
    public func checkFloppy(_ path: String) throws(BadInput) {
        guard size > 0 else { throw BadInput("\(path): the file is empty") }
        guard Self.floppySizes.contains(size) else {
            let sizes = Self.floppySizes.map { String($0 / 1024) }.joined(separator: ", ")
            throw BadInput("\(path): \(size) bytes is no size of a floppy (\(sizes) KB)")
        }
    }

    /// Whether a CD-ROM drive takes it.
    public func checkCD(_ path: String) throws(BadInput) {
        guard size > 0 else { throw BadInput("\(path): the file is empty") }
        guard rawCD != nil || size % 2048 == 0 else {
            throw BadInput("\(path): \(size) bytes is not a whole number of sectors of a CD (2048 bytes, or raw 2352)")
        }
        guard size <= Self.largestCD else {
            throw BadInput("\(path): \(size) bytes is too large for a CD-ROM drive")
        }
    }

    /// Whether a hard disk can have this size.
    public func checkDisk(_ path: String) throws(BadInput) {
        guard size > 0 else { throw BadInput("\(path): the file is empty") }
        guard size % 512 == 0 else {
            throw BadInput("\(path): \(size) bytes is not a whole number of sectors of 512 bytes")
        }
        guard size >= Self.cylinder else {
            throw BadInput(
                "\(path): \(size) bytes is no size of a floppy, and a hard disk has at least \(Self.cylinder) bytes")
        }
        guard size <= Self.largestDisk else {
            throw BadInput("\(path): \(size) bytes is too large: a disk has at most \(Self.largestDisk) bytes (128 GB)")
        }
    }
}
