import Glibc
import Testing

@testable import PCHost

/// The other end of a control socket, in the same thread as its server: nothing here waits.
final class SocketPeer {
    let file: Int32
    private var received: [UInt8] = []

    init?(_ path: String) {
        file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(file, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else {
            Glibc.close(file)
            return nil
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) { _ = Glibc.send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// Everything that has come since the last call.
    func read() -> String {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(file, &buffer, buffer.count)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Whether the server has hung up.
    var isAtEnd: Bool {
        var byte: UInt8 = 0
        return Glibc.recv(file, &byte, 1, Int32(MSG_PEEK)) == 0
    }

    func close() { Glibc.close(file) }
}
