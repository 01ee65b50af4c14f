import Testing

@testable import PCCore

@Suite struct VGAMemoryTests {
    /// The four planes of an address, plane 0 first.
    private func planes(_ bench: VGATestBench, _ address: UInt16) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: bench.vga.memory[address] >> ($0 * 8)) }
    }

    /// Mode 12h with known planes at address 10h, in the latches.
    private func latched(_ values: [UInt8] = [0x0F, 0xF0, 0x33, 0x55]) -> VGATestBench {
        let bench = VGATestBench(mode: .planar640)
        for (plane, value) in values.enumerated() {
            bench.sequencer(2, 1 << UInt8(plane))
            bench.write(0xA0010, UInt32(value))
        }
        bench.sequencer(2, 0x0F)
        _ = bench.read(0xA0010)
        return bench
    }

    @Test func mapMaskPicksPlanes() {
        let bench = latched([0, 0, 0, 0])
        bench.sequencer(2, 0b1010)
        bench.write(0xA0010, 0x5A)
        #expect(planes(bench, 0x10) == [0, 0x5A, 0, 0x5A])
    }

    @Test func readMapPicksThePlane() {
        let bench = latched()
        for (plane, value) in [0x0F, 0xF0, 0x33, 0x55].enumerated() {
            bench.graphics(4, UInt8(plane))
            #expect(bench.read(0xA0010) == UInt32(value))
        }
    }

    @Test func writeMode0RotatesThenSetsThenCombinesThenMasks() {
        let bench = latched()
        bench.graphics(0, 0b0100)
        bench.graphics(1, 0b1100)
        bench.graphics(3, 4)
        bench.graphics(8, 0x3C)
        bench.write(0xA0020, 0x12)
        // 12h rotated by 4 is 21h in planes 0 and 1; set/reset gives planes 2 and 3; the latches the outer bits.
        #expect(planes(bench, 0x20) == [0x23, 0xE0, 0x3F, 0x41])
    }

    @Test func functionsCombineWithTheLatches() {
        let bench = latched()
        let expected: [UInt8: [UInt8]] = [
            0x08: [0x0C, 0xC0, 0x00, 0x44], 0x10: [0xCF, 0xFC, 0xFF, 0xDD], 0x18: [0xC3, 0x3C, 0xFF, 0x99],
        ]
        for (function, values) in expected {
            bench.graphics(3, function)
            bench.write(0xA0020, 0xCC)
            #expect(planes(bench, 0x20) == values)
        }
    }

    @Test func writeMode1CopiesTheLatches() {
        let bench = latched()
        bench.graphics(5, 1)
        bench.graphics(8, 0)
        bench.write(0xA0030, 0xAA)
        #expect(planes(bench, 0x30) == [0x0F, 0xF0, 0x33, 0x55])
    }

    @Test func writeMode2SpreadsTheColour() {
        let bench = latched()
        bench.graphics(5, 2)
        bench.graphics(8, 0xF0)
        bench.write(0xA0030, 0xF5)
        #expect(planes(bench, 0x30) == [0xFF, 0x00, 0xF3, 0x05])
    }

    @Test func writeMode3MasksWithTheRotatedData() {
        let bench = latched()
        bench.graphics(5, 3)
        bench.graphics(0, 0b0001)
        bench.graphics(3, 1)
        bench.graphics(8, 0x7F)
        bench.write(0xA0030, 0x81)
        // 81h rotated is C0h; with the bit mask 40h is left, set in plane 0 and cleared in the others.
        #expect(planes(bench, 0x30) == [0x4F, 0xB0, 0x33, 0x15])
    }

    @Test func readMode1ComparesColours() {
        let bench = latched()
        bench.graphics(5, 8)
        bench.graphics(2, 0b0001)
        bench.graphics(7, 0b1111)
        // Bits where plane 0 is set and the others are clear: 0Fh, not F0h, not 33h, not 55h.
        #expect(bench.read(0xA0010) == 0x08)
        bench.graphics(7, 0b0001)
        #expect(bench.read(0xA0010) == 0x0F)
        bench.graphics(7, 0)
        #expect(bench.read(0xA0010) == 0xFF)
    }

    @Test func textCellsLieInPlanes0And1() {
        let bench = VGATestBench()
        bench.write(0xB8002, 0x1F41, .word)
        #expect(planes(bench, 2) == [0x41, 0x1F, 0, 0])
        #expect(planes(bench, 3) == [0, 0, 0, 0])
        #expect(bench.read(0xB8002, .word) == 0x1F41)
        bench.write(0xB8005, 0x22)
        #expect(planes(bench, 4) == [0, 0x22, 0, 0])
        bench.write(0xB8007, 0xBBAA, .word)
        #expect(planes(bench, 6)[1] == 0xAA)
        #expect(planes(bench, 8)[0] == 0xBB)
        bench.write(0xB8010, 0x4433_2211, .dword)
        #expect(bench.read(0xB8010, .dword) == 0x4433_2211)
        #expect(planes(bench, 0x12) == [0x33, 0x44, 0, 0])
    }

    /// The short path of text writes does what the general one does.
    @Test func shortAndLongTextPathAgree() {
        let short = VGATestBench()
        let long = VGATestBench()
        #expect(short.vga.path.fastText)
        // A map mask with the unused plane 3 takes the long path; plane 3 is not compared.
        long.sequencer(2, 0x0B)
        #expect(!long.vga.path.fastText)
        var seed: UInt32 = 1
        for _ in 0..<2000 {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            let width: AccessWidth = seed >> 30 == 0 ? .byte : seed >> 30 == 1 ? .dword : .word
            let address = 0xB8000 + (seed >> 8 & 0x7FF8) + (seed >> 24 & 3)
            short.write(address, seed, width)
            long.write(address, seed, width)
        }
        for address in 0...UInt16.max {
            #expect(short.vga.memory[address] & 0xFFFF == long.vga.memory[address] & 0xFFFF)
        }
        #expect(short.read(0xB8123) == long.read(0xB8123))
    }

    @Test func memoryMapMovesTheWindow() {
        let bench = VGATestBench()
        bench.cell(0, 0x41, 7)
        #expect(bench.read(0xB7FFF) == 0xFF)
        bench.write(0xB0000, 0x99)
        #expect(bench.read(0xB8000) == 0x41)
        bench.graphics(6, 0x0A)
        #expect(bench.read(0xB0000) == 0x41)
        #expect(bench.read(0xB8000) == 0xFF)
        bench.graphics(6, 0x06)
        #expect(bench.read(0xA0000) == 0x41)
        #expect(bench.read(0xB0000) == 0xFF)
        // In 128 KB, address bit 16 is bit 0 of the plane address.
        bench.graphics(6, 0x02)
        bench.write(0xB0000, 0x42)
        #expect(planes(bench, 0)[0] == 0x41)
        #expect(planes(bench, 1)[0] == 0x42)
        #expect(bench.read(0xBFFFF) != 0xFF)
    }

    @Test func ramDisableShutsTheWindow() {
        let bench = VGATestBench()
        bench.cell(0, 0x41, 7)
        bench.out(0x3C2, 0x65)
        #expect(bench.read(0xB8000) == 0xFF)
        bench.cell(0, 0x42, 7)
        bench.out(0x3C2, 0x67)
        #expect(bench.read(0xB8000) == 0x41)
    }

    @Test func chain4PutsEachByteIntoItsPlane() {
        let bench = VGATestBench(mode: .chained)
        bench.write(0xA0004, 0x4433_2211, .dword)
        bench.write(0xAFFFF, 0x77)
        #expect(planes(bench, 4) == [0x11, 0x22, 0x33, 0x44])
        #expect(planes(bench, 5) == [0, 0, 0, 0])
        #expect(planes(bench, 0xFFFC) == [0, 0, 0, 0x77])
        #expect(bench.read(0xA0004, .dword) == 0x4433_2211)
        bench.sequencer(2, 0b0101)
        bench.write(0xA0004, 0x8877_6655, .dword)
        #expect(planes(bench, 4) == [0x55, 0x22, 0x77, 0x44])
        bench.sequencer(2, 0x0F)
        bench.graphics(8, 0x0F)
        _ = bench.read(0xA0004)
        bench.write(0xA0005, 0xAB)
        #expect(planes(bench, 4) == [0x55, 0x2B, 0x77, 0x44])
    }
}
