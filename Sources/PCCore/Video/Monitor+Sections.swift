// Pictures whose registers changed on the way down: each section is drawn by itself, with its own registers.

extension Monitor {
    /// Draws a frame in sections.
    /// - Returns: the lines that changed.
    mutating func draw(_ sections: RasterRecord.Frame, from memory: VideoMemory, blink: BlinkPhase) -> Range<Int> {
        guard let top = sections.sections.first?.registers else { return 0..<0 }
        let bottom = top.crtc.displayedLines
        let layouts = sections.sections.map { ScreenLayout($0.registers) }
        let width = layouts.reduce(1) { max($0, $1.width) }
        let step = ScreenLayout.step(of: sections.sections)

        var picture = FrameBuffer(width: width, height: (bottom + step - 1) / step)
        var counter = LineCounter(top.crtc, start: sections.start)
        for (number, section) in sections.sections.enumerated() {
            let next = number + 1 < sections.sections.count ? sections.sections[number + 1].first : bottom
            let range = section.first..<max(section.first, min(next, bottom))
            let layout = ScreenLayout(section.registers, range, by: step, &counter)
            let pixels = Self.pixels(section.registers, memory, layout, blink)
            Self.copy(pixels, layout.width, to: &picture, line: (section.first + step - 1) / step)
        }
        return replace(picture)
    }

    /// The lines of one section.
    private static func pixels(
        _ registers: VGA.Registers, _ memory: VideoMemory, _ layout: ScreenLayout, _ blink: BlinkPhase
    ) -> [UInt32] {
        var pixels = [UInt32](repeating: 0, count: layout.width * layout.height)
        if let colour = flatColour(registers) {
            if colour != 0 { for i in pixels.indices { pixels[i] = colour } }
            return pixels
        }
        var cache: [UInt32] = []
        if registers.graphics.graphics {
            let renderer = GraphicsRenderer(registers, memory, layout, blinkVisible: blink.characters)
            _ = renderer.draw(into: &pixels, cache: &cache, everything: true)
        } else {
            let renderer = TextRenderer(registers, memory, layout, blink: blink)
            _ = renderer.draw(into: &pixels, cache: &cache, everything: true)
        }
        return pixels
    }

    /// Puts lines of `width` pixels into a picture that may be wider: text beside graphics, or other dots.
    private static func copy(_ pixels: [UInt32], _ width: Int, to picture: inout FrameBuffer, line: Int) {
        let target = line * picture.width
        if width == picture.width {
            for i in 0..<min(pixels.count, picture.pixels.count - target) { picture.pixels[target + i] = pixels[i] }
            return
        }
        for y in 0..<min(pixels.count / width, picture.height - line) {
            for x in 0..<picture.width {
                picture.pixels[target + y * picture.width + x] = pixels[y * width + x * width / picture.width]
            }
        }
    }
}
