import Glibc

/// Files of states: read whole, and replaced so that there is always the old one or the new one.
enum StateStorage {
    /// What is in a file: a state is never put in the place of a recording, nor the other way round.
    enum Kind: String {
        case state = "saved state"
        case recording
    }

    /// More than a machine's memory has.
    private static let largestFile = 8 << 30

    /// The content of the state at `path`. A file that is none, or is cut, is refused by its first bytes.
    static func read(_ path: String) throws(BadInput) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0 else { throw BadInput("\(path): \(HostError.text)") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw BadInput("\(path): is no file, and no saved state") }
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw BadInput("\(path): \(HostError.text)") }
        defer { close(file) }
        guard fstat(file, &status) == 0 else { throw BadInput("\(path): \(HostError.text)") }
        let size = Int(status.st_size)
        let head = try bytes(of: file, min(size, StateContainer.headSize), path)
        do {
            try StateContainer.check(head: head[...], size: size)
        } catch {
            throw error.input(path)
        }
        guard size <= largestFile else { throw BadInput("\(path): \(size) bytes is too large for a saved state") }
        return head + (try bytes(of: file, size - head.count, path))
    }

    private static func bytes(of file: Int32, _ count: Int, _ path: String) throws(BadInput) -> [UInt8] {
        var done = 0
        // SAFETY: the closure fills what it counts, within the capacity.
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while done < count {
                let got = Glibc.read(file, buffer.baseAddress?.advanced(by: done), count - done)
                if got < 0, errno == EINTR { continue }
                if got == 0 { errno = EIO }
                guard got > 0 else { break }
                done += got
            }
            filled = done
        }
        guard done == count else { throw BadInput("\(path): cannot be read: \(HostError.text)") }
        return bytes
    }

    /// The name beside `path` under which a state is written until it is whole. One that a killed program has left is
    /// overwritten by the next.
    static func draft(_ path: String) -> String { "\(path).part" }

    /// Puts a state into the place of `path`: whole and on the disk, or not at all.
    ///
    /// - Parameter disks: files of the machine that must not be overwritten.
    static func write(
        _ bytes: [UInt8], as kind: Kind = .state, to path: String, keepingOff disks: Set<FileIdentity> = []
    ) throws(BadInput) {
        let path = try target(path, kind, keepingOff: disks)
        let draft = draft(path)
        let file = try openDraft(draft, for: path)
        defer { close(file) }
        guard ftruncate(file, 0) == 0, HostFile.writeAll(file, bytes), fsync(file) == 0, rename(draft, path) == 0 else {
            let reason = HostError.text
            unlink(draft)
            throw BadInput("\(path): cannot be written: \(reason)")
        }
        // Only now the new name is sure to be found after a crash of the host.
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        fsync(parent)
        close(parent)
    }

    /// Whether a file of `kind` could be written to `path` now: before a run that would be lost.
    static func check(_ path: String, as kind: Kind, keepingOff disks: Set<FileIdentity>) throws(BadInput) {
        let path = try target(path, kind, keepingOff: disks)
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard access(folder, W_OK | X_OK) == 0 else { throw BadInput("\(path): cannot be written: \(HostError.text)") }
    }

    /// Where a file for `path` goes, behind links; only one of its kind is overwritten.
    private static func target(
        _ path: String, _ kind: Kind, keepingOff disks: Set<FileIdentity>
    ) throws(BadInput) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else { throw BadInput("the name of the \(kind.rawValue) is empty") }
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw BadInput("\(path): cannot be written: \(HostError.text)") }
            return path
        }
        if disks.contains(FileIdentity(status)) {
            throw BadInput("\(path): is a disk of this machine; the \(kind.rawValue) needs another file")
        }
        let isFile = status.st_mode & S_IFMT == S_IFREG
        let present = isFile ? self.kind(of: path) : nil
        guard isFile, status.st_size == 0 || present != nil else {
            throw BadInput("\(path): is there already and is no \(kind.rawValue); choose another name")
        }
        if let present, present != kind {
            throw BadInput(
                "\(path): is there already and is a \(present.rawValue), not a \(kind.rawValue); choose another name")
        }
        guard let real = realpath(path, nil) else { throw BadInput("\(path): cannot be written: \(HostError.text)") }
        defer { free(real) }
        return String(cString: real)
    }

    /// What the file at `path` is by its sections' heads; nil where it is none of ours. One that is damaged before its
    /// inputs passes for a state: nobody can have either from it.
    private static func kind(of path: String) -> Kind? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let head = DiskImage.read(file, at: 0, count: StateContainer.headSize)
        guard let head else {
            let mark = DiskImage.read(file, at: 0, count: StateContainer.magic.count)
            return mark.map { StateContainer.isMarked($0) } == true ? .state : nil
        }
        guard StateContainer.isMarked(head) else { return nil }
        let tags = StateContainer.tags(head) { DiskImage.read(file, at: $0, count: $1) }
        return tags.contains(Recording.inputTag) ? .recording : .state
    }

    /// Opens the draft and makes sure that nobody else writes to it.
    private static func openDraft(_ draft: String, for path: String) throws(BadInput) -> Int32 {
        while true {
            let file = open(draft, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
            guard file >= 0 else { throw BadInput("\(path): cannot be written: \(HostError.text)") }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                close(file)
                throw BadInput("\(path): another machine is saving its state there; choose another name")
            }
            // Whoever held the lock before may have given the file its name in the meantime.
            var (opened, named) = (stat(), stat())
            if fstat(file, &opened) == 0, lstat(draft, &named) == 0, FileIdentity(opened) == FileIdentity(named) {
                return file
            }
            close(file)
        }
    }
}
