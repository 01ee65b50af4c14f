import Glibc

/// Serves a `ControlSession` on two file descriptors until the requests end.
public struct ControlServer {
    private let session: ControlSession
    private let input: Int32
    private let output: Int32
    private static let longestLine = 1 << 20

    public init(_ session: ControlSession, input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO) {
        self.session = session
        self.input = input
        self.output = output
    }

    /// Answers requests and runs the guest between them.
    public func serve() {
        defer { session.close() }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let pause = session.catchUp()
            // A pause is rounded up to whole milliseconds: the guest lags by that, and never runs ahead.
            let timeout = pause.map { Int32(clamping: ($0 + 999_999) / 1_000_000) } ?? -1
            var ready = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, timeout) > 0 else { continue }
            let count = read(input, &buffer, buffer.count)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return }
            received += buffer[..<count]
            while let end = received.firstIndex(of: 10) {
                var line = received[..<end]
                if line.last == 13 { line.removeLast() }
                let answer = session.answer(String(decoding: line, as: UTF8.self))
                received.removeFirst(end + 1)
                guard HostFile.writeAll(output, answer.map { $0 + "\n" }.joined().utf8) else { return }
            }
            guard received.count <= Self.longestLine else { return }
        }
    }
}
