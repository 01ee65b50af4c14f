import Testing

@testable import PCCore

private typealias Place = ProtectedMachine.Place
private typealias Selector = ProtectedMachine.Selector

/// Virtual-8086 mode, with and without VME; IOPL and the I/O bitmap.
@Suite struct V86Tests {
    /// A machine in virtual-8086 mode with a handler for every vector at 5000h.
    private func virtual(iopl: UInt32 = 0, vme: Bool = false, flags: UInt32 = 0) -> ProtectedMachine {
        let m = ProtectedMachine()
        for vector in 0..<64 { m.setVector(UInt8(vector), 0xEE, Selector.code0, 0x5000 + UInt32(vector)) }
        if vme { m.s.pointee.cr4 = Core.CR4.virtual8086Extensions }
        m.enterVirtual8086(iopl: iopl, flags: flags)
        return m
    }

    // MARK: In and out

    @Test func interruptsLeaveForLevel0() {
        let m = virtual(flags: Flags.interrupt)
        m.core.deliverExternal(0x20)
        #expect(!m.s.pointee.isVirtual8086)
        #expect(m.s.pointee.isProtected)
        #expect(m.s.pointee.cpl == 0)
        #expect(m.core.esp == Place.stack0 - 36)
        #expect(m.stack(9) == [0x202, 0x200, 0x2_0202, 0x1000, 0x300, 0x100, 0x400, 0x500, 0x600])
        for number in [SegmentNumber.es, SegmentNumber.ds, SegmentNumber.fs, SegmentNumber.gs] {
            #expect(m.s.segment(number).pointee == .null())
        }
        #expect(m.flags == 2)
    }

    @Test func errorCodeComesLast() {
        let m = virtual()
        m.core.raise(.generalProtection(0))
        #expect(m.core.esp == Place.stack0 - 40)
        #expect(m.stack(4) == [0, 0x202, 0x200, 0x3_0002])
    }

    @Test func returnFromLevel0() throws {
        let m = ProtectedMachine()
        m.push(0x1234, 0x2000, 0x2_3202, 0xFFF0, 0x3000, 0x4000, 0x5000, 0x6000, 0x7000)
        try m.core.interruptReturn(operand32: true)
        #expect(m.s.pointee.isVirtual8086)
        #expect(m.s.pointee.cpl == 3)
        #expect(m.eip == 0x1234)
        #expect(m.core.esp == 0xFFF0)
        #expect((0..<6).map(m.selector) == [0x4000, 0x2000, 0x3000, 0x5000, 0x6000, 0x7000])
        for number in 0..<6 {
            let segment = m.s.segment(number).pointee
            #expect(segment.base == UInt32(segment.selector) << 4)
            #expect(segment.limit == 0xFFFF)
            #expect(segment.dpl == 3)
        }
        #expect(m.flags == 0x2_3202)
    }

    @Test func returnFromLevel0ChecksEIPAndTheStack() {
        let m = ProtectedMachine()
        m.push(0x1_0000, 0x2000, 0x2_0002, 0, 0, 0, 0, 0, 0)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.interruptReturn(operand32: true) }
        m.setSegment(Selector.test, 0, 0x7EFF, 0x92, 0x40)
        m.load(SegmentNumber.ss, Selector.test)
        m.core.esp = 0x7F00 - 32
        m.put32(m.core.esp, 0x1000)
        m.put32(m.core.esp + 4, 0x2000)
        m.put32(m.core.esp + 8, 0x2_0002)
        m.expect(.stackFault(0)) { () throws(Fault) in try m.core.interruptReturn(operand32: true) }
    }

    /// VM in the image means nothing at an outer level.
    @Test func onlyLevel0EntersVirtual8086Mode() throws {
        let m = ProtectedMachine(cpl: 3)
        m.push(0x1000, UInt32(Selector.code3), 0x2_0002)
        try m.core.interruptReturn(operand32: true)
        #expect(!m.s.pointee.isVirtual8086)
        #expect(m.flags == 2)
    }

    /// [SDM 2A INT]: the handler's code must be of level 0 and not conforming.
    @Test func handlersOfOtherLevelsAreRefused() {
        let m = virtual(iopl: 3)
        m.setVector(0x20, 0xEE, Selector.code1, 0x5000)
        m.expect(.generalProtection(0x60)) { () throws(Fault) in try m.core.softwareInterrupt(0x20) }
        m.setVector(0x20, 0xEE, Selector.conforming0, 0x5000)
        m.expect(.generalProtection(0x48)) { () throws(Fault) in try m.core.softwareInterrupt(0x20) }
        m.setVector(0x20, 0xEE, Selector.code0, 0x5000)
        m.put32(Place.taskA + 4, 35)
        m.setSegment(Selector.test, 0, 0xFFFF, 0x92, 0x40)
        m.put16(Place.taskA + 8, Selector.test)
        m.expect(.stackFault(0x70)) { () throws(Fault) in try m.core.softwareInterrupt(0x20) }
    }

    @Test func gateOf16BitsPushesWords() throws {
        let m = virtual(iopl: 3)
        m.setVector(0x20, 0xE6, Selector.code0, 0x600)
        try m.core.softwareInterrupt(0x20)
        #expect(m.core.esp == Place.stack0 - 18)
        #expect(m.stack16(9) == [0x202, 0x200, 0x3002, 0x1000, 0x300, 0x100, 0x400, 0x500, 0x600])
    }

    @Test func farTransfersAreOfRealMode() throws {
        let m = virtual()
        try m.core.farCall(0x1234, 0x10, operand32: false)
        #expect(m.s.segment(SegmentNumber.cs).pointee == .virtual8086(0x1234))
        #expect(m.stack16(2) == [0x202, 0x200])
        try m.core.loadSegment(SegmentNumber.ds, 3)
        #expect(m.s.segment(SegmentNumber.ds).pointee.base == 0x30)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.farJump(8, 0x1_0000, operand32: true) }
    }

    // MARK: IOPL

    @Test func sensitiveInstructionsTrapBelowIOPL3() {
        let m = virtual()
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.softwareInterrupt(0x21) }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.interruptReturn(operand32: false) }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.pushFlags(operand32: false) }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.popFlags(operand32: false) }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.clearInterruptFlag() }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.setInterruptFlag() }
    }

    /// INT3 and INTO go through the IDT at any IOPL.
    @Test func breakpointsDoNotAskIOPL() throws {
        let m = virtual()
        try m.core.breakpointInterrupt()
        #expect(m.eip == 0x5003)
    }

    @Test func sensitiveInstructionsWorkWithIOPL3() throws {
        let m = virtual(iopl: 3)
        try m.core.setInterruptFlag()
        #expect(m.flags & Flags.interrupt != 0)
        try m.core.pushFlags(operand32: true)
        #expect(m.get32(0x3000 + 0xFFC) == 0x3202)
        // IOPL cannot be changed, nor VM.
        m.put32(0x3000 + 0xFFC, 0x0C03)
        try m.core.popFlags(operand32: true)
        #expect(m.flags == 0x2_3C03)
        m.push16(0x10, 0x20, 0x0002)
        try m.core.interruptReturn(operand32: false)
        #expect(m.flags == 0x2_3002)
        #expect(m.eip == 0x10)
        #expect(m.cs == 0x20)
    }

    // MARK: VME [SDM 3B 20.3]

    @Test func virtualInterruptFlag() throws {
        let m = virtual(vme: true)
        try m.core.setInterruptFlag()
        #expect(m.flags & (Flags.virtualInterrupt | Flags.interrupt) == Flags.virtualInterrupt)
        try m.core.pushFlags(operand32: false)
        #expect(m.get16(0x3FFE) == 0x3202)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.pushFlags(operand32: true) }
        try m.core.clearInterruptFlag()
        #expect(m.flags & Flags.virtualInterrupt == 0)
        try m.core.popFlags(operand32: false)
        #expect(m.flags == Flags.virtual8086 | Flags.virtualInterrupt | 2)
        m.push16(0x10, 0x20, 0x0003)
        try m.core.interruptReturn(operand32: false)
        #expect(m.flags == Flags.virtual8086 | 3)
        m.push16(0x10, 0x20, 0x0202)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.interruptReturn(operand32: true) }
    }

    /// With an interrupt waiting, the monitor hears of every attempt to turn interrupts on.
    @Test func virtualInterruptPending() {
        let m = virtual(vme: true, flags: Flags.virtualInterruptPending)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.setInterruptFlag() }
        m.push16(0x0202)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.popFlags(operand32: false) }
        m.push16(0x10, 0x20, 0x0202)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.interruptReturn(operand32: false) }
        m.push16(0x0102)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.popFlags(operand32: false) }
    }

    /// [SDM 3B Table 20-2], methods 3 to 6.
    @Test func softwareInterruptRedirection() throws {
        for iopl: UInt32 in [0, 3] {
            let m = virtual(iopl: iopl, vme: true, flags: iopl == 3 ? Flags.interrupt : Flags.virtualInterrupt)
            // The redirection bitmap stands in the 32 bytes below the I/O bitmap.
            m.put16(Place.taskA + 0x66, 0x88)
            m.put8(Place.taskA + 0x68 + 4, 0x02)
            m.put32(0x20 * 4, 0x4444_1111)
            try m.core.softwareInterrupt(0x20)
            #expect(m.s.pointee.isVirtual8086)
            #expect(m.cs == 0x4444)
            #expect(m.eip == 0x1111)
            #expect(m.stack16(3) == [0x202, 0x200, 0x3202])
            #expect(m.flags & (Flags.interrupt | Flags.virtualInterrupt) == 0)
            if iopl == 3 {
                try m.core.softwareInterrupt(0x21)
                #expect(m.eip == 0x5021)
            } else {
                m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.softwareInterrupt(0x21) }
            }
        }
    }

    /// Level 3 under PVI [SDM 3B 20.4].
    @Test func protectedVirtualInterrupts() throws {
        let m = ProtectedMachine(cpl: 3)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.setInterruptFlag() }
        m.s.pointee.cr4 = Core.CR4.protectedVirtualInterrupts
        try m.core.setInterruptFlag()
        #expect(m.flags == Flags.virtualInterrupt | 2)
        try m.core.clearInterruptFlag()
        #expect(m.flags == 2)
        m.core.setEFLAGS(Flags.virtualInterruptPending)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.setInterruptFlag() }
    }

    // MARK: PUSHF, POPF, CLI, STI in protected mode

    @Test func interruptFlagAndIOPL() throws {
        let m = ProtectedMachine(cpl: 3)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.clearInterruptFlag() }
        m.core.setEFLAGS(0x3000)
        try m.core.setInterruptFlag()
        #expect(m.flags == 0x3202)
        #expect(m.s.pointee.shadowTime == m.core.now + 1)
        #expect(!m.s.pointee.shadowIsStackLoad)
        // No shadow where IF was set.
        m.s.pointee.shadowTime = .max
        try m.core.setInterruptFlag()
        #expect(m.s.pointee.shadowTime == .max)
        try m.core.clearInterruptFlag()
        #expect(m.flags == 0x3002)
    }

    /// POPF changes IF and IOPL silently or not at all [SDM 2B POPF].
    @Test(
        arguments: [
            (0, 0, 0x24_7FD7), (3, 0, 0x24_4DD7), (3, 3, 0x24_7FD7), (1, 1, 0x24_5FD7),
        ] as [(UInt8, UInt32, UInt32)])
    func popFlagsByLevel(cpl: UInt8, iopl: UInt32, expected: UInt32) throws {
        let m = ProtectedMachine(cpl: cpl)
        m.core.setEFLAGS(iopl << 12)
        m.push(0x3F_7FD7)
        try m.core.popFlags(operand32: true)
        #expect(m.flags == expected)
    }

    /// What shows which chip it is: bits 12-15, AC, ID.
    @Test(
        arguments: [
            (.i8086, 0xFFD7), (.i80186, 0xFFD7), (.i80286, 0x0FD7), (.i80386, 0x7FD7), (.i80486, 0x24_7FD7),
            (.pentium, 0x24_7FD7),
        ] as [(CPUModel, UInt32)])
    func flagsOfTheModelsInRealMode(model: CPUModel, expected: UInt32) throws {
        let machine = BareMachine(model: model, memory: 1 << 20)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        core.esp = 0x100
        if model >= .i80386 {
            try core.push(0xFFFF_FFFF as UInt32)
        } else {
            try core.push(0xFFFF as UInt16)
        }
        try core.popFlags(operand32: model >= .i80386)
        #expect(core.eflags == expected)
        try core.pushFlags(operand32: false)
        #expect(try core.pop(as: UInt16.self) == UInt16(truncatingIfNeeded: expected))
    }

    // MARK: I/O permission

    @Test func portsByIOPL() throws {
        let m = ProtectedMachine(cpl: 3)
        m.put16(Place.taskA + 0x66, 0x300)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.checkPort(0x80, size: 1) }
        m.core.setEFLAGS(0x3000)
        try m.core.checkPort(0x80, size: 1)
        // Virtual-8086 mode asks the bitmap at any IOPL.
        m.enterVirtual8086(iopl: 3)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.checkPort(0x80, size: 1) }
    }

    @Test func portsByBitmap() throws {
        let m = ProtectedMachine(cpl: 3)
        for i: UInt32 in 0..<0x200 { m.put8(Place.taskA + 0x68 + i, 0) }
        m.put8(Place.taskA + 0x68 + 0x10, 0x01)
        try m.core.checkPort(0x7F, size: 1)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.checkPort(0x80, size: 1) }
        // A word and a dword that reach into port 80h.
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.checkPort(0x7F, size: 2) }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.checkPort(0x7D, size: 4) }
        try m.core.checkPort(0x7C, size: 4)
        try m.core.checkPort(0x81, size: 4)
        // Two bytes of the bitmap are read: the last port within the limit 2FFh needs the byte behind it.
        let last = UInt16((0x2FF - 0x68) * 8)
        try m.core.checkPort(last - 1, size: 1)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.checkPort(last, size: 1) }
        // A TSS of the 286 has no bitmap.
        m.s.segment(SegmentNumber.tr).pointee.access = 0x83
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.checkPort(0, size: 1) }
    }
}
