import Testing

@testable import PCCore

@Suite struct TextRendererTests {
    /// Colour `n` of a text attribute through palette and DAC, as the bench sets them.
    private func colour(_ n: Int) -> UInt32 {
        VGATestBench.rgb([0, 1, 2, 3, 4, 5, 0x14, 7, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F][n])
    }

    /// A line of dots: `#` ink, anything else paper.
    private func dots(_ pattern: String, ink: Int, paper: Int) -> [UInt32] {
        pattern.map { colour($0 == "#" ? ink : paper) }
    }

    private let diagonal: [UInt8] = (0..<16).map { 0x80 >> UInt8($0 & 7) }

    @Test func glyphIsDrawnDotByDot() {
        let bench = VGATestBench()
        bench.glyph(0x41, diagonal)
        bench.cell(81, 0x41, 0x1E)
        let frame = bench.picture()
        #expect(frame.width == 720 && frame.height == 400)
        for y in 0..<16 {
            for x in 0..<9 {
                #expect(frame.pixels[(16 + y) * 720 + 9 + x] == colour(x == y & 7 ? 14 : 1), "\(x),\(y)")
            }
            #expect(frame.pixels[(16 + y) * 720 + 8] == colour(0))
            #expect(frame.pixels[(16 + y) * 720 + 18] == colour(0))
        }
    }

    @Test func ninthDotOfLineGraphicsRepeatsTheEighth() {
        let bench = VGATestBench()
        for code in [0xBF, 0xC0, 0xDF, 0xE0] as [UInt8] {
            bench.glyph(code, [0x81])
            bench.cell(0, code, 0x07)
            let ninth = code & 0xE0 == 0xC0 ? "#" : "."
            #expect(bench.line(0, from: 0, count: 9) == dots("#......#" + ninth, ink: 7, paper: 0))
        }
        bench.attribute(0x10, 0x08)
        bench.cell(0, 0xC0, 0x07)
        #expect(bench.line(0, from: 0, count: 9) == dots("#......#.", ink: 7, paper: 0))
    }

    @Test func eightDotsMake640Pixels() {
        let bench = VGATestBench()
        bench.sequencer(1, 1)
        bench.attribute(0x13, 0)
        bench.glyph(0xC1, [0x01])
        bench.cell(1, 0xC1, 0x07)
        #expect(bench.picture().width == 640)
        #expect(bench.line(0, from: 8, count: 9) == dots(".......#.", ink: 7, paper: 0))
    }

    @Test func fortyColumnsAre360Pixels() {
        let bench = VGATestBench(mode: .text40)
        bench.text("forty", at: 40 + 35)
        #expect(bench.picture().width == 360)
        #expect(bench.picture().height == 400)
        #expect(bench.vga.textScreen?.columns == 40)
        #expect(bench.vga.textScreen?.rows == 25)
        #expect(bench.vga.textScreen?.lines[1].hasSuffix("forty") == true)
    }

    @Test func blinkingOrBrightBackground() {
        let bench = VGATestBench()
        bench.glyph(0x41, [0xF0])
        bench.cell(0, 0x41, 0x9E)
        #expect(bench.line(0, from: 0, count: 9) == dots("####.....", ink: 14, paper: 1))
        #expect(bench.line(0, from: 0, count: 9, blink: false) == dots(".........", ink: 14, paper: 1))
        bench.attribute(0x10, 0x04)
        for blink in [true, false] {
            #expect(bench.line(0, from: 0, count: 9, blink: blink) == dots("####.....", ink: 14, paper: 9))
        }
    }

    @Test func cursorHasShapePlaceAndBlink() {
        let bench = VGATestBench()
        bench.cell(82, 0x20, 0x0A)
        bench.crtc(0x0F, 82)
        bench.crtc(0x0A, 0x0D)
        bench.crtc(0x0B, 0x0E)
        func lit(blink: Bool = true, column: Int = 2) -> [Int] {
            let frame = bench.picture(blink: blink)
            return (0..<400).filter { y in
                (0..<9).allSatisfy { frame.pixels[y * 720 + column * 9 + $0] == colour(10) }
            }
        }
        #expect(lit() == [16 + 13, 16 + 14])
        #expect(lit(blink: false).isEmpty)
        #expect(bench.vga.textScreen?.cursorCell == 82)
        #expect(bench.vga.textScreen?.cursor?.row == 1)
        bench.crtc(0x0B, 0x2E)
        bench.cell(83, 0x20, 0x0A)
        #expect(lit().isEmpty)
        #expect(lit(column: 3) == [29, 30], "skewed by one character")
        bench.crtc(0x0B, 0x0C)
        #expect(lit().isEmpty, "start behind end")
        bench.crtc(0x0B, 0x0E)
        bench.crtc(0x0A, 0x2D)
        #expect(lit().isEmpty, "switched off")
        #expect(bench.vga.textScreen?.cursorCell == nil)
        bench.crtc(0x0A, 0x00)
        #expect(lit() == Array(16...30))
        bench.crtc(0x0E, 0x40)
        #expect(bench.vga.textScreen?.cursorCell == nil, "outside of the screen")
    }

    @Test func underlineIsForAttribute1OnBlack() {
        let bench = VGATestBench()
        bench.cell(0, 0x20, 0x01)
        bench.cell(1, 0x20, 0x02)
        bench.cell(2, 0x20, 0x11)
        bench.cell(3, 0x20, 0x09)
        #expect(bench.line(13, from: 0, count: 9) == dots(".........", ink: 1, paper: 0))
        bench.crtc(0x14, 13)
        #expect(bench.line(13, from: 0, count: 9) == dots("#########", ink: 1, paper: 0))
        #expect(bench.line(13, from: 9, count: 9) == dots(".........", ink: 2, paper: 0))
        #expect(bench.line(13, from: 18, count: 9) == dots(".........", ink: 1, paper: 1))
        #expect(bench.line(13, from: 27, count: 9) == dots("#########", ink: 9, paper: 0))
        #expect(bench.line(12, from: 0, count: 9) == dots(".........", ink: 1, paper: 0))
    }

    @Test func bothFontMapsAreSelectable() {
        let bench = VGATestBench()
        for (number, place) in [0x0000, 0x4000, 0x8000, 0xC000, 0x2000, 0x6000, 0xA000, 0xE000].enumerated() {
            bench.glyph(0x41, [UInt8(1 << number)], font: UInt32(place))
        }
        bench.cell(0, 0x41, 0x07)
        bench.cell(1, 0x41, 0x0F)
        for number in 0..<8 as Range<UInt8> {
            let other = 7 - number
            // Attribute bit 3 clear: bits 0, 1 and 4; set: bits 2, 3 and 5.
            bench.sequencer(3, number & 3 | (number & 4) << 2 | (other & 3) << 2 | (other & 4) << 3)
            for (column, map, ink) in [(0, number, 7), (1, other, 15)] {
                let line = bench.line(0, from: column * 9, count: 8)
                #expect(line.firstIndex(of: colour(ink)) == 7 - Int(map))
                #expect(line.filter { $0 == colour(ink) }.count == 1)
            }
        }
        bench.sequencer(4, 0)
        #expect(bench.line(0, from: 0, count: 8).firstIndex(of: colour(7)) == 7, "64 KB have the first font only")
    }

    @Test(arguments: [(8 as UInt8, 50), (9, 44), (14, 28), (16, 25)])
    func rowsFollowTheCharacterHeight(height: UInt8, rows: Int) {
        let bench = VGATestBench()
        bench.crtc(0x09, 0x40 | height - 1)
        bench.text("last", at: (rows - 1) * 80)
        #expect(bench.vga.textScreen?.rows == rows)
        #expect(bench.vga.textScreen?.lines.last == "last")
        #expect(bench.picture().height == 400)
    }

    @Test func fortyThreeRowsOf350Lines() {
        let bench = VGATestBench()
        bench.crtc(0x12, 0x5D)
        bench.crtc(0x09, 0x47)
        #expect(bench.vga.textScreen?.rows == 43)
        #expect(bench.picture().height == 350)
    }

    @Test func doubleScannedTextHas200Lines() {
        let bench = VGATestBench()
        bench.crtc(0x09, 0xC7)
        bench.glyph(0x41, [0xFF, 0x00, 0xFF])
        bench.cell(80, 0x41, 0x07)
        let frame = bench.picture()
        #expect(frame.height == 200)
        #expect((8..<12).map { frame.pixels[$0 * 720] == colour(7) } == [true, false, true, false])
        #expect(bench.vga.textScreen?.rows == 25)
    }

    @Test func startAddressScrollsAndWraps() {
        let bench = VGATestBench()
        bench.text("page two", at: 2000)
        bench.text("top", at: 0)
        bench.crtc(0x0C, 0x07)
        bench.crtc(0x0D, 0xD0)
        bench.nextFrame()
        #expect(bench.vga.textScreen?.lines[0] == "page two")
        // A row before the end of the address counter: the next one is row 0 again.
        bench.crtc(0x0C, 0xFF)
        bench.crtc(0x0D, 0xB0)
        bench.nextFrame()
        #expect(bench.vga.textScreen?.lines[1] == "top")
    }

    @Test func offsetSetsTheLineLength() {
        let bench = VGATestBench()
        bench.crtc(0x13, 80)
        bench.text("second", at: 160)
        #expect(bench.vga.textScreen?.lines[1] == "second")
    }

    @Test func presetRowScanScrollsByLines() {
        let bench = VGATestBench()
        bench.glyph(0x41, diagonal)
        bench.cell(0, 0x41, 0x07)
        bench.cell(80, 0x41, 0x07)
        let before = bench.picture()
        bench.crtc(0x08, 3)
        let after = bench.picture()
        #expect(Array(before.pixels[3 * 720..<32 * 720]) == Array(after.pixels[0..<29 * 720]))
        #expect(bench.vga.textScreen?.rows == 25)
    }

    @Test func panningShiftsByDotsAndBytes() {
        let bench = VGATestBench()
        bench.glyph(0x41, [0x80])
        bench.glyph(0x42, [0xFF])
        bench.cell(1, 0x41, 0x07)
        bench.cell(80, 0x42, 0x07)
        #expect(bench.line(0, from: 9, count: 1) == [colour(7)])
        bench.attribute(0x13, 2)
        #expect(bench.line(0, from: 5, count: 3) == dots(".#.", ink: 7, paper: 0), "three dots to the left")
        #expect(bench.line(0, from: 717, count: 3) == dots("###", ink: 7, paper: 0), "the next column comes in")
        bench.attribute(0x13, 8)
        bench.crtc(0x08, 0x20)
        #expect(bench.line(0, from: 0, count: 2) == dots("#.", ink: 7, paper: 0), "one character to the left")
    }

    @Test func lineCompareSplitsTheScreen() {
        let bench = VGATestBench()
        bench.text("status", at: 0)
        bench.text("upper", at: 160)
        bench.crtc(0x0D, 160)
        // Split behind line 383: 24 rows above, one below.
        bench.crtc(0x07, bench.vga.registers.crtc[.overflow] | 0x10)
        bench.crtc(0x09, 0x0F)
        bench.crtc(0x18, 0x7F)
        bench.nextFrame()
        let lines = bench.vga.textScreen?.lines
        #expect(lines?.count == 25)
        #expect(lines?[0] == "upper")
        #expect(lines?[24] == "status")

        bench.glyph(0x73, [0x80])
        bench.attribute(0x13, 0)
        #expect(bench.line(384, from: 0, count: 2) == dots("..", ink: 7, paper: 0), "panned out")
        bench.attribute(0x10, 0x2C)
        #expect(bench.line(384, from: 0, count: 2) == dots("#.", ink: 7, paper: 0), "panning ends at the split")
    }

    @Test func paletteColourSelectAndPlaneEnable() {
        let bench = VGATestBench()
        bench.cell(0, 0x20, 0x50)
        #expect(bench.line(0, from: 0, count: 1) == [VGATestBench.rgb(5)])
        bench.attribute(5, 0x2A)
        #expect(bench.line(0, from: 0, count: 1) == [VGATestBench.rgb(0x2A)])
        bench.attribute(0x14, 0x0D)
        #expect(bench.line(0, from: 0, count: 1) == [VGATestBench.rgb(0xEA)], "bits 6 and 7")
        bench.attribute(0x10, 0x8C)
        #expect(bench.line(0, from: 0, count: 1) == [VGATestBench.rgb(0xDA)], "and 4 and 5")
        bench.attribute(0x10, 0x0C)
        bench.attribute(0x14, 0)
        bench.attribute(0x12, 0x01)
        #expect(bench.line(0, from: 0, count: 1) == [VGATestBench.rgb(1)])
        bench.out(0x3C6, 0)
        #expect(bench.line(0, from: 0, count: 1) == [VGATestBench.rgb(0)])
    }

    @Test func monochromeModeAnswersAtB0000() {
        let bench = VGATestBench()
        bench.graphics(6, 0x0A)
        bench.write(0xB0000, 0x0741, .word)
        #expect(bench.vga.textScreen?.lines[0] == "A")
    }

    @Test func switchedOffScreenIsBlackOrOverscan() {
        let bench = VGATestBench()
        bench.cell(0, 0x20, 0x70)
        bench.attribute(0x11, 0x14)
        bench.sequencer(1, 0x20)
        #expect(bench.picture() == FrameBuffer(width: 720, height: 400))
        bench.sequencer(1, 0)
        _ = bench.in(0x3DA)
        bench.out(0x3C0, 0x00)
        #expect(Set(bench.picture().pixels) == [VGATestBench.rgb(0x14)])
        #expect(bench.vga.textScreen?.rows == 25)
    }

    @Test func graphicsModesHaveNoTextScreen() {
        #expect(VGATestBench(mode: .chained).vga.textScreen == nil)
    }

    /// Registers at random: nothing traps, and the monitor's picture is what a fresh one draws.
    @Test func monitorAgreesWithAFreshPictureUnderRandomRegisters() {
        let bench = VGATestBench()
        var monitor = Monitor()
        var seed: UInt64 = 12345
        func random() -> UInt8 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: seed >> 40)
        }
        for round in 0..<400 {
            let value = random()
            if round % 3 == 0 { bench.scheduler.now += UInt64(value) << (UInt64(random()) % 14) }
            switch random() % 12 {
            case 0: bench.crtc(random() % 0x19, value)
            case 1: bench.sequencer(random() % 5, value)
            case 2: bench.graphics(random() % 9, value)
            case 3: bench.attribute(random() % 0x15, value)
            case 4: bench.colour(random(), value, random(), random())
            case 5: bench.out(0x3C6, value | 0xF0)
            case 6: bench.crtc(0x0A + random() % 6, value)
            case 7: bench.set([.text80, .text40, .cga4, .planar640, .chained][round % 5])
            default:
                for _ in 0..<50 {
                    let address = 0xA0000 + (UInt32(random()) << 9 | UInt32(random()) << 1)
                    bench.write(address, UInt32(random()) << 8 | UInt32(random()), .word)
                }
            }
            let phase = BlinkPhase(cursor: random() & 1 == 0, characters: random() & 1 == 0)
            _ = monitor.update(from: bench.vga, blink: phase)
            var fresh = Monitor()
            _ = fresh.update(from: bench.vga, blink: phase)
            #expect(monitor.frame == fresh.frame)
            _ = bench.vga.textScreen
        }
    }
}
