import Glibc

/// Reads a trace line by line; its size does not matter.
final class TraceReader {
    let path: String
    private let file: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 20)
    private var start = 0
    private var end = 0
    private var isAtEnd = false
    /// The number of the line that was given last, from 1 on.
    private(set) var lineNumber = 0

    /// - Parameter path: a file, a pipe, or `-` for standard input.
    init(_ path: String) throws(BadInput) {
        self.path = path
        guard path != "-" else {
            file = STDIN_FILENO
            return
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw BadInput("\(path): \(HostError.text)") }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw BadInput("\(path): is a directory; name a file that boot --trace wrote")
        }
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw BadInput("\(path): \(HostError.text)") }
    }

    deinit {
        if file != STDIN_FILENO { close(file) }
    }

    /// The next line that is no comment, without its end; nil at the file's end. Valid until the next call.
    func next() throws(BadInput) -> ArraySlice<UInt8>? {
        while let range = try nextRange() {
            lineNumber += 1
            if range.isEmpty || buffer[range.lowerBound] == UInt8(ascii: "#") { continue }
            return buffer[range]
        }
        return nil
    }

    private func nextRange() throws(BadInput) -> Range<Int>? {
        var searched = start
        while true {
            if let newLine = find(from: searched) {
                defer { start = newLine + 1 }
                return start..<newLine
            }
            guard !isAtEnd else {
                defer { start = end }
                return start < end ? start..<end : nil
            }
            searched = end - start
            try fill()
        }
    }

    private func find(from position: Int) -> Int? {
        guard position < end else { return nil }
        // SAFETY: `position` and `end` are within the buffer.
        return buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let found = memchr(base + position, 10, end - position) else {
                return nil
            }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Moves what is left to the front and reads more behind it.
    private func fill() throws(BadInput) {
        if start > 0 {
            buffer.withUnsafeMutableBytes {
                // SAFETY: `start` is at most `end`, which is within the buffer.
                if let base = $0.baseAddress { memmove(base, base + start, end - start) }
            }
            end -= start
            start = 0
        }
        guard end < buffer.count else {
            throw BadInput("\(name): line \(lineNumber + 1) has no end: this is no trace")
        }
        while true {
            let room = end
            let count = buffer.withUnsafeMutableBytes {
                read(file, $0.baseAddress?.advanced(by: room), $0.count - room)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw BadInput("\(name): cannot be read: \(HostError.text)") }
            if count == 0 { isAtEnd = true }
            end += count
            return
        }
    }

    /// What messages call the file.
    var name: String { path == "-" ? "standard input" : path }
}
