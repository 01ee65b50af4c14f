import Testing

@testable import PCCore

@Suite struct FrameBufferTests {
    @Test func monitorDrawsOnlyWhatChanged() {
        let bench = VGATestBench()
        var monitor = Monitor()
        #expect(monitor.update(from: bench.vga, blink: .visible) == 0..<400)
        #expect(monitor.update(from: bench.vga, blink: .visible).isEmpty)
        bench.cell(80 * 3, 0x41, 0x70)
        #expect(monitor.update(from: bench.vga, blink: .visible) == 48..<64)
        bench.cell(80 * 3, 0x41, 0x70)
        #expect(monitor.update(from: bench.vga, blink: .visible).isEmpty, "written again, but the same")
        bench.cell(0, 0x41, 0x70)
        bench.cell(80, 0x41, 0xF0)
        #expect(monitor.update(from: bench.vga, blink: .visible) == 0..<32)
        #expect(monitor.update(from: bench.vga, blink: .hidden) == 16..<32, "only the blinking cell")
        bench.crtc(0x0A, 0x0D)
        #expect(monitor.update(from: bench.vga, blink: .hidden).isEmpty)
        #expect(monitor.update(from: bench.vga, blink: .visible) == 0..<32)
        bench.colour(7, 1, 2, 3)
        #expect(monitor.update(from: bench.vga, blink: .visible) == 0..<400)
        bench.glyph(0x41, [1])
        #expect(monitor.update(from: bench.vga, blink: .visible) == 0..<400)
    }

    @Test func generationChangesWithWhatIsSeen() {
        let bench = VGATestBench()
        var last = bench.vga.generation
        func changed() -> Bool {
            defer { last = bench.vga.generation }
            return last != bench.vga.generation
        }
        bench.cell(0, 1, 1)
        #expect(changed())
        bench.crtc(0x0F, 5)
        #expect(changed())
        bench.crtc(0x0F, 5)
        #expect(!changed())
        bench.colour(3, 9, 9, 9)
        #expect(changed())
        _ = bench.in(0x3DA)
        _ = bench.read(0xB8000)
        bench.sequencer(2, 0x0F)
        bench.graphics(8, 0x12)
        #expect(!changed())
    }

    @Test func linesLoseTheirTrailingBlanks() {
        let screen = TextScreen(
            columns: 4, rows: 2, cells: [0x41, 0x20, 0x0742, 0, 0x01, 0xFF, 0x20, 0], cursorCell: 5)
        #expect(screen.lines == ["A B", "\u{263A}"])
        #expect(screen.cursor?.column == 1 && screen.cursor?.row == 1)
    }
}
