import CZlib

/// Compresses bytes piece by piece. [RFC 1950]
final class Deflater {
    // SAFETY: zlib keeps a pointer to its stream, so the stream has a place of its own that never moves.
    private let stream: UnsafeMutablePointer<z_stream>
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)
    /// What has come out so far.
    private(set) var output: [UInt8] = []
    /// How many bytes have gone in.
    private(set) var count = 0

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // The fastest: states are saved while somebody waits.
        let result = deflateInit_(stream, Z_BEST_SPEED, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
        precondition(result == Z_OK, "zlib has no memory")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    func append(_ bytes: [UInt8]) { append(bytes[...]) }

    func append(_ bytes: ArraySlice<UInt8>) {
        count += bytes.count
        // In pieces, because zlib counts with 32 bits.
        var rest = bytes
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 30)
            rest = rest.dropFirst(piece.count)
            // SAFETY: zlib reads the piece within this call only, and never writes to it.
            piece.withUnsafeBufferPointer {
                stream.pointee.next_in = UnsafeMutablePointer(mutating: $0.baseAddress)
                stream.pointee.avail_in = UInt32($0.count)
                drain(Z_NO_FLUSH)
            }
        }
    }

    /// All that has come out; nothing can be appended after it.
    func finish() -> [UInt8] {
        stream.pointee.next_in = nil
        stream.pointee.avail_in = 0
        drain(Z_FINISH)
        return output
    }

    private func drain(_ flush: Int32) {
        var produced: Int
        repeat {
            let room = chunk.count
            // SAFETY: zlib writes at most `avail_out` bytes, the size of the buffer.
            chunk.withUnsafeMutableBufferPointer {
                stream.pointee.next_out = $0.baseAddress
                stream.pointee.avail_out = UInt32(room)
                _ = deflate(stream, flush)
            }
            produced = room - Int(stream.pointee.avail_out)
            output += chunk[..<produced]
        } while produced == chunk.count
    }
}
