import Testing

@testable import PCCore

@Suite struct VGARegisterTests {
    @Test func unimplementedBitsReadAsZero() {
        let bench = VGATestBench()
        bench.crtc(0x11, 0)
        let crtc: [UInt8: UInt8] = [0x00: 0xFF, 0x08: 0x7F, 0x0A: 0x3F, 0x0B: 0x7F, 0x14: 0x7F, 0x17: 0xEF, 0x19: 0]
        for (index, mask) in crtc {
            bench.crtc(index, 0xFF)
            #expect(bench.in(0x3D4) == index)
            #expect(bench.in(0x3D5) == mask, "CRTC \(index)")
        }
        for (index, mask) in [0x03, 0x3D, 0x0F, 0x3F, 0x0E, 0].enumerated() {
            bench.sequencer(UInt8(index), 0xFF)
            #expect(bench.in(0x3C5) == mask, "sequencer \(index)")
        }
        for (index, mask) in [0x0F, 0x0F, 0x0F, 0x1F, 0x03, 0x7B, 0x0F, 0x0F, 0xFF, 0].enumerated() {
            bench.graphics(UInt8(index), 0xFF)
            #expect(bench.in(0x3CF) == mask, "graphics \(index)")
        }
    }

    @Test func attributeFlipFlopTakesTurnsAndIsResetByStatus() {
        let bench = VGATestBench()
        _ = bench.in(0x3DA)
        bench.out(0x3C0, 0x31)
        #expect(bench.in(0x3C0) == 0x31)
        bench.out(0x3C0, 0xAB)
        #expect(bench.in(0x3C0) == 0x31, "data leaves the index")
        #expect(bench.in(0x3C1) == 0xAB)
        bench.out(0x3C0, 0x32)
        _ = bench.in(0x3DA)
        bench.out(0x3C0, 0x33)
        #expect(bench.in(0x3C0) == 0x33, "status turned data back into index")
        bench.out(0x3C0, 0xFF)
        #expect(bench.in(0x3C1) == 0x0F)
    }

    @Test func readingStatusAtTheOtherAddressLeavesTheFlipFlop() {
        let bench = VGATestBench()
        _ = bench.in(0x3DA)
        bench.out(0x3C0, 0x31)
        #expect(bench.in(0x3BA) == 0xFF)
        bench.out(0x3C0, 0x12)
        #expect(bench.in(0x3C1) == 0x12)
    }

    /// As on IBM's second VGA and all clones; the VGABIOS of Bochs sets colours so.
    @Test func paletteIsWritableWhileTheDisplayHasIt() {
        let bench = VGATestBench()
        _ = bench.in(0x3DA)
        bench.out(0x3C0, 0x25)
        bench.out(0x3C0, 0x2A)
        #expect(bench.in(0x3C1) == 0x2A)
        bench.out(0x3C0, 0x05)
        bench.out(0x3C0, 0x15)
        #expect(bench.in(0x3C1) == 0x15)
    }

    /// Registers of the CRT controller's index that show what other blocks hold.
    @Test func latchesAndAttributeControllerCanBeReadBack() {
        let bench = VGATestBench(mode: .planar640)
        for plane in 0..<4 as Range<UInt8> {
            bench.sequencer(2, 1 << plane)
            bench.write(0xA0010, 0x11 * UInt32(plane + 1))
        }
        _ = bench.read(0xA0010)
        bench.out(0x3D4, 0x22)
        for plane in 0..<4 as Range<UInt8> {
            bench.graphics(4, plane)
            #expect(bench.in(0x3D5) == 0x11 * (plane + 1))
        }
        bench.out(0x3D4, 0x24)
        _ = bench.in(0x3DA)
        #expect(bench.in(0x3D5) == 0)
        bench.out(0x3C0, 0x33)
        #expect(bench.in(0x3D5) == 0x80, "data is next")
        bench.out(0x3D4, 0x26)
        #expect(bench.in(0x3D5) == 0x33)
        bench.out(0x3D5, 0xFF)
        #expect(bench.in(0x3D5) == 0x33, "and not written here")
        bench.out(0x3C0, 0)
    }

    @Test func writeProtectionKeepsRegisters0To7ButTheLineCompareBit() {
        let bench = VGATestBench()
        #expect(bench.vga.registers.crtc[.verticalRetraceEnd] & 0x80 != 0)
        bench.crtc(0x00, 0x11)
        #expect(bench.in(0x3D5) == 0x5F)
        bench.crtc(0x07, 0xE0)
        #expect(bench.in(0x3D5) == 0x0F)
        bench.crtc(0x07, 0x10)
        #expect(bench.in(0x3D5) == 0x1F)
        bench.crtc(0x08, 0x03)
        #expect(bench.in(0x3D5) == 3)
        bench.crtc(0x11, 0x0E)
        bench.crtc(0x00, 0x11)
        #expect(bench.in(0x3D5) == 0x11)
    }

    @Test func miscellaneousBit0MovesTheCRTC() {
        let bench = VGATestBench()
        bench.out(0x3C2, 0x66)
        #expect(bench.in(0x3CC) == 0x66)
        #expect(bench.in(0x3D5) == 0xFF)
        bench.out(0x3B4, 0x0E)
        bench.out(0x3B5, 0x12)
        #expect(bench.in(0x3B5) == 0x12)
        bench.out(0x3D5, 0x34)
        #expect(bench.in(0x3B5) == 0x12)
        #expect(bench.in(0x3BA) != 0xFF)
        bench.out(0x3C2, 0xFF)
        #expect(bench.in(0x3CC) == 0xEF)
        #expect(bench.in(0x3D5) == 0x12)
        #expect(bench.in(0x3B4) == 0xFF)
    }

    @Test func featureControlIsWrittenAtTheStatusPortAndReadAt3CA() {
        let bench = VGATestBench()
        bench.out(0x3BA, 1)
        #expect(bench.in(0x3CA) == 0)
        bench.out(0x3DA, 0xFE)
        #expect(bench.in(0x3CA) == 2)
    }

    @Test func subsystemEnableShutsPortsAndMemory() {
        let bench = VGATestBench()
        bench.cell(0, 0x41, 7)
        #expect(bench.in(0x3C3) == 1)
        bench.out(0x3C3, 0)
        #expect(bench.in(0x3CC) == 0xFF)
        #expect(bench.read(0xB8000, .word) == 0xFFFF)
        bench.cell(0, 0x42, 7)
        bench.out(0x3C2, 0)
        bench.out(0x3C3, 1)
        #expect(bench.in(0x3CC) == 0x67)
        #expect(bench.read(0xB8000, .word) == 0x0741)
    }

    @Test func powerOnShowsNothingAndResetGoesBackToIt() {
        let bench = VGATestBench(mode: nil)
        #expect(bench.vga.textScreen?.rows == 0)
        #expect(bench.picture() == FrameBuffer(width: 720, height: 400))
        bench.set(.text80)
        bench.cell(0, 0xDB, 7)
        #expect(bench.vga.textScreen?.rows == 25)
        let generation = bench.vga.generation
        bench.vga.reset()
        #expect(bench.vga.generation != generation)
        #expect(bench.vga.textScreen?.rows == 0)
        #expect(bench.in(0x3CC) == 0)
        #expect(bench.read(0xB8000) == 0xFF, "memory is shut")
        bench.set(.text80)
        #expect(bench.read(0xB8000) == 0xDB, "and keeps what it holds")
    }

    @Test func stateIsTheWholeAdapter() {
        let bench = VGATestBench()
        bench.text("state", at: 3)
        bench.crtc(0x0F, 8)
        bench.out(0x3C7, 9)
        var writer = StateWriter()
        var state = bench.vga.state
        state.visit(&writer)

        let other = VGATestBench(mode: .chained)
        other.vga.restore(state)
        var again = StateWriter()
        var copy = other.vga.state
        copy.visit(&again)
        #expect(writer.bytes == again.bytes)
        #expect(other.vga.textScreen?.lines[0] == "   state")
        #expect(other.in(0x3C9) == 9)
        #expect(other.in(0x3DA) & 1 == 0)

        bench.cell(0, 1, 1)
        var third = StateWriter()
        var changed = bench.vga.state
        changed.visit(&third)
        #expect(writer.bytes != third.bytes)
    }
}
