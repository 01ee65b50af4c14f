/// The adapter's memory. Its first 256 KB are the VGA's: four planes of 64 KB, interleaved; plane p of address a is byte
/// a * 4 + p. The modes of the display interface see the same bytes in a row.
final class VideoMemory {
    /// Bytes of a VGA without more.
    static let count = 0x4_0000
    /// Bytes of all memory, at least `count`.
    let size: Int
    // SAFETY: `size` bytes.
    let start: UnsafeMutableRawPointer
    private let allocator: MemoryAllocator

    /// - Parameter size: a power of two.
    init(size: Int = VideoMemory.count, allocator: MemoryAllocator = .heap) {
        self.size = max(size, Self.count)
        self.allocator = allocator
        start = allocator.allocate(self.size, .video)
    }

    deinit { allocator.free(start, size) }

    /// All four planes of an address, plane 0 in the low byte.
    subscript(address: UInt16) -> UInt32 {
        // SAFETY: 65,536 addresses of four bytes are the whole allocation.
        @inline(__always)
        get { UInt32(littleEndian: start.load(fromByteOffset: Int(address) &* 4, as: UInt32.self)) }
        @inline(__always)
        set { start.storeBytes(of: newValue.littleEndian, toByteOffset: Int(address) &* 4, as: UInt32.self) }
    }

    /// One byte, by address * 4 + plane.
    @inline(__always)
    func store(_ value: UInt8, at index: UInt32) {
        // SAFETY: the mask keeps the index inside of the allocation.
        start.storeBytes(of: value, toByteOffset: Int(index & 0x3_FFFF), as: UInt8.self)
    }

    /// Two planes of one address, the lower one at `index`, which is even.
    @inline(__always)
    func store(_ value: UInt16, at index: UInt32) {
        // SAFETY: the mask keeps both bytes inside of the allocation.
        start.storeBytes(of: value.littleEndian, toByteOffset: Int(index & 0x3_FFFE), as: UInt16.self)
    }

    /// The memory as plain bytes, without the zeros at the end of what the VGA does not have.
    var bytes: [UInt8] {
        get { [UInt8](UnsafeRawBufferPointer(start: start, count: usedCount)) }
        set {
            clear(size)
            // SAFETY: the copy is cut to the size of the allocation.
            newValue.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(start: start, count: size).copyBytes(from: $0.prefix(size))
            }
        }
    }
}
