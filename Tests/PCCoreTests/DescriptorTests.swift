import Testing

@testable import PCCore

private typealias Place = ProtectedMachine.Place
private typealias Selector = ProtectedMachine.Selector

/// Descriptors, and loads of segment registers from them.
@Suite struct DescriptorTests {
    @Test func fieldsOfSegmentsAndGates() {
        let segment = Descriptor(0xAB4C_9212_3456_8765)
        #expect(segment.base == 0xAB12_3456)
        #expect(segment.limit == 0xC_8765)
        #expect(segment.flags == 0x40)
        #expect(segment.access == 0x92)
        let granular = Descriptor(0x00CF_9A00_0000_FFFF)
        #expect(granular.limit == 0xFFFF_FFFF)
        #expect(granular.codeLimit == 0xFFFF_FFFF)
        #expect(Descriptor(0x008F_9A00_0000_FFFF).codeLimit == 0xFFFF)
        let gate = Descriptor(0x1234_EC05_0008_5678)
        #expect(gate.gateSelector == 8)
        #expect(gate.gateOffset == 0x1234_5678)
        #expect(gate.parameterCount == 5)
        #expect(gate.dpl == 3)
        #expect(Descriptor(0x1234_E405_0008_5678).gateOffset == 0x5678)
    }

    @Test func loadSetsHiddenPartAndAccessedBit() throws {
        let m = ProtectedMachine()
        m.setSegment(Selector.test, 0x12_3000, 0x1234, 0x92, 0x40)
        try m.core.loadSegment(SegmentNumber.ds, Selector.test)
        let ds = m.s.segment(SegmentNumber.ds).pointee
        #expect(ds.base == 0x12_3000)
        #expect(ds.limit == 0x1234)
        #expect(ds.access == 0x93)
        #expect(ds.writeTop == 0x1235)
        #expect(m.access(Selector.test) == 0x93)
    }

    /// [SDM 2B MOV]: data segments.
    @Test func dataSegmentChecks() {
        let m = ProtectedMachine(cpl: 1)
        m.expect(.generalProtection(0x100)) { () throws(Fault) in try m.core.loadSegment(3, Selector.beyond | 2) }
        // No LDT is loaded.
        m.expect(.generalProtection(0x0C)) { () throws(Fault) in try m.core.loadSegment(3, 0x0C) }
        // DPL 0 from level 1.
        m.expect(.generalProtection(0x10)) { () throws(Fault) in try m.core.loadSegment(3, Selector.data0) }
        // RPL 2 above DPL 1.
        m.expect(.generalProtection(0x68)) { () throws(Fault) in try m.core.loadSegment(3, 0x6A) }
        // A system descriptor.
        m.expect(.generalProtection(0x28)) { () throws(Fault) in try m.core.loadSegment(3, Selector.taskA) }
        // Code that may not be read.
        m.setSegment(Selector.test, 0, 0xFFFF, 0xF8, 0)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try m.core.loadSegment(3, Selector.test) }
        m.setSegment(Selector.test, 0, 0xFFFF, 0x72, 0)
        m.expect(.segmentNotPresent(0x70)) { () throws(Fault) in try m.core.loadSegment(3, Selector.test) }
    }

    @Test func conformingCodeMayBeReadFromAnyLevel() throws {
        let m = ProtectedMachine(cpl: 3)
        try m.core.loadSegment(SegmentNumber.es, Selector.conforming0 | 3)
        let es = m.s.segment(SegmentNumber.es).pointee
        #expect(es.readTop == 0x1_0000_0000)
        #expect(es.writeTop == 0)
    }

    @Test func nullIsAllowedInDataSegmentsOnly() throws {
        let m = ProtectedMachine()
        try m.core.loadSegment(SegmentNumber.ds, 3)
        #expect(m.selector(SegmentNumber.ds) == 3)
        m.expect(.generalProtection(0)) { () throws(Fault) in
            _ = try m.core.read(SegmentNumber.ds, 0, as: UInt8.self)
        }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.loadSegment(SegmentNumber.ss, 0) }
    }

    /// [SDM 2B MOV]: RPL and DPL of SS equal CPL.
    @Test func stackSegmentChecks() throws {
        let m = ProtectedMachine(cpl: 1)
        m.expect(.generalProtection(0x68)) { () throws(Fault) in try m.core.loadSegment(2, 0x68) }
        m.expect(.generalProtection(0x20)) { () throws(Fault) in try m.core.loadSegment(2, 0x21) }
        m.setSegment(Selector.test, 0, 0xFFFF, 0xB0, 0)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try m.core.loadSegment(2, 0x71) }
        m.setSegment(Selector.test, 0, 0xFFFF, 0xBA, 0)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in try m.core.loadSegment(2, 0x71) }
        m.setSegment(Selector.test, 0, 0xFFFF, 0x32, 0)
        m.expect(.stackFault(0x70)) { () throws(Fault) in try m.core.loadSegment(2, 0x71) }
        m.setSegment(Selector.test, 0, 0xFFFF, 0xB2, 0)
        try m.core.loadSegment(2, 0x71)
        #expect(m.ss == 0x71)
        #expect(m.s.pointee.codeKey & TraceKey.stack32 == 0)
    }

    @Test func localDescriptorTable() throws {
        let m = ProtectedMachine()
        try m.core.loadLDT(Selector.ldt)
        m.setSegment(0x0C, 0x5000, 0xFF, 0x92, 0)
        try m.core.loadSegment(3, 0x0C)
        #expect(m.s.segment(3).pointee.base == 0x5000)
        #expect(m.access(0x0C) == 0x93)
        m.expect(.generalProtection(0x84)) { () throws(Fault) in try m.core.loadSegment(3, 0x84) }
        // The first descriptor of an LDT is not null.
        m.setSegment(0x04, 0x6000, 0xFF, 0x92, 0)
        try m.core.loadSegment(3, 0x04)
        #expect(m.s.segment(3).pointee.base == 0x6000)
    }

    @Test func expandDownBounds() throws {
        let m = ProtectedMachine()
        m.setSegment(Selector.test, 0x1_0000, 0xFFF, 0x96, 0)
        try m.core.loadSegment(3, Selector.test)
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.write(3, 0xFFF, 1 as UInt8) }
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.write(3, 0xFFFF, 1 as UInt16) }
        try m.core.write(3, 0x1000, 0x55 as UInt8)
        #expect(m.get8(0x1_1000) == 0x55)
        let ds = m.s.segment(3).pointee
        #expect(ds.hasRoom(0x1010, 4, size: 4))
        #expect(!ds.hasRoom(0x100F, 4, size: 4))
    }

    /// A 16-bit stack goes round at 0; a push must not lie across the end.
    @Test func roomOnStacksThatGoRound() {
        var stack = Segment()
        #expect(stack.hasRoom(4, 4, size: 2))
        #expect(!stack.hasRoom(5, 4, size: 2))
        #expect(stack.hasRoom(0, 2, size: 4))
        stack.limit = 0x7FFF
        stack.updateBounds()
        #expect(!stack.hasRoom(0, 1, size: 2))
        #expect(stack.hasRoom(0x8000, 1, size: 2))
        #expect(!stack.hasRoom(0x8001, 1, size: 2))
    }

    @Test func realModeKeepsLimitAndRights() throws {
        let m = ProtectedMachine()
        m.core.setCR0(m.s.pointee.cr0 & ~Core.CR0.protection)
        try m.core.loadSegment(3, 0x1234)
        let ds = m.s.segment(3).pointee
        #expect(ds.base == 0x12340)
        #expect(ds.limit == .max)
        #expect(ds.writeTop == 0x1_0000_0000)
        // A null segment can be used again.
        try m.core.loadSegment(4, 0x10)
        #expect(m.s.segment(4).pointee.access == 0x93)
        #expect(m.s.pointee.codeKey & TraceKey.flatData == 0)
    }

    /// CS gets fixed values up to the 486, and keeps its limit from the Pentium on.
    @Test(arguments: [(CPUModel.i80386, 0xFFFF as UInt32), (.i80486, 0xFFFF), (.pentium, .max)])
    func realModeCode(model: CPUModel, limit: UInt32) throws {
        let m = ProtectedMachine(model)
        m.core.setCR0(m.s.pointee.cr0 & ~Core.CR0.protection)
        try m.core.farJump(0x200, 0x10, operand32: false)
        let cs = m.s.segment(SegmentNumber.cs).pointee
        #expect(cs.limit == limit)
        #expect(cs.base == 0x2000)
        #expect(m.eip == 0x10)
        try m.core.write(SegmentNumber.cs, 0, 0x77 as UInt8)
        #expect(m.get8(0x2000) == 0x77)
    }

    /// The 286 takes 24 bits of base and 16 of limit, whatever the last two bytes hold.
    @Test func descriptorsOfThe286() throws {
        let m = ProtectedMachine(.i80286)
        m.setSegment(Selector.test, 0xFF12_3456, 0xF_1234, 0x92, 0xC0)
        try m.core.loadSegment(3, Selector.test)
        let ds = m.s.segment(3).pointee
        #expect(ds.base == 0x12_3456)
        #expect(ds.limit == 0x1234)
        #expect(!ds.isBig)
        // 386 gates and TSSs are no types there.
        m.setGate(Selector.test, 0x8C, Selector.code0, 0x4000)
        m.expect(.generalProtection(0x70)) { () throws(Fault) in
            try m.core.farJump(Selector.test, 0, operand32: false)
        }
    }

    @Test func pageFaultInTheTableComesThrough() {
        let m = ProtectedMachine()
        m.startPaging()
        m.s.pointee.gdtBase = 0x1F000
        m.setPage(0x1F000, 0)
        m.expect(.pageFault(0, at: 0x1F010)) { () throws(Fault) in try m.core.loadSegment(3, Selector.data0) }
    }

    // MARK: LAR, LSL, VERR, VERW

    @Test func askingDescriptors() throws {
        let m = ProtectedMachine(cpl: 3)
        #expect(try m.core.accessRights(Selector.data3) == 0x00CF_F300)
        #expect(try m.core.accessRights(Selector.data0) == nil)
        #expect(try m.core.accessRights(Selector.conforming0) == 0x00CF_9F00)
        #expect(try m.core.accessRights(0) == nil)
        #expect(try m.core.accessRights(Selector.beyond) == nil)
        #expect(try m.core.segmentLimit(Selector.data3) == .max)
        #expect(try m.core.verify(Selector.data3, write: true))
        #expect(try !m.core.verify(Selector.code3, write: true))
        #expect(try m.core.verify(Selector.code3, write: false))
        #expect(try m.core.verify(Selector.conforming0, write: false))
        #expect(try !m.core.verify(Selector.data0, write: false))
        m.enter(0)
        #expect(try !m.core.verify(Selector.taskB, write: false))
        #expect(try m.core.segmentLimit(Selector.taskB) == 0x67)
        #expect(try m.core.accessRights(Selector.taskB) == 0x8900)
        // RPL counts as well.
        #expect(try m.core.accessRights(Selector.data0 | 1) == nil)
    }

    /// Types for LAR and for LSL [SDM 2A Tables 3-53 and 3-61].
    @Test func systemTypesForLARAndLSL() throws {
        let m = ProtectedMachine()
        var rights: [UInt8] = []
        var limits: [UInt8] = []
        for type: UInt8 in 0..<16 {
            m.setSegment(Selector.test, 0, 0x50, 0x80 | type, 0)
            if try m.core.accessRights(Selector.test) != nil { rights.append(type) }
            if try m.core.segmentLimit(Selector.test) == 0x50 { limits.append(type) }
        }
        #expect(rights == [1, 2, 3, 4, 5, 9, 11, 12])
        #expect(limits == [1, 2, 3, 9, 11])
    }
}
