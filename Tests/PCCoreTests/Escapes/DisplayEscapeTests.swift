import Testing

@testable import PCCore

/// What made display adapters of other emulators read and write beside video memory, or divide by zero. Those by way of
/// the Bochs registers and the linear frame buffer are in a file of their own.
@Suite struct DisplayEscapeTests {
    /// Every register of every block has this value.
    private func fill(_ bench: VGATestBench, _ value: UInt8) {
        bench.out(0x3C2, value | 0x01)
        for index in 0..<5 as Range<UInt8> { bench.sequencer(index, value) }
        bench.crtc(0x11, 0)
        // Register 17h goes last, for the protection in 11h.
        for index in (0..<0x19 as Range<UInt8>).reversed() { bench.crtc(index, value) }
        for index in 0..<9 as Range<UInt8> { bench.graphics(index, value) }
        _ = bench.in(0x3DA)
        for index in 0..<21 as Range<UInt8> {
            bench.out(0x3C0, index)
            bench.out(0x3C0, value)
        }
        bench.out(0x3C0, 0x20)
    }

    private func isWhole(_ frame: FrameBuffer) -> Bool {
        frame.pixels.count == frame.width * frame.height && frame.width <= 2304 && frame.height <= 2048
    }

    /// CVE-2018-5683, CVE-2018-7858: a start address at the end of memory, with the longest lines, in every mode. Memory
    /// comes round.
    @Test(arguments: [0x7F, 0xFF, 0x80, 0xAA, 0x55] as [UInt8])
    func startAndPitchBeyondMemory(value: UInt8) {
        for mode in [.text80, .text40, .cga4, .cga2, .planar640, .chained] as [VGATestBench.Mode] {
            let bench = VGATestBench(mode: mode)
            for index in [0x08, 0x0C, 0x0D, 0x0E, 0x0F, 0x13, 0x14] as [UInt8] { bench.crtc(index, value) }
            bench.nextFrame()
            for control in [0xA3, 0xE3, 0x83, 0x80, 0xEB] as [UInt8] {
                bench.crtc(0x17, control)
                for height in [0x00, 0x1F, 0x80, 0x9F, 0xC0] as [UInt8] {
                    bench.crtc(0x09, height)
                    #expect(isWhole(bench.picture()))
                }
            }
        }
    }

    @Test func memoryComesRound() {
        let bench = VGATestBench(mode: .chained)
        bench.write(0xA_0000, 0x05)
        bench.write(0xA_FFFF, 0x09)
        // Start at the last address that there is: four pixels, then the first ones.
        bench.crtc(0x0C, 0x3F)
        bench.crtc(0x0D, 0xFF)
        bench.nextFrame()
        let line = bench.line(0, from: 0, count: 5)
        #expect(line == [0, 0, 0, 9, 5].map { VGATestBench.rgb($0) })
    }

    /// CVE-2017-13672 and -13673: split screens that begin anywhere.
    @Test(arguments: [0, 1, 2, 0x18F, 0x190, 0x3FF]) func splitsAnywhere(line: Int) {
        for mode in [.text80, .planar640, .chained] as [VGATestBench.Mode] {
            let bench = VGATestBench(mode: mode)
            bench.crtc(0x0C, 0xFF)
            bench.crtc(0x0D, 0xFF)
            bench.crtc(0x18, UInt8(line & 0xFF))
            bench.crtc(0x07, 0x0F | UInt8(line >> 8 & 1) << 4)
            bench.crtc(0x09, (line & 0x200 != 0 ? 0x40 : 0) | 0x41)
            #expect(isWhole(bench.picture()))
        }
    }

    /// CVE-2016-9921 and -9922 (there a blitter's): sizes of nothing. No total, no width, no height, no pitch; and all
    /// that is computed from them.
    @Test(arguments: [0x00, 0xFF, 0x01, 0xFE] as [UInt8]) func sizesOfNothing(value: UInt8) {
        let bench = VGATestBench(mode: .text80)
        fill(bench, value)
        for control in [0x00, 0x80, 0xE3, 0xFF] as [UInt8] {
            bench.crtc(0x17, control)
            let frame = bench.picture()
            #expect(isWhole(frame))
            for _ in 0..<100 {
                _ = bench.in(0x3DA)
                _ = bench.in(0x3C2)
                bench.scheduler.now += 12_345
                while bench.scheduler.takeDue() != nil { bench.vga.eventDue() }
            }
            if let screen = bench.vga.textScreen {
                #expect(screen.cells.count == screen.columns * screen.rows)
                _ = screen.lines
                _ = screen.cursor
            }
        }
    }

    /// CVE-2014-8106, CVE-2007-1320, CVE-2017-2620: a blitter's sizes and addresses. This adapter has none: the registers
    /// of Cirrus's chips are not there, and what they would start leaves memory alone.
    @Test func thereIsNoBlitter() {
        let bench = VGATestBench(mode: .planar640)
        bench.sequencer(0x06, 0x12)
        let before = bench.vga.state.memory
        for index in 0x09...0x3F as ClosedRange<UInt8> {
            // The index has four bits; above 8 is nothing.
            bench.out(0x3CE, index)
            guard bench.in(0x3CE) == index || index & 0x0F > 8 else { continue }
            bench.out(0x3CF, 0xFF)
            #expect(bench.in(0x3CF) == 0)
        }
        bench.scheduler.now += 1_000_000
        #expect(bench.vga.state.memory == before)
    }

    /// CVE-2016-3712: indices and data beyond the registers that there are, read and written.
    @Test func indicesBeyondTheRegisters() {
        let bench = VGATestBench(mode: .text80)
        let before = bench.picture()
        for port in [0x3D4, 0x3C4, 0x3CE] as [UInt16] {
            let count: UInt8 = port == 0x3D4 ? 0x19 : port == 0x3C4 ? 5 : 9
            for index in 0...0xFF as ClosedRange<UInt8> {
                bench.out(port, index)
                let seen = bench.in(port)
                guard seen >= count else { continue }
                bench.out(port + 1, 0xFF)
                _ = bench.in(port + 1)
            }
        }
        for index in 0...0xFF as ClosedRange<UInt8> where index & 0x1F > 0x14 {
            _ = bench.in(0x3DA)
            bench.out(0x3C0, index)
            bench.out(0x3C0, 0xFF)
            _ = bench.in(0x3C1)
        }
        _ = bench.in(0x3DA)
        bench.out(0x3C0, 0x20)
        #expect(bench.picture() == before)
    }

    /// Accesses of every width at every end of the window, in every memory map.
    @Test func theWindowsEnds() {
        for map in 0..<4 as Range<UInt8> {
            for mode in [.text80, .planar640, .chained] as [VGATestBench.Mode] {
                let bench = VGATestBench(mode: mode)
                bench.graphics(6, map << 2 | bench.vga.registers.graphics.graphicsBit)
                for address in stride(from: 0xA_0000 as UInt32, through: 0xB_FFFF, by: 0x8000) {
                    for offset in [0, 1, 2, 3, 0x7FFD, 0x7FFE, 0x7FFF] as [UInt32] {
                        for width in [.byte, .word, .dword] as [AccessWidth] {
                            bench.write(address + offset, 0xFFFF_FFFF, width)
                            #expect(bench.read(address + offset, width) <= width.ones)
                        }
                    }
                }
                #expect(bench.vga.state.memory.count == 0x4_0000)
            }
        }
    }
}

extension GraphicsController {
    /// Bit 0 of the miscellaneous register, as it stands.
    fileprivate var graphicsBit: UInt8 { graphics ? 1 : 0 }
}
