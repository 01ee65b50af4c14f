import Testing

@testable import PCCore

private typealias Place = ProtectedMachine.Place
private typealias Selector = ProtectedMachine.Selector

/// Task switches by every route.
@Suite struct TaskTests {
    private func machine(cpl: UInt8 = 0) -> ProtectedMachine {
        let m = ProtectedMachine(cpl: cpl)
        m.setTask(Place.taskB)
        m.setTask16(Place.task16)
        return m
    }

    @Test func jumpSavesAndLoadsEverything() throws {
        let m = machine()
        m.core.eax = 0xDEAD_BEEF
        m.core.edi = 0xCAFE_0001
        m.core.setEFLAGS(Flags.interrupt | Flags.carry)
        m.s.pointee.dr7 = 0x455 | 0x2
        let top = m.core.esp
        try m.core.farJump(Selector.taskB, 0x1234, operand32: true)
        // The new task.
        #expect(m.eip == 0x6000)
        #expect(m.core.eax == 0x1111_1111)
        #expect(m.core.edi == 0x8888_8888)
        #expect(m.core.esp == 0xA000)
        #expect(m.cs == Selector.code0)
        #expect(m.flags == 2)
        #expect(m.selector(SegmentNumber.tr) == Selector.taskB)
        #expect(m.s.segment(SegmentNumber.tr).pointee.access == 0x8B)
        #expect(m.selector(SegmentNumber.fs) == 0)
        #expect(m.s.pointee.cr0 & Core.CR0.taskSwitched != 0)
        #expect(m.s.pointee.dr7 == 0x402)
        // What stands of the old one.
        #expect(m.get32(Place.taskA + 0x20) == 0x4002)
        #expect(m.get32(Place.taskA + 0x24) == 0x203)
        #expect(m.get32(Place.taskA + 0x28) == 0xDEAD_BEEF)
        #expect(m.get32(Place.taskA + 0x38) == top)
        #expect(m.get32(Place.taskA + 0x44) == 0xCAFE_0001)
        #expect(m.get16(Place.taskA + 0x4C) == Selector.code0)
        #expect(m.get16(Place.taskA + 0x50) == Selector.data0)
        // Busy moves on.
        #expect(m.access(Selector.taskA) == 0x89)
        #expect(m.access(Selector.taskB) == 0x8B)
        #expect(m.get16(Place.taskB) == 0)
    }

    @Test func callNestsAndIRETGoesBack() throws {
        let m = machine()
        m.core.ecx = 0x77
        try m.core.farCall(Selector.taskB, 0, operand32: true)
        #expect(m.get16(Place.taskB) == Selector.taskA)
        #expect(m.flags & Flags.nestedTask != 0)
        #expect(m.access(Selector.taskA) == 0x8B)
        #expect(m.access(Selector.taskB) == 0x8B)
        #expect(m.core.esp == 0xA000)
        m.core.ebx = 0x1234_5678
        m.s.pointee.eip = 0x6010
        try m.core.interruptReturn(operand32: true)
        #expect(m.eip == 0x4002)
        #expect(m.core.ecx == 0x77)
        #expect(m.selector(SegmentNumber.tr) == Selector.taskA)
        #expect(m.access(Selector.taskA) == 0x8B)
        #expect(m.access(Selector.taskB) == 0x89)
        #expect(m.flags & Flags.nestedTask == 0)
        // NT is clear in what was saved of the nested task.
        #expect(m.get32(Place.taskB + 0x24) & Flags.nestedTask == 0)
        #expect(m.get32(Place.taskB + 0x34) == 0x1234_5678)
        #expect(m.get32(Place.taskB + 0x20) == 0x6010)
    }

    @Test func taskGateOfTheGDT() throws {
        let m = machine(cpl: 3)
        // The TSS itself is of level 0; the gate lets level 3 in.
        m.setGate(Selector.test, 0xE5, Selector.taskB, 0)
        m.expect(.generalProtection(0x30)) { () throws(Fault) in
            try m.core.farJump(Selector.taskB, 0, operand32: true)
        }
        try m.core.farJump(Selector.test, 0, operand32: true)
        #expect(m.selector(SegmentNumber.tr) == Selector.taskB)
        #expect(m.s.pointee.cpl == 0)
    }

    @Test func interruptThroughATaskGate() {
        let m = machine(cpl: 3)
        m.setVector(13, 0x85, Selector.taskB, 0)
        m.core.raise(.generalProtection(0x1234))
        #expect(m.selector(SegmentNumber.tr) == Selector.taskB)
        #expect(m.get16(Place.taskB) == Selector.taskA)
        #expect(m.core.esp == 0xA000 - 4)
        #expect(m.stack(1) == [0x1234])
        // RF in the EFLAGS of the task that faulted.
        #expect(m.get32(Place.taskA + 0x24) == 0x1_0002)
        #expect(m.flags & Flags.nestedTask != 0)
    }

    @Test func switchTo16BitTask() throws {
        let m = machine()
        m.core.eax = 0xDEAD_BEEF
        try m.core.farCall(Selector.task16, 0, operand32: true)
        #expect(m.eip == 0x600)
        #expect(m.cs == Selector.code16)
        #expect(m.core.eax & 0xFFFF == 0x1111)
        #expect(m.core.stackPointer == 0xA000)
        #expect(m.get16(Place.task16) == Selector.taskA)
        #expect(m.s.segment(SegmentNumber.fs).pointee == .null())
        #expect(m.access(Selector.task16) == 0x83)
        m.s.pointee.eip = 0x610
        m.core.ebx = 0x5555_AAAA
        try m.core.interruptReturn(operand32: false)
        #expect(m.core.eax == 0xDEAD_BEEF)
        #expect(m.get16(Place.task16 + 0x0E) == 0x610)
        #expect(m.get16(Place.task16 + 0x18) == 0xAAAA)
        // Not more than a 16-bit TSS holds was written.
        #expect(m.get16(Place.task16 + 0x2C) == 0)
    }

    @Test func tasksOfThe286() throws {
        let m = ProtectedMachine(.i80286)
        m.setTask16(Place.task16)
        try m.core.farJump(Selector.task16, 0, operand32: false)
        #expect(m.eip == 0x600)
        #expect(m.core.eax == 0x1111)
        #expect(m.get16(Place.taskA + 0x0E) == 0x4002)
        #expect(m.access(Selector.taskA) == 0x81)
    }

    @Test func switchLoadsCR3AndLDT() throws {
        let m = machine()
        m.startPaging()
        // A second directory with the same table.
        m.put32(0x10_3000, 0x10_1007)
        m.put32(Place.taskB + 0x1C, 0x10_3000)
        m.put16(Place.taskB + 0x60, Selector.ldt)
        m.setSegment(0x0C, 0, 0xFFFF, 0x92, 0x40)
        m.put16(Place.taskB + 0x54, 0x0C)
        try m.core.farJump(Selector.taskB, 0, operand32: true)
        #expect(m.s.pointee.cr3 == 0x10_3000)
        #expect(m.selector(SegmentNumber.ldtr) == Selector.ldt)
        #expect(m.selector(SegmentNumber.ds) == 0x0C)
    }

    @Test func switchToAnOuterLevelAndToVirtual8086Mode() throws {
        let m = machine()
        for (number, selector) in [Selector.data3, Selector.code3, Selector.data3, Selector.data3].enumerated() {
            m.put16(Place.taskB + 0x48 + 4 * UInt32(number), selector)
        }
        try m.core.farJump(Selector.taskB, 0, operand32: true)
        #expect(m.s.pointee.cpl == 3)
        #expect(m.ss == Selector.data3)

        let v = machine()
        v.put32(Place.taskB + 0x24, Flags.virtual8086 | 2)
        try v.core.farJump(Selector.taskB, 0, operand32: true)
        #expect(v.s.pointee.isVirtual8086)
        #expect(v.s.pointee.cpl == 3)
        #expect(v.s.segment(SegmentNumber.cs).pointee == .virtual8086(Selector.code0))
    }

    @Test func debugTrapOfATask() throws {
        let m = machine()
        m.put16(Place.taskB + 0x64, 1)
        try m.core.farJump(Selector.taskB, 0, operand32: true)
        #expect(m.s.pointee.pendingDebug == DebugStatus.taskSwitch)
    }

    // MARK: Checks

    /// What leaves the old task as it was.
    @Test func checksBeforeTheSwitch() {
        let m = machine(cpl: 1)
        func jump(_ selector: UInt16) throws(Fault) { try m.core.farJump(selector, 0, operand32: true) }
        m.setSegment(Selector.test, Place.taskB, 0x67, 0xA9, 0)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try jump(Selector.test | 2) }
        m.setAccess(Selector.test, 0x29)
        m.expect(.segmentNotPresent(0x70)) { () throws(Fault) in try jump(Selector.test) }
        // Busy.
        m.setAccess(Selector.test, 0xAB)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try jump(Selector.test) }
        m.setSegment(Selector.test, Place.taskB, 0x66, 0xA9, 0)
        m.expect(.invalidTSS(0x70)) { () throws(Fault) in try jump(Selector.test) }
        // Task gates.
        m.setGate(Selector.test, 0x85, Selector.taskB, 0)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try jump(Selector.test) }
        m.setGate(Selector.test, 0x65, Selector.taskB, 0)
        m.expect(.segmentNotPresent(0x70)) { () throws(Fault) in try jump(Selector.test) }
        m.setGate(Selector.test, 0xE5, Selector.taskB | 4, 0)
        m.expect(.generalProtection(0x34)) { () throws(Fault) in try jump(Selector.test) }
        m.setGate(Selector.test, 0xE5, Selector.taskA, 0)
        m.expect(.generalProtection(0x28)) { () throws(Fault) in try jump(Selector.test) }
        m.setGate(Selector.test, 0xE5, Selector.beyond, 0)
        m.expect(.generalProtection(0x100)) { () throws(Fault) in try jump(Selector.test) }
        m.setAccess(Selector.taskB, 0x09)
        m.setGate(Selector.test, 0xE5, Selector.taskB, 0)
        m.expect(.segmentNotPresent(0x30)) { () throws(Fault) in try jump(Selector.test) }
    }

    /// EXT where an interrupt wanted the task.
    @Test func interruptTaskGateChecks() {
        let m = machine()
        m.setVector(0x40, 0x85, Selector.taskA, 0)
        m.setVector(13, 0x8E, Selector.code0, 0x5000)
        m.core.deliverExternal(0x40)
        #expect(m.eip == 0x5000)
        #expect(m.stack(1) == [0x29])
    }

    /// IRET with NT: the back link [SDM 2A IRET, TASK-RETURN].
    @Test func backLinkChecks() {
        let m = machine()
        m.core.setEFLAGS(Flags.nestedTask)
        func back() throws(Fault) { try m.core.interruptReturn(operand32: true) }
        m.put16(Place.taskA, 0)
        m.expect(.invalidTSS(0)) { () throws(Fault) in try back() }
        m.put16(Place.taskA, Selector.taskB | 4)
        m.expect(.invalidTSS(0x34)) { () throws(Fault) in try back() }
        m.put16(Place.taskA, Selector.beyond)
        m.expect(.invalidTSS(0x100)) { () throws(Fault) in try back() }
        // Not busy.
        m.put16(Place.taskA, Selector.taskB)
        m.expect(.invalidTSS(0x30)) { () throws(Fault) in try back() }
        m.setAccess(Selector.taskB, 0x0B)
        m.expect(.segmentNotPresent(0x30)) { () throws(Fault) in try back() }
    }

    /// A page of a TSS that is missing is found before anything changes.
    @Test func pageFaultsBeforeTheSwitch() {
        let m = machine()
        m.startPaging()
        m.setSegment(Selector.test, 0x1_F000, 0x67, 0x89, 0)
        m.setPage(0x1_F000, 0)
        m.expect(.pageFault(0, at: 0x1_F000)) { () throws(Fault) in
            try m.core.farJump(Selector.test, 0, operand32: true)
        }
        // A call writes the back link; WP guards the page.
        m.setPage(0x1_F000, 1)
        m.core.setCR0(m.s.pointee.cr0 | Core.CR0.writeProtect)
        m.expect(.pageFault(3, at: 0x1_F000)) { () throws(Fault) in
            try m.core.farCall(Selector.test, 0, operand32: true)
        }
    }

    /// What belongs to the new task [SDM 3A Table 7-1]: it stands there with the new EIP.
    @Test(
        arguments: [
            // LDT: not an LDT.
            (0x60, Selector.data0, .invalidTSS(0x10)),
            // CS: null, data, not there, another level than its RPL.
            (0x4C, 0, .invalidTSS(0)),
            (0x4C, Selector.data0, .invalidTSS(0x10)),
            (0x4C, Selector.beyond, .invalidTSS(0x100)),
            (0x4C, Selector.code0 | 3, .invalidTSS(0x08)),
            // SS: null, another level, read-only.
            (0x50, 0, .invalidTSS(0)),
            (0x50, Selector.data3, .invalidTSS(0x20)),
            (0x50, Selector.data0 | 3, .invalidTSS(0x10)),
            (0x50, Selector.code0, .invalidTSS(0x08)),
            (0x50, Selector.test, .stackFault(0x70)),
            // DS, ES: a system segment, not there, not present.
            (0x54, Selector.taskA, .invalidTSS(0x28)),
            (0x48, Selector.beyond, .invalidTSS(0x100)),
            (0x58, Selector.test, .segmentNotPresent(0x70)),
            (0x5C, Selector.data0 | 3, .invalidTSS(0x10)),
            // EIP beyond the limit of its code.
            (0x4C, Selector.code16, .generalProtection(0)),
        ] as [(UInt32, UInt16, Fault)])
    func checksInTheNewTask(place: UInt32, selector: UInt16, fault: Fault) {
        let m = machine()
        m.setSegment(Selector.test, 0, 0xFFFF, 0x12, 0)
        m.put32(Place.taskB + 0x20, 0x1_6000)
        m.put16(Place.taskB + place, selector)
        m.expectLate(fault) { () throws(Fault) in try m.core.farJump(Selector.taskB, 0, operand32: true) }
        #expect(m.selector(SegmentNumber.tr) == Selector.taskB)
        #expect(m.s.pointee.instructionEIP == 0x1_6000)
        #expect(m.access(Selector.taskA) == 0x89)
        #expect(m.access(Selector.taskB) == 0x8B)
        #expect(m.core.eax == 0x1111_1111)
    }

    @Test func notPresentCodeOfTheNewTask() {
        let m = machine()
        m.setSegment(Selector.test, 0, 0xFFFFF, 0x1A, 0x40)
        m.put16(Place.taskB + 0x4C, Selector.test)
        m.expectLate(.segmentNotPresent(0x70)) { () throws(Fault) in
            try m.core.farJump(Selector.taskB, 0, operand32: true)
        }
    }

    /// A fault of the new task is delivered in it: the handler's stack holds the new task's EIP.
    @Test func faultInTheNewTaskIsDeliveredThere() {
        let m = machine()
        m.setVector(10, 0x8E, Selector.code0, 0x5000)
        m.put16(Place.taskB + 0x54, Selector.taskA)
        do {
            try m.core.farJump(Selector.taskB, 0, operand32: true)
        } catch {
            m.s.pointee.eip = m.s.pointee.instructionEIP
            m.core.raise(error)
        }
        #expect(m.eip == 0x5000)
        #expect(m.stack(3) == [0x28, 0x6000, UInt32(Selector.code0)])
    }

    // MARK: LTR, LLDT

    @Test func loadTaskRegisterMarksBusy() throws {
        let m = machine()
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.loadTaskRegister(3) }
        m.expect(.generalProtection(0x34)) { () throws(Fault) in try m.core.loadTaskRegister(Selector.taskB | 4) }
        m.expect(.generalProtection(0x100)) { () throws(Fault) in try m.core.loadTaskRegister(Selector.beyond) }
        m.expect(.generalProtection(0x28)) { () throws(Fault) in try m.core.loadTaskRegister(Selector.taskA) }
        m.expect(.generalProtection(0x10)) { () throws(Fault) in try m.core.loadTaskRegister(Selector.data0) }
        m.setAccess(Selector.test, 0)
        m.setSegment(Selector.test, 0x3000, 0x67, 0x09, 0)
        m.expect(.segmentNotPresent(0x70)) { () throws(Fault) in try m.core.loadTaskRegister(Selector.test) }
        try m.core.loadTaskRegister(Selector.taskB)
        #expect(m.access(Selector.taskB) == 0x8B)
        #expect(m.s.segment(SegmentNumber.tr).pointee.base == Place.taskB)
        #expect(m.s.segment(SegmentNumber.tr).pointee.access == 0x8B)
        m.enter(3)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.loadTaskRegister(Selector.task16) }
    }

    @Test func loadLDT() throws {
        let m = machine()
        m.expect(.generalProtection(0x44)) { () throws(Fault) in try m.core.loadLDT(Selector.ldt | 4) }
        m.expect(.generalProtection(0x100)) { () throws(Fault) in try m.core.loadLDT(Selector.beyond) }
        m.expect(.generalProtection(0x10)) { () throws(Fault) in try m.core.loadLDT(Selector.data0) }
        m.setAccess(Selector.ldt, 0x02)
        m.expect(.segmentNotPresent(0x40)) { () throws(Fault) in try m.core.loadLDT(Selector.ldt) }
        m.setAccess(Selector.ldt, 0x82)
        try m.core.loadLDT(Selector.ldt)
        #expect(m.s.segment(SegmentNumber.ldtr).pointee.base == Place.ldt)
        try m.core.loadLDT(0)
        m.expect(.generalProtection(0x0C)) { () throws(Fault) in try m.core.loadSegment(3, 0x0C) }
    }
}
