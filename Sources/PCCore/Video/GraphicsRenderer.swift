// Graphics modes: four planes become pixels of four or eight bits, eight dots a character clock. [FreeVGA graphreg 05h]
//
// One way for all of them: planar 16 colours (modes 0Dh-12h), CGA (modes 4-6), 256 colours chained (13h) or not (X).

/// Draws a graphics screen, character clock by character clock.
struct GraphicsRenderer {
    private let memory: VideoMemory
    private let layout: ScreenLayout
    private let crtc: CRTController
    private let shiftMode: GraphicsController.ShiftMode
    private let eightBitPixels: Bool
    /// Colours of the pixels, 16 or 256 of them.
    private let colours: [UInt32]

    init(_ registers: VGA.Registers, _ memory: VideoMemory, _ layout: ScreenLayout, blinkVisible: Bool) {
        self.memory = memory
        self.layout = layout
        crtc = registers.crtc
        shiftMode = registers.graphics.shiftMode
        let attribute = registers.attribute
        eightBitPixels = attribute.eightBitPixels
        if eightBitPixels {
            let mask = attribute.planeEnable | attribute.planeEnable << 4
            colours = (0..<256).map { registers.dac.rgb(UInt8($0) & mask) }
        } else {
            // With blinking on, pixels change bit 3 in the dark half: mode 0Fh blinks by its palette.
            let flip: UInt8 = attribute.blinks && !blinkVisible ? 8 : 0
            let mask = attribute.planeEnable
            colours = (0..<16).map { registers.dac.rgb(attribute.colour($0 & mask ^ flip)) }
        }
    }

    /// Draws the groups of pixels that differ from what `cache` says was drawn.
    /// - Returns: the lines that changed.
    func draw(into pixels: inout [UInt32], cache: inout [UInt32], everything: Bool) -> Range<Int> {
        let groups = layout.columns + 1
        var everything = everything
        if cache.count != layout.height * groups {
            cache = [UInt32](repeating: 0, count: layout.height * groups)
            everything = true
        }
        var changed: Range<Int>?
        var index = 0
        for (number, line) in layout.lines.enumerated() {
            var drawn = false
            let shown = line.panning > 0 ? groups : layout.columns
            for group in 0..<shown {
                let counter = line.address &+ UInt16(truncatingIfNeeded: group >> crtc.countShift)
                let planes = memory[crtc.planeAddress(counter, rowScan: line.rowScan)]
                if everything || cache[index + group] != planes {
                    cache[index + group] = planes
                    let left = group * layout.dots - line.panning
                    draw(serialised(planes), number, left, into: &pixels)
                    drawn = true
                }
            }
            index += groups
            if drawn { changed = (changed?.lowerBound ?? number)..<number + 1 }
        }
        return changed ?? 0..<0
    }

    /// Eight pixels of four bits, the first in the upper ones.
    private func serialised(_ planes: UInt32) -> UInt32 {
        switch shiftMode {
        case .packed:
            return planes.byteSwapped
        case .planar:
            return spread(planes & 0xFF) | spread(planes >> 8 & 0xFF) << 1 | spread(planes >> 16 & 0xFF) << 2
                | spread(planes >> 24) << 3
        case .interleaved:
            let low = pairs((planes & 0xFF) << 8 | planes >> 8 & 0xFF)
            let high = pairs((planes >> 16 & 0xFF) << 8 | planes >> 24)
            return low | high << 2
        }
    }

    /// Eight bits go to the lowest bit of each nibble.
    private func spread(_ byte: UInt32) -> UInt32 {
        var bits = (byte | byte << 12) & 0x000F_000F
        bits = (bits | bits << 6) & 0x0303_0303
        return (bits | bits << 3) & 0x1111_1111
    }

    /// Eight pairs of bits go to the lower halves of eight nibbles.
    private func pairs(_ word: UInt32) -> UInt32 {
        var bits = (word | word << 8) & 0x00FF_00FF
        bits = (bits | bits << 4) & 0x0F0F_0F0F
        return (bits | bits << 2) & 0x3333_3333
    }

    private func draw(_ serial: UInt32, _ number: Int, _ left: Int, into pixels: inout [UInt32]) {
        let target = number * layout.width
        let width: UInt32 = eightBitPixels ? 8 : 4
        for x in max(0, left)..<max(0, min(layout.width, left + layout.dots)) {
            let shift = 32 - width * UInt32(truncatingIfNeeded: x - left + 1)
            pixels[target + x] = colours[Int(serial >> shift & (eightBitPixels ? 0xFF : 0x0F))]
        }
    }
}
