import Testing

@testable import PCCore

private typealias Selector = ProtectedMachine.Selector

/// Control registers, descriptor table registers, CPUID, model-specific registers, LOADALL.
@Suite struct SystemTests {
    /// The machine must be kept: a `Core` does not own what it works on.
    private func real(_ model: CPUModel) -> BareMachine { BareMachine(model: model, memory: 1 << 20) }

    // MARK: CR0

    @Test func protectedModeOnAndOff() throws {
        let machine = real(.i80486)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        #expect(throws: Fault.generalProtection(0)) { try core.writeControlRegister(0, 0x8000_0000) }
        #expect(throws: Fault.generalProtection(0)) { try core.writeControlRegister(0, 0x2000_0001) }
        try core.writeControlRegister(0, 1)
        #expect(machine.cpu.s.pointee.isProtected)
        // ET is fixed.
        #expect(try core.readControlRegister(0) == 0x11)
        try core.writeControlRegister(0, 0)
        #expect(!machine.cpu.s.pointee.isProtected)
        try core.writeControlRegister(0, 0x7FFF_FFFF)
        #expect(try core.readControlRegister(0) == 0x6005_003F)
    }

    @Test func controlRegistersOfThe386() throws {
        let machine = real(.i80386)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        try core.writeControlRegister(0, 0x7FFF_FFFF)
        #expect(try core.readControlRegister(0) == 0x1F)
        try core.writeControlRegister(3, 0xFFFF_FFFF)
        #expect(try core.readControlRegister(3) == 0xFFFF_F000)
        try core.writeControlRegister(2, 0x1234_5678)
        #expect(try core.readControlRegister(2) == 0x1234_5678)
        for number in [1, 4, 5, 7] {
            #expect(throws: Fault.invalidOpcode) { _ = try core.readControlRegister(number) }
        }
        let oldMachine = real(.i80286)
        defer { withExtendedLifetime(oldMachine) {} }
        let old = oldMachine.cpu.core
        #expect(throws: Fault.invalidOpcode) { _ = try old.readControlRegister(0) }
    }

    @Test(arguments: [(CPUModel.pentium, 0x15F as UInt32), (.pentiumII, 0x3DF)])
    func cr4(model: CPUModel, known: UInt32) throws {
        let machine = real(model)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        for bit in 0..<32 {
            let value: UInt32 = 1 << UInt32(bit)
            if known & value != 0 {
                try core.writeControlRegister(4, value)
                #expect(try core.readControlRegister(4) == value)
            } else {
                #expect(throws: Fault.generalProtection(0)) { try core.writeControlRegister(4, value) }
            }
        }
    }

    @Test func privilegeOfControlRegisters() {
        let m = ProtectedMachine(cpl: 3)
        m.expect(.generalProtection(0)) { () throws(Fault) in _ = try m.core.readControlRegister(0) }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.writeControlRegister(3, 0) }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.clearTaskSwitched() }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.readMSR() }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.loadGDTR(3, 0, operand32: true) }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.requirePrivilege0() }
    }

    @Test func machineStatusWord() throws {
        let machine = real(.i80286)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        #expect(core.storeMachineStatus() == 0xFFF0)
        core.loadMachineStatus(0xFFFF)
        #expect(core.storeMachineStatus() == 0xFFFF)
        #expect(machine.cpu.s.pointee.isProtected)
        // PE stays.
        core.loadMachineStatus(0)
        #expect(core.storeMachineStatus() == 0xFFF1)
        core.loadMachineStatus(8)
        try core.clearTaskSwitched()
        #expect(core.storeMachineStatus() == 0xFFF1)
    }

    @Test func changesOfPagingFlushTheTLB() throws {
        let m = ProtectedMachine()
        m.startPaging()
        m.put32(0x9000, 0x1111)
        m.put32(0xA000, 0x2222)
        #expect(try m.core.read(3, 0x9000, as: UInt32.self) == 0x1111)
        // Without a flush the old translation stays.
        m.put32(0x10_1000 + 9 * 4, 0xA007)
        #expect(try m.core.read(3, 0x9000, as: UInt32.self) == 0x1111)
        try m.core.writeControlRegister(3, 0x10_0000)
        #expect(try m.core.read(3, 0x9000, as: UInt32.self) == 0x2222)
        try m.core.writeControlRegister(0, m.s.pointee.cr0 & ~Core.CR0.paging)
        #expect(try m.core.read(3, 0x9000, as: UInt32.self) == 0x1111)
    }

    // MARK: Test registers

    @Test func testRegisters() throws {
        let machine386 = real(.i80386)
        defer { withExtendedLifetime(machine386) {} }
        let i386 = machine386.cpu.core
        try i386.writeTestRegister(6, 0x1234)
        #expect(try i386.readTestRegister(6) == 0x1234)
        #expect(throws: Fault.invalidOpcode) { _ = try i386.readTestRegister(3) }
        let machine486 = real(.i80486)
        defer { withExtendedLifetime(machine486) {} }
        let i486 = machine486.cpu.core
        try i486.writeTestRegister(3, 0x55)
        #expect(try i486.readTestRegister(3) == 0x55)
        #expect(throws: Fault.invalidOpcode) { _ = try i486.readTestRegister(2) }
        let pentiumMachine = real(.pentium)
        defer { withExtendedLifetime(pentiumMachine) {} }
        let pentium = pentiumMachine.cpu.core
        #expect(throws: Fault.invalidOpcode) { _ = try pentium.readTestRegister(6) }
    }

    // MARK: GDTR, IDTR

    @Test func descriptorTableRegisters() throws {
        let m = ProtectedMachine()
        m.put16(0x9000, 0x1234)
        m.put32(0x9002, 0xABCD_EF01)
        try m.core.loadIDTR(3, 0x9000, operand32: true)
        #expect(m.s.pointee.idtBase == 0xABCD_EF01)
        #expect(m.s.pointee.idtLimit == 0x1234)
        try m.core.loadIDTR(3, 0x9000, operand32: false)
        #expect(m.s.pointee.idtBase == 0xCD_EF01)
        try m.core.storeIDTR(3, 0x9010, operand32: true)
        #expect(m.get16(0x9010) == 0x1234)
        #expect(m.get32(0x9012) == 0x00CD_EF01)
        try m.core.storeGDTR(3, 0x9010, operand32: true)
        #expect(m.get32(0x9012) == 0x1000)
        // All six bytes must be within the segment.
        m.setSegment(Selector.test, 0, 0x9014, 0x93, 0x40)
        m.load(3, Selector.test)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.storeGDTR(3, 0x9010, operand32: true) }
    }

    @Test func tableRegistersOfThe286() throws {
        let machine = real(.i80286)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        for (i, byte) in [0x34, 0x12, 0x01, 0xEF, 0xCD, 0xAB].enumerated() {
            machine.poke(UInt32(0x100 + i), UInt8(byte))
        }
        try core.loadGDTR(3, 0x100, operand32: false)
        #expect(machine.cpu.s.pointee.gdtBase == 0xCD_EF01)
        try core.storeGDTR(3, 0x200, operand32: false)
        #expect(machine.peek(0x204) == 0xCD)
        #expect(machine.peek(0x205) == 0xFF)
    }

    // MARK: CPUID, RDTSC, MSRs

    @Test(
        arguments: [
            (.i80486, 1, 0x435, 1), (.pentium, 1, 0x543, 0x80_01BF), (.pentiumII, 2, 0x652, 0x180_B9BF),
        ] as [(CPUModel, UInt32, UInt32, UInt32)])
    func identify(model: CPUModel, highest: UInt32, signature: UInt32, features: UInt32) {
        let machine = real(model)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        core.eax = 0
        core.identify()
        #expect(core.eax == highest)
        let name = [core.ebx, core.edx, core.ecx].flatMap { word in (0..<4).map { UInt8(word >> ($0 * 8) & 0xFF) } }
        #expect(String(decoding: name, as: UTF8.self) == "GenuineIntel")
        core.eax = 1
        core.identify()
        #expect(core.eax == signature)
        #expect(core.edx == features)
        core.eax = 0x8000_0000
        core.identify()
        #expect(core.eax == (model == .pentiumII ? 0x0302_0101 : signature))
    }

    @Test func timeStampCounter() throws {
        let m = ProtectedMachine()
        m.s.pointee.sliceEnd = 0x1_2345_6789
        m.s.pointee.remaining = 0
        try m.core.readTimeStamp()
        #expect(m.core.edx == 1)
        #expect(m.core.eax == 0x2345_6789)
        m.core.ecx = 0x10
        m.core.eax = 0x100
        m.core.edx = 0x5
        try m.core.writeMSR()
        m.s.pointee.sliceEnd += 0x10
        try m.core.readMSR()
        #expect(m.core.eax == 0x110)
        #expect(m.core.edx == 0)
        m.enter(3)
        try m.core.readTimeStamp()
        m.s.pointee.cr4 = Core.CR4.timeStampDisable
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.readTimeStamp() }
    }

    @Test func modelSpecificRegisters() throws {
        let m = ProtectedMachine()
        for number: UInt32 in [0x174, 0x175, 0x176, 0x200, 0x20F, 0x250, 0x259, 0x26F] {
            m.core.ecx = number
            m.core.eax = 0x1000 + number
            m.core.edx = 0
            try m.core.writeMSR()
        }
        for number: UInt32 in [0x174, 0x175, 0x176, 0x200, 0x20F, 0x250, 0x259, 0x26F] {
            m.core.ecx = number
            try m.core.readMSR()
            #expect(m.core.eax == 0x1000 + number)
        }
        m.core.ecx = 0xFE
        try m.core.readMSR()
        #expect(m.core.eax == 0x508)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.writeMSR() }
        m.core.ecx = 0x1B
        try m.core.readMSR()
        #expect(m.core.eax == 0xFEE0_0100)
        m.core.ecx = 0xC000_0080
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.readMSR() }
        let pentium = ProtectedMachine(.pentium)
        pentium.core.ecx = 0x174
        pentium.expect(.generalProtection(0)) { () throws(Fault) in try pentium.core.readMSR() }
    }

    @Test func performanceCounters() throws {
        let m = ProtectedMachine(cpl: 3)
        m.core.ecx = 0
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.readPerformanceCounter() }
        m.s.pointee.cr4 = Core.CR4.performanceCounter
        try m.core.readPerformanceCounter()
        m.core.ecx = 2
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.readPerformanceCounter() }
    }

    /// [SDM 2B SYSENTER, SYSEXIT]
    @Test func fastSystemCalls() throws {
        let m = ProtectedMachine(cpl: 3)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.systemEnter() }
        m.s.pointee.system.sysenterCS = 0x08
        m.s.pointee.system.sysenterESP = 0x7000
        m.s.pointee.system.sysenterEIP = 0x5000
        m.core.setEFLAGS(Flags.interrupt)
        try m.core.systemEnter()
        #expect(m.s.pointee.cpl == 0)
        #expect(m.cs == 0x08 && m.ss == 0x10)
        #expect(m.core.esp == 0x7000 && m.eip == 0x5000)
        #expect(m.flags == 2)
        m.core.ecx = 0x9000
        m.core.edx = 0x4444
        try m.core.systemExit()
        #expect(m.s.pointee.cpl == 3)
        #expect(m.cs == 0x1B && m.ss == 0x23)
        #expect(m.core.esp == 0x9000 && m.eip == 0x4444)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.systemExit() }
    }

    // MARK: LOADALL

    @Test func loadAll286() throws {
        let machine = real(.i80286)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        func put(_ at: UInt32, _ value: UInt16) {
            machine.poke(at, UInt8(truncatingIfNeeded: value))
            machine.poke(at + 1, UInt8(value >> 8))
        }
        for i: UInt32 in 0..<102 { machine.poke(0x800 + i, 0) }
        put(0x818, 0x0203)
        put(0x81A, 0x1234)
        put(0x834, 0xAAAA)
        put(0x82C, 0x5555)
        put(0x824, 0x0010)
        // ES: base 120000h, writable data, limit FFFFh.
        put(0x836, 0)
        put(0x838, 0x9312)
        put(0x83A, 0xFFFF)
        put(0x83E, 0x9300)
        put(0x840, 0xFFFF)
        put(0x84E, 0x4321)
        put(0x852, 0x0FFF)
        try core.loadAll286()
        #expect(machine.cpu[.eip] == 0x1234)
        #expect(core.eax == 0xAAAA)
        #expect(core.esp == 0x5555)
        #expect(core.eflags == 0x203)
        let es = machine.cpu.s.segment(SegmentNumber.es).pointee
        #expect(es.base == 0x12_0000)
        #expect(es.selector == 0x10)
        #expect(es.writeTop == 0x1_0000)
        #expect(machine.cpu.s.pointee.gdtBase == 0x4321)
        #expect(machine.cpu.s.pointee.gdtLimit == 0x0FFF)
    }

    @Test func loadAll386() throws {
        let m = ProtectedMachine(.i80386)
        m.core.edi = 0xB000
        for i: UInt32 in 0..<204 { m.put8(0xB000 + i, 0) }
        m.put32(0xB000, 1)
        m.put32(0xB004, 0x3202)
        m.put32(0xB008, 0x1234_5678)
        m.put32(0xB028, 0xAAAA_BBBB)
        m.put32(0xB048, 0x23)
        m.put32(0xB0A8, 0x00C0_F300)
        m.put32(0xB0AC, 0x10_0000)
        m.put32(0xB0B0, .max)
        try m.core.loadAll386()
        #expect(m.core.eax == 0xAAAA_BBBB)
        #expect(m.eip == 0x1234_5678)
        #expect(m.s.pointee.cpl == 3)
        #expect(m.flags == 0x3202)
        #expect(m.s.segment(SegmentNumber.ss).pointee.base == 0x10_0000)
        #expect(m.s.segment(SegmentNumber.ss).pointee.isBig)
    }
}
