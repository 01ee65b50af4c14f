// Text modes: characters of plane 0 with attributes of plane 1, drawn by a font of plane 2. [FreeVGA vgatext]

/// Draws a text screen, cell by cell.
struct TextRenderer {
    /// What a cell is drawn from, in one word: equal words look alike while fonts and colours stay.
    private enum CellKey {
        /// Bits 0-7 the character, bits 8-15 the attribute.
        static let code: UInt32 = 0xFFFF
        /// The character blinks and is in its dark half.
        static let dark: UInt32 = 1 << 16
        /// The cursor is here; its row scans are in bits 18-22 and 23-27.
        static let cursor: UInt32 = 1 << 17
        static let none = UInt32.max
    }

    private let memory: VideoMemory
    private let layout: ScreenLayout
    private let crtc: CRTController
    private let blinks: Bool
    private let lineGraphics: Bool
    private let fonts: (clear: Int, set: Int)
    private let colours: [UInt32]
    private let blink: BlinkPhase

    init(_ registers: VGA.Registers, _ memory: VideoMemory, _ layout: ScreenLayout, blink: BlinkPhase) {
        self.memory = memory
        self.layout = layout
        self.blink = blink
        crtc = registers.crtc
        blinks = registers.attribute.blinks
        lineGraphics = registers.attribute.lineGraphics
        fonts = registers.sequencer.fontAddresses
        let attribute = registers.attribute
        colours = (0..<16).map { registers.dac.rgb(attribute.colour($0 & attribute.planeEnable)) }
    }

    /// Draws the cells that differ from what `cache` says was drawn.
    /// - Returns: the lines that changed.
    func draw(into pixels: inout [UInt32], cache: inout [UInt32], everything: Bool) -> Range<Int> {
        let rows = layout.rows
        // A panned line shows a part of one more column.
        let columns = layout.columns + 1
        if everything || cache.count != rows.count * columns {
            cache = [UInt32](repeating: CellKey.none, count: rows.count * columns)
        }
        var changed: Range<Int>?
        var index = 0
        for row in rows {
            var drawn = false
            for column in 0..<columns {
                let key = cell(row, column)
                if cache[index] != key, column < layout.columns || layout.lines[row.first].panning > 0 {
                    cache[index] = key
                    draw(key, row, column, into: &pixels)
                    drawn = true
                }
                index += 1
            }
            if drawn { changed = (changed?.lowerBound ?? row.first)..<row.first + row.count }
        }
        return changed ?? 0..<0
    }

    private func cell(_ row: ScreenLayout.Row, _ column: Int) -> UInt32 {
        let start = layout.lines[row.first].address
        var key = memory[crtc.planeAddress(counter(start, column))] & CellKey.code
        if blinks, key & 0x8000 != 0, !blink.characters { key |= CellKey.dark }
        if blink.cursor, let scans = crtc.cursorRowScans, column >= crtc.cursorSkew,
            counter(start, column - crtc.cursorSkew) == crtc.cursorLocation
        {
            key |= CellKey.cursor | UInt32(scans.lowerBound) << 18 | UInt32(scans.upperBound) << 23
        }
        return key
    }

    private func counter(_ start: UInt16, _ column: Int) -> UInt16 {
        start &+ UInt16(truncatingIfNeeded: column >> crtc.countShift)
    }

    private func draw(_ key: UInt32, _ row: ScreenLayout.Row, _ column: Int, into pixels: inout [UInt32]) {
        let code = UInt8(truncatingIfNeeded: key)
        let attribute = UInt8(truncatingIfNeeded: key >> 8)
        let ink = colours[Int(attribute & 0x0F)]
        let paper = colours[Int(attribute >> 4 & (blinks ? 7 : 15))]
        let font = (attribute & 8 != 0 ? fonts.set : fonts.clear) + Int(code) * 32
        // Underline is where the foreground is 1 and the background 0. [FreeVGA crtcreg 14h]
        let underlined = attribute & 0x77 == 1
        let repeatsEighth = lineGraphics && code & 0xE0 == 0xC0

        for i in 0..<row.count {
            let line = layout.lines[row.first + i]
            // Nine dots, the first in bit 8.
            var dots = memory[UInt16(truncatingIfNeeded: font + Int(line.rowScan))] >> 15 & 0x1FE
            if repeatsEighth { dots |= dots >> 1 & 1 }
            if underlined, line.rowScan == crtc.underline { dots = 0x1FF }
            if key & CellKey.dark != 0 { dots = 0 }
            if key & CellKey.cursor != 0 {
                let scan = UInt32(line.rowScan)
                if scan >= key >> 18 & 31, scan <= key >> 23 & 31 { dots = 0x1FF }
            }
            let left = column * layout.dots - line.panning
            let target = (row.first + i) * layout.width
            for x in max(0, left)..<max(0, min(layout.width, left + layout.dots)) {
                pixels[target + x] = dots >> UInt32(truncatingIfNeeded: 8 - (x - left)) & 1 != 0 ? ink : paper
            }
        }
    }
}
