import Glibc
import PCCore

/// What becomes of an overlay in the end: it is committed to the image, or thrown away.
extension DiskImage {
    /// The digest of the image's own content, without what is in an overlay.
    func originalDigest(excluding isExcluded: (Int) -> Bool = { _ in false }) throws(BadInput) -> DiskDigest {
        do throws(BlockError) {
            return try OriginalImage(self).digest(excluding: isExcluded)
        } catch .failed(let reason) {
            throw BadInput(reason)
        } catch {
            throw BadInput("\(path): cannot be read")
        }
    }

    /// Writes what the overlay holds into the image and empties the overlay. The disk reads as before.
    ///
    /// Whenever that is interrupted, the overlay holds everything still, and the image what it had or what it is to have.
    /// No other machine may use the image.
    public func commitOverlay() throws(BadInput) {
        guard let overlay else { throw BadInput("\(path): has no overlay to commit") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            flock(file, LOCK_SH | LOCK_NB)
            throw BadInput("\(path): is in use by another machine, and cannot be written")
        }
        defer { flock(file, LOCK_SH | LOCK_NB) }
        let image = Glibc.open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
        guard image >= 0 else { throw BadInput("\(path): cannot be written: \(HostError.text)") }
        defer { Glibc.close(image) }
        var status = stat()
        fstat(image, &status)
        guard FileIdentity(status) == identity else {
            throw BadInput("\(path): another file has taken the place of this image")
        }
        do throws(BlockError) {
            try overlay.flush()
            var digest = overlay.header.base
            for sector in overlay.index.sectors {
                guard let number = overlay.index[sector] else { continue }
                let record = try overlay.record(number, of: sector)
                guard OverlayFile.write(image, record.content, at: sector * sectorSize) else {
                    throw .failed("\(path): sector \(sector) cannot be written: \(HostError.text)")
                }
                digest.sum += SectorHash(sector: sector, record.content) - record.original
            }
            guard fsync(image) == 0 else { throw .failed("\(path): cannot be made durable: \(HostError.text)") }
            try overlay.empty(base: digest, stamp: stamp)
        } catch {
            throw BadInput(error, path)
        }
    }

    /// Throws away what the overlay holds: the disk is what the image is.
    public func discardOverlay() throws(BadInput) {
        guard let overlay else { throw BadInput("\(path): has no overlay to throw away") }
        do throws(BlockError) {
            try overlay.empty()
        } catch {
            throw BadInput(error, path)
        }
    }

    /// The file's stamp; none where it was changed so lately that another change could have the same one.
    var stamp: FileStamp {
        var status = stat()
        guard fstat(file, &status) == 0, time(nil) - max(status.st_ctim.tv_sec, status.st_mtim.tv_sec) > 2 else {
            return .none
        }
        let nanoseconds = { (time: timespec) in
            UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
        }
        return FileStamp(
            device: UInt64(status.st_dev), number: UInt64(status.st_ino),
            modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim))
    }
}

extension BadInput {
    /// What a disk's error is in a line for the user.
    init(_ error: BlockError, _ path: String) {
        switch error {
        case .failed(let reason): self.init(reason)
        case .outOfRange: self.init("\(path): a sector is beyond the end")
        case .writeProtected: self.init("\(path): is write-protected")
        }
    }
}

/// An image without what its overlay holds.
private final class OriginalImage: BlockDevice {
    private let image: DiskImage

    init(_ image: DiskImage) { self.image = image }

    var sectorSize: Int { image.sectorSize }
    var sectorCount: Int { image.sectorCount }
    var isReadOnly: Bool { true }

    func read(sector: Int) throws(BlockError) -> [UInt8] { try read(sectors: sector..<sector + 1) }

    func read(sectors: Range<Int>) throws(BlockError) -> [UInt8] {
        guard sectors.lowerBound >= 0, sectors.upperBound <= sectorCount else { throw .outOfRange }
        return try image.read(at: sectors.lowerBound * sectorSize, count: sectors.count * sectorSize)
    }

    func firstData(from sector: Int) -> Int { image.firstDataOfFile(from: sector) }

    func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) { throw .writeProtected }

    func flush() throws(BlockError) {}
}
