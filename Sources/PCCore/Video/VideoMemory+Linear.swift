// Video memory byte by byte, all of it: what the display interface's modes show, and the linear frame buffer.

extension VideoMemory {
    /// The whole memory, for as long as the adapter is there.
    // SAFETY: `size` bytes.
    var linear: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: size) }

    /// What a line of the picture is drawn from; nil where it does not lie in memory.
    func line(at offset: Int, count: Int) -> UnsafeRawPointer? {
        guard offset >= 0, count >= 0, offset <= size - count else { return nil }
        // SAFETY: `count` bytes from there are in memory, as was just checked.
        return UnsafeRawPointer(start + offset)
    }

    /// Ones outside of memory. The access need not be aligned.
    func read(at offset: Int, _ width: AccessWidth) -> UInt32 {
        guard offset >= 0, offset <= size - width.rawValue else { return width.ones }
        // SAFETY: the bytes are in memory, as was just checked.
        let place = start + offset
        return switch width {
        case .byte: UInt32(place.load(as: UInt8.self))
        case .word: UInt32(UInt16(littleEndian: place.loadUnaligned(as: UInt16.self)))
        case .dword: UInt32(littleEndian: place.loadUnaligned(as: UInt32.self))
        }
    }

    func write(at offset: Int, _ value: UInt32, _ width: AccessWidth) {
        guard offset >= 0, offset <= size - width.rawValue else { return }
        // SAFETY: as above.
        let place = start + offset
        switch width {
        case .byte: place.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
        case .word: place.storeBytes(of: UInt16(truncatingIfNeeded: value).littleEndian, as: UInt16.self)
        case .dword: place.storeBytes(of: value.littleEndian, as: UInt32.self)
        }
    }

    /// Blanks the first `count` bytes, as far as there is memory.
    func clear(_ count: Int) {
        // SAFETY: the count is cut to the size of the allocation.
        start.initializeMemory(as: UInt8.self, repeating: 0, count: min(max(0, count), size))
    }

    /// How many bytes from the start on stand for all of memory: the VGA's own, and up to the last that is not zero.
    var usedCount: Int {
        var count = size
        // SAFETY: `count` is a multiple of 8 from 8 up to the size of the allocation.
        while count > Self.count, start.load(fromByteOffset: count - 8, as: UInt64.self) == 0 { count -= 8 }
        return count
    }
}

/// The linear frame buffer where the CPU does not reach it as memory: the other way to the same bytes, which tells the VGA
/// of stores.
final class LinearFrameBuffer: MemoryMappedDevice {
    private let vga: VGA

    init(_ vga: VGA) { self.vga = vga }

    func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32 { vga.memory.read(at: Int(offset), width) }

    func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {
        vga.memory.write(at: Int(offset), value, width)
        // The VGA's planes are the first bytes; every fourth one is of plane 2.
        guard offset < UInt32(VideoMemory.count) else { return }
        if (2 &- offset) & 3 < UInt32(width.rawValue) { vga.fontChanged() }
        vga.contentChanged()
    }
}
