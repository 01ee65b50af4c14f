import Glibc

extension HostFile {
    /// Whether something new may be put into the place of the file at `path`: not where that is a disk of the machine, or
    /// holds a saved state, a recording, an overlay or an undo file. A wrong name must not cost what took days to make.
    static func checkOutput(_ path: String, keepingOff disks: Set<FileIdentity> = []) throws(BadInput) {
        var status = stat()
        guard stat(path, &status) == 0 else { return }
        if disks.contains(FileIdentity(status)) {
            throw BadInput("\(path): is a disk of this machine; choose another name")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { return }
        let head = head(of: path, count: 16)
        for (magic, name) in [
            (StateContainer.magic, "a saved state or a recording"), (OverlayFormat.magic, "an overlay"),
            (UndoFormat.magic, "the undo file of a state"),
        ] where head.starts(with: magic) {
            throw BadInput("\(path): holds \(name); choose another name")
        }
    }

    /// The first bytes of a file; fewer where it has no more or cannot be read.
    static func head(of path: String, count: Int) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = Glibc.read(file, &bytes, count)
        return Array(bytes.prefix(max(0, got)))
    }
}
