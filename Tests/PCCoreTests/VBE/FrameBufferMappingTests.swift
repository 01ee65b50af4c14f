import Testing

@testable import PCCore

/// Video memory in the address space: as memory, where the base address register says.
@Suite struct FrameBufferMappingTests {
    @Test func windowAndFrameBufferAreTheSameBytes() {
        let bench = DispiBench()
        bench.mode(800, 600, 32)
        for bank in [0, 1, 29, 255] as [UInt16] {
            bench[.bank] = bank
            bench.bench.poke(0xA1234, [UInt8(truncatingIfNeeded: bank) ^ 0x5A])
            #expect(bench.peek(UInt32(bank) << 16 | 0x1234) == UInt8(truncatingIfNeeded: bank) ^ 0x5A)
            bench.poke(UInt32(bank) << 16 | 0xFFFF, [UInt8(truncatingIfNeeded: bank) ^ 0xA5])
            #expect(bench.bench.peek(0xAFFFF) == UInt8(truncatingIfNeeded: bank) ^ 0xA5)
        }
        #expect(bench.pc.memory.page(0xAF000).host != nil && bench.pc.memory.page(0xB0000).host == nil)
        bench[.enable] = 0
        #expect(bench.pc.memory.page(0xA0000).host == nil)
    }

    @Test func theWindowShutsWithTheVGAsMemory() {
        let bench = DispiBench()
        bench.mode(640, 480, 8)
        bench.bench.out(0x3C2, 0x61)
        #expect(bench.pc.memory.page(0xA0000).host == nil)
        #expect(bench.bench.peek(0xA0000) == 0xFF)
        bench.bench.out(0x3C2, 0x63)
        #expect(bench.pc.memory.page(0xA0000).host != nil)
    }

    @Test func standsWhereTheBaseAddressRegisterSays() {
        let bench = DispiBench()
        bench.mode(640, 480, 8)
        bench.bench.write(2, 0x10, 0xFFFF_FFFF)
        #expect(bench.bench.read(2, 0x10) == 0xFF00_0008, "16 MB, prefetchable")
        bench.place(0xD000_0000)
        bench.bench.poke(0xD000_0010, [0x11])
        bench.place(0xD300_0000)
        #expect(bench.bench.peek(0xD300_0010) == 0x11 && bench.bench.peek(0xD000_0010) == 0xFF)
        // Switched off, and placed below RAM's end: RAM comes first.
        bench.bench.write(2, 4, 0x01, .word)
        #expect(bench.bench.peek(0xD300_0010) == 0xFF)
        bench.bench.write(2, 4, 0x03, .word)
        #expect(bench.bench.peek(0xD300_0010) == 0x11)
        #expect(bench.pc.memory.page(0xD3FF_F000).host != nil && bench.pc.memory.page(0xD400_0000).host == nil)
        // Memory as RAM is only while the interface shows a mode, and there all the same.
        bench[.enable] = 0
        #expect(bench.pc.memory.page(0xD300_0000).host == nil && bench.bench.peek(0xD300_0010) == 0x11)
        bench.place(0xD000_0000)
        bench[.enable] = 0xC1
        #expect(bench.pc.memory.page(0xD000_0000).host != nil && bench.bench.peek(0xD000_0010) == 0x11)
        bench.pc.reset()
        #expect(bench.pc.memory.page(0xD000_0000).host == nil)
    }

    @Test func standsAtAFixedPlaceWithoutPCI() {
        let bench = DispiBench(cpu: .i80386)
        bench.bench.poke(0xE012_3456, [0x77])
        #expect(bench.vga.memory.read(at: 0x12_3456, .byte) == 0x77)
        bench.mode(640, 480, 8)
        #expect(bench.bench.peek(0xE012_3456) == 0x77 && bench.pc.memory.page(0xE0FF_F000).host != nil)
        #expect(bench.pc.memory.page(0xE100_0000).host == nil && !bench.pc.bus.answers(0xE100_0000))
        let small = DispiBench(cpu: .i80286) { $0.vbe = true }
        #expect(small.pc.memory.page(0xE000_0000).host == nil, "24 address lines do not lead there")
    }

    @Test(arguments: [true, false]) func busMastersReachIt(asMemory: Bool) {
        let bench = DispiBench()
        if asMemory { bench.mode(640, 480, 8) }
        let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(bench.pc.bus.masterWrite(bytes[...], at: DispiBench.frameBuffer + 0x800) == 5000)
        #expect(bench.pc.bus.masterRead(5000, at: DispiBench.frameBuffer + 0x800) == bytes)
        #expect(bench.peek(0x800 + 4999) == bytes[4999])
        // Over the end of the region there is nobody.
        #expect(bench.pc.bus.masterWrite(bytes[...], at: DispiBench.frameBuffer + 0xFF_F000) == 4096)
        #expect(bench.pc.bus.answers(DispiBench.frameBuffer) && !bench.pc.bus.answers(0xE900_0000))
    }

    /// Real-mode code in the window: another bank brings other code, which was decoded before.
    @Test func codeInTheWindowFollowsTheBank() {
        // XOR BX,BX / MOV SI,2 / again: MOV DX,1CE / MOV AX,5 / OUT DX,AX / INC DX / MOV AX,SI / OUT DX,AX
        // CALL A000:0100 / DEC SI / JNS again / HLT
        let code: [UInt8] = [
            0xFA, 0xBC, 0x00, 0x70, 0x31, 0xDB, 0xBE, 0x02, 0x00, 0xBA, 0xCE, 0x01, 0xB8, 0x05, 0x00, 0xEF, 0x42, 0x89,
            0xF0, 0xEF, 0x9A, 0x00, 0x01, 0x00, 0xA0, 0x4E, 0x79, 0xED, 0xF4,
        ]
        let bench = DispiBench(code: code)
        bench.mode(640, 480, 8)
        for bank in 0..<3 as Range<UInt8> {
            // ADD BX,bank / ADD BX,BX / RETF
            bench.poke(UInt32(bank) << 16 | 0x100, [0x83, 0xC3, bank + 1, 0x01, 0xDB, 0xCB])
        }
        bench.bench.run()
        // ((3 * 2 + 2) * 2 + 1) * 2
        #expect(bench.pc.cpu.core.register(3) & 0xFFFF == 34)
    }
}
