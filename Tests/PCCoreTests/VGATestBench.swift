@testable import PCCore

/// A VGA on a bench: ports by their numbers on a PC, memory by physical addresses, and the modes of a VGA BIOS.
final class VGATestBench: InterruptInput {
    /// The registers of one mode, in the order in which they are written.
    struct Mode {
        var miscellaneous: UInt8
        var sequencer: [UInt8]
        var crtc: [UInt8]
        var graphics: [UInt8]
        var attribute: [UInt8]
    }

    let scheduler: Scheduler
    private(set) var vga: VGA!
    /// The interrupt line, and how often it rose.
    private(set) var irq = false
    private(set) var interrupts = 0

    init(slotsPerSecond: UInt64 = 100_000_000, mode: Mode? = .text80) {
        scheduler = Scheduler(slotsPerSecond: slotsPerSecond)
        vga = VGA(scheduler: scheduler, irq: .unconnected)
        vga = VGA(scheduler: scheduler, irq: IRQLine(self, 9))
        if let mode { set(mode) }
    }

    func setLevel(_ number: Int, _ high: Bool) {
        if high, !irq { interrupts += 1 }
        irq = high
    }

    // MARK: Ports

    func out(_ port: UInt16, _ value: UInt8) { vga.writePort(port - 0x3B0, UInt32(value), .byte) }
    func `in`(_ port: UInt16) -> UInt8 { UInt8(vga.readPort(port - 0x3B0, .byte)) }

    func crtc(_ index: UInt8, _ value: UInt8) {
        out(0x3D4, index)
        out(0x3D5, value)
    }

    func sequencer(_ index: UInt8, _ value: UInt8) {
        out(0x3C4, index)
        out(0x3C5, value)
    }

    func graphics(_ index: UInt8, _ value: UInt8) {
        out(0x3CE, index)
        out(0x3CF, value)
    }

    /// Bit 5 of `index` stays set, so that the display goes on; palette registers need it clear.
    func attribute(_ index: UInt8, _ value: UInt8) {
        _ = self.in(0x3DA)
        out(0x3C0, index < 16 ? index : index | 0x20)
        out(0x3C0, value)
        out(0x3C0, 0x20)
    }

    func colour(_ index: UInt8, _ red: UInt8, _ green: UInt8, _ blue: UInt8) {
        out(0x3C8, index)
        for value in [red, green, blue] { out(0x3C9, value) }
    }

    // MARK: Memory

    func write(_ address: UInt32, _ value: UInt32, _ width: AccessWidth = .byte) {
        vga.writeMemory(address - 0xA0000, value, width)
    }

    func read(_ address: UInt32, _ width: AccessWidth = .byte) -> UInt32 { vga.readMemory(address - 0xA0000, width) }

    /// Puts character and attribute into the cell `index` of the first page.
    func cell(_ index: Int, _ code: UInt8, _ attribute: UInt8) {
        write(0xB8000 + UInt32(index) * 2, UInt32(attribute) << 8 | UInt32(code), .word)
    }

    func text(_ string: String, at index: Int, attribute: UInt8 = 7) {
        for (i, byte) in string.utf8.enumerated() { cell(index + i, byte, attribute) }
    }

    /// Loads rows of a character into plane 2 as a BIOS does, and goes back to text.
    func glyph(_ code: UInt8, _ rows: [UInt8], font: UInt32 = 0) {
        sequencer(2, 4)
        sequencer(4, 6)
        graphics(5, 0)
        graphics(6, 4)
        for (i, row) in rows.enumerated() {
            write(0xA0000 + font + UInt32(code) * 32 + UInt32(i), UInt32(row))
        }
        sequencer(2, 3)
        sequencer(4, 2)
        graphics(5, 0x10)
        graphics(6, 0x0E)
    }

    // MARK: Time

    /// On to a dot of a scan line: in this frame, or in one of the next.
    func beam(line: Int, dot: Int = 0, frames: UInt64 = 0) {
        let timing = vga.timing
        let top = (timing.frameNumber(at: scheduler.now) + frames) * timing.frame
        scheduler.now = timing.clock.time(ofTick: top + UInt64(line) * timing.dotsPerLine + UInt64(dot))
    }

    /// On to the top of the next frame: what was written before holds for all of it, the start address too.
    func nextFrame() { beam(line: 0, frames: 1) }

    // MARK: Picture

    func picture(blink: Bool = true) -> FrameBuffer {
        var frame = FrameBuffer()
        vga.render(into: &frame, blinkVisible: blink)
        return frame
    }

    /// The pixels of one line from `x` on: a letter for each colour, by a legend.
    func line(_ y: Int, from x: Int, count: Int, blink: Bool = true) -> [UInt32] {
        let frame = picture(blink: blink)
        return Array(frame.pixels[y * frame.width + x..<y * frame.width + x + count])
    }

    // MARK: Modes

    func set(_ mode: Mode) {
        out(0x3C2, mode.miscellaneous)
        _ = self.in(0x3DA)
        for (port, value) in mode.writes { out(port, value) }
    }

    /// What `set` gives colour `n` of the DAC, as a pixel.
    static func rgb(_ n: UInt8) -> UInt32 {
        func wide(_ v: UInt8) -> UInt32 { UInt32(v << 2 | v >> 4) }
        return wide(n & 0x3F) << 16 | wide(0x3F - n & 0x3F) << 8 | wide(n >> 2 & 0x30)
    }
}

extension VGATestBench.Mode {
    /// What sets it, once the ports are those of a colour monitor and 3C0h takes an index.
    var writes: [(port: UInt16, value: UInt8)] {
        var all: [(port: UInt16, value: UInt8)] = []
        func add(_ port: UInt16, _ value: UInt8) { all.append((port, value)) }
        func add(_ port: UInt16, _ values: [UInt8]) {
            for (i, value) in values.enumerated() {
                add(port, UInt8(i))
                add(port == 0x3C0 ? port : port + 1, value)
            }
        }
        add(0x3C4, sequencer)
        add(0x3D4, 0x11)
        add(0x3D5, 0)
        add(0x3D4, crtc)
        add(0x3CE, graphics)
        add(0x3C0, attribute)
        add(0x3C0, 0x20)
        add(0x3C6, 0xFF)
        // Colour n of the DAC: red n, green 3Fh - n (both of six bits), blue the upper bits of n.
        add(0x3C8, 0)
        for n in 0..<256 {
            add(0x3C9, UInt8(n & 0x3F))
            add(0x3C9, UInt8(0x3F - n & 0x3F))
            add(0x3C9, UInt8(n >> 2 & 0x30))
        }
        return all
    }

    private static let textPalette: [UInt8] = [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F,
    ]
    private static let identity: [UInt8] = Array(0...15)

    /// Mode 3 of a VGA: 80 x 25, 720 x 400. The cursor stands at 0 and is off.
    static let text80 = VGATestBench.Mode(
        miscellaneous: 0x67, sequencer: [0x03, 0x00, 0x03, 0x00, 0x02],
        crtc: [
            0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81, 0xBF, 0x1F, 0x00, 0x4F, 0x2D, 0x0E, 0x00,
            0x00, 0x00, 0x00, 0x9C, 0x8E, 0x8F, 0x28, 0x1F, 0x96, 0xB9, 0xA3, 0xFF,
        ],
        graphics: [0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0E, 0x00, 0xFF],
        attribute: textPalette + [0x0C, 0x00, 0x0F, 0x08, 0x00])

    /// Mode 1: 40 x 25, 360 x 400.
    static let text40 = VGATestBench.Mode(
        miscellaneous: 0x67, sequencer: [0x03, 0x08, 0x03, 0x00, 0x02],
        crtc: [
            0x2D, 0x27, 0x28, 0x90, 0x2B, 0xA0, 0xBF, 0x1F, 0x00, 0x4F, 0x2D, 0x0E, 0x00,
            0x00, 0x00, 0x00, 0x9C, 0x8E, 0x8F, 0x14, 0x1F, 0x96, 0xB9, 0xA3, 0xFF,
        ],
        graphics: text80.graphics, attribute: text80.attribute)

    /// Mode 4: 320 x 200 in four colours, as on the CGA.
    static let cga4 = VGATestBench.Mode(
        miscellaneous: 0x63, sequencer: [0x03, 0x09, 0x03, 0x00, 0x02],
        crtc: [
            0x2D, 0x27, 0x28, 0x90, 0x2B, 0x80, 0xBF, 0x1F, 0x00, 0xC1, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x00, 0x9C, 0x8E, 0x8F, 0x14, 0x00, 0x96, 0xB9, 0xA2, 0xFF,
        ],
        graphics: [0x00, 0x00, 0x00, 0x00, 0x00, 0x30, 0x0F, 0x00, 0xFF],
        attribute: identity + [0x01, 0x00, 0x03, 0x00, 0x00])

    /// Mode 6: 640 x 200 in two colours, as on the CGA.
    static let cga2 = VGATestBench.Mode(
        miscellaneous: 0x63, sequencer: [0x03, 0x01, 0x01, 0x00, 0x06],
        crtc: [
            0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80, 0xBF, 0x1F, 0x00, 0xC1, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x00, 0x9C, 0x8E, 0x8F, 0x28, 0x00, 0x96, 0xB9, 0xC2, 0xFF,
        ],
        graphics: [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x0D, 0x00, 0xFF],
        attribute: identity + [0x01, 0x00, 0x01, 0x00, 0x00])

    /// Mode 12h: 640 x 480 in 16 colours.
    static let planar640 = VGATestBench.Mode(
        miscellaneous: 0xE3, sequencer: [0x03, 0x01, 0x0F, 0x00, 0x06],
        crtc: [
            0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80, 0x0B, 0x3E, 0x00, 0x40, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x00, 0xEA, 0x8C, 0xDF, 0x28, 0x00, 0xE7, 0x04, 0xE3, 0xFF,
        ],
        graphics: [0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x05, 0x0F, 0xFF],
        attribute: identity + [0x01, 0x00, 0x0F, 0x00, 0x00])

    /// Mode 13h: 320 x 200 in 256 colours.
    static let chained = VGATestBench.Mode(
        miscellaneous: 0x63, sequencer: [0x03, 0x01, 0x0F, 0x00, 0x0E],
        crtc: [
            0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80, 0xBF, 0x1F, 0x00, 0x41, 0x00, 0x00, 0x00,
            0x00, 0x00, 0x00, 0x9C, 0x8E, 0x8F, 0x28, 0x40, 0x96, 0xB9, 0xA3, 0xFF,
        ],
        graphics: [0x00, 0x00, 0x00, 0x00, 0x00, 0x40, 0x05, 0x0F, 0xFF],
        attribute: identity + [0x41, 0x00, 0x0F, 0x00, 0x00])
}
