import Testing

@testable import PCCore

@Suite struct DispiPictureTests {
    @Test func eightBitsGoThroughThePalette() {
        let bench = DispiBench()
        bench.mode(640, 480, 8)
        bench.bench.out(0x3C8, 200)
        for value in [63, 32, 1] as [UInt32] { bench.bench.out(0x3C9, value) }
        bench.poke(640 * 3 + 5, [200, 0, 200])
        #expect(bench.pixels(4, 3, count: 5) == [0, 0xFF_8204, 0, 0xFF_8204, 0])
    }

    @Test(
        arguments: [
            (15, [0x00, 0x7C], 0xFF_0000), (15, [0xE0, 0x03], 0x00_FF00), (15, [0x1F, 0x80], 0x00_00FF),
            (15, [0x10, 0x42], 0x84_8484), (16, [0x00, 0xF8], 0xFF_0000), (16, [0xE0, 0x07], 0x00_FF00),
            (16, [0x1F, 0x00], 0x00_00FF), (16, [0x10, 0x84], 0x84_8284), (24, [0x33, 0x22, 0x11], 0x11_2233),
            (32, [0x33, 0x22, 0x11, 0xAA], 0x11_2233),
        ] as [(UInt16, [UInt8], UInt32)])
    func directColours(_ bits: UInt16, _ bytes: [UInt8], _ colour: UInt32) {
        let bench = DispiBench()
        bench.mode(641, 480, bits)
        let pitch = 641 * bytes.count
        for x in [0, 1, 639, 640] { bench.poke(UInt32(pitch * 479 + x * bytes.count), bytes) }
        #expect(bench.pixels(0, 479, count: 3) == [colour, colour, 0])
        #expect(bench.pixels(638, 479, count: 3) == [0, colour, colour])
    }

    /// Mode 102h as our BIOS sets it: planes behind the VGA's registers, with more than 64 KB of them.
    @Test func fourBitsAreInPlanes() {
        let bench = DispiBench()
        bench.mode(1024, 768, 4, enable: 1)
        bench.bench.out(0x3CE, 8)
        bench.bench.out(0x3CF, 0xFF)
        for colour in 0..<16 as Range<UInt32> {
            _ = bench.bench.input(0x3DA)
            bench.bench.out(0x3C0, colour)
            bench.bench.out(0x3C0, colour)
            bench.bench.out(0x3C0, 0x20)
            bench.bench.out(0x3C8, colour)
            for _ in 0..<3 { bench.bench.out(0x3C9, colour) }
        }
        // All planes count.
        _ = bench.bench.input(0x3DA)
        for value in [0x32, 0x0F] as [UInt32] { bench.bench.out(0x3C0, value) }
        func plane(_ mask: UInt32, _ bank: UInt16, _ offset: UInt32, _ value: UInt8) {
            bench[.bank] = bank
            bench.bench.out(0x3C4, 2)
            bench.bench.out(0x3C5, mask)
            bench.bench.poke(0xA0000 + offset, [value])
        }
        plane(0x1, 0, 128 * 2, 0x80)
        plane(0x8, 0, 128 * 2, 0xC0)
        // Line 600 begins at 12C00h of its plane.
        plane(0x6, 1, 0x2C00 + 127, 0x01)
        func grey(_ value: UInt32) -> UInt32 { (value << 2 | value >> 4) * 0x01_0101 }
        #expect(bench.pixels(0, 2, count: 3) == [grey(9), grey(8), 0])
        #expect(bench.pixels(1022, 600, count: 2) == [0, grey(6)])
    }

    @Test(arguments: [8, 15, 16, 24, 32] as [UInt16]) func onlyChangedLinesAreDrawn(_ bits: UInt16) {
        let bench = DispiBench()
        bench.mode(800, 600, bits)
        let bytes = UInt32(bits + 7) / 8
        #expect(bench.update() == 0..<600)
        #expect(bench.update().isEmpty)
        bench.poke(800 * bytes * 7 + 799 * bytes, [1])
        #expect(bench.update() == 7..<8)
        bench.poke(800 * bytes * 7 + 799 * bytes, [1])
        #expect(bench.update().isEmpty, "written again, but the same")
        bench.poke(0, [1])
        bench.poke(800 * bytes * 600 - 1, [1])
        #expect(bench.update() == 0..<(bits == 32 ? 1 : 600), "the fourth byte is not shown")
        bench[.yOffset] = 1
        #expect(!bench.update().isEmpty)
        bench[.yOffset] = 0
        bench.bench.out(0x3C8, 0)
        for _ in 0..<3 { bench.bench.out(0x3C9, 9) }
        #expect(bench.update() == 0..<600)
    }

    @Test func theVirtualScreenPans() {
        let bench = DispiBench()
        bench.mode(640, 480, 8)
        bench[.virtualWidth] = 1000
        bench.bench.out(0x3C8, 1)
        for _ in 0..<3 { bench.bench.out(0x3C9, 63) }
        bench.poke(1000 * 30 + 20, [1])
        #expect(bench.pixels(20, 30, count: 1) == [0xFF_FFFF])
        bench[.xOffset] = 15
        bench[.yOffset] = 28
        #expect(bench.pixels(5, 2, count: 1) == [0xFF_FFFF])
        #expect(bench.pixels(20, 30, count: 1) == [0])
    }

    @Test func theGenerationMovesWithTheFrames() {
        // STI / HLT / JMP to it
        let bench = DispiBench(code: [0xFB, 0xF4, 0xEB, 0xFD])
        bench.mode(640, 480, 32)
        let before = bench.pc.frameGeneration
        #expect(bench.pc.frameGeneration == before)
        bench.bench.pass(bench.pc.slotsPerSecond / 50)
        #expect(bench.pc.frameGeneration != before)
        #expect(bench.pc.textScreen == nil)
        bench[.enable] = 0
        let off = bench.pc.frameGeneration
        bench.bench.pass(bench.pc.slotsPerSecond / 50)
        #expect(bench.pc.frameGeneration == off)
    }

    @Test func aMonitorGoesThereAndBack() {
        let bench = VGATestBench()
        var monitor = Monitor()
        bench.text("text", at: 0)
        _ = monitor.update(from: bench.vga, blink: .visible)
        let text = monitor.frame
        bench.vga.writeDispi(Dispi.Index.xResolution.rawValue, 320)
        bench.vga.writeDispi(Dispi.Index.yResolution.rawValue, 200)
        bench.vga.writeDispi(Dispi.Index.enable.rawValue, 0x81)
        #expect(monitor.update(from: bench.vga, blink: .visible) == 0..<200)
        #expect(monitor.frame.width == 320 && monitor.frame.height == 200)
        #expect(monitor.update(from: bench.vga, blink: .visible).isEmpty)
        bench.vga.writeDispi(Dispi.Index.enable.rawValue, 0)
        #expect(monitor.update(from: bench.vga, blink: .visible) == 0..<400)
        #expect(monitor.frame == text, "the memory was kept")
        bench.vga.writeDispi(Dispi.Index.enable.rawValue, 0x01)
        bench.sequencer(1, 0x21)
        _ = monitor.update(from: bench.vga, blink: .visible)
        #expect(monitor.frame.pixels.allSatisfy { $0 == 0 }, "the screen is off")
    }
}
