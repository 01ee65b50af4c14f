import Glibc
import PCCore

/// A file with what a guest wrote to a disk whose image stays as it is.
///
/// Every write is a record behind the others, so that whenever the program ends there are all writes but the last ones.
/// Nobody else can use the file meanwhile. What several records hold of one sector is cleaned up in a new file that takes
/// the old one's place.
final class Overlay {
    let path: String
    private(set) var header: OverlayHeader
    private(set) var index = OverlayIndex()
    /// How many records the file has.
    private(set) var recordCount = 0
    /// Bytes at the end that were left out when it was opened: a write that did not come to its end.
    private(set) var tornBytes = 0
    private var file: Int32
    private var isDirty = false
    /// The file was made by this opening.
    private let isNew: Bool

    /// Records that hold what was written over later, and that the file may have besides those that count.
    private static let toleratedGarbage = 1024

    /// Opens the overlay of `image`, or makes one where there is no file at `path`. One that is not of this image, or is
    /// damaged, stays as it is.
    init(path: String, of image: DiskImage) throws(BadInput) {
        self.path = try Self.resolved(path)
        if FileIdentity(path: self.path) == image.identity {
            throw BadInput("\(path): is named as the image and as its overlay; the overlay needs a file of its own")
        }
        if try OverlayFile.size(self.path) == nil {
            header = OverlayHeader(base: try image.originalDigest(), stamp: image.stamp)
            isNew = try OverlayFile.make(self.path, header.bytes)
        } else {
            header = OverlayHeader(base: DiskDigest(sectorSize: 0, sectorCount: 0), stamp: .none)
            isNew = false
        }
        file = try OverlayFile.openLocked(self.path)
        do throws(BadInput) {
            let scan = try OverlayScan(file, path: path)
            (header, index, recordCount) = (scan.header, scan.index, scan.recordCount)
            try check(image, scan)
            tornBytes = scan.tornBytes
            if tornBytes > 0, ftruncate(file, off_t(OverlayFormat.offset(ofRecord: recordCount))) != 0 {
                throw BadInput("\(path): cannot be written: \(HostError.text)")
            }
        } catch {
            Glibc.close(file)
            file = -1
            throw error
        }
        tidy(tolerating: Self.toleratedGarbage)
    }

    deinit { try? close() }

    /// What the user has to know about an overlay that was cut short.
    var warning: String? {
        guard tornBytes > 0 else { return nil }
        return "\(path): \(tornBytes) bytes at the end were left out: a write that did not come to its end"
    }

    /// Which file it is.
    var identity: FileIdentity? { FileIdentity(path: path) }

    /// The file that a link leads to, so that a new one takes the place of that.
    private static func resolved(_ path: String) throws(BadInput) -> String {
        guard let name = realpath(path, nil) else { return path }
        defer { free(name) }
        return String(cString: name)
    }

    private func check(_ image: DiskImage, _ scan: OverlayScan) throws(BadInput) {
        guard header.base.sectorCount == image.sectorCount else {
            throw BadInput(
                "\(path): is an overlay of another image, which has \(header.base.sectorCount) sectors; "
                    + "\(image.path) has \(image.sectorCount)")
        }
        let stamp = image.stamp
        guard header.stamp == .none || header.stamp != stamp else { return }
        // Sectors that the overlay holds may have been committed, in part as well.
        var digest = try image.originalDigest { [index] in index[$0] != nil }
        digest.sum += scan.originals
        guard digest == header.base else {
            throw BadInput(
                "\(path): is an overlay of another image, or \(image.path) has been changed since; "
                    + "name the image that it was made for")
        }
        // The next opening need not read the image. The header is within one sector of the host's disk.
        header.stamp = stamp
        _ = OverlayFile.write(file, header.bytes, at: 0)
    }

    // MARK: Sectors

    /// What was written to the sector; nil where nothing was.
    func read(sector: Int) throws(BlockError) -> [UInt8]? {
        guard let number = index[sector] else { return nil }
        return try record(number, of: sector).content
    }

    /// - Parameter original: the content of the image there.
    func write(sector: Int, _ bytes: [UInt8], original: () throws(BlockError) -> [UInt8]) throws(BlockError) {
        guard recordCount < Int(UInt32.max) - 1 else { throw .failed("\(path): the overlay is full") }
        let hash: SectorHash
        if let number = index[sector] {
            hash = try record(number, of: sector).original
        } else {
            hash = SectorHash(sector: sector, try original())
        }
        let record = OverlayRecord(sector: sector, original: hash, content: bytes)
        isDirty = true
        // What a write that failed left behind is written over by the next one.
        guard
            OverlayFile.write(
                file, record.bytes(seed: header.base.sum.low), at: OverlayFormat.offset(ofRecord: recordCount))
        else { throw .failed("\(path): sector \(sector) cannot be written: \(HostError.text)") }
        index[sector] = recordCount
        recordCount += 1
        // A guest that writes the same sectors over and over must not fill the host's disk.
        tidy(tolerating: 65536)
    }

    func record(_ number: Int, of sector: Int) throws(BlockError) -> OverlayRecord {
        let offset = OverlayFormat.offset(ofRecord: number)
        guard let bytes = OverlayFile.read(file, at: offset, count: OverlayFormat.recordBytes) else {
            throw .failed("\(path): sector \(sector) cannot be read: \(HostError.text)")
        }
        guard let record = OverlayRecord(bytes[...], header: header), record.sector == sector else {
            throw .failed("\(path): the overlay is damaged at byte \(offset)")
        }
        return record
    }

    func flush() throws(BlockError) {
        guard isDirty else { return }
        guard fsync(file) == 0 else { throw .failed("\(path): cannot be made durable: \(HostError.text)") }
        isDirty = false
    }

    /// Makes everything durable and lets others have the file. One that is new and that nothing was written to goes.
    func close() throws(BlockError) {
        guard file >= 0 else { return }
        defer {
            Glibc.close(file)
            file = -1
        }
        if isNew, recordCount == 0 {
            unlink(path)
        } else {
            tidy(tolerating: Self.toleratedGarbage)
            try flush()
        }
    }

    // MARK: A new file in place of the old

    /// Puts a file without garbage in the place of one that has more of it than of anything else. Where the host cannot,
    /// the old one stays.
    private func tidy(tolerating garbage: Int) {
        guard recordCount - index.count > max(index.count, garbage) else { return }
        try? replace(header, keeping: index.sectors)
    }

    /// Drops everything that was written.
    func empty() throws(BlockError) {
        try replace(header, keeping: [])
    }

    /// Drops everything that was written, since the image has it: `base` is its digest now.
    func empty(base: DiskDigest, stamp: FileStamp) throws(BlockError) {
        try replace(OverlayHeader(base: base, stamp: stamp), keeping: [])
    }

    private func replace(_ header: OverlayHeader, keeping sectors: [Int]) throws(BlockError) {
        let draft = try OverlayDraft(path)
        var index = OverlayIndex()
        var count = 0
        try draft.append(header.bytes)
        for sector in sectors {
            guard let number = self.index[sector] else { continue }
            try draft.append(try record(number, of: sector).bytes(seed: header.base.sum.low))
            index[sector] = count
            count += 1
        }
        let new = try draft.takePlace()
        Glibc.close(file)
        (file, isDirty) = (new, false)
        (self.header, self.index, recordCount) = (header, index, count)
    }
}
