// The picture of the display interface's modes: 4 bits a pixel in four planes, 8 by the palette, 15, 16, 24 and 32 bits of
// colour.
//
// Nobody is told of stores to the frame buffer. So each line is compared with what it was drawn from, and drawn where it
// differs: what did not change costs a comparison, what did ends it at the first pixels.

/// Draws such a picture again and again, and keeps what its lines were drawn from.
struct DispiRenderer {
    /// What the whole picture depends on; a change draws everything.
    private struct Key: Equatable {
        var layout: UInt64
        var columns, lines, bitsPerPixel: Int
    }

    private var key: Key?
    /// The lines as they stood in memory, for the depths whose pixels are not those of the picture.
    private var drawn: [UInt8] = []
    /// Colours of the pixels, for 4 and 8 bits.
    private var colours: [UInt32] = []

    /// The next `update` draws everything.
    mutating func forget() { key = nil }

    /// Brings `frame` up to date.
    /// - Returns: the lines that changed, empty if none did.
    mutating func update(_ frame: inout FrameBuffer, from vga: VGA) -> Range<Int> {
        let dispi = vga.registers.dispi
        let (width, height) = (Int(dispi.columns), Int(dispi.lines))
        let now = Key(
            layout: vga.layoutGeneration, columns: width, lines: height, bitsPerPixel: Int(dispi.bitsPerPixel))
        let everything = now != key
        key = now
        if frame.width != width || frame.height != height { frame = FrameBuffer(width: width, height: height) }
        // Planes come in groups of eight pixels; a part of one at the end is shown as well.
        let count = dispi.isPlanar ? (width + 7) / 8 * 4 : dispi.bytes(width)
        if everything { takeColours(vga.registers) }
        let needed = dispi.bitsPerPixel == 32 ? 0 : count * height
        // Taken out for the while, and put back as it is then: nothing is copied.
        var copies = drawn.count == needed ? drawn : [UInt8](repeating: 0, count: needed)
        drawn = []

        var changed: Range<Int>?
        let (start, pitch, memory) = (dispi.start, dispi.pitch, vga.memory)
        // SAFETY: `frame` has `height` lines of `width` pixels, and `copies` as many of `count` bytes.
        frame.pixels.withUnsafeMutableBufferPointer { pixels in
            // SAFETY: as above.
            copies.withUnsafeMutableBytes { copies in
                guard let pixels = pixels.baseAddress else { return }
                for line in 0..<height {
                    guard let source = memory.line(at: start + line * pitch, count: count) else { continue }
                    let target = pixels + line * width
                    // SAFETY: where there is no copy, nobody asks for it.
                    let copy = needed > 0 ? copies.baseAddress.map { $0 + line * count } : nil
                    if let copy {
                        guard everything || Self.differ(source, copy, count) else { continue }
                        copy.copyMemory(from: source, byteCount: count)
                    } else {
                        guard everything || Self.differ(source, target, width) else { continue }
                    }
                    draw(source, target, width, dispi.bitsPerPixel)
                    changed = (changed?.lowerBound ?? line)..<line + 1
                }
            }
        }
        drawn = copies
        return changed ?? 0..<0
    }

    private mutating func takeColours(_ registers: VGA.Registers) {
        switch registers.dispi.bitsPerPixel {
        case 4:
            let mask = registers.attribute.planeEnable
            colours = (0..<16).map { registers.dac.rgb(registers.attribute.colour($0 & mask)) }
        case 8: colours = (0..<256).map { registers.dac.rgb(UInt8($0)) }
        default: colours = []
        }
    }

    // MARK: Lines

    /// Whether `count` bytes differ.
    // SAFETY: both have `count` bytes.
    private static func differ(_ a: UnsafeRawPointer, _ b: UnsafeMutableRawPointer, _ count: Int) -> Bool {
        typealias Block = SIMD32<UInt8>
        var place = 0
        // SAFETY: as above.
        while place + 32 <= count {
            let one = a.loadUnaligned(fromByteOffset: place, as: Block.self)
            if one != b.loadUnaligned(fromByteOffset: place, as: Block.self) { return true }
            place += 32
        }
        while place < count {
            if a.load(fromByteOffset: place, as: UInt8.self) != b.load(fromByteOffset: place, as: UInt8.self) {
                return true
            }
            place += 1
        }
        return false
    }

    /// Whether `count` pixels of 32 bits differ from those of the picture, which have no fourth byte.
    // SAFETY: both have `count` pixels.
    private static func differ(_ a: UnsafeRawPointer, _ b: UnsafeMutablePointer<UInt32>, _ count: Int) -> Bool {
        typealias Block = SIMD8<UInt32>
        let mask = Block(repeating: 0xFF_FFFF)
        var place = 0
        // SAFETY: as above.
        while place + 8 <= count {
            let one = a.loadUnaligned(fromByteOffset: place * 4, as: Block.self) & mask
            if one != UnsafeRawPointer(b + place).loadUnaligned(as: Block.self) { return true }
            place += 8
        }
        while place < count {
            let one = UInt32(littleEndian: a.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self))
            if one & 0xFF_FFFF != b[place] { return true }
            place += 1
        }
        return false
    }

    // SAFETY: `source` holds `count` pixels of the depth, `target` has room for as many; tables have 16 or 256 colours.
    private func draw(_ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<UInt32>, _ count: Int, _ bits: UInt16)
    {
        switch bits {
        case 4: drawPlanes(source, target, count)
        case 8:
            // SAFETY: there are 256 colours.
            colours.withUnsafeBufferPointer { colours in
                for i in 0..<count { target[i] = colours[Int(source.load(fromByteOffset: i, as: UInt8.self))] }
            }
        case 15:
            // SAFETY: two bytes a pixel.
            for i in 0..<count {
                let pixel = UInt32(UInt16(littleEndian: source.loadUnaligned(fromByteOffset: i * 2, as: UInt16.self)))
                let wide = (pixel & 0x7C00) << 9 | (pixel & 0x03E0) << 6 | (pixel & 0x001F) << 3
                target[i] = wide | wide >> 5 & 0x07_0707
            }
        case 16:
            // SAFETY: two bytes a pixel.
            for i in 0..<count {
                let pixel = UInt32(UInt16(littleEndian: source.loadUnaligned(fromByteOffset: i * 2, as: UInt16.self)))
                let redBlue = (pixel & 0xF800) << 8 | (pixel & 0x001F) << 3
                let green = (pixel & 0x07E0) << 5
                target[i] = redBlue | redBlue >> 5 & 0x07_0007 | green | green >> 6 & 0x0300
            }
        case 24:
            for i in 0..<count {
                let low = UInt32(source.load(fromByteOffset: i * 3, as: UInt8.self))
                let middle = UInt32(source.load(fromByteOffset: i * 3 + 1, as: UInt8.self))
                target[i] = low | middle << 8 | UInt32(source.load(fromByteOffset: i * 3 + 2, as: UInt8.self)) << 16
            }
        default:
            // SAFETY: four bytes a pixel.
            for i in 0..<count {
                let pixel = UInt32(littleEndian: source.loadUnaligned(fromByteOffset: i * 4, as: UInt32.self))
                target[i] = pixel & 0xFF_FFFF
            }
        }
    }

    /// Groups of eight pixels: a byte of each plane, the first pixel in the upper bits.
    // SAFETY: as for `draw`.
    private func drawPlanes(_ source: UnsafeRawPointer, _ target: UnsafeMutablePointer<UInt32>, _ count: Int) {
        for i in 0..<count {
            // SAFETY: `source` holds all planes of a part of a group.
            let planes = UInt32(littleEndian: source.loadUnaligned(fromByteOffset: i / 8 * 4, as: UInt32.self))
            let bits = planes >> UInt32(7 - i % 8) & 0x0101_0101
            target[i] = colours[Int((bits | bits >> 7 | bits >> 14 | bits >> 21) & 0x0F)]
        }
    }
}
