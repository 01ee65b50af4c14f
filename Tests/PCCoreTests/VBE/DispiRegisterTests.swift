import Testing

@testable import PCCore

@Suite struct DispiRegisterTests {
    @Test func isNotThereBelowThe386UnlessAskedFor() {
        let old = PCIBench(cpu: .i80286)
        old.out(0x1CE, 0, .word)
        #expect(old.input(0x1CF, .word) == 0xFFFF)
        let asked = PCIBench(cpu: .i80286) { $0.vbe = true }
        asked.out(0x1CE, 0, .word)
        #expect(asked.input(0x1CF, .word) == 0xB0C5)
        let refused = PCIBench { $0.vbe = false }
        refused.out(0x1CE, 0, .word)
        #expect(refused.input(0x1CF, .word) == 0xFFFF)
    }

    @Test func takesTheVersionsThatThereAre() {
        let bench = DispiBench()
        for id in Dispi.ids {
            bench[.id] = id
            #expect(bench[.id] == id)
        }
        bench[.id] = 0xB0C6
        #expect(bench[.id] == 0xB0C5)
        bench[.id] = 0
        #expect(bench[.id] == 0xB0C5)
    }

    @Test func geometryStandsFastWhileItIsShown() {
        let bench = DispiBench()
        bench.mode(800, 600, 16)
        bench[.xResolution] = 640
        bench[.yResolution] = 480
        bench[.bitsPerPixel] = 8
        #expect(bench[.xResolution] == 800 && bench[.yResolution] == 600 && bench[.bitsPerPixel] == 16)
        bench[.enable] = 0
        bench[.xResolution] = 640
        #expect(bench[.xResolution] == 640)
    }

    @Test func whatIsOutOfRangeIsNotTaken() {
        let bench = DispiBench()
        for value in [0, 7, 2561, 0xFFFF] as [UInt16] { bench[.xResolution] = value }
        for value in [0, 1601, 0xFFFF] as [UInt16] { bench[.yResolution] = value }
        for value in [1, 2, 12, 33, 64, 0xFFFF] as [UInt16] { bench[.bitsPerPixel] = value }
        #expect(bench[.xResolution] == 640 && bench[.yResolution] == 480 && bench[.bitsPerPixel] == 8)
        bench[.bitsPerPixel] = 0
        #expect(bench[.bitsPerPixel] == 8)
        #expect(bench[.videoMemory] == 256)
        bench.mode(640, 480, 8)
        bench[.bank] = 255
        bench[.bank] = 256
        #expect(bench[.bank] == 255)
        bench[.yOffset] = UInt16(0x100_0000 / 640 - 480)
        #expect(bench[.yOffset] == 25734)
        bench[.yOffset] = 25735
        #expect(bench[.yOffset] == 25734, "the picture would end beyond memory")
        bench[.virtualHeight] = 5
        #expect(bench[.virtualHeight] == 26214)
    }

    @Test func capabilitiesAreTheMost() {
        let bench = DispiBench()
        bench.mode(640, 480, 8, enable: 0x43)
        #expect(bench[.xResolution] == 2560 && bench[.yResolution] == 1600 && bench[.bitsPerPixel] == 32)
        bench[.enable] = 0x41
        #expect(bench[.xResolution] == 640 && bench[.yResolution] == 480 && bench[.bitsPerPixel] == 8)
    }

    @Test func theVirtualScreenFollowsItsWidth() {
        let bench = DispiBench()
        bench.mode(800, 600, 32)
        #expect(bench[.virtualWidth] == 800 && bench[.virtualHeight] == 5242)
        bench[.virtualWidth] = 700
        #expect(bench[.virtualWidth] == 800, "narrower than the picture")
        bench[.virtualWidth] = 0xFFFF
        #expect(bench[.virtualWidth] == 6990 && bench[.virtualHeight] == 600, "as wide as 600 lines can be")
    }

    @Test func aPictureLargerThanMemoryEndsWithIt() {
        let bench = DispiBench { $0.videoMemory = 1 << 20 }
        #expect(bench[.videoMemory] == 16)
        bench.mode(1024, 768, 32)
        #expect(bench[.yResolution] == 256)
        #expect(bench.size == [1024, 256])
        bench[.bank] = 16
        #expect(bench[.bank] == 0)
    }

    @Test func bytesAreNotAnswered() {
        let bench = DispiBench()
        bench.bench.out(0x1CE, 1, .word)
        bench.bench.out(0x1CF, 0x20)
        #expect(bench[.xResolution] == 640)
        bench.bench.out(0x1CE, 1, .word)
        #expect(bench.bench.input(0x1D0, .word) == 640)
        #expect(bench.bench.input(0x1CF) == 0xFF)
    }

    @Test func theDACGoesFromSixBitsToEight() {
        let bench = DispiBench()
        bench.mode(640, 480, 8)
        func colour(_ value: UInt8) {
            bench.bench.out(0x3C8, 1)
            for _ in 0..<3 { bench.bench.out(0x3C9, UInt32(value)) }
        }
        func read() -> UInt32 {
            bench.bench.out(0x3C7, 1)
            return bench.bench.input(0x3C9)
        }
        colour(0xFF)
        #expect(read() == 0x3F)
        bench.poke(0, [1])
        #expect(bench.pixels(0, 0, count: 1) == [0xFF_FFFF])
        bench[.enable] = 0x61
        #expect(read() == 0xFC)
        colour(0xAB)
        #expect(read() == 0xAB)
        #expect(bench.pixels(0, 0, count: 1) == [0xAB_ABAB])
        bench[.enable] = 0
        #expect(read() == 0x2A)
    }

    @Test func registersStandInAPageOnPCI() {
        let bench = DispiBench()
        bench.bench.write(2, 0x18, 0xE9F0_0000)
        let page: UInt32 = 0xE9F0_0000
        func read(_ offset: UInt32, _ width: AccessWidth = .word) -> UInt32 {
            bench.pc.bus.readDevice(page + offset, width)
        }
        #expect(read(0x500) == 0xB0C5)
        bench.pc.bus.writeDevice(page + 0x502, 1024, .word)
        #expect(bench[.xResolution] == 1024 && read(0x502) == 1024)
        // The DAC's mask at 3C6h
        bench.pc.bus.writeDevice(page + 0x406, 0x55, .byte)
        #expect(bench.bench.input(0x3C6) == 0x55 && read(0x406, .byte) == 0x55)
        #expect(read(0x600, .dword) == 8 && read(0x604, .dword) == 0x1E1E_1E1E)
        #expect(read(0, .dword) == 0xFFFF_FF00, "EDID")
        #expect((0..<128).reduce(0) { ($0 + read($1, .byte)) & 0xFF } == 0)
        #expect(read(0x700, .dword) == 0xFFFF_FFFF)
    }

    @Test func aResetShutsItOff() {
        let bench = DispiBench()
        bench.mode(800, 600, 32)
        bench[.bank] = 3
        bench.pc.reset()
        #expect(bench[.enable] == 0 && bench[.bank] == 0 && bench[.xResolution] == 640)
        #expect(bench.pc.memory.page(0xA0000).host == nil)
        #expect(bench.pc.memory.page(DispiBench.frameBuffer).host == nil)
    }

    @Test func stateIsTakenBack() {
        let bench = DispiBench()
        bench.mode(640, 480, 8)
        bench[.bank] = 9
        bench.bench.poke(0xA0000, [0x77])
        bench.poke(0xFF_FFFF, [0x88])
        let saved = bench.vga.state
        let hash = bench.pc.canonicalState()
        bench.mode(320, 200, 32)
        bench[.bank] = 0
        #expect(bench.pc.canonicalState() != hash)
        bench.vga.restore(saved)
        #expect(bench[.bank] == 9 && bench[.xResolution] == 640)
        #expect(bench.bench.peek(0xA0000) == 0x77 && bench.peek(0xFF_FFFF) == 0x88)
        bench.poke(0xFF_FFFF, [0])
        #expect(bench.vga.state.memory.count == 9 * 0x1_0000 + 8)
    }
}
