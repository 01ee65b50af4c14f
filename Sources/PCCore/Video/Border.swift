/// What a monitor shows around the displayed part of the picture: the overscan colour, up to where blanking is.
struct Border {
    /// Pixels and lines of the picture.
    private var left, right, top, bottom: Int
    /// Colours from a line of the picture on, down to the next.
    private var colours: [(first: Int, colour: UInt32)]

    init(_ vga: VGA) {
        let registers = vga.registers
        let layout = ScreenLayout(registers)
        let sections = vga.rasterFrame?.sections ?? []
        let step = sections.isEmpty ? layout.step : ScreenLayout.step(of: sections)
        let border =
            registers.crtc.running && !vga.showsDispi ? registers.crtc.border : (left: 0, right: 0, top: 0, bottom: 0)
        (left, right) = (border.left * layout.dots, border.right * layout.dots)
        (top, bottom) = (border.top / step, border.bottom / step)
        colours = sections.map { ($0.first / step, Self.colour($0.registers)) }
        // The upper border has the first section's colour, the lower one the last one's.
        if colours.isEmpty { colours = [(0, Self.colour(registers))] }
    }

    private static func colour(_ registers: VGA.Registers) -> UInt32 {
        let isDark = !registers.crtc.running || registers.sequencer.screenOff
        return isDark ? 0 : registers.dac.rgb(registers.attribute.overscan)
    }

    /// The picture with its border.
    func around(_ picture: FrameBuffer) -> FrameBuffer {
        var whole = FrameBuffer(width: left + picture.width + right, height: top + picture.height + bottom)
        var section = 0
        for y in 0..<whole.height {
            while section + 1 < colours.count, y >= top + colours[section + 1].first { section += 1 }
            let colour = colours[section].colour
            let start = y * whole.width
            guard y >= top, y < top + picture.height else {
                for x in 0..<whole.width { whole.pixels[start + x] = colour }
                continue
            }
            for x in 0..<left { whole.pixels[start + x] = colour }
            for x in 0..<right { whole.pixels[start + left + picture.width + x] = colour }
            let source = (y - top) * picture.width
            for x in 0..<picture.width { whole.pixels[start + left + x] = picture.pixels[source + x] }
        }
        return whole
    }
}
