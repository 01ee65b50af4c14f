import Glibc

/// A Unix stream socket that takes clients, at a path that only its owner may connect to.
final class SocketListener {
    let path: String
    let file: Int32
    private let identity: FileIdentity?

    /// Takes over the socket of a program that is gone, and nothing else that is there.
    init(_ path: String) throws(BadInput) {
        self.path = path
        var address = try Self.address(path)
        let turn = try SocketTurn(path)
        defer { turn.end() }
        try Self.makeRoom(path, &address)
        let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Self.flags, 0)
        guard file >= 0 else { throw BadInput("\(path): no socket can be made: \(HostError.text)") }
        // Before the name is there: nobody else can connect in between.
        fchmod(file, 0o600)
        guard Self.call(&address, { bind(file, $0, $1) }) == 0, listen(file, 32) == 0 else {
            let reason = HostError.text
            Glibc.close(file)
            throw BadInput("\(path): no socket can be made there: \(reason)")
        }
        self.file = file
        identity = FileIdentity(path: path)
    }

    deinit { close() }

    private var isClosed = false

    /// Takes the socket away, unless another program has put something else in its place.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        if let identity, FileIdentity(path: path) == identity { unlink(path) }
        Glibc.close(file)
    }

    /// The next client that waits; nil where none does. Its calls never block.
    func accept() -> Int32? {
        let client = Glibc.accept(file, nil, nil)
        guard client >= 0 else { return nil }
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        return client
    }

    private static let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    private static func makeRoom(_ path: String, _ address: inout sockaddr_un) throws(BadInput) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw BadInput("\(path): is there already and is no socket; choose another name")
        }
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard probe >= 0 else { throw BadInput("\(path): no socket can be made: \(HostError.text)") }
        defer { Glibc.close(probe) }
        if call(&address, { connect(probe, $0, $1) }) == 0 || errno == EAGAIN {
            throw BadInput("\(path): another program listens there; end it or choose another name")
        }
        guard errno == ECONNREFUSED else { throw BadInput("\(path): \(HostError.text)") }
        guard unlink(path) == 0 || errno == ENOENT else {
            throw BadInput("\(path): was left by a program that is gone, and cannot be removed: \(HostError.text)")
        }
    }

    private static func address(_ path: String) throws(BadInput) -> sockaddr_un {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard !bytes.isEmpty else { throw BadInput("the name of the socket is empty") }
        guard bytes.count <= room, !bytes.contains(0) else {
            throw BadInput("\(path): a socket's name has at most \(room) bytes; choose a shorter one")
        }
        // SAFETY: the bytes are fewer than the array has, which was all zeros.
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return address
    }

    private static func call(
        _ address: inout sockaddr_un, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        // SAFETY: the system takes any family's address by a pointer to the common head, and its true size.
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// Whose turn it is to make a socket at a path: of two programs that find the socket of one that is gone, the second would
/// take away the first one's. A lock on a file beside it, which is gone with the turn.
private struct SocketTurn {
    private let path: String
    private let file: Int32

    init(_ socket: String) throws(BadInput) {
        path = socket + ".lock"
        while true {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
            guard file >= 0 else { throw BadInput("\(socket): no socket can be made there: \(HostError.text)") }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                close(file)
                throw BadInput("\(socket): is in use by another program that starts now; choose another name")
            }
            // Whoever had the turn before may have taken the file away in the meantime.
            var status = stat()
            if fstat(file, &status) == 0, FileIdentity(status) == FileIdentity(path: path) {
                self.file = file
                return
            }
            close(file)
        }
    }

    func end() {
        unlink(path)
        close(file)
    }
}
