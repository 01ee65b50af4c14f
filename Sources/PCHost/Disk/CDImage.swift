import PCCore

/// How a file holds the sectors of a CD.
public struct CDLayout: Equatable, Sendable {
    /// Bytes in the file for each sector.
    public var sectorBytes: Int
    /// Where the 2,048 bytes of user data are among them.
    public var dataOffset: Int

    /// User data alone, as ISO images have it.
    public static let plain = CDLayout(sectorBytes: 2048, dataOffset: 0)
    /// Whole sectors of mode 1: 12 bytes of sync and 4 of header come first.
    public static let rawMode1 = CDLayout(sectorBytes: 2352, dataOffset: 16)
    /// Whole sectors of mode 2, form 1: a sub-header of 8 bytes as well.
    public static let rawMode2 = CDLayout(sectorBytes: 2352, dataOffset: 24)
    /// The same without sync and header.
    public static let mode2 = CDLayout(sectorBytes: 2336, dataOffset: 8)

    /// What an image of raw sectors is, by its first bytes; nil where it is none.
    init?(rawHead head: [UInt8]) {
        let sync: [UInt8] = [0] + [UInt8](repeating: 0xFF, count: 10) + [0]
        guard head.count >= 16, head[..<12].elementsEqual(sync) else { return nil }
        switch head[15] {
        case 1: self = .rawMode1
        case 2: self = .rawMode2
        default: return nil
        }
    }

    private init(sectorBytes: Int, dataOffset: Int) {
        self.sectorBytes = sectorBytes
        self.dataOffset = dataOffset
    }
}

/// A CD image in a file, as a drive takes it: sectors of 2,048 bytes that nobody can write. Any number of machines may use
/// the file.
public final class CDImage: BlockDevice {
    /// The image's, or the cue sheet's.
    public let path: String
    public let image: DiskImage
    public let layout: CDLayout
    public let sectorSize = 2048
    public let sectorCount: Int
    public let isReadOnly = true
    /// The first sector in the file.
    private let first: Int
    private var known: DiskDigest?

    /// Opens an image of sectors, or the one that a cue sheet names.
    public init(path: String) throws(BadInput) {
        self.path = path
        guard CueSheet.isNamed(path) else {
            image = try DiskImage(path: path, access: .readOnly)
            layout = image.shape.rawCD ?? .plain
            try image.shape.checkCD(path)
            first = 0
            sectorCount = image.shape.size / layout.sectorBytes
            return
        }
        let sheet = try CueSheet(path: path)
        image = try DiskImage(path: sheet.file, access: .readOnly)
        layout = sheet.layout
        first = sheet.sectors.first
        let count = image.shape.size / layout.sectorBytes
        sectorCount = min(count, sheet.sectors.end ?? count) - first
        guard sectorCount > 0 else { throw BadInput("\(path): \(sheet.file) is too short for the track") }
    }

    public func read(sector: Int) throws(BlockError) -> [UInt8] {
        guard sector >= 0, sector < sectorCount else { throw .outOfRange }
        return try image.read(at: (first + sector) * layout.sectorBytes + layout.dataOffset, count: sectorSize)
    }

    public func read(sectors: Range<Int>) throws(BlockError) -> [UInt8] {
        guard sectors.lowerBound >= 0, sectors.upperBound <= sectorCount else { throw .outOfRange }
        let start = (first + sectors.lowerBound) * layout.sectorBytes
        let raw = try image.read(at: start, count: sectors.count * layout.sectorBytes)
        guard layout != .plain else { return raw }
        var data: [UInt8] = []
        data.reserveCapacity(sectors.count * sectorSize)
        for sector in 0..<sectors.count {
            let at = sector * layout.sectorBytes + layout.dataOffset
            data += raw[at..<at + sectorSize]
        }
        return data
    }

    /// The digest of the whole disc; the image is read once.
    public func wholeDigest() throws(BlockError) -> DiskDigest {
        if let known { return known }
        let found = try digest()
        known = found
        return found
    }

    public func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) { throw .writeProtected }

    public func flush() throws(BlockError) {}

    /// The name in the primary volume descriptor, nil without one. [ECMA-119 8.4]
    public var volume: String? {
        guard let descriptor = try? read(sector: 16), descriptor[1..<6].elementsEqual("CD001".utf8) else { return nil }
        let name = String(decoding: descriptor[40..<72].map { (32..<127).contains($0) ? $0 : 63 }, as: UTF8.self)
        return String(name.reversed().drop { $0 == " " }.reversed())
    }

    /// Whether a boot record names a boot catalogue. [El Torito 2.0]
    public var isBootable: Bool {
        guard let record = try? read(sector: 17) else { return false }
        return record[0] == 0 && record[1..<6].elementsEqual("CD001".utf8)
            && record[7..<30].elementsEqual("EL TORITO SPECIFICATION".utf8)
    }
}
