import Glibc

/// The host's words for what went wrong.
enum HostError {
    /// Why the last call of the system failed.
    static var text: String { text(errno) }

    static func text(_ number: Int32) -> String { String(cString: strerror(number)) }
}

/// Which file something is, whatever path leads to it.
public struct FileIdentity: Hashable, Sendable {
    private let device: UInt64
    private let number: UInt64

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        number = UInt64(status.st_ino)
    }

    /// The file at `path`, nil where there is none.
    public init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}

/// Whole files in and out.
enum HostFile {
    /// The file that the links at `path` lead to; `path` itself where nothing is there.
    static func resolved(_ path: String) -> String {
        guard let name = realpath(path, nil) else { return path }
        defer { free(name) }
        return String(cString: name)
    }

    /// Makes sure that the name `path` is found after a crash of the host.
    static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { return }
        fsync(file)
        close(file)
    }

    /// The last part of a path.
    static func name(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// The paths of all files below `folder`, as they are called from there; links to folders are not followed. Nil
    /// where `folder` is none.
    static func tree(_ folder: String) -> [String]? {
        guard let list = opendir(folder) else { return nil }
        defer { closedir(list) }
        var files: [String] = []
        while let entry = readdir(list) {
            // SAFETY: the system ends the name with a zero, and keeps the entry until the next call.
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                files += (tree("\(folder)/\(name)") ?? []).map { "\(name)/\($0)" }
            } else {
                files.append(name)
            }
        }
        return files
    }

    /// The content of `path`, which has at most `limit` bytes.
    static func read(_ path: String, limit: Int) throws(BadInput) -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0 else { throw BadInput("\(path): \(HostError.text)") }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw BadInput("\(path): is a directory") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw BadInput("\(path): is not a regular file") }
        guard status.st_size <= limit else {
            throw BadInput("\(path): \(status.st_size) bytes is too large: at most \(limit) bytes")
        }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw BadInput("\(path): \(HostError.text)") }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while bytes.count <= limit {
            let count = Glibc.read(file, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw BadInput("\(path): cannot be read: \(HostError.text)") }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    /// Makes the folder that `path` is to stand in, with those above it.
    static func makeFolder(of path: String) throws(BadInput) {
        var end = path.startIndex
        while let slash = path[end...].firstIndex(of: "/") {
            let folder = String(path[..<slash])
            if !folder.isEmpty, mkdir(folder, 0o777) != 0, errno != EEXIST {
                throw BadInput("\(folder): cannot be made: \(HostError.text)")
            }
            end = path.index(after: slash)
        }
    }

    /// Writes a new file beside `path` and puts it in its place, so that there is the old content or the new.
    ///
    /// - Parameter disks: files of the machine that must not be overwritten.
    static func write(
        _ bytes: [UInt8], to path: String, keepingOff disks: Set<FileIdentity> = []
    ) throws(BadInput) {
        try checkOutput(path, keepingOff: disks)
        let draft = "\(path).\(getpid()).tmp"
        let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard file >= 0 else { throw BadInput("\(path): cannot be written: \(HostError.text)") }
        let written = writeAll(file, bytes)
        let number = errno
        let closed = close(file) == 0
        guard written, closed, rename(draft, path) == 0 else {
            let reason = HostError.text(written ? errno : number)
            unlink(draft)
            throw BadInput("\(path): cannot be written: \(reason)")
        }
    }

    /// Writes all of `bytes`, false where the host did not take them.
    static func writeAll(_ file: Int32, _ bytes: some Collection<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var done = 0
        while done < bytes.count {
            // SAFETY: `done` is below `bytes.count`, and no more than the rest is written.
            let count = bytes.withUnsafeBytes {
                Glibc.write(file, $0.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                var ready = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, 1000)
                continue
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }
}
