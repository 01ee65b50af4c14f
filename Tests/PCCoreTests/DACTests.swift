import Testing

@testable import PCCore

@Suite struct DACTests {
    @Test func coloursAreWrittenWithTheThirdComponentAndTheAddressSteps() {
        let bench = VGATestBench()
        bench.out(0x3C8, 254)
        for value in 1...6 { bench.out(0x3C9, UInt8(value)) }
        #expect(bench.in(0x3C8) == 0)
        #expect(bench.in(0x3C7) == 0)
        bench.out(0x3C9, 7)
        bench.out(0x3C9, 8)
        bench.out(0x3C7, 254)
        #expect(bench.in(0x3C7) == 3)
        #expect(bench.in(0x3C8) == 255, "the colour was fetched, the address stands at the next")
        #expect((0..<6).map { _ in bench.in(0x3C9) } == [1, 2, 3, 4, 5, 6])
        #expect((0..<3).map { _ in bench.in(0x3C9) } == [0, 0x3F, 0], "two components alone change nothing")
    }

    @Test func sixBitsBecomeEight() {
        let bench = VGATestBench()
        bench.colour(1, 0x3F, 0x20, 0xC1)
        #expect(bench.vga.registers.dac.rgb(1) == 0xFF8204)
        bench.out(0x3C7, 1)
        #expect((0..<3).map { _ in bench.in(0x3C9) } == [0x3F, 0x20, 0x01])
    }

    @Test func pelMaskCutsTheAddress() {
        let bench = VGATestBench()
        bench.out(0x3C6, 0x0F)
        #expect(bench.in(0x3C6) == 0x0F)
        #expect(bench.vga.registers.dac.rgb(0x37) == VGATestBench.rgb(7))
    }

    @Test func switchSenseComparesColour0() {
        let bench = VGATestBench()
        bench.colour(0, 0x04, 0x12, 0x04)
        #expect(bench.in(0x3C2) & 0x10 != 0)
        bench.colour(0, 0x04, 0x2D, 0x04)
        #expect(bench.in(0x3C2) & 0x10 == 0)
    }
}
