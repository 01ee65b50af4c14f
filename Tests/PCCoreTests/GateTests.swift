import Testing

@testable import PCCore

private typealias Place = ProtectedMachine.Place
private typealias Selector = ProtectedMachine.Selector

/// Far jumps, calls and returns, call gates.
@Suite struct GateTests {
    // MARK: Direct transfers

    @Test func jumpToTheSameLevel() throws {
        let m = ProtectedMachine(cpl: 3)
        try m.core.farJump(Selector.code3 & ~3, 0x1234_5678, operand32: true)
        #expect(m.cs == Selector.code3)
        #expect(m.eip == 0x1234_5678)
        try m.core.farJump(Selector.code3, 0xABCD_1234, operand32: false)
        #expect(m.eip == 0x1234)
    }

    @Test func jumpToConformingCodeKeepsTheLevel() throws {
        let m = ProtectedMachine(cpl: 3)
        m.setAccess(Selector.conforming0, 0x9E)
        try m.core.farJump(Selector.conforming0, 0x100, operand32: true)
        #expect(m.cs == Selector.conforming0 | 3)
        #expect(m.s.pointee.cpl == 3)
        #expect(m.access(Selector.conforming0) == 0x9F)
    }

    /// [SDM 2A JMP, CALL]: checks of direct transfers, for both alike.
    @Test(arguments: [false, true])
    func directTransferChecks(isCall: Bool) {
        let m = ProtectedMachine(cpl: 1)
        func go(_ selector: UInt16, _ offset: UInt32 = 0) throws(Fault) {
            if isCall {
                try m.core.farCall(selector, offset, operand32: true)
            } else {
                try m.core.farJump(selector, offset, operand32: true)
            }
        }
        m.expect(.generalProtection(0)) { () throws(Fault) in try go(3) }
        m.expect(.generalProtection(0x100)) { () throws(Fault) in try go(Selector.beyond) }
        m.expect(.generalProtection(0x68)) { () throws(Fault) in try go(Selector.data1) }
        // Level 0 and 3 from level 1.
        m.expect(.generalProtection(0x08)) { () throws(Fault) in try go(Selector.code0) }
        m.expect(.generalProtection(0x18)) { () throws(Fault) in try go(Selector.code3) }
        // RPL 2 above CPL 1.
        m.expect(.generalProtection(0x60)) { () throws(Fault) in try go(0x62) }
        // Conforming code of an outer level.
        m.setSegment(Selector.test, 0, 0xFFFF, 0xFE, 0)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try go(Selector.test) }
        m.setSegment(Selector.test, 0, 0xFFF, 0x3A, 0)
        m.expect(.segmentNotPresent(0x70)) { () throws(Fault) in try go(Selector.test) }
        m.setSegment(Selector.test, 0, 0xFFF, 0xBA, 0)
        m.expect(.generalProtection(0)) { () throws(Fault) in try go(Selector.test, 0x1000) }
        // An interrupt gate and a reserved type.
        m.setGate(Selector.test, 0xEE, Selector.code1, 0)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try go(Selector.test) }
        m.setGate(Selector.test, 0xE0, Selector.code1, 0)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try go(Selector.test) }
    }

    @Test func callPushesTheReturnAddress() throws {
        let m = ProtectedMachine(cpl: 3)
        let top = m.core.esp
        try m.core.farCall(Selector.code3, 0x5000, operand32: true)
        #expect(m.stack(2) == [0x4002, UInt32(Selector.code3)])
        #expect(m.core.esp == top - 8)
        try m.core.farCall(Selector.code3, 0x6000, operand32: false)
        #expect(m.stack16(2) == [0x5000, Selector.code3])
        #expect(m.core.esp == top - 12)
    }

    @Test func callChecksTheStackBeforeTheTarget() {
        let m = ProtectedMachine()
        m.setSegment(Selector.test, 0, 0x7F, 0x92, 0x40)
        m.load(SegmentNumber.ss, Selector.test)
        m.core.esp = 4
        m.setSegment(Selector.test2, 0, 0xFFF, 0x9A, 0x40)
        m.expect(.stackFault(0)) { () throws(Fault) in
            try m.core.farCall(Selector.test2, 0x1_0000, operand32: true)
        }
    }

    @Test func callWhoseStackPageIsMissingChangesNothing() {
        let m = ProtectedMachine()
        m.startPaging()
        m.core.esp = 0x7004
        m.setPage(0x6000, 0)
        // CS fits on the page that is there; EIP does not.
        m.put32(0x7000, UInt32(Selector.code0))
        m.expect(.pageFault(2, at: 0x6FFC)) { () throws(Fault) in
            try m.core.farCall(Selector.code0, 0x5000, operand32: true)
        }
    }

    // MARK: Call gates

    @Test func gateToTheSameLevel() throws {
        let m = ProtectedMachine()
        m.setGate(Selector.test, 0x8C, Selector.code0 | 3, 0x1_2345, count: 3)
        let top = m.core.esp
        // The offset of the instruction is ignored, and nothing is copied.
        try m.core.farCall(Selector.test, 0xFFFF_FFFF, operand32: false)
        #expect(m.cs == Selector.code0)
        #expect(m.eip == 0x1_2345)
        #expect(m.core.esp == top - 8)
        #expect(m.stack(2) == [0x4002, UInt32(Selector.code0)])
        try m.core.farJump(Selector.test, 0, operand32: true)
        #expect(m.eip == 0x1_2345)
        #expect(m.core.esp == top - 8)
    }

    @Test func gateToAnInnerLevelCopiesParameters() throws {
        let m = ProtectedMachine(cpl: 3)
        m.setGate(Selector.test, 0xEC, Selector.code0, 0x5000, count: 2)
        m.setAccess(Selector.code0, 0x9A)
        m.setAccess(Selector.data0, 0x92)
        m.push(0xAAAA_AAAA, 0xBBBB_BBBB)
        let outer = m.core.esp
        try m.core.farCall(Selector.test | 3, 0, operand32: true)
        #expect(m.cs == Selector.code0)
        #expect(m.ss == Selector.data0)
        #expect(m.s.pointee.cpl == 0)
        #expect(m.eip == 0x5000)
        #expect(m.core.esp == Place.stack0 - 24)
        #expect(
            m.stack(6) == [0x4002, UInt32(Selector.code3), 0xAAAA_AAAA, 0xBBBB_BBBB, outer, UInt32(Selector.data3)])
        #expect(m.access(Selector.code0) == 0x9B)
        #expect(m.access(Selector.data0) == 0x93)
        // And back, with the parameters released on both stacks.
        try m.core.farReturn(release: 8, operand32: true)
        #expect(m.s.pointee.cpl == 3)
        #expect(m.core.esp == outer + 8)
        #expect(m.eip == 0x4002)
        #expect(m.cs == Selector.code3)
        #expect(m.ss == Selector.data3)
    }

    @Test func gateOf16Bits() throws {
        let m = ProtectedMachine(cpl: 3)
        m.setGate(Selector.test, 0xE4, Selector.code16, 0xABCD_0600, count: 1)
        m.push16(0x1234)
        let outer = m.core.esp
        try m.core.farCall(Selector.test, 0, operand32: true)
        #expect(m.eip == 0x600)
        #expect(m.core.esp == Place.stack0 - 10)
        #expect(
            m.stack16(5) == [0x4002, Selector.code3, 0x1234, UInt16(outer), Selector.data3])
        try m.core.farReturn(release: 2, operand32: false)
        #expect(m.core.esp == outer + 2)
        #expect(m.cs == Selector.code3)
    }

    /// [SDM 2A CALL, CALL-GATE]: every check, in order.
    @Test func gateChecks() {
        let m = ProtectedMachine(cpl: 3)
        func call(_ selector: UInt16 = Selector.test) throws(Fault) {
            try m.core.farCall(selector, 0, operand32: true)
        }
        // DPL of the gate below CPL, then below RPL.
        m.setGate(Selector.test, 0x8C, Selector.code0, 0x5000)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try call() }
        m.setGate(Selector.test, 0x6C, Selector.code0, 0x5000)
        m.expect(.segmentNotPresent(0x70)) { () throws(Fault) in try call() }
        m.setGate(Selector.test, 0xEC, 3, 0x5000)
        m.expect(.generalProtection(0)) { () throws(Fault) in try call() }
        m.setGate(Selector.test, 0xEC, Selector.beyond, 0x5000)
        m.expect(.generalProtection(0x100)) { () throws(Fault) in try call() }
        m.setGate(Selector.test, 0xEC, Selector.data0, 0x5000)
        m.expect(.generalProtection(0x10)) { () throws(Fault) in try call() }
        m.setGate(Selector.test, 0xEC, Selector.code0, 0x5000)
        m.setAccess(Selector.code0, 0x1B)
        m.expect(.segmentNotPresent(0x08)) { () throws(Fault) in try call() }
        m.setAccess(Selector.code0, 0x9B)
        // A jump cannot change the level.
        m.expect(.generalProtection(0x08)) { () throws(Fault) in
            try m.core.farJump(Selector.test, 0, operand32: true)
        }
        // The limit of the new code segment.
        m.setSegment(Selector.test2, 0, 0x4FFF, 0x9A, 0x40)
        m.setGate(Selector.test, 0xEC, Selector.test2, 0x5000)
        m.expect(.generalProtection(0)) { () throws(Fault) in try call() }
        // Outer code than the caller's.
        m.enter(1)
        m.setGate(Selector.test, 0xEC, Selector.code3, 0x5000)
        m.expect(.generalProtection(0x18)) { () throws(Fault) in try call() }
        m.setGate(Selector.test, 0xAC, Selector.code0, 0x5000)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try call(Selector.test | 2) }
    }

    /// [SDM 2A CALL, MORE-PRIVILEGE]: the inner stack.
    @Test func innerStackChecks() {
        let m = ProtectedMachine(cpl: 3)
        m.setGate(Selector.test, 0xEC, Selector.code0, 0x5000, count: 4)
        func call() throws(Fault) { try m.core.farCall(Selector.test, 0, operand32: true) }
        m.put16(Place.taskA + 8, 0)
        m.expect(.invalidTSS(0)) { () throws(Fault) in try call() }
        m.put16(Place.taskA + 8, Selector.beyond)
        m.expect(.invalidTSS(0x100)) { () throws(Fault) in try call() }
        m.put16(Place.taskA + 8, Selector.data0 | 1)
        m.expect(.invalidTSS(0x10)) { () throws(Fault) in try call() }
        m.put16(Place.taskA + 8, 0x68)
        m.expect(.invalidTSS(0x68)) { () throws(Fault) in try call() }
        m.put16(Place.taskA + 8, Selector.code0)
        m.expect(.invalidTSS(0x08)) { () throws(Fault) in try call() }
        m.put16(Place.taskA + 8, Selector.test2)
        m.setSegment(Selector.test2, 0, 0xFFFF, 0x12, 0x40)
        m.expect(.stackFault(0x78)) { () throws(Fault) in try call() }
        // Eight dwords do not fit.
        m.setSegment(Selector.test2, 0, 0xFFFF, 0x92, 0x40)
        m.put32(Place.taskA + 4, 31)
        m.expect(.stackFault(0x78)) { () throws(Fault) in try call() }
        m.put32(Place.taskA + 4, 0x1_0001)
        m.expect(.stackFault(0x78)) { () throws(Fault) in try call() }
        // The TSS is too short for its stacks.
        m.s.segment(SegmentNumber.tr).pointee.limit = 8
        m.expect(.invalidTSS(0x28)) { () throws(Fault) in try call() }
        #expect(m.access(Selector.test2) == 0x92)
    }

    @Test func innerStackFaultsByPaging() {
        let m = ProtectedMachine(cpl: 3)
        m.setGate(Selector.test, 0xEC, Selector.code0, 0x5000)
        m.startPaging()
        m.setPage(0x7000, 0)
        // Supervisor access, though the program runs at level 3.
        m.expect(.pageFault(2, at: 0x7FFC)) { () throws(Fault) in
            try m.core.farCall(Selector.test, 0, operand32: true)
        }
    }

    // MARK: RETF

    @Test func returnToTheSameLevel() throws {
        let m = ProtectedMachine()
        let top = m.core.esp
        m.push(0x5678, UInt32(Selector.code0) | 0xFFFF_0000)
        try m.core.farReturn(release: 6, operand32: true)
        #expect(m.eip == 0x5678)
        #expect(m.cs == Selector.code0)
        #expect(m.core.esp == top + 6)
    }

    /// [SDM 2B RET]
    @Test func returnChecks() {
        let m = ProtectedMachine(cpl: 1)
        let top = m.core.esp
        func back(_ selector: UInt16, _ offset: UInt32 = 0) throws(Fault) {
            try m.core.farReturn(release: 0, operand32: true)
        }
        func stand(_ selector: UInt16, _ offset: UInt32 = 0, sp: UInt32 = 0x9000, ss: UInt16 = Selector.data3) {
            m.core.esp = top
            m.push(offset, UInt32(selector), sp, UInt32(ss))
        }
        func check(_ fault: Fault, _ selector: UInt16, location: SourceLocation = #_sourceLocation) {
            m.expect(fault, location: location) { () throws(Fault) in
                try m.core.farReturn(release: 0, operand32: true)
            }
        }
        stand(2)
        check(.generalProtection(0), 2)
        stand(Selector.beyond | 1)
        check(.generalProtection(0x100), 0)
        stand(Selector.data1)
        check(.generalProtection(0x68), 0)
        // To an inner level.
        stand(Selector.code0)
        check(.generalProtection(0x08), 0)
        // RPL and DPL differ.
        stand(0x63)
        check(.generalProtection(0x60), 0)
        m.setSegment(Selector.test, 0, 0xFFF, 0xFE, 0x40)
        stand(Selector.test | 1)
        check(.generalProtection(0x70), 0)
        m.setSegment(Selector.test, 0, 0xFFF, 0x3A, 0x40)
        stand(Selector.test | 1)
        check(.segmentNotPresent(0x70), 0)
        m.setSegment(Selector.test, 0, 0xFFF, 0xBA, 0x40)
        stand(Selector.test | 1, 0x1000)
        check(.generalProtection(0), 0)
        // Outer: the stack.
        stand(Selector.code3, ss: 3)
        check(.generalProtection(0), 0)
        stand(Selector.code3, ss: Selector.beyond | 3)
        check(.generalProtection(0x100), 0)
        stand(Selector.code3, ss: 0x22)
        check(.generalProtection(0x20), 0)
        stand(Selector.code3, ss: 0x6B)
        check(.generalProtection(0x68), 0)
        stand(Selector.code3, ss: Selector.code3)
        check(.generalProtection(0x18), 0)
        m.setSegment(Selector.test, 0, 0xFFF, 0x72, 0x40)
        stand(Selector.code3, ss: Selector.test | 3)
        check(.stackFault(0x70), 0)
        m.setSegment(Selector.test, 0, 0xFFF, 0xFA, 0x40)
        stand(Selector.test | 3, 0x1000)
        check(.generalProtection(0), 0)
    }

    @Test func returnTakesInnerSegmentsAway() throws {
        let m = ProtectedMachine(cpl: 1)
        try m.core.loadSegment(SegmentNumber.ds, Selector.data1)
        try m.core.loadSegment(SegmentNumber.es, Selector.data3)
        try m.core.loadSegment(SegmentNumber.fs, Selector.conforming0)
        try m.core.loadSegment(SegmentNumber.gs, Selector.code1)
        m.push(0x1000, UInt32(Selector.code3), 0x9000, UInt32(Selector.data3))
        try m.core.farReturn(release: 0, operand32: true)
        #expect(m.selector(SegmentNumber.ds) == 0)
        #expect(m.s.segment(SegmentNumber.ds).pointee.readTop == 0)
        #expect(m.selector(SegmentNumber.es) == Selector.data3)
        #expect(m.selector(SegmentNumber.fs) == Selector.conforming0)
        #expect(m.selector(SegmentNumber.gs) == 0)
        #expect(m.core.esp == 0x9000)
    }

    @Test func returnNeedsItsWholeStack() {
        let m = ProtectedMachine(cpl: 1)
        m.setSegment(Selector.test, 0, 0xFFF, 0xB2, 0x40)
        m.load(SegmentNumber.ss, Selector.test | 1)
        m.core.esp = 0xFF0
        m.put32(0xFF0, 0x1000)
        m.put32(0xFF4, UInt32(Selector.code3))
        m.put32(0xFF8, 0x9000)
        m.put32(0xFFC, UInt32(Selector.data3))
        m.expect(.stackFault(0)) { () throws(Fault) in try m.core.farReturn(release: 4, operand32: true) }
    }

    /// A 16-bit stack pointer keeps the upper half of ESP, which is the inner level's.
    @Test func returnToA16BitStack() throws {
        let m = ProtectedMachine()
        m.core.esp = 0x1_7000
        m.setSegment(Selector.test, 0, 0xFFFF, 0xF2, 0)
        m.push(0x1000, UInt32(Selector.code3), 0xABCD_9000, UInt32(Selector.test | 3))
        try m.core.farReturn(release: 0, operand32: true)
        #expect(m.core.esp == 0x1_9000)
    }

    // MARK: Real mode

    @Test func realModeCallAndReturn() throws {
        let machine = BareMachine(model: .i80386, memory: 1 << 20)
        defer { withExtendedLifetime(machine) {} }
        let core = machine.cpu.core
        try core.farJump(0x100, 0x20, operand32: false)
        core.esp = 0x200
        try core.farCall(0x300, 0x40, operand32: false)
        #expect(core.esp == 0x1FC)
        #expect(machine.cpu[.cs] == 0x300)
        #expect(machine.peek(0x1FC) == 0x20 && machine.peek(0x1FF) == 1)
        try core.farReturn(release: 2, operand32: false)
        #expect(core.esp == 0x202)
        #expect(machine.cpu[.cs] == 0x100)
        #expect(machine.cpu[.eip] == 0x20)
        #expect(throws: Fault.generalProtection(0)) { try core.farJump(0, 0x1_0000, operand32: true) }
        try core.farCall(0x300, 0x40, operand32: true)
        #expect(core.esp == 0x1FA)
        // A word across FFFFh: the 386 faults, and nothing moves.
        core.esp = 3
        #expect(throws: Fault.stackFault(0)) { try core.farCall(0x300, 0x40, operand32: false) }
        #expect(core.esp == 3)
    }
}
