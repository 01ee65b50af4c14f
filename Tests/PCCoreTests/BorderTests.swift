import Testing

@testable import PCCore

/// The overscan colour around the picture.
@Suite struct BorderTests {
    private func framed(_ bench: VGATestBench) -> FrameBuffer {
        var frame = FrameBuffer()
        bench.vga.render(into: &frame, blinkVisible: true, showsBorder: true)
        return frame
    }

    /// 640 x 480 has 8 dots and 8 lines on each side; 400 lines have 7 above and below.
    @Test(arguments: [
        (VGATestBench.Mode.planar640, 656, 496, 8, 8), (.text80, 738, 414, 9, 7), (.chained, 328, 206, 4, 3),
        (.text40, 378, 414, 9, 7),
    ])
    func sizesAreThoseOfTheTimings(mode: VGATestBench.Mode, width: Int, height: Int, left: Int, top: Int) {
        let bench = VGATestBench(mode: mode)
        bench.attribute(0x11, 0x2A)
        let (inner, whole) = (bench.picture(), framed(bench))
        #expect(whole.width == width && whole.height == height)
        let colour = VGATestBench.rgb(0x2A)
        for y in 0..<whole.height {
            for x in 0..<whole.width {
                let (column, line) = (x - left, y - top)
                let isInside = (0..<inner.width).contains(column) && (0..<inner.height).contains(line)
                let expected = isInside ? inner.pixels[line * inner.width + column] : colour
                if whole.pixels[y * whole.width + x] != expected {
                    Issue.record("pixel \(x), \(y)")
                    return
                }
            }
        }
    }

    /// Bars in the border: the overscan colour written anew while the beam is inside of the picture.
    @Test func overscanChangesFromLineToLine() {
        let bench = VGATestBench(mode: .planar640)
        bench.attribute(0x11, 1)
        bench.nextFrame()
        bench.beam(line: 99, dot: 700)
        bench.attribute(0x11, 2)
        bench.beam(line: 199, dot: 700)
        bench.attribute(0x11, 3)
        bench.nextFrame()
        let frame = framed(bench)
        let shown = (0..<frame.height).map { frame.pixels[$0 * frame.width] }
        let expected = (0..<496).map { VGATestBench.rgb($0 < 108 ? 1 : $0 < 208 ? 2 : 3) }
        #expect(shown == expected)
    }

    @Test func switchedOffScreenHasABlackBorder() {
        let bench = VGATestBench(mode: .planar640)
        bench.attribute(0x11, 5)
        bench.sequencer(1, 0x21)
        #expect(Set(framed(bench).pixels) == [0])
        #expect(VGATestBench(mode: nil).vga.registers.crtc.running == false)
        #expect(framed(VGATestBench(mode: nil)) == FrameBuffer(width: 720, height: 400))
    }

    @Test func monitorSaysWhichLinesChanged() {
        let bench = VGATestBench(mode: .planar640)
        var monitor = Monitor(showsBorder: true)
        #expect(monitor.update(from: bench.vga, blink: .visible) == 0..<496)
        #expect(monitor.update(from: bench.vga, blink: .visible).isEmpty)
        bench.write(0xA0000 + 80 * 10, 0xFF)
        #expect(monitor.update(from: bench.vga, blink: .visible) == 18..<19)
        #expect(monitor.frame == framed(bench))
    }
}
