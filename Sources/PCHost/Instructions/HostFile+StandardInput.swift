import Glibc

extension HostFile {
    /// All of standard input, which has at most `limit` bytes.
    static func readStandardInput(limit: Int) throws(BadInput) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw BadInput("standard input: cannot be read: \(HostError.text)") }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw BadInput("standard input: is too large: at most \(limit) bytes")
            }
        }
    }
}
