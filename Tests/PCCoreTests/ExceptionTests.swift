import Testing

@testable import PCCore

private typealias Place = ProtectedMachine.Place
private typealias Selector = ProtectedMachine.Selector

/// Delivery of interrupts and exceptions, IRET, double and triple faults.
@Suite struct ExceptionTests {
    // MARK: Interrupt and trap gates

    @Test func interruptGateOfTheSameLevel() throws {
        let m = ProtectedMachine()
        m.setVector(0x40, 0x8E, Selector.code0, 0x1_5000)
        m.core.setEFLAGS(Flags.interrupt | Flags.trap | Flags.nestedTask | Flags.carry)
        let top = m.core.esp
        try m.core.softwareInterrupt(0x40)
        #expect(m.eip == 0x1_5000)
        #expect(m.cs == Selector.code0)
        #expect(m.core.esp == top - 12)
        #expect(m.stack(3) == [0x4002, UInt32(Selector.code0), 0x4303])
        #expect(m.flags == 3)
        try m.core.interruptReturn(operand32: true)
        #expect(m.eip == 0x4002)
        #expect(m.core.esp == top)
        #expect(m.flags == 0x4303)
    }

    @Test func trapGateKeepsIF() throws {
        let m = ProtectedMachine()
        m.setVector(0x40, 0x8F, Selector.code0, 0x5000)
        m.core.setEFLAGS(Flags.interrupt)
        try m.core.softwareInterrupt(0x40)
        #expect(m.flags & Flags.interrupt != 0)
    }

    @Test func gateOf16Bits() throws {
        let m = ProtectedMachine()
        m.setVector(0x40, 0x86, Selector.code16, 0xFFFF_0600)
        let top = m.core.esp
        try m.core.softwareInterrupt(0x40)
        #expect(m.eip == 0x600)
        #expect(m.core.esp == top - 6)
        #expect(m.stack16(3) == [0x4002, Selector.code0, 2])
        try m.core.interruptReturn(operand32: false)
        #expect(m.eip == 0x4002)
        #expect(m.core.esp == top)
    }

    @Test func gateToAnInnerLevel() throws {
        let m = ProtectedMachine(cpl: 3)
        m.setVector(0x40, 0xEE, Selector.code0, 0x5000)
        m.core.setEFLAGS(Flags.interrupt)
        let outer = m.core.esp
        try m.core.softwareInterrupt(0x40)
        #expect(m.s.pointee.cpl == 0)
        #expect(m.core.esp == Place.stack0 - 20)
        #expect(m.stack(5) == [0x4002, UInt32(Selector.code3), 0x202, outer, UInt32(Selector.data3)])
        #expect(m.ss == Selector.data0)
        // The data segments stay, and IRET to the outer level lets it keep what it may use.
        #expect(m.selector(SegmentNumber.ds) == Selector.data3)
        try m.core.loadSegment(SegmentNumber.es, Selector.data0)
        try m.core.interruptReturn(operand32: true)
        #expect(m.s.pointee.cpl == 3)
        #expect(m.core.esp == outer)
        #expect(m.flags == 0x202)
        #expect(m.selector(SegmentNumber.ds) == Selector.data3)
        #expect(m.selector(SegmentNumber.es) == 0)
    }

    @Test func conformingHandlerRunsAtTheLevelOfTheProgram() throws {
        let m = ProtectedMachine(cpl: 3)
        m.setVector(0x40, 0xEE, Selector.conforming0, 0x5000)
        let top = m.core.esp
        try m.core.softwareInterrupt(0x40)
        #expect(m.s.pointee.cpl == 3)
        #expect(m.cs == Selector.conforming0 | 3)
        #expect(m.core.esp == top - 12)
    }

    /// [SDM 2A INT]: what goes wrong with INT n has EXT clear.
    @Test func softwareInterruptChecks() {
        let m = ProtectedMachine(cpl: 3)
        func int() throws(Fault) { try m.core.softwareInterrupt(0x40) }
        m.setVector(0x40, 0x8E, Selector.code0, 0x5000)
        m.expect(.generalProtection(0x202)) { () throws(Fault) in try int() }
        m.setVector(0x40, 0x6E, Selector.code0, 0x5000)
        m.expect(.segmentNotPresent(0x202)) { () throws(Fault) in try int() }
        m.setVector(0x40, 0xEC, Selector.code0, 0x5000)
        m.expect(.generalProtection(0x202)) { () throws(Fault) in try int() }
        m.setVector(0x40, 0xEE, 2, 0x5000)
        m.expect(.generalProtection(0)) { () throws(Fault) in try int() }
        m.setVector(0x40, 0xEE, Selector.beyond, 0x5000)
        m.expect(.generalProtection(0x100)) { () throws(Fault) in try int() }
        m.setVector(0x40, 0xEE, Selector.data0, 0x5000)
        m.expect(.generalProtection(0x10)) { () throws(Fault) in try int() }
        m.setVector(0x40, 0xEE, Selector.code0, 0x5000)
        m.setAccess(Selector.code0, 0x1A)
        m.expect(.segmentNotPresent(0x08)) { () throws(Fault) in try int() }
        m.setSegment(Selector.code0, 0, 0x4FFF, 0x9A, 0x40)
        m.expect(.generalProtection(0)) { () throws(Fault) in try int() }
        m.s.pointee.idtLimit = 0x206
        m.expect(.generalProtection(0x202)) { () throws(Fault) in try int() }
        m.expect(.generalProtection(0x3A)) { () throws(Fault) in
            m.s.pointee.idtLimit = 0x3E
            try m.core.softwareInterrupt(7)
        }
        // An outer handler.
        m.enter(1)
        m.s.pointee.idtLimit = 0x7FF
        m.setVector(0x40, 0xEE, Selector.code3, 0x5000)
        m.expect(.generalProtection(0x18)) { () throws(Fault) in try int() }
    }

    /// INT3 and INTO look at the gate's DPL, INT1 and hardware do not.
    @Test func whoAsksTheGatesLevel() {
        let m = ProtectedMachine(cpl: 3)
        for vector: UInt8 in [1, 3, 4, 0x40] { m.setVector(vector, 0x8E, Selector.code0, 0x5000) }
        m.expect(.generalProtection(0x1A)) { () throws(Fault) in try m.core.breakpointInterrupt() }
        m.expect(.generalProtection(0x22)) { () throws(Fault) in try m.core.overflowInterrupt() }
        m.core.icebp()
        #expect(m.eip == 0x5000)
        #expect(m.stack(1) == [0x4002])
        m.enter(3)
        m.core.deliverExternal(0x40)
        #expect(m.eip == 0x5000)
        #expect(m.s.pointee.cpl == 0)
    }

    @Test func innerStackFaults() {
        let m = ProtectedMachine(cpl: 3)
        m.setVector(0x40, 0xEE, Selector.code0, 0x5000)
        m.put16(Place.taskA + 8, 3)
        m.expect(.invalidTSS(0)) { () throws(Fault) in try m.core.softwareInterrupt(0x40) }
        m.setSegment(Selector.test, 0, 0xFFFF, 0x92, 0x40)
        m.put16(Place.taskA + 8, Selector.test)
        m.put32(Place.taskA + 4, 19)
        m.expect(.stackFault(0x70)) { () throws(Fault) in try m.core.softwareInterrupt(0x40) }
    }

    @Test func errorCodeIsPushed() {
        let m = ProtectedMachine()
        m.setVector(13, 0x8E, Selector.code0, 0x5000)
        let top = m.core.esp
        m.s.pointee.eip = 0x4000
        m.core.raise(.generalProtection(0x1234))
        #expect(m.core.esp == top - 16)
        // RF is set for faults.
        #expect(m.stack(4) == [0x1234, 0x4000, UInt32(Selector.code0), 0x1_0002])
    }

    @Test func errorCodeGoesToAnInnerStackOf16Bits() {
        let m = ProtectedMachine(cpl: 3)
        m.setVector(12, 0x86, Selector.code0, 0x5000)
        m.core.raise(.stackFault(0x70))
        #expect(m.core.esp == Place.stack0 - 12)
        #expect(m.stack16(3) == [0x70, 0x4002, Selector.code3])
    }

    @Test func pageFaultSetsCR2() {
        let m = ProtectedMachine()
        m.setVector(14, 0x8E, Selector.code0, 0x5000)
        m.core.raise(.pageFault(6, at: 0xDEAD_BEEF))
        #expect(m.s.pointee.cr2 == 0xDEAD_BEEF)
        #expect(m.stack(1) == [6])
    }

    // MARK: Faults while an event is delivered

    /// [SDM 3A 6.13]: EXT is set in what goes wrong on the way of a hardware interrupt.
    @Test func externalInterruptWithoutAGate() {
        let m = ProtectedMachine()
        m.setVector(13, 0x8E, Selector.code0, 0x5000)
        m.s.pointee.halted = true
        m.core.deliverExternal(0x50)
        #expect(m.eip == 0x5000)
        #expect(!m.s.pointee.halted)
        #expect(m.stack(2) == [0x50 * 8 + 3, 0x4002])
    }

    @Test func notPresentHandlerOfAnException() {
        let m = ProtectedMachine()
        m.setVector(6, 0x0E, Selector.code0, 0x5000)
        m.setVector(11, 0x8E, Selector.code0, 0x6000)
        m.core.raise(.invalidOpcode)
        #expect(m.eip == 0x6000)
        #expect(m.stack(1) == [6 * 8 + 3])
    }

    /// [SDM 3A Table 6-5], one row of it in each argument: what came first, what its delivery meets, what is delivered.
    @Test(arguments: [
        (Fault.generalProtection(0), Fault.Vector.segmentNotPresent, Fault.Vector.doubleFault),
        (Fault.divideError, Fault.Vector.segmentNotPresent, Fault.Vector.doubleFault),
        (Fault.invalidTSS(0), Fault.Vector.generalProtection, Fault.Vector.doubleFault),
        (Fault.pageFault(0, at: 0), Fault.Vector.segmentNotPresent, Fault.Vector.doubleFault),
        (Fault.invalidOpcode, Fault.Vector.segmentNotPresent, Fault.Vector.segmentNotPresent),
        (Fault.deviceNotAvailable, Fault.Vector.generalProtection, Fault.Vector.generalProtection),
        (Fault.debug(0x4000, isTrap: true), Fault.Vector.generalProtection, Fault.Vector.generalProtection),
    ])
    func combinations(first: Fault, second: UInt8, delivered: UInt8) {
        let m = ProtectedMachine()
        for vector: UInt8 in 0..<20 { m.setVector(vector, 0x8E, Selector.code0, 0x5000 + UInt32(vector)) }
        m.setVector(
            first.vector, second == Fault.Vector.segmentNotPresent ? 0x0E : 0x80, Selector.code0, 0x5000)
        m.core.raise(first)
        #expect(m.eip == 0x5000 + UInt32(delivered))
        #expect(m.stack(1) == [delivered == Fault.Vector.doubleFault ? 0 : UInt32(first.vector) * 8 + 3])
        #expect(!m.s.pointee.shutdown)
    }

    /// A page fault while a contributory exception is delivered is served by itself; after a page fault it is double.
    @Test(arguments: [(Fault.generalProtection(0), 14 as UInt32), (Fault.pageFault(0, at: 0x1234), 8 as UInt32)])
    func pageFaultOnTheWay(first: Fault, delivered: UInt32) {
        let m = ProtectedMachine()
        m.startPaging()
        for vector: UInt8 in 0..<20 { m.setVector(vector, 0x8E, Selector.code0, 0x5000 + UInt32(vector)) }
        // The handler's code descriptor is in an LDT whose page is missing.
        m.s.segment(SegmentNumber.ldtr).pointee = Segment(Selector.ldt, Descriptor(0x0000_8201_F000_0FFF))
        m.setPage(0x1_F000, 0)
        m.setVector(first.vector, 0x8E, 0x0C, 0x5000)
        m.core.raise(first)
        #expect(m.eip == 0x5000 + delivered)
        #expect(m.s.pointee.cr2 == 0x1_F008)
    }

    @Test func tripleFaultShutsDown() {
        let m = ProtectedMachine()
        m.s.pointee.idtLimit = 0
        m.core.raise(.invalidOpcode)
        #expect(m.s.pointee.shutdown)
        // NMI wakes it, if it can be delivered.
        m.s.pointee.idtLimit = 0x7FF
        m.setVector(2, 0x8E, Selector.code0, 0x5000)
        m.core.deliverNMI()
        #expect(!m.s.pointee.shutdown)
        #expect(m.eip == 0x5000)
        #expect(m.s.pointee.nmiBlocked)
    }

    // MARK: IRET

    /// [SDM 2A IRET]: which flags each level may change.
    @Test(
        arguments: [
            (0, 0, true, 0x3D_7FD7), (3, 0, true, 0x25_4DD7), (3, 3, true, 0x25_4FD7 | 0x3000), (3, 0, false, 0x4DD7),
            (0, 0, false, 0x7FD7),
        ] as [(UInt8, UInt32, Bool, UInt32)])
    func flagsThatIRETChanges(cpl: UInt8, iopl: UInt32, wide: Bool, expected: UInt32) throws {
        let m = ProtectedMachine(cpl: cpl)
        m.core.setEFLAGS(iopl << 12)
        let image: UInt32 = 0x3F_7FD7 & ~(cpl == 0 ? Flags.virtual8086 : 0)
        if wide {
            m.push(0x1000, UInt32(m.cs), image)
        } else {
            m.push16(0x1000, m.cs, UInt16(truncatingIfNeeded: image))
        }
        try m.core.interruptReturn(operand32: wide)
        #expect(m.flags == expected)
    }

    @Test func returnToAnOuterLevelTakesTheFlagsOfTheInner() throws {
        let m = ProtectedMachine()
        m.push(0x1000, UInt32(Selector.code3), 0x3202, 0x9000, UInt32(Selector.data3))
        try m.core.interruptReturn(operand32: true)
        #expect(m.flags == 0x3202)
        #expect(m.core.esp == 0x9000)
    }

    @Test func returnChecks() {
        let m = ProtectedMachine(cpl: 1)
        m.push(0x1000, UInt32(Selector.code0), 2)
        m.expect(.generalProtection(0x08)) { () throws(Fault) in try m.core.interruptReturn(operand32: true) }
        m.push(0x1000, UInt32(Selector.code3), 2, 0x9000, UInt32(Selector.data1))
        m.expect(.generalProtection(0x68)) { () throws(Fault) in try m.core.interruptReturn(operand32: true) }
        m.setSegment(Selector.test, 0, 0xFFF, 0xBA, 0x40)
        m.push(0x1000, UInt32(Selector.test | 1), 2)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.interruptReturn(operand32: true) }
    }

    @Test func returnUnblocksNMIEvenIfItFaults() {
        let m = ProtectedMachine(cpl: 3)
        m.s.pointee.nmiBlocked = true
        m.push(0, 0, 0)
        m.expectLate(.generalProtection(0)) { () throws(Fault) in try m.core.interruptReturn(operand32: true) }
        #expect(!m.s.pointee.nmiBlocked)
    }

    // MARK: Real mode

    @Test(arguments: [CPUModel.i8086, .i80286, .i80386, .pentiumII])
    func realModeInterrupt(model: CPUModel) throws {
        let machine = BareMachine(model: model, memory: 1 << 20)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        func put(_ at: UInt32, _ value: UInt16) {
            machine.poke(at, UInt8(truncatingIfNeeded: value))
            machine.poke(at + 1, UInt8(value >> 8))
        }
        func get(_ at: UInt32) -> UInt16 { UInt16(machine.peek(at)) | UInt16(machine.peek(at + 1)) << 8 }
        put(0x21 * 4, 0x1234)
        put(0x21 * 4 + 2, 0x5678)
        try core.farJump(0x100, 0x20, operand32: false)
        core.esp = 0x200
        core.setEFLAGS(Flags.interrupt | Flags.trap | Flags.carry)
        try core.softwareInterrupt(0x21)
        #expect(machine.cpu[.cs] == 0x5678)
        #expect(machine.cpu[.eip] == 0x1234)
        #expect(core.esp == 0x1FA)
        #expect(get(0x1FA) == 0x20)
        #expect(get(0x1FC) == 0x100)
        #expect(get(0x1FE) == (model == .i8086 ? 0xF303 : 0x303))
        #expect(core.eflags & (Flags.interrupt | Flags.trap) == 0)
        // IOPL and NT stay clear on a 286 in real mode, and cannot be cleared on an 8086.
        put(0x1FE, 0x7303)
        try core.interruptReturn(operand32: false)
        let high: UInt32 = model == .i8086 ? 0xF000 : model == .i80286 ? 0 : 0x7000
        #expect(core.eflags == 0x303 | high)
        #expect(core.esp == 0x200)
        #expect(machine.cpu[.cs] == 0x100)
        machine.cpu.s.pointee.halted = true
        core.deliverExternal(0x21)
        #expect(machine.cpu[.eip] == 0x1234)
        #expect(!machine.cpu.s.pointee.halted)
    }

    /// Vectors beyond the limit: 8 up to the 386, 13 later; without a handler for that a shutdown.
    @Test(arguments: [(CPUModel.i80286, 8 as UInt32), (.i80386, 8), (.i80486, 13)])
    func realModeVectorTableTooSmall(model: CPUModel, vector: UInt32) {
        let machine = BareMachine(model: model, memory: 1 << 20)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        core.esp = 0x1000
        for number: UInt32 in 0..<256 { machine.poke(number * 4 + 1, UInt8(number)) }
        machine.cpu.s.pointee.idtLimit = 0x7F
        let before = core.esp
        #expect(throws: Fault.self) { try core.softwareInterrupt(0x20) }
        #expect(core.esp == before)
        core.deliverExternal(0x20)
        #expect(machine.cpu[.eip] == vector << 8)
        machine.cpu.s.pointee.idtLimit = 0
        core.deliverExternal(3)
        #expect(machine.cpu.isShutDown)
    }

    /// The 286 in real mode has vector 13 for the stack too; the 386 has 12.
    @Test(arguments: [(CPUModel.i80286, Fault.generalProtection(0)), (.i80386, .stackFault(0))])
    func realModeStackOverrun(model: CPUModel, fault: Fault) {
        let machine = BareMachine(model: model, memory: 1 << 20)
        defer { withExtendedLifetime(machine) {} }
        machine.cpu.core.esp = 1
        #expect(throws: fault) { try machine.cpu.core.push(0 as UInt16) }
        #expect(machine.cpu.core.esp == 1)
    }

    /// A stack that does not take six bytes shuts a 286 down.
    @Test func realModeStackTooSmall() {
        let machine = BareMachine(model: .i80286, memory: 1 << 20)
        machine.cpu.core.esp = 1
        machine.cpu.core.deliverExternal(0x20)
        #expect(machine.cpu.isShutDown)
    }
}
