import Glibc
import PCCore

/// A disk image in a file. What the guest writes goes straight through, under a lock that keeps other machines out.
public final class DiskImage: BlockDevice {
    /// What becomes of the guest's writes.
    public enum Access: Equatable, Sendable {
        /// They go into the file, which is locked against every other user.
        case written
        /// The disk is write-protected. Any number of machines may use the file so.
        case readOnly
        /// They do not come here: a `ChangeTrackingDisk` over the image keeps them in memory. Any number of machines
        /// may use the file so.
        case discarded
        /// They go into an overlay, the file at this path, which is made if it is not there; the image is never written.
        /// Any number of machines may use the image so, each with an overlay of its own.
        case overlay(String)
    }

    public let path: String
    public let access: Access
    public let shape: DiskShape
    public let sectorSize = 512
    public let sectorCount: Int
    /// Which file this is, whatever path leads to it.
    public let identity: FileIdentity
    private(set) var file: Int32
    private var isDirty = false
    /// What was written to a disk whose image stays as it is.
    private(set) var overlay: Overlay?

    /// Opens and locks the image; the file is not changed. Its size is looked at by `kind` and `DiskShape`.
    public init(path: String, access: Access) throws(BadInput) {
        file = try Self.open(path, for: access)
        self.path = path
        self.access = access
        var status = stat()
        fstat(file, &status)
        identity = FileIdentity(status)
        shape = Self.shape(file, size: Int(status.st_size))
        sectorCount = shape.size / 512
        if shape.size > 0, shape.bootSector.isEmpty {
            let reason = HostError.text
            Glibc.close(file)
            file = -1
            throw BadInput("\(path): cannot be read: \(reason)")
        }
        if case .overlay(let name) = access { overlay = try Overlay(path: name, of: self) }
    }

    deinit {
        try? close()
    }

    /// What the file at `path` is by its size and content, whoever is using it.
    static func shape(of path: String) throws(BadInput) -> DiskShape {
        let size = try checkRegular(path)
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw BadInput("\(path): \(HostError.text)") }
        defer { Glibc.close(file) }
        return shape(file, size: size)
    }

    private static func shape(_ file: Int32, size: Int) -> DiskShape {
        DiskShape(
            size: size, bootSector: read(file, at: 0, count: min(size, 512)) ?? [],
            isISO9660: read(file, at: 32769, count: 5) == Array("CD001".utf8))
    }

    /// Makes earlier writes durable and lets others have the file; whoever still reads from the image gets an error.
    public func close() throws(BlockError) {
        guard file >= 0 else { return }
        defer {
            Glibc.close(file)
            file = -1
        }
        try flush()
        try overlay?.close()
    }

    public var isReadOnly: Bool { access == .readOnly || access == .discarded }

    /// The files that the disk is in: the image's, and its overlay's.
    var files: [FileIdentity] { [identity, overlay?.identity].compactMap(\.self) }

    /// The image as a drive takes it: what the guest changes is known, for the machine hash, or kept in memory.
    public var tracked: ChangeTrackingDisk {
        ChangeTrackingDisk(self, discardsWrites: access == .discarded)
    }

    public func read(sector: Int) throws(BlockError) -> [UInt8] {
        guard sector >= 0, sector < sectorCount else { throw .outOfRange }
        if let bytes = try overlay?.read(sector: sector) { return bytes }
        return try read(at: sector * sectorSize, count: sectorSize)
    }

    public func read(sectors: Range<Int>) throws(BlockError) -> [UInt8] {
        guard sectors.lowerBound >= 0, sectors.upperBound <= sectorCount else { throw .outOfRange }
        var all = try read(at: sectors.lowerBound * sectorSize, count: sectors.count * sectorSize)
        guard let overlay, overlay.index.count > 0 else { return all }
        for sector in sectors {
            guard let bytes = try overlay.read(sector: sector) else { continue }
            let first = (sector - sectors.lowerBound) * sectorSize
            all.replaceSubrange(first..<first + sectorSize, with: bytes)
        }
        return all
    }

    /// Holes of the file are zeroes; an overlay may have something anywhere.
    public func firstData(from sector: Int) -> Int {
        overlay == nil || overlay?.index.count == 0 ? firstDataOfFile(from: sector) : sector
    }

    /// Linux's SEEK_DATA, which Glibc's module does not show. [man 2 lseek]
    private static let seekData: Int32 = 3

    func firstDataOfFile(from sector: Int) -> Int {
        guard sector >= 0, sector < sectorCount else { return sector }
        let offset = lseek(file, off_t(sector * sectorSize), Self.seekData)
        if offset < 0 { return errno == ENXIO ? sectorCount : sector }
        return max(sector, Int(offset) / sectorSize)
    }

    /// `count` bytes of the file at `offset`.
    func read(at offset: Int, count: Int) throws(BlockError) -> [UInt8] {
        guard let bytes = Self.read(file, at: offset, count: count) else {
            throw .failed("\(path): sector \(offset / sectorSize) cannot be read: \(HostError.text)")
        }
        return bytes
    }

    public func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        guard !isReadOnly else { throw .writeProtected }
        guard sector >= 0, sector < sectorCount, bytes.count == sectorSize else { throw .outOfRange }
        if let overlay {
            return try overlay.write(sector: sector, bytes) { () throws(BlockError) in
                try read(at: sector * sectorSize, count: sectorSize)
            }
        }
        isDirty = true
        guard OverlayFile.write(file, bytes, at: sector * sectorSize) else {
            throw .failed("\(path): sector \(sector) cannot be written: \(HostError.text)")
        }
    }

    public func flush() throws(BlockError) {
        try overlay?.flush()
        guard isDirty else { return }
        guard fsync(file) == 0 else { throw .failed("\(path): cannot be made durable: \(HostError.text)") }
        isDirty = false
    }

    /// The size of a file that can be an image.
    private static func checkRegular(_ path: String) throws(BadInput) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw BadInput("\(path): \(HostError.text)") }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return Int(status.st_size)
        case S_IFDIR: throw BadInput("\(path): is a directory, not a disk image")
        default: throw BadInput("\(path): is not a regular file")
        }
    }

    private static func open(_ path: String, for access: Access) throws(BadInput) -> Int32 {
        _ = try checkRegular(path)
        let file = Glibc.open(path, (access == .written ? O_RDWR : O_RDONLY) | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            let number = errno
            if access == .written, number == EACCES || number == EROFS || number == EPERM,
                Glibc.access(path, R_OK) == 0
            {
                throw readOnlyFile(path)
            }
            throw BadInput("\(path): \(HostError.text(number))")
        }
        guard flock(file, (access == .written ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0 else {
            let number = errno
            Glibc.close(file)
            guard number == EWOULDBLOCK else { throw BadInput("\(path): cannot be locked: \(HostError.text(number))") }
            throw BadInput(
                access == .written
                    ? "\(path): is in use by another machine; with --discard-writes or --read-only many may share it"
                    : "\(path): is in use by another machine that writes to it")
        }
        return file
    }

    private static func readOnlyFile(_ path: String) -> BadInput {
        BadInput("\(path): is a read-only file; use --read-only or --discard-writes")
    }

    /// `count` bytes at `offset`, nil where they cannot be read or are not there.
    static func read(_ file: Int32, at offset: Int, count: Int) -> [UInt8]? {
        var done = 0
        // SAFETY: the closure fills what it counts.
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while done < count {
                // SAFETY: `done` is below `count`, the buffer's capacity.
                let got = pread(file, buffer.baseAddress?.advanced(by: done), count - done, off_t(offset + done))
                if got < 0, errno == EINTR { continue }
                if got == 0 { errno = EIO }
                guard got > 0 else { break }
                done += got
            }
            filled = done
        }
        return done == count ? bytes : nil
    }
}
