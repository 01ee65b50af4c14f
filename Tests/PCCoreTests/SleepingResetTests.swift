import Testing

@testable import PCCore

@Suite struct SleepingResetTests {
    /// INIT from the I/O APIC comes by an event, and no instruction runs that would end.
    @Test func aResetWakesTheCPU() {
        var configuration = PCConfiguration()
        configuration.bios = [UInt8](repeating: 0x90, count: 0x1_0000)
        // xor ax, ax; mov ds, ax; inc byte [500h]; sti; hlt
        let code: [UInt8] = [0x31, 0xC0, 0x8E, 0xD8, 0xFE, 0x06, 0x00, 0x05, 0xFB, 0xF4]
        configuration.bios.replaceSubrange(0xFFF0..<0xFFF0 + code.count, with: code)
        let pc = PC(configuration)
        #expect(pc.run(until: 1000) == .sliceEnd)
        #expect(pc.bus.memory.peek(0x500) == 1)
        pc.requestReset()
        _ = pc.run(until: 2000)
        #expect(pc.bus.memory.peek(0x500) == 2)
    }
}

@Suite struct SystemRegisterStateTests {
    /// What WRMSR stores decides what SYSENTER and RDMSR do later.
    @Test func modelSpecificRegistersAreState() {
        var configuration = PCConfiguration()
        configuration.bios = [UInt8](repeating: 0xF4, count: 0x1_0000)
        let pc = PC(configuration)
        let before = pc.canonicalState()
        pc.cpu.s.pointee.system.sysenterEIP = 0x1234
        #expect(pc.canonicalState() != before)
        pc.cpu.s.pointee.system.sysenterEIP = 0
        #expect(pc.canonicalState() == before)
    }
}
