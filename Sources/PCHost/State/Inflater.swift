import CZlib

/// Decompresses bytes piece by piece, never more than is asked for. [RFC 1950]
final class Inflater {
    // SAFETY: zlib keeps a pointer to its stream, so the stream has a place of its own that never moves.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: ArraySlice<UInt8>
    private var position: Int

    init(_ input: ArraySlice<UInt8>) {
        self.input = input
        position = input.startIndex
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let result = inflateInit_(stream, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib has no memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// The next `count` bytes; nil where the input is damaged or has not as many.
    func read(_ count: Int) -> [UInt8]? {
        var isGood = true
        // SAFETY: the closure fills what it counts, and takes back all of it where it fails.
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            isGood = fill(buffer)
            filled = isGood ? count : 0
        }
        return isGood ? bytes : nil
    }

    /// Whether the end of the stream has come, with all of the input used up.
    func isAtEnd() -> Bool {
        var byte: UInt8 = 0
        // SAFETY: one byte.
        let left = withUnsafeMutablePointer(to: &byte) { step(UnsafeMutableBufferPointer(start: $0, count: 1)) }
        return left == .end && position == input.endIndex
    }

    private enum Step: Equatable {
        case some(Int)
        case end, failed
    }

    private func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Bool {
        var done = 0
        while done < buffer.count {
            // SAFETY: the rest of the buffer.
            let rest = UnsafeMutableBufferPointer(rebasing: buffer[done..<min(buffer.count, done + 1 << 30)])
            guard case .some(let count) = step(rest) else { return false }
            done += count
        }
        return true
    }

    /// Decompresses into `room`, at least one byte of it where there is one to be had.
    private func step(_ room: UnsafeMutableBufferPointer<UInt8>) -> Step {
        // SAFETY: zlib reads the input within this call only, never writes to it, and writes into `room` alone.
        input[position...].prefix(1 << 30).withUnsafeBufferPointer { given in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: given.baseAddress)
            stream.pointee.avail_in = UInt32(given.count)
            stream.pointee.next_out = room.baseAddress
            stream.pointee.avail_out = UInt32(room.count)
            let result = inflate(stream, Z_NO_FLUSH)
            position += given.count - Int(stream.pointee.avail_in)
            let count = room.count - Int(stream.pointee.avail_out)
            if count > 0, result == Z_OK || result == Z_STREAM_END { return .some(count) }
            return result == Z_STREAM_END ? .end : .failed
        }
    }
}
