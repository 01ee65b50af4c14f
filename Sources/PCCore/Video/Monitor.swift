/// A monitor on the VGA: holds the picture and draws only what changed since it last looked.
///
/// One monitor belongs to one adapter. It is a plain value outside of the machine's state; any number can be connected.
public struct Monitor {
    /// The picture as of the last `update`.
    public var frame: FrameBuffer { bordered ?? picture }
    /// The displayed part of it.
    private(set) var picture = FrameBuffer()
    /// All of it, where there is more.
    private var bordered: FrameBuffer?
    private let showsBorder: Bool

    /// What the whole picture depends on; a change draws everything.
    private struct Key: Equatable {
        var layout: UInt64 = 0
        var font: UInt64 = 0
        /// In graphics modes with blinking attributes, the phase.
        var blink = true
    }

    private var key = Key()
    private var generation: UInt64 = 0
    private var blink = BlinkPhase.visible
    /// What each cell or group of pixels was drawn from.
    private var cache: [UInt32] = []
    private var dispi = DispiRenderer()

    /// - Parameter showsBorder: with what stands around the displayed part in the overscan colour.
    public init(showsBorder: Bool = false) { self.showsBorder = showsBorder }

    /// Brings the picture up to date.
    /// - Returns: the lines of the picture that changed, empty if none did.
    public mutating func update(from vga: VGA, blink phase: BlinkPhase) -> Range<Int> {
        guard showsBorder else { return updatePicture(from: vga, blink: phase) }
        let before = generation
        let changed = updatePicture(from: vga, blink: phase)
        if changed.isEmpty, generation == before { return changed }
        let whole = Border(vga).around(picture)
        defer { bordered = whole }
        return whole.lines(differingFrom: bordered ?? FrameBuffer())
    }

    private mutating func updatePicture(from vga: VGA, blink phase: BlinkPhase) -> Range<Int> {
        if vga.showsDispi { return updateDispi(from: vga) }
        guard vga.generation != generation || phase != blink else { return 0..<0 }
        generation = vga.generation
        blink = phase
        let registers = vga.registers
        let graphics = registers.graphics.graphics
        let newKey = Key(
            layout: vga.layoutGeneration, font: graphics ? 0 : vga.fontGeneration,
            blink: !graphics || !registers.attribute.blinks || phase.characters)
        let everything = newKey != key
        key = newKey

        if let sections = vga.rasterFrame {
            key = Key()
            return draw(sections, from: vga.memory, blink: phase)
        }
        guard registers.crtc.running else { return blank(width: 720, height: 400, 0) }
        let layout = ScreenLayout(registers, start: vga.shownStart)
        if let colour = Self.flatColour(registers) {
            return blank(width: layout.width, height: layout.height, colour)
        }
        if everything { resize(width: layout.width, height: layout.height) }
        if graphics {
            let renderer = GraphicsRenderer(registers, vga.memory, layout, blinkVisible: phase.characters)
            return renderer.draw(into: &picture.pixels, cache: &cache, everything: everything)
        }
        let renderer = TextRenderer(registers, vga.memory, layout, blink: phase)
        return renderer.draw(into: &picture.pixels, cache: &cache, everything: everything)
    }

    /// The one colour that all of the screen has, nil if it shows memory.
    static func flatColour(_ registers: VGA.Registers) -> UInt32? {
        if !registers.crtc.running || registers.sequencer.screenOff { return 0 }
        return registers.attribute.displays ? nil : registers.dac.rgb(registers.attribute.overscan)
    }

    /// Takes over a picture that was drawn elsewhere.
    mutating func replace(_ other: FrameBuffer) -> Range<Int> {
        defer { picture = other }
        return other.lines(differingFrom: picture)
    }

    /// A mode of the display interface: its renderer finds out what changed.
    private mutating func updateDispi(from vga: VGA) -> Range<Int> {
        (generation, key) = (0, Key())
        let registers = vga.registers
        if registers.sequencer.screenOff || !registers.attribute.displays {
            dispi.forget()
            let (width, height) = (Int(registers.dispi.columns), Int(registers.dispi.lines))
            return blank(width: width, height: height, 0)
        }
        return dispi.update(&picture, from: vga)
    }

    private mutating func resize(width: Int, height: Int) {
        if picture.width != width || picture.height != height { picture = FrameBuffer(width: width, height: height) }
    }

    /// A screen of one colour.
    private mutating func blank(width: Int, height: Int, _ colour: UInt32) -> Range<Int> {
        let resized = picture.width != width || picture.height != height
        resize(width: width, height: height)
        guard resized || picture.pixels.contains(where: { $0 != colour }) else { return 0..<0 }
        for i in picture.pixels.indices { picture.pixels[i] = colour }
        return 0..<height
    }
}
