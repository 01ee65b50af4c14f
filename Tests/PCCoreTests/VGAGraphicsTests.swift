import Testing

@testable import PCCore

@Suite struct VGAGraphicsTests {
    private func rgb(_ values: [UInt8]) -> [UInt32] { values.map(VGATestBench.rgb) }

    @Test func mode13hIsAByteAPixel() {
        let bench = VGATestBench(mode: .chained)
        for i in 0..<8 as Range<UInt32> { bench.write(0xA0000 + 320 * 7 + 100 + i, 0x90 + i) }
        let frame = bench.picture()
        #expect(frame.width == 320 && frame.height == 200)
        #expect(bench.line(7, from: 99, count: 10) == rgb([0, 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0]))
        bench.write(0xA0000 + 63999, 0xEE)
        #expect(bench.picture().pixels[63999] == VGATestBench.rgb(0xEE))
    }

    /// Mode X: mode 13h unchained, with a plane for every fourth pixel.
    @Test func modeXWritesPlanesAndFlipsPages() {
        let bench = VGATestBench(mode: .chained)
        bench.sequencer(4, 6)
        bench.crtc(0x14, 0)
        bench.crtc(0x17, 0xE3)
        bench.sequencer(2, 0b0010)
        bench.write(0xA0000 + 80, 0x21)
        bench.sequencer(2, 0b1100)
        bench.write(0xA0000 + 0x8000, 0x42)
        #expect(bench.line(1, from: 0, count: 4) == rgb([0, 0x21, 0, 0]))
        bench.crtc(0x0C, 0x80)
        bench.nextFrame()
        #expect(bench.line(0, from: 0, count: 5) == rgb([0, 0, 0x42, 0x42, 0]))
        bench.crtc(0x0C, 0)
        bench.nextFrame()
        bench.attribute(0x13, 2)
        #expect(bench.line(1, from: 0, count: 2) == rgb([0x21, 0]), "panning counts half pixels")
    }

    @Test func sixteenColoursComeFromFourPlanes() {
        let bench = VGATestBench(mode: .planar640)
        for plane in 0..<4 as Range<UInt8> {
            bench.sequencer(2, 1 << plane)
            bench.write(0xA0000 + 80 * 479 + 79, UInt32([0x55, 0x33, 0x0F, 0x80][Int(plane)]))
        }
        let frame = bench.picture()
        #expect(frame.width == 640 && frame.height == 480)
        #expect(Array(frame.pixels.suffix(9)) == rgb([0, 8, 1, 2, 3, 4, 5, 6, 7]))
        bench.attribute(0x12, 3)
        #expect(Array(bench.picture().pixels.suffix(8)) == rgb([0, 1, 2, 3, 0, 1, 2, 3]))
    }

    @Test func cgaFourColoursHaveTheirOddLinesBehind() {
        let bench = VGATestBench(mode: .cga4)
        bench.write(0xB8000, 0x1B)
        bench.write(0xB8001, 0xE4)
        bench.write(0xBA000, 0xFF)
        bench.write(0xB8050, 0x55)
        let frame = bench.picture()
        #expect(frame.width == 320 && frame.height == 200)
        #expect(bench.line(0, from: 0, count: 9) == rgb([0, 1, 2, 3, 3, 2, 1, 0, 0]))
        #expect(bench.line(1, from: 0, count: 5) == rgb([3, 3, 3, 3, 0]))
        #expect(bench.line(2, from: 0, count: 5) == rgb([1, 1, 1, 1, 0]))
        #expect(bench.line(3, from: 0, count: 1) == rgb([0]))
    }

    @Test func cgaTwoColours() {
        let bench = VGATestBench(mode: .cga2)
        bench.write(0xB8001, 0xA1)
        bench.write(0xBA000 + 80, 0x80)
        let frame = bench.picture()
        #expect(frame.width == 640 && frame.height == 200)
        #expect(bench.line(0, from: 7, count: 10) == rgb([0, 1, 0, 1, 0, 0, 0, 0, 1, 0]))
        #expect(bench.line(3, from: 0, count: 2) == rgb([1, 0]))
    }

    @Test func splitScreenInGraphics() {
        let bench = VGATestBench(mode: .planar640)
        bench.crtc(0x0C, 0x10)
        bench.write(0xA0000, 0xFF)
        bench.crtc(0x11, 0x0C)
        bench.crtc(0x07, 0x2E)
        bench.crtc(0x09, 0x00)
        bench.crtc(0x18, 199)
        bench.nextFrame()
        #expect(bench.line(199, from: 0, count: 1) == rgb([0]))
        #expect(bench.line(200, from: 0, count: 1) == rgb([15]))
    }

    @Test func blinkingPixelsChangeBit3() {
        let bench = VGATestBench(mode: .planar640)
        bench.attribute(0x10, 0x09)
        bench.sequencer(2, 4)
        bench.write(0xA0000, 0x80)
        #expect(bench.line(0, from: 0, count: 2) == rgb([4, 0]))
        #expect(bench.line(0, from: 0, count: 2, blink: false) == rgb([12, 8]))
    }

    @Test func monitorRedrawsTheChangedLines() {
        let bench = VGATestBench(mode: .chained)
        var monitor = Monitor()
        #expect(monitor.update(from: bench.vga, blink: .visible) == 0..<200)
        bench.write(0xA0000 + 320 * 50, 1)
        #expect(monitor.update(from: bench.vga, blink: .visible) == 50..<51)
        bench.crtc(0x0D, 80)
        bench.nextFrame()
        #expect(monitor.update(from: bench.vga, blink: .visible) == 49..<51)
    }
}
