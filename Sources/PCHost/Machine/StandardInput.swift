import Glibc

/// Standard input, read only when something is there.
final class StandardInput {
    private(set) var isAtEnd = false

    /// Up to `limit` bytes; none where nothing has come yet.
    func read(limit: Int) -> [UInt8] {
        guard !isAtEnd, limit > 0 else { return [] }
        var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, 0) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = Glibc.read(STDIN_FILENO, &bytes, limit)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        guard count > 0 else {
            isAtEnd = true
            return []
        }
        return Array(bytes[..<count])
    }
}
