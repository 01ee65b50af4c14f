import Testing

@testable import PCCore

/// A debugger reads video memory as the CPU would, and leaves no trace: the latches stay.
@Suite struct VideoPeekTests {
    private func latches(_ display: DispiBench) -> UInt32 { display.vga.registers.latches }

    @Test func planes() {
        let display = DispiBench()
        display.show(.planar640)
        for plane: UInt32 in 0..<4 {
            display.bench.out(0x3C4, 2 | (1 << plane) << 8, .word)
            display.bench.poke(0xA0010, [UInt8(0x11 * (plane + 1))])
        }
        #expect(display.bench.peek(0xA0020) == 0)
        display.bench.out(0x3CE, 4, .word)
        let before = display.pc.canonicalState()
        #expect(latches(display) == 0)
        for plane: UInt32 in 0..<4 {
            display.bench.out(0x3CE, 4 | plane << 8, .word)
            #expect(display.pc.peek(0xA0010) == UInt8(0x11 * (plane + 1)))
        }
        display.bench.out(0x3CE, 4, .word)
        #expect(latches(display) == 0)
        #expect(display.pc.canonicalState() == before)
        // Read mode 1 compares colours.
        display.bench.out(0x3CE, 0x0805, .word)
        display.bench.out(0x3CE, 0x0F02, .word)
        display.bench.out(0x3CE, 0x0F07, .word)
        #expect(display.pc.peek(0xA0010) == display.bench.peek(0xA0010))
        // Text has another window.
        #expect(display.pc.peek(0xB8000) == nil && display.pc.peek(0xC0000) != nil)
    }

    @Test func text() {
        let display = DispiBench()
        display.show(.text80)
        display.bench.poke(0xB8000, [0x41, 0x07, 0x42, 0x70])
        #expect((0..<4).map { display.pc.peek(0xB8000 + $0) } == [0x41, 0x07, 0x42, 0x70])
        #expect(display.pc.peek(0xA0000) == nil)
    }

    /// The linear frame buffer, as memory and where a device answers; the window of the display interface by planes.
    @Test func displayInterface() {
        let display = DispiBench()
        display.mode(640, 480, 8)
        display.poke(0x12345, [0x5A, 0xA5])
        #expect(display.pc.peek(DispiBench.frameBuffer + 0x12345) == 0x5A)
        display[.bank] = 1
        #expect(display.pc.peek(0xA2346) == 0xA5)
        display[.enable] = 0
        #expect(display.pc.peek(DispiBench.frameBuffer + 0x12346) == 0xA5)
        #expect(display.pc.peek(DispiBench.frameBuffer &- 1) == nil)
        let last = DispiBench.frameBuffer + UInt32(display.vga.memory.size)
        #expect(display.pc.peek(last - 1) == 0 && display.pc.peek(last) == nil)
        display.mode(640, 480, 4)
        display.bench.out(0x3C4, 0x0202, .word)
        display.bench.out(0x3CE, 0xFF08, .word)
        display.bench.poke(0xA0010, [0x77])
        _ = display.bench.peek(0xA0020)
        display.bench.out(0x3CE, 0x0104, .word)
        #expect(display.pc.peek(0xA0010) == 0x77)
        #expect(latches(display) == 0)
    }
}
