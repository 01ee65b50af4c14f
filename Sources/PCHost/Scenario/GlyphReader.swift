import PCCore

/// Reads the text on a screen in a graphics mode, by the glyphs of the guest's own fonts.
///
/// Characters stand in cells of eight pixels across and a font's height down, from the top left, in any two colours. Fonts
/// are those that the interrupt vectors 43h and 1Fh point at, and those in the VGA BIOS's ROM.
struct GlyphReader {
    /// The glyphs of one font, by their rows.
    private struct Font {
        let height: Int
        private var codes: [[UInt8]: UInt8] = [:]

        init(height: Int) { self.height = height }

        /// Of glyphs that look the same, letters and the blank win.
        mutating func add(_ code: UInt8, _ rows: [UInt8]) {
            if let other = codes[rows], Self.rank(other) >= Self.rank(code) { return }
            codes[rows] = code
        }

        private static func rank(_ code: UInt8) -> Int { (0x20..<0x7F).contains(code) ? 1 : 0 }

        subscript(rows: [UInt8]) -> UInt8? { codes[rows] }
    }

    private let fonts: [Font]
    private static let heights = [16, 14, 8]

    /// Takes the fonts out of the memory of `pc`.
    init(_ pc: PC) {
        let memory = pc.bus.memory
        let bytes = { (start: UInt32, count: Int) in
            (0..<count).map { memory.peek(start &+ UInt32(truncatingIfNeeded: $0)) ?? 0xFF }
        }
        let rom = bytes(0xC0000, 0x10000)
        let pointer = { (vector: UInt32) in
            let entry = bytes(vector * 4, 4).map(UInt32.init)
            return (entry[3] << 8 | entry[2]) << 4 &+ (entry[1] << 8 | entry[0])
        }
        fonts = Self.heights.map { height in
            var font = Font(height: height)
            // The BIOS's data area says how high the characters are that vector 43h points at.
            if bytes(0x485, 1) == [UInt8(height)] {
                let count = height == 8 ? 128 : 256
                Self.add(bytes(pointer(0x43), count * height), firstCode: 0, to: &font)
            }
            if height == 8 { Self.add(bytes(pointer(0x1F), 128 * 8), firstCode: 128, to: &font) }
            if let start = Self.findFont(in: rom, height: height) {
                Self.add(Array(rom[start..<start + 256 * height]), firstCode: 0, to: &font)
            }
            return font
        }
    }

    private static func add(_ bytes: [UInt8], firstCode: Int, to font: inout Font) {
        for number in 0..<bytes.count / font.height where firstCode + number < 256 {
            let rows = Array(bytes[number * font.height..<(number + 1) * font.height])
            font.add(UInt8(firstCode + number), rows)
        }
    }

    /// Where a whole font stands: code 0 and the blank are empty, DBh is full, and A is neither.
    private static func findFont(in rom: [UInt8], height: Int) -> Int? {
        guard rom.count >= 256 * height else { return nil }
        return (0...rom.count - 256 * height).first { start in
            let glyph = { (code: Int) in rom[start + code * height..<start + (code + 1) * height] }
            return rom[start + 0xDB * height] == 0xFF && rom[start + height] != 0
                && glyph(0xDB).allSatisfy { $0 == 0xFF } && glyph(0).allSatisfy { $0 == 0 }
                && glyph(0x20).allSatisfy { $0 == 0 } && glyph(0x41).contains { $0 != 0 }
                && !glyph(0x41).contains(0xFF)
        }
    }

    /// The lines on `picture`, without the blanks at their ends. What is no glyph is a blank.
    func lines(on picture: FrameBuffer) -> [String] {
        var best: (count: Int, lines: [String]) = (0, [])
        for font in fonts where picture.height >= font.height {
            let (count, lines) = read(picture, font)
            if count > best.count { best = (count, lines) }
        }
        return best.lines
    }

    /// Reads by one font.
    /// - Returns: how many characters there are that are no blanks, and the lines.
    private func read(_ picture: FrameBuffer, _ font: Font) -> (Int, [String]) {
        var count = 0
        let lines = (0..<picture.height / font.height).map { row in
            var line = ""
            for column in 0..<picture.width / 8 {
                let code = character(picture, left: column * 8, top: row * font.height, font)
                if let code, code != 0x20 { count += 1 }
                line.unicodeScalars.append(CodePage437.unicode(code ?? 0x20))
            }
            return line.withoutBlanksAtEnd
        }
        return (count, lines)
    }

    private func character(_ picture: FrameBuffer, left: Int, top: Int, _ font: Font) -> UInt8? {
        let first = picture.pixels[top * picture.width + left]
        var other: UInt32?
        var rows = [UInt8](repeating: 0, count: font.height)
        for y in 0..<font.height {
            let start = (top + y) * picture.width + left
            for x in 0..<8 where picture.pixels[start + x] != first {
                guard other == nil || other == picture.pixels[start + x] else { return nil }
                other = picture.pixels[start + x]
                rows[y] |= 0x80 >> UInt8(x)
            }
        }
        guard other != nil else { return 0x20 }
        return font[rows] ?? font[rows.map { ~$0 }]
    }
}
