import Glibc
import PCCore

/// The host's side of an overlay: files that are locked, and that are there whole or not at all.
enum OverlayFile {
    /// The size of the regular file at `path`, nil where there is nothing.
    static func size(_ path: String) throws(BadInput) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw BadInput("\(path): \(HostError.text)") }
            return nil
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return Int(status.st_size)
        case S_IFDIR: throw BadInput("\(path): is a directory, not an overlay")
        default: throw BadInput("\(path): is not a regular file")
        }
    }

    /// Makes a file with these bytes; false where somebody was faster.
    static func make(_ path: String, _ bytes: [UInt8]) throws(BadInput) -> Bool {
        do throws(BlockError) {
            let draft = try OverlayDraft(path)
            try draft.append(bytes)
            return try draft.becomeNew()
        } catch .failed(let reason) {
            throw BadInput(reason)
        } catch {
            throw BadInput("\(path): cannot be made")
        }
    }

    /// Opens the file for one user.
    static func openLocked(_ path: String) throws(BadInput) -> Int32 {
        while true {
            let file = Glibc.open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
            guard file >= 0 else { throw BadInput("\(path): \(HostError.text)") }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                let number = errno
                Glibc.close(file)
                guard number == EWOULDBLOCK else {
                    throw BadInput("\(path): cannot be locked: \(HostError.text(number))")
                }
                throw BadInput("\(path): is in use by another machine; give each machine an overlay of its own")
            }
            // Whoever had it may have put a new file in its place.
            var status = stat()
            fstat(file, &status)
            if FileIdentity(status) == FileIdentity(path: path) { return file }
            Glibc.close(file)
        }
    }

    /// `count` bytes at `offset`, nil where they cannot be read or are not there.
    static func read(_ file: Int32, at offset: Int, count: Int) -> [UInt8]? {
        DiskImage.read(file, at: offset, count: count)
    }

    /// Writes all of `bytes` at `offset`, false where the host does not take them.
    static func write(_ file: Int32, _ bytes: [UInt8], at offset: Int) -> Bool {
        var done = 0
        while done < bytes.count {
            // SAFETY: `done` is below `bytes.count`, and no more than the rest is written.
            let count = bytes.withUnsafeBytes {
                pwrite(file, $0.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}

/// A file beside another, locked, that takes its place or comes to nothing.
final class OverlayDraft {
    private let path: String
    private let draft: String
    private var file: Int32
    private var size = 0
    private var buffer: [UInt8] = []

    init(_ path: String) throws(BlockError) {
        self.path = path
        draft = "\(path).\(getpid()).tmp"
        file = Glibc.open(draft, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0 else { throw failure }
    }

    deinit {
        guard file >= 0 else { return }
        Glibc.close(file)
        unlink(draft)
    }

    private var failure: BlockError { .failed("\(path): cannot be written: \(HostError.text)") }

    func append(_ bytes: [UInt8]) throws(BlockError) {
        buffer += bytes
        if buffer.count > 1 << 20 { try writeOut() }
    }

    private func writeOut() throws(BlockError) {
        guard OverlayFile.write(file, buffer, at: size) else { throw failure }
        size += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    private func finish() throws(BlockError) {
        try writeOut()
        guard fsync(file) == 0 else { throw failure }
    }

    /// Puts the file in the place of what is there, and gives it open and locked.
    func takePlace() throws(BlockError) -> Int32 {
        try finish()
        guard rename(draft, path) == 0 else { throw failure }
        syncFolder()
        defer { file = -1 }
        return file
    }

    /// Puts the file where nothing is yet; false where there is something.
    func becomeNew() throws(BlockError) -> Bool {
        try finish()
        guard link(draft, path) == 0 else {
            if errno == EEXIST { return false }
            throw failure
        }
        syncFolder()
        return true
    }

    private func syncFolder() {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let file = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { return }
        fsync(file)
        Glibc.close(file)
    }
}
