import Glibc

/// A port of the loopback interface on which a debugger can connect.
final class GDBListener {
    private let socket: Int32
    /// The one that was asked for, or the one that the host has chosen.
    let port: UInt16

    /// - Parameter port: 0 is any that is free.
    init(port: UInt16) throws(BadInput) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { throw BadInput("--gdb: the host gives no socket: \(HostError.text)") }
        // A connection of an earlier run that is not forgotten yet does not matter.
        var reuses: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuses, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        guard Self.with(&address, { bind(socket, $0, $1) }) == 0, listen(socket, 4) == 0 else {
            let reason = errno == EADDRINUSE ? "the port is taken" : HostError.text
            close(socket)
            throw BadInput("--gdb \(port): \(reason); choose another port, or 0 for any that is free")
        }
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = Self.with(&address) { place, _ in getsockname(socket, place, &size) }
        self.socket = socket
        self.port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(socket) }

    /// A client that has come, nil where none has within `timeout` milliseconds.
    func accept(timeout: Int32) -> GDBConnection? {
        guard HostSocket.isReady(socket, timeout: timeout) else { return nil }
        let client = Glibc.accept(socket, nil, nil)
        return client >= 0 ? GDBConnection(client) : nil
    }

    var hasClient: Bool { HostSocket.isReady(socket, timeout: 0) }

    // SAFETY: `call` uses the pointer, which is good until it comes back.
    private static func with(
        _ address: inout sockaddr_in, _ call: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        // SAFETY: as above.
        withUnsafeMutablePointer(to: &address) { place in
            // SAFETY: every address of a socket begins as `sockaddr` does, and its size is passed along.
            place.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}

/// A debugger's connection. Nothing here waits for long: the machine and its user come first.
final class GDBConnection {
    private let socket: Int32
    private var buffer = [UInt8](repeating: 0, count: 4096)
    /// How long a client may leave its answers unread, in milliseconds.
    private static let patience: Int32 = 2000

    init(_ socket: Int32) {
        self.socket = socket
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        var isOn: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(socket) }

    /// What has come within `timeout` milliseconds; nil once the client is gone.
    func receive(timeout: Int32) -> ArraySlice<UInt8>? {
        guard HostSocket.isReady(socket, timeout: timeout) else { return [] }
        let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        return count > 0 ? buffer[..<count] : nil
    }

    /// False where the client does not take it.
    func send(_ bytes: [UInt8]) -> Bool {
        var done = 0
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        while done < bytes.count {
            // SAFETY: `done` is below `bytes.count`, and no more than the rest is read.
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress?.advanced(by: done), bytes.count - done, flags)
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                guard HostSocket.isReady(socket, for: POLLOUT, timeout: Self.patience) else { return false }
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}

/// What all sockets have in common.
enum HostSocket {
    static func isReady(_ socket: Int32, for events: Int32 = POLLIN, timeout: Int32) -> Bool {
        var ready = pollfd(fd: socket, events: Int16(events), revents: 0)
        return poll(&ready, 1, timeout) > 0
    }
}
