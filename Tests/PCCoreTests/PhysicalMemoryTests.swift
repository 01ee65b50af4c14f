import Testing

@testable import PCCore

@Suite struct PhysicalMemoryTests {
    /// An 8086's ROM ends with its address lines; DMA reaches beyond them and must find nothing there, not the host's
    /// memory behind the image.
    @Test func nothingAnswersBehindTheROM() {
        let memory = PhysicalMemory(size: 0xA0000)
        memory.mapSystemROM([UInt8](repeating: 0xEA, count: 0x1_0000), addressLines: 0xF_FFFF)
        #expect(memory.peek(0xF_FFFF) == 0xEA)
        #expect(memory.peek(0x10_0000) == nil)
        #expect(memory.peek(0xFF_FFFF) == nil)
        #expect(memory.peek(0xFFFF_FFFF) == nil)
    }

    @Test func theROMOfA286WinsOverItsLastRAM() {
        let memory = PhysicalMemory(size: 16 << 20)
        memory.mapSystemROM([UInt8](repeating: 0xEA, count: 0x1_0000), addressLines: 0xFF_FFFF)
        #expect(memory.peek(0xFF_0000) == 0xEA)
        #expect(memory.peek(0xFE_FFFF) == 0)
        #expect(memory.peek(0x100_0000) == nil)
    }
}
