/// The VGA's 256 KB: four planes of 64 KB, interleaved. Plane p of address a is byte a * 4 + p.
final class VideoMemory {
    static let count = 0x4_0000
    // SAFETY: `count` bytes.
    private let start: UnsafeMutableRawPointer

    init() {
        start = .allocate(byteCount: Self.count, alignment: 4096)
        start.initializeMemory(as: UInt8.self, repeating: 0, count: Self.count)
    }

    deinit { start.deallocate() }

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

    /// The whole memory as plain bytes.
    var bytes: [UInt8] {
        get { [UInt8](UnsafeRawBufferPointer(start: start, count: Self.count)) }
        set {
            // SAFETY: the copy is cut to the size of the allocation.
            newValue.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(start: start, count: Self.count)
                    .copyBytes(from: $0.prefix(Self.count))
            }
        }
    }
}
