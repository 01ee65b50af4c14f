import Glibc
import PCCore

/// A disk image in a file. What the guest writes goes straight through, under a lock that keeps other machines out.
public final class DiskImage: BlockDevice {
    /// What becomes of the guest's writes.
    public enum Access: Sendable {
        /// They go into the file, which is locked against every other user.
        case written
        /// The disk is write-protected. Any number of machines may use the file so.
        case readOnly
        /// They do not come here: a `ChangeTrackingDisk` over the image keeps them in memory. Any number of machines
        /// may use the file so.
        case discarded
    }

    public let path: String
    public let access: Access
    public let shape: DiskShape
    public let sectorSize = 512
    public let sectorCount: Int
    /// Which file this is, whatever path leads to it.
    public let identity: FileIdentity
    private var file: Int32
    private var isDirty = false

    /// Opens and locks the image; the file is not changed. Its size is looked at by `kind` and `DiskShape`.
    public init(path: String, access: Access) throws(BadInput) {
        file = try Self.open(path, for: access)
        self.path = path
        self.access = access
        var status = stat()
        fstat(file, &status)
        identity = FileIdentity(status)
        let size = Int(status.st_size)
        sectorCount = size / 512
        shape = DiskShape(
            size: size, bootSector: Self.read(file, at: 0, count: min(size, 512)) ?? [],
            isISO9660: Self.read(file, at: 32769, count: 5) == Array("CD001".utf8))
        if size > 0, shape.bootSector.isEmpty {
            let reason = HostError.text
            Glibc.close(file)
            file = -1
            throw BadInput("\(path): cannot be read: \(reason)")
        }
    }

    deinit {
        try? close()
    }

    /// Makes earlier writes durable and lets others have the file; whoever still reads from the image gets an error.
    public func close() throws(BlockError) {
        guard file >= 0 else { return }
        defer {
            Glibc.close(file)
            file = -1
        }
        try flush()
    }

    public var isReadOnly: Bool { access != .written }

    /// The image as a drive takes it: what the guest changes is known, for the machine hash, or kept in memory.
    public var tracked: ChangeTrackingDisk {
        ChangeTrackingDisk(self, discardsWrites: access == .discarded)
    }

    public func read(sector: Int) throws(BlockError) -> [UInt8] {
        guard sector >= 0, sector < sectorCount else { throw .outOfRange }
        guard let bytes = Self.read(file, at: sector * sectorSize, count: sectorSize) else {
            throw .failed("\(path): sector \(sector) cannot be read: \(HostError.text)")
        }
        return bytes
    }

    public func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        guard !isReadOnly else { throw .writeProtected }
        guard sector >= 0, sector < sectorCount, bytes.count == sectorSize else { throw .outOfRange }
        isDirty = true
        var done = 0
        while done < bytes.count {
            // SAFETY: `done` is below `bytes.count`, and no more than the rest is written.
            let count = bytes.withUnsafeBytes {
                pwrite(file, $0.baseAddress?.advanced(by: done), bytes.count - done, off_t(sector * sectorSize + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .failed("\(path): sector \(sector) cannot be written: \(HostError.text)")
            }
            done += count
        }
    }

    public func flush() throws(BlockError) {
        guard isDirty else { return }
        guard fsync(file) == 0 else { throw .failed("\(path): cannot be made durable: \(HostError.text)") }
        isDirty = false
    }

    private static func open(_ path: String, for access: Access) throws(BadInput) -> Int32 {
        var status = stat()
        guard stat(path, &status) == 0 else { throw BadInput("\(path): \(HostError.text)") }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw BadInput("\(path): is a directory, not a disk image")
        default: throw BadInput("\(path): is not a regular file")
        }
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
    private static func read(_ file: Int32, at offset: Int, count: Int) -> [UInt8]? {
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
