import PCCore

/// How an overlay lies in its file: a header, then records, one behind the other. See Documentation/Overlays.md.
///
/// All numbers are little endian.
enum OverlayFormat {
    static let magic = Array("swift86 overlay\n".utf8)
    static let version: UInt32 = 1
    static let headerBytes = 96
    static let sectorBytes = 512
    /// Sector number, hash of the base's sector, content, checksum.
    static let recordBytes = 8 + 16 + sectorBytes + 8

    static func offset(ofRecord number: Int) -> Int { headerBytes + number * recordBytes }

    static func put(_ value: UInt64, _ bytes: inout [UInt8]) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    static func number(_ bytes: ArraySlice<UInt8>, at offset: Int) -> UInt64 {
        let first = bytes.startIndex + offset
        return bytes[first..<first + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A checksum that is never 0: a record that ends in zeroes was never written to its end.
    static func checksum(_ bytes: some Collection<UInt8>, seed: UInt64) -> UInt64 {
        max(1, SectorHash.checksum(bytes, seed: seed))
    }
}

/// When and where a file was last changed, as far as the host's file system says.
struct FileStamp: Equatable, Sendable {
    var device: UInt64 = 0
    var number: UInt64 = 0
    /// In nanoseconds, as are those of the attributes.
    var modified: UInt64 = 0
    var changed: UInt64 = 0

    /// One that no file has.
    static let none = FileStamp()
}

/// The head of an overlay: of which image it is.
struct OverlayHeader: Equatable, Sendable {
    /// The digest of the image as it was when nothing was in the overlay.
    var base: DiskDigest
    /// The image's file with that content; an image with this stamp need not be read.
    var stamp: FileStamp

    var bytes: [UInt8] {
        var bytes = OverlayFormat.magic
        OverlayFormat.put(UInt64(OverlayFormat.version) | UInt64(base.sectorSize) << 32, &bytes)
        OverlayFormat.put(UInt64(bitPattern: Int64(base.sectorCount)), &bytes)
        for value in [
            base.sum.low, base.sum.high, stamp.device, stamp.number, stamp.modified, stamp.changed, 0,
        ] {
            OverlayFormat.put(value, &bytes)
        }
        OverlayFormat.put(OverlayFormat.checksum(bytes, seed: 0), &bytes)
        return bytes
    }

    init(base: DiskDigest, stamp: FileStamp) {
        self.base = base
        self.stamp = stamp
    }

    /// - Parameter bytes: the first bytes of the file at `path`, `OverlayFormat.headerBytes` if it has so many.
    init(_ bytes: [UInt8], path: String) throws(BadInput) {
        guard bytes.count >= 24, bytes.starts(with: OverlayFormat.magic) else {
            throw BadInput("\(path): is no overlay of swift86")
        }
        let number = { OverlayFormat.number(bytes[...], at: $0) }
        let version = UInt32(truncatingIfNeeded: number(16))
        guard version == OverlayFormat.version else {
            throw BadInput(
                "\(path): is an overlay of version \(version), and this program knows version \(OverlayFormat.version)")
        }
        guard bytes.count == OverlayFormat.headerBytes, number(88) == OverlayFormat.checksum(bytes[..<88], seed: 0),
            number(16) >> 32 == UInt64(OverlayFormat.sectorBytes), number(24) > 0,
            number(24) <= UInt64(DiskShape.largestDisk / OverlayFormat.sectorBytes)
        else { throw BadInput("\(path): the overlay is damaged in its header; use a copy of it, or start a new one") }
        base = DiskDigest(
            sectorSize: OverlayFormat.sectorBytes, sectorCount: Int(number(24)),
            sum: SectorHash(low: number(32), high: number(40)))
        stamp = FileStamp(device: number(48), number: number(56), modified: number(64), changed: number(72))
    }
}

/// What was written to one sector.
struct OverlayRecord: Equatable, Sendable {
    var sector: Int
    /// The hash of what the base had there when nothing was in the overlay.
    var original: SectorHash
    var content: [UInt8]

    /// - Parameter seed: the low half of the base's digest, so that records of another overlay do not fit.
    func bytes(seed: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(OverlayFormat.recordBytes)
        OverlayFormat.put(UInt64(sector), &bytes)
        OverlayFormat.put(original.low, &bytes)
        OverlayFormat.put(original.high, &bytes)
        bytes += content
        OverlayFormat.put(OverlayFormat.checksum(bytes, seed: seed), &bytes)
        return bytes
    }

    init(sector: Int, original: SectorHash, content: [UInt8]) {
        self.sector = sector
        self.original = original
        self.content = content
    }

    /// Nil where the checksum says that this is none.
    init?(_ bytes: ArraySlice<UInt8>, header: OverlayHeader) {
        let end = OverlayFormat.recordBytes - 8
        guard bytes.count == OverlayFormat.recordBytes,
            OverlayFormat.number(bytes, at: end)
                == OverlayFormat.checksum(bytes.prefix(end), seed: header.base.sum.low)
        else { return nil }
        let number = OverlayFormat.number(bytes, at: 0)
        guard number < UInt64(header.base.sectorCount) else { return nil }
        sector = Int(number)
        original = SectorHash(low: OverlayFormat.number(bytes, at: 8), high: OverlayFormat.number(bytes, at: 16))
        content = Array(bytes.dropFirst(24).prefix(OverlayFormat.sectorBytes))
    }
}

/// Which record holds a sector: four bytes for each sector of every 64 in a row of which one is there.
struct OverlayIndex {
    private var runs: [Int: [UInt32]] = [:]
    /// How many sectors there are.
    private(set) var count = 0

    /// The number of a record, below `UInt32.max`.
    subscript(sector: Int) -> Int? {
        get {
            guard let record = runs[sector >> 6]?[sector & 63], record > 0 else { return nil }
            return Int(record) - 1
        }
        set {
            guard let newValue else { return }
            if self[sector] == nil { count += 1 }
            runs[sector >> 6, default: [UInt32](repeating: 0, count: 64)][sector & 63] =
                UInt32(truncatingIfNeeded: newValue + 1)
        }
    }

    /// All sectors in ascending order.
    var sectors: [Int] {
        runs.keys.sorted().flatMap { run in
            (0..<64).compactMap { runs[run]?[$0] ?? 0 > 0 ? run << 6 + $0 : nil }
        }
    }
}
