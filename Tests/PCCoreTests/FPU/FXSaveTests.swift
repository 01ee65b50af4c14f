import Testing

@testable import PCCore

/// FXSAVE, FXRSTOR, and what MMX instructions do to the x87's state.
@Suite struct FXSaveTests {
    @Test func saveAndRestore() {
        let m = FloatMachine()
        m.load(.one, .zero, .three)
        m.set {
            $0.control = 0x27F
            $0.status |= 0x4521
            $0.instructionPointer = 0x1234_5678
            $0.instructionSelector = 0x9ABC
            $0.dataPointer = 0x8765_4321
            $0.dataSelector = 0xCBA9
            $0.opcode = 0x5A5
        }
        for at in stride(from: 0 as UInt32, to: 512, by: 4) { m.put32(at, 0xEEEE_EEEE) }
        let before = m.cpu.fpu
        #expect(m.run(0x0F, 0xAE, 0x06, 0x00, 0x00) == nil)
        #expect(m.cpu.fpu == before)
        #expect(m.get16(0) == 0x27F)
        #expect(m.get16(2) == 0x6D21)
        // One bit a register by its own number, set where it is not empty.
        #expect(m.get16(4) == 0x00E0)
        #expect(m.get16(6) == 0x5A5)
        #expect(m.get32(8) == 0x1234_5678)
        #expect(m.get16(12) == 0x9ABC)
        #expect(m.get32(16) == 0x8765_4321)
        #expect(m.get16(20) == 0xCBA9)
        #expect(m.get64(32) == 1 << 63)
        #expect(m.get16(40) == 0x3FFF)
        #expect(m.get64(64) == 3 << 62)
        // Reserved fields are left as they were.
        #expect(m.get16(14) == 0xEEEE)
        #expect(m.get32(24) == 0xEEEE_EEEE)
        #expect(m.get16(42) == 0xEEEE)
        #expect(m.get32(160) == 0xEEEE_EEEE)
        m.run(0xDB, 0xE3)
        m.set { $0.stack = Array(repeating: .two, count: 8) }
        #expect(m.run(0x0F, 0xAE, 0x0E, 0x00, 0x00) == nil)
        #expect(m.cpu.fpu == before)
    }

    @Test func faults() {
        let m = FloatMachine()
        m.load(.one)
        let before = m.cpu.fpu
        #expect(m.run(0x0F, 0xAE, 0x06, 0x08, 0x00) == 13)
        #expect(m.run(0x0F, 0xAE, 0x0E, 0x01, 0x00) == 13)
        #expect(m.run(0x0F, 0xAE, 0x06, 0x10, 0xFE) == 13)
        #expect(m.run(0x0F, 0xAE, 0x0E, 0x10, 0xFE) == 13)
        #expect(m.run(0x0F, 0xAE, 0x06, 0x00, 0xFE) == nil)
        // Register forms, and the other numbers of the group
        #expect(m.run(0x0F, 0xAE, 0xC0) == 6)
        for reg in 2..<UInt8(8) { #expect(m.run(0x0F, 0xAE, reg << 3 | 6, 0, 0) == 6) }
        #expect(m.cpu.fpu == before)
    }

    /// FXRSTOR can bring an exception that waits; neither it nor FXSAVE waits for one.
    @Test func pendingExceptions() {
        let m = FloatMachine()
        m.cpu.reportsFloatErrors = true
        m.set {
            $0.control = 0x37E
            $0.status = 1
        }
        #expect(m.status == 0x8081)
        #expect(m.run(0x0F, 0xAE, 0x06, 0x00, 0x00) == nil)
        m.run(0xDB, 0xE3)
        #expect(m.run(0x0F, 0xAE, 0x0E, 0x00, 0x00) == nil)
        #expect(m.status == 0x8081)
        #expect(m.run(0x0F, 0xAE, 0x0E, 0x00, 0x00) == nil)
        #expect(m.run(0x9B) == 16)
    }

    // MARK: MMX

    @Test func mmxTakesTheStack() {
        let m = FloatMachine()
        m.load(.one, .three)
        m.set { $0.status |= 0x4701 }
        // movq mm2, mm7, which is ST(1) before and ST(7) afterwards
        #expect(m.run(0x0F, 0x6F, 0xD7) == nil)
        #expect(m.status == 0x4701)
        #expect(m.cpu.fpu[mmx: 2] == 3 << 62)
        #expect(m.st(2).signExponent == 0xFFFF)
        // No register is empty: zeros are tagged zero, the new one special.
        #expect(m.tags & 0xFFFF == 0b00_00_01_01_01_10_01_01)
        #expect(m.run(0x0F, 0x77) == nil)
        #expect(m.tags == 0xFFFF)
        #expect(m.cpu.fpu[mmx: 2] == 3 << 62)
    }

    /// A store takes the stack as well, unless it faults.
    @Test func mmxStores() {
        let m = FloatMachine()
        m.load(.one)
        let before = m.cpu.fpu
        #expect(m.run(0x0F, 0x7F, 0x3E, 0xFC, 0xFF) == 13)
        #expect(m.run(0x0F, 0x7E, 0x3E, 0xFE, 0xFF) == 13)
        #expect(m.run(0x0F, 0x6F, 0x3E, 0xFC, 0xFF) == 13)
        #expect(m.cpu.fpu == before)
        #expect(m.run(0x0F, 0x7F, 0x3E, 0x00, 0x00) == nil)
        #expect(m.get64(0) == 1 << 63)
        #expect(m.status == 0)
        #expect(m.tags & 0xC000 == 0)
    }

    /// The pointers of the x87 are not of MMX.
    @Test func mmxLeavesPointers() {
        let m = FloatMachine()
        m.set {
            $0.opcode = 0x123
            $0.instructionPointer = 0x456
        }
        m.run(0x0F, 0xFC, 0x06, 0x00, 0x00)
        #expect(m.cpu.fpu.opcode == 0x123)
        #expect(m.cpu.fpu.instructionPointer == 0x456)
    }
}
