import Testing

@testable import PCCore

/// What changes while the beam is inside of the picture.
@Suite struct VGARasterTests {
    /// The colour of each line at `x`.
    private func column(_ bench: VGATestBench, _ x: Int = 0) -> [UInt32] {
        let frame = bench.picture()
        return (0..<frame.height).map { frame.pixels[$0 * frame.width + x] }
    }

    /// Writes colour 0 of the DAC in each of the lines, behind the end of the display of the one above.
    private func copperBar(_ bench: VGATestBench, lines: Range<Int>) {
        for line in lines {
            bench.beam(line: line - 1, dot: Int(bench.vga.timing.displayedDots) + 4)
            bench.colour(0, UInt8(line & 0x3F), 0, 0)
        }
        bench.beam(line: lines.upperBound - 1, dot: Int(bench.vga.timing.displayedDots) + 4)
        bench.colour(0, 0, 0, 0)
    }

    private func red(_ value: Int) -> UInt32 { UInt32(value << 2 | value >> 4) << 16 }

    @Test func copperBarsByTheDAC() {
        let bench = VGATestBench(mode: .planar640)
        bench.colour(0, 0, 0, 0)
        bench.nextFrame()
        copperBar(bench, lines: 100..<164)
        bench.nextFrame()
        let expected = (0..<480).map { (100..<164).contains($0) ? red($0 & 0x3F) : 0 }
        #expect(column(bench) == expected)
        #expect(column(bench, 639) == expected)
        // In the next frame nobody writes, so the frame after it has no bars.
        bench.nextFrame()
        #expect(Set(column(bench)) == [0])
    }

    /// Another dot clock begins the frames anew: a monitor that shows an old one in sections draws again.
    @Test func anotherClockForgetsTheSections() {
        let bench = VGATestBench(mode: .planar640)
        bench.colour(0, 0, 0, 0)
        bench.nextFrame()
        copperBar(bench, lines: 100..<164)
        bench.nextFrame()
        var monitor = Monitor()
        _ = monitor.update(from: bench.vga, blink: .visible)
        #expect(Set(monitor.frame.pixels).count > 10)
        bench.vga.writePort(0x12, UInt32(bench.vga.registers.miscellaneousOutput ^ 0x04), .byte)
        _ = monitor.update(from: bench.vga, blink: .visible)
        #expect(Set(monitor.frame.pixels) == [0])
    }

    /// Mode 13h shows each line twice; bars of single scan lines need the picture that the monitor gets.
    @Test func copperBarsInDoubledLines() {
        let bench = VGATestBench(mode: .chained)
        bench.colour(0, 0, 0, 0)
        bench.nextFrame()
        copperBar(bench, lines: 101..<133)
        bench.nextFrame()
        #expect(bench.picture().height == 400)
        #expect(column(bench) == (0..<400).map { (101..<133).contains($0) ? red($0 & 0x3F) : 0 })
        bench.nextFrame()
        #expect(bench.picture().height == 200)
        // Pairs of lines keep the guest's own resolution.
        bench.beam(line: 99, dot: 700)
        bench.colour(0, 63, 0, 0)
        bench.nextFrame()
        #expect(bench.picture().height == 200)
        #expect(column(bench) == (0..<200).map { $0 >= 50 ? red(63) : 0 })
    }

    @Test func barsByThePaletteInText() {
        let bench = VGATestBench()
        bench.cell(0, 0x20, 0x10)
        bench.nextFrame()
        for (line, colour) in [(4, 0x2A as UInt8), (8, 0x15), (12, 0x01)] {
            bench.beam(line: line - 1, dot: 730)
            bench.attribute(1, colour)
        }
        bench.nextFrame()
        let shown = [1, 0x2A, 0x15, 1].flatMap { [UInt32](repeating: VGATestBench.rgb($0), count: 4) }
        #expect(Array(column(bench).prefix(16)) == shown)
    }

    @Test func writesInTheLeftHalfCountForTheirLine() {
        for (dot, first) in [(0, 200), (300, 200), (330, 201), (700, 201)] {
            let bench = VGATestBench(mode: .planar640)
            bench.nextFrame()
            bench.beam(line: 200, dot: dot)
            bench.colour(0, 0, 0, 0)
            bench.nextFrame()
            #expect(column(bench).firstIndex(of: 0) == first, "at dot \(dot)")
        }
    }

    @Test func panningDiffersAboveAndBelow() {
        let bench = VGATestBench(mode: .planar640)
        for line in 0..<480 as Range<UInt32> { bench.write(0xA0000 + line * 80 + 1, 0x80) }
        bench.nextFrame()
        for frame in 0..<2 {
            bench.beam(line: 159, dot: 650)
            bench.attribute(0x13, 3)
            bench.beam(line: 319, dot: 650)
            bench.attribute(0x13, 7)
            bench.beam(line: 485)
            bench.attribute(0x13, 0)
            bench.nextFrame()
            let picture = bench.picture()
            for line in 0..<480 {
                let lit = (0..<640).filter { picture.pixels[line * 640 + $0] != VGATestBench.rgb(0) }
                #expect(lit == [line < 160 ? 8 : line < 320 ? 5 : 1], "line \(line) of frame \(frame)")
            }
        }
    }

    @Test func lineCompareWrittenInTheFrameSplitsThatFrame() {
        let bench = VGATestBench(mode: .planar640)
        bench.write(0xA0000, 0x80)
        bench.crtc(0x11, 0x0C)
        bench.crtc(0x07, 0x2E)
        bench.crtc(0x09, 0)
        bench.nextFrame()
        bench.beam(line: 50)
        bench.crtc(0x18, 99)
        bench.beam(line: 300)
        bench.crtc(0x18, 255)
        bench.nextFrame()
        let lit = column(bench).indices.filter { column(bench)[$0] != VGATestBench.rgb(0) }
        #expect(lit == [0, 100])
    }

    @Test func startAddressIsLatchedWhenRetraceBegins() {
        let bench = VGATestBench(mode: .planar640)
        bench.write(0xA0000, 0x80)
        bench.write(0xA0000 + 80 * 100, 0xFF)
        bench.nextFrame()
        let before = bench.vga.generation
        bench.beam(line: 100)
        bench.crtc(0x0C, UInt8(8000 >> 8))
        bench.crtc(0x0D, UInt8(8000 & 0xFF))
        #expect(bench.line(0, from: 1, count: 1) == [VGATestBench.rgb(0)], "not yet")
        #expect(bench.vga.generation == before)
        bench.beam(line: 489, dot: 799)
        #expect(bench.line(0, from: 1, count: 1) == [VGATestBench.rgb(0)], "not yet, in the last line before retrace")
        bench.beam(line: 490)
        #expect(bench.vga.generation != before, "time alone changed the picture")
        #expect(bench.line(0, from: 1, count: 1) == [VGATestBench.rgb(15)])
        // Written in retrace, it waits for the next one.
        bench.beam(line: 491)
        bench.crtc(0x0C, 0)
        bench.crtc(0x0D, 0)
        bench.beam(line: 489, frames: 1)
        #expect(bench.line(0, from: 1, count: 1) == [VGATestBench.rgb(15)])
        bench.beam(line: 490)
        #expect(bench.line(0, from: 1, count: 1) == [VGATestBench.rgb(0)])
    }

    /// A frame in sections is drawn from the address that was latched for it, not from that of the next.
    @Test func sectionsKeepTheirStartAddress() {
        let bench = VGATestBench(mode: .planar640)
        bench.write(0xA0000, 0x80)
        bench.nextFrame()
        bench.beam(line: 10)
        bench.crtc(0x0D, 80)
        bench.attribute(15, 5)
        bench.nextFrame()
        #expect(bench.line(0, from: 0, count: 1) == [VGATestBench.rgb(15)])
        bench.nextFrame()
        #expect(bench.line(0, from: 0, count: 1) == [VGATestBench.rgb(0)])
    }

    @Test func textAboveGraphics() {
        let bench = VGATestBench(mode: .planar640)
        bench.write(0xA0000 + 80 * 240, 0xAA)
        bench.nextFrame()
        bench.beam(line: 99, dot: 700)
        bench.graphics(6, 4)
        bench.beam(line: 199, dot: 700)
        bench.graphics(6, 5)
        bench.nextFrame()
        #expect(bench.picture().width == 640)
        #expect(bench.line(240, from: 0, count: 3) == [15, 0, 15].map(VGATestBench.rgb))
    }

    /// Widths that differ are brought to the widest: here 256 colours below a planar picture.
    @Test func sectionsOfHalfTheWidthFillTheLine() {
        let bench = VGATestBench(mode: .planar640)
        bench.write(0xA0000 + 80 * 300, 0x12)
        bench.sequencer(2, 0x0F)
        bench.nextFrame()
        bench.beam(line: 199, dot: 700)
        bench.attribute(0x10, 0x41)
        bench.graphics(5, 0x40)
        bench.nextFrame()
        #expect(
            bench.line(300, from: 0, count: 10)
                == [0x12, 0x12, 0x12, 0x12, 0x12, 0x12, 0x12, 0x12, 0, 0].map(VGATestBench.rgb))
    }

    /// Colours that are all written anew in vertical retrace make no sections.
    @Test func retraceIsOutsideOfThePicture() {
        let bench = VGATestBench(mode: .chained)
        for frame in 0..<3 as Range<UInt8> {
            bench.beam(line: 412, frames: 1)
            for n in 0...255 { bench.colour(UInt8(n), frame, UInt8(n >> 2), 0) }
            #expect(bench.vga.rasterFrame == nil)
            #expect(Set(bench.picture().pixels) == [UInt32(frame << 2) << 16])
        }
    }

    /// As many sections as lines, whatever the guest does.
    @Test func sectionsAreBounded() {
        let bench = VGATestBench(mode: .chained)
        for frame in 0..<3 {
            bench.nextFrame()
            for line in 0..<449 {
                for dot in stride(from: 0, to: 800, by: 50) {
                    bench.beam(line: line, dot: dot)
                    bench.colour(0, UInt8(line & 63), UInt8(dot & 63), UInt8(frame))
                }
            }
        }
        bench.nextFrame()
        #expect(bench.vga.rasterFrame?.sections.count == 400)
        _ = bench.picture()
    }

    /// Sections and pictures change no bit of the machine's state.
    @Test func stateKnowsNothingOfPictures() {
        func bytes(picture: Bool) -> [UInt8] {
            let bench = VGATestBench(mode: .chained)
            for line in 0..<300 {
                bench.beam(line: line, dot: 700)
                bench.colour(0, UInt8(line & 63), 1, 2)
                bench.crtc(0x0D, UInt8(line & 255))
                if picture { _ = bench.picture() }
            }
            if picture { bench.nextFrame() }
            if picture { _ = bench.picture() }
            var writer = StateWriter()
            var state = bench.vga.state
            state.visit(&writer)
            return writer.bytes
        }
        #expect(bytes(picture: true) == bytes(picture: false))
    }

    /// One monitor through frames with and without sections agrees with one that is new.
    @Test func monitorComesBackFromSections() {
        let bench = VGATestBench(mode: .planar640)
        var monitor = Monitor()
        for step in 0..<12 {
            bench.nextFrame()
            if step % 3 != 2 {
                bench.beam(line: 20 + step * 10, dot: 700)
                bench.colour(0, UInt8(step), 0, 63)
            }
            bench.write(0xA0000 + UInt32(step) * 800, 0xFF)
            _ = monitor.update(from: bench.vga, blink: .visible)
            #expect(monitor.frame == bench.picture(), "step \(step)")
            #expect(monitor.update(from: bench.vga, blink: .visible).isEmpty)
        }
    }

    /// Any registers at any time: a picture of bounded size, and no trap.
    @Test(arguments: 0..<8 as Range<UInt64>) func randomRegistersGiveBoundedPictures(seed: UInt64) {
        let bench = VGATestBench(mode: [.text80, .planar640, .chained, .cga4][Int(seed) % 4])
        var state = seed &+ 99
        func random() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = UInt8(truncatingIfNeeded: state >> 40)
            return value & 7 == 0 ? 0 : value & 7 == 1 ? 0xFF : value
        }
        for round in 0..<600 {
            bench.scheduler.now += UInt64(random()) << (UInt64(random()) % 16)
            let value = random()
            switch random() % 8 {
            case 0, 1: bench.crtc(random() % 0x19, value)
            case 2: bench.sequencer(random() % 5, value)
            case 3: bench.graphics(random() % 9, value)
            case 4: bench.attribute(random() % 0x15, value)
            case 5: bench.colour(random(), value, random(), random())
            case 6: bench.out(0x3C2, value | 3)
            default: bench.write(0xA0000 + UInt32(random()) << 8, UInt32(value) &* 0x0101_0101, .dword)
            }
            guard round % 8 == 0 else { continue }
            let picture = bench.picture(blink: value & 1 == 0)
            #expect(picture.width <= 256 * 9 && picture.height <= 2050)
            #expect(picture.pixels.count == picture.width * picture.height)
            _ = bench.vga.textScreen
            _ = bench.in(0x3DA)
        }
    }

    /// Linux scrolls by the start address, and its last message is there when the machine goes off before the retrace.
    @Test func textIsReadFromTheStartAddressThatWasWritten() {
        let bench = VGATestBench()
        bench.text("Power down", at: 80 * 25)
        bench.nextFrame()
        bench.beam(line: 100)
        bench.crtc(0x0D, 80)
        #expect(bench.vga.textScreen?.lines.last == "Power down")
    }
}
