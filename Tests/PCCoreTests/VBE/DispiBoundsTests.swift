import Testing

@testable import PCCore

/// Ways out of video memory that others had, each by its sequence of registers. Nothing is reached but video memory.
@Suite struct DispiBoundsTests {
    /// CVE-2016-3710: a bank that was set for packed pixels, then the VGA's registers of another memory layout, so that
    /// the bank is added to an address that is multiplied by four.
    @Test(arguments: [1 << 18, 1 << 20, 16 << 20])
    func cve_2016_3710(_ size: Int) {
        let bench = DispiBench { $0.videoMemory = size }
        bench.mode(640, 100, 8)
        let last = UInt16(size / 0x1_0000 - 1)
        bench[.bank] = 0xFFFF
        #expect(bench[.bank] == 0)
        bench[.bank] = last
        // Planes, no chain, odd/even, 128 KB.
        for (index, value) in [(2, 0x0F), (4, 0x06)] as [(UInt32, UInt32)] {
            bench.bench.out(0x3C4, index)
            bench.bench.out(0x3C5, value)
        }
        for (index, value) in [(5, 0x00), (6, 0x01), (8, 0xFF)] as [(UInt32, UInt32)] {
            bench.bench.out(0x3CE, index)
            bench.bench.out(0x3CF, value)
        }
        for address in [0xA_0000, 0xA_FFFF, 0xB_0000, 0xB_FFFF] as [UInt32] {
            bench.bench.poke(address, [0x41])
            _ = bench.bench.peek(address)
            bench.vga.writeMemory(address - 0xA_0000, 0x4141_4141, .dword)
            _ = bench.vga.readMemory(address - 0xA_0000, .dword)
        }
        #expect(bench.vga.memory.read(at: size - 1, .byte) == 0x41)
        #expect(bench.bench.peek(0xB_0000) == 0xFF, "the window has 64 KB")
        // The bank is still there when four planes are shown, and when the VGA is again.
        bench[.enable] = 0
        bench[.bank] = last
        bench[.bitsPerPixel] = 4
        bench[.enable] = 1
        bench.bench.poke(0xA_FFFF, [0x42])
        #expect(bench[.bank] == 0)
        bench[.enable] = 0
        bench.bench.poke(0xA_FFFF, [0x43])
    }

    /// CVE-2016-3712: the VGA's own registers for the start and the pitch of the picture, set while the interface shows its.
    @Test func cve_2016_3712() {
        let bench = DispiBench()
        bench.mode(800, 600, 32)
        bench.poke(0, [1, 2, 3, 0])
        for index in [0x0C, 0x0D, 0x13, 0x18, 0x07, 0x09, 0x12, 0x01] as [UInt32] {
            bench.bench.out(0x3D4, index)
            bench.bench.out(0x3D5, 0xFF)
        }
        #expect(bench.pixels(0, 0, count: 1) == [0x030201])
        #expect(bench.size == [800, 600])
        // What they say is shown when the interface is off; the counters go around in 64 KB.
        bench[.enable] = 0
        _ = bench.size
        // Offsets that lead to the end of memory and beyond.
        bench.mode(800, 600, 32)
        bench[.virtualWidth] = 0xFFFF
        bench[.xOffset] = 0xFFFF
        bench[.yOffset] = 0xFFFF
        #expect(bench.size == [800, 600])
        #expect(bench[.yOffset] == 0)
    }

    /// Bochs#767: the last bank of four planes, all of which are written at the end of the window.
    @Test func bochs767() {
        let bench = DispiBench()
        bench.mode(640, 480, 4, enable: 1)
        bench[.bank] = 64
        #expect(bench[.bank] == 0)
        bench[.bank] = 63
        #expect(bench[.bank] == 63)
        bench.bench.out(0x3C4, 2)
        bench.bench.out(0x3C5, 0x0F)
        bench.bench.out(0x3CE, 8)
        bench.bench.out(0x3CF, 0xFF)
        for address in 0xA_0000..<0xA_0010 as Range<UInt32> { bench.bench.poke(address, [0x41]) }
        bench.bench.poke(0xA_FFFF, [0x41])
        #expect(bench.vga.memory.read(at: 0xFF_FFFC, .dword) == 0x4141_4141)
        bench.vga.writeMemory(0xFFFE, 0x4242_4242, .dword)
        #expect(bench.vga.memory.read(at: 0xFF_FFF8, .dword) == 0x4242_4242)
    }

    /// Bochs#817: a virtual width of nothing, by which something is divided.
    @Test(arguments: [4, 8, 15, 16, 24, 32] as [UInt16]) func bochs817(_ bits: UInt16) {
        let bench = DispiBench()
        bench[.bitsPerPixel] = bits
        bench[.virtualWidth] = 0
        #expect(bench[.virtualHeight] > 0)
        bench.mode(8, 1, bits)
        bench[.virtualWidth] = 0
        #expect(bench[.virtualWidth] == 8)
        bench[.virtualWidth] = 1
        #expect(bench.size == [8, 1])
    }

    /// Registers at random, with stores to the window and pictures between: nothing traps, and no picture is larger than
    /// the largest.
    @Test(arguments: 1...4) func registersAtRandom(_ seed: Int) {
        var random = Lehmer(state: UInt64(seed))
        let bench = DispiBench { $0.videoMemory = seed & 1 == 0 ? 1 << 18 : 1 << 22 }
        let values: [UInt16] = [0, 1, 2, 3, 4, 7, 8, 15, 16, 24, 32, 63, 64, 255, 256, 640, 1600, 2560, 0x7FFF, 0xFFFF]
        for step in 0..<2000 {
            let number = random.next()
            let index = UInt16(truncatingIfNeeded: number >> 8) % 12
            let value = values[Int(number >> 20) % values.count]
            bench.bench.out(0x1CE, UInt32(index), .word)
            bench.bench.out(0x1CF, UInt32(number & 3 == 0 ? UInt16(truncatingIfNeeded: number >> 32) : value), .word)
            bench.vga.writeMemory(UInt32(truncatingIfNeeded: number >> 16) & 0x1_FFFF, .max, .dword)
            _ = bench.vga.readMemory(UInt32(truncatingIfNeeded: number >> 24) & 0x1_FFFF, .dword)
            if number & 7 == 1 {
                bench.bench.out(0x3C4 + UInt16(number >> 40 & 1) * 10, UInt32(number >> 44 & 7))
                bench.bench.out(0x3C5 + UInt16(number >> 40 & 1) * 10, UInt32(number >> 48 & 0xFF))
            }
            if step % 20 == 0 {
                let size = bench.size
                #expect(size[0] <= 2560 && size[1] <= 1600)
            }
        }
    }
}
