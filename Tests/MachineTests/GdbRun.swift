import Foundation
import Testing

/// A swift86 that waits for gdb, and clients of it.
final class GdbRun {
    let folder: Folder
    let port: UInt16
    private let process = Process()

    /// gdb that knows the PC's CPUs.
    static let gdb = Surroundings.program("gdb")

    init(_ arguments: [String], folder: Folder) throws {
        self.folder = folder
        process.executableURL = Tool.url
        process.arguments = ["--headless", "--gdb", "0"] + arguments
        process.environment = Tool.base
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try folder.handle("output")
        process.standardError = try folder.handle("errors")
        try process.launchUnblocked()
        var port: UInt16?
        let end = Date(timeIntervalSinceNow: 20)
        while port == nil, Date() < end {
            usleep(10_000)
            let line = try folder.text("errors").split(separator: "\n").first { $0.contains("127.0.0.1:") }
            port = line?.split(separator: ":").last.flatMap { UInt16($0) }
        }
        let errors = try folder.text("errors")
        self.port = try #require(port, "\(errors)")
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    var isRunning: Bool { process.isRunning }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// The status of the program, which ends now.
    func status() throws -> Int32 {
        let end = Date(timeIntervalSinceNow: 20)
        while process.isRunning, Date() < end { usleep(10_000) }
        try #require(!process.isRunning, "swift86 goes on")
        return process.terminationStatus
    }

    /// What gdb prints when it is given these lines after it has connected.
    func gdb(_ lines: String) throws -> String {
        let script = """
            set pagination off
            set confirm off
            set width 0
            set remotetimeout 30
            target remote 127.0.0.1:\(port)
            \(lines)

            """
        let path = try folder.file("script", Array(script.utf8))
        let process = Process()
        process.executableURL = URL(filePath: Self.gdb ?? "")
        process.arguments = ["-nx", "-q", "-batch", "-x", path]
        process.standardInput = FileHandle.nullDevice
        let output = try folder.handle("gdb")
        process.standardOutput = output
        process.standardError = output
        try process.launchUnblocked()
        let end = Date(timeIntervalSinceNow: 120)
        while process.isRunning, Date() < end { usleep(10_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return try folder.text("gdb")
    }
}

/// A client that knows nothing of the protocol but its frames.
final class RawClient {
    private let socket: Int32
    private var received: [UInt8] = []

    init(port: UInt16) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { [socket] in
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
    }

    deinit { close(socket) }

    func send(_ bytes: [UInt8]) { _ = Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }

    /// Sends a packet; gives its answer.
    func ask(_ packet: String) throws -> String {
        send(Self.frame(packet))
        return try answer()
    }

    static func frame(_ packet: String) -> [UInt8] {
        Array("$\(packet)#".utf8) + Array(String(format: "%02x", packet.utf8.reduce(UInt8(0), &+)).utf8)
    }

    /// The next packet that comes, without its frame.
    func answer(seconds: Int32 = 20) throws -> String {
        while true {
            if let start = received.firstIndex(of: UInt8(ascii: "$")),
                let end = received[start...].firstIndex(of: UInt8(ascii: "#")), received.count >= end + 3
            {
                defer { received.removeFirst(end + 3) }
                return String(decoding: received[(start + 1)..<end], as: UTF8.self)
            }
            let bytes = try #require(receive(seconds: seconds), "no answer: \(received)")
            received += bytes
        }
    }

    /// Bytes that have come; nil where none do, or where the connection is over.
    func receive(seconds: Int32) -> [UInt8]? {
        var ready = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, seconds * 1000) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }
}
