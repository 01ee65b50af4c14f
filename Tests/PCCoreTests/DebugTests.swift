import Testing

@testable import PCCore

private typealias Selector = ProtectedMachine.Selector

/// Debug registers, breakpoints and debug traps.
@Suite struct DebugTests {
    private func machine() -> ProtectedMachine {
        let m = ProtectedMachine()
        m.setVector(1, 0x8E, Selector.code0, 0x5000)
        return m
    }

    @Test func fixedBits() throws {
        let m = machine()
        try m.core.writeDebugRegister(6, 0)
        #expect(try m.core.readDebugRegister(6) == 0xFFFF_0FF0)
        try m.core.writeDebugRegister(6, .max)
        #expect(try m.core.readDebugRegister(6) == 0xFFFF_EFFF)
        try m.core.writeDebugRegister(7, 0)
        #expect(try m.core.readDebugRegister(7) == 0x400)
        try m.core.writeDebugRegister(2, 0x1234_5678)
        #expect(try m.core.readDebugRegister(2) == 0x1234_5678)
        #expect(m.s.pointee.dr.2 == 0x1234_5678)
    }

    /// DR4 and DR5 stand for DR6 and DR7 unless CR4.DE is set [SDM 3B 17.2.2].
    @Test func aliases() throws {
        let m = machine()
        try m.core.writeDebugRegister(5, 0x401)
        #expect(try m.core.readDebugRegister(7) == 0x401)
        m.s.pointee.cr4 = Core.CR4.debuggingExtensions
        m.expect(.invalidOpcode) { () throws(Fault) in _ = try m.core.readDebugRegister(4) }
    }

    @Test func privilegeAndGeneralDetect() throws {
        let m = machine()
        try m.core.writeDebugRegister(7, 0x2000)
        m.expect(.debug(DebugStatus.registerAccess, isTrap: false)) { () throws(Fault) in
            _ = try m.core.readDebugRegister(0)
        }
        m.s.pointee.eip = 0x4000
        m.core.raise(.debug(DebugStatus.registerAccess, isTrap: false))
        #expect(m.s.pointee.dr6 & DebugStatus.registerAccess != 0)
        // The handler may use them.
        #expect(try m.core.readDebugRegister(7) == 0x400)
        #expect(m.stack(3)[2] & Flags.resume != 0)
        m.enter(3)
        m.expect(.generalProtection(0)) { () throws(Fault) in _ = try m.core.readDebugRegister(0) }
    }

    // MARK: Breakpoints

    @Test func instructionBreakpoints() throws {
        let m = machine()
        m.s.pointee.eip = 0x4000
        try m.core.writeDebugRegister(1, 0x4000)
        #expect(m.core.instructionBreakpoint() == 0)
        try m.core.writeDebugRegister(7, 0x4)
        #expect(m.s.pointee.singly)
        #expect(!m.s.pointee.watchesData)
        #expect(m.core.instructionBreakpoint() == 2)
        m.core.setEFLAGS(Flags.resume)
        #expect(m.core.instructionBreakpoint() == 0)
        m.core.setEFLAGS(0)
        m.s.pointee.eip = 0x4001
        #expect(m.core.instructionBreakpoint() == 0)
        // The linear address counts.
        m.s.pointee.eip = 0x1000
        m.s.segment(SegmentNumber.cs).pointee.base = 0x3000
        #expect(m.core.instructionBreakpoint() == 2)
        // Its handler sees RF as it was.
        m.core.raise(.debug(2, isTrap: false))
        #expect(m.stack(3)[2] & Flags.resume == 0)
        #expect(m.s.pointee.dr6 & 0xF == 2)
    }

    /// Kind, length and overlap [SDM 3B Table 17-2].
    @Test(
        arguments: [
            // DR7 field (R/W, LEN), breakpoint, access, size, write, hit
            (0b00_01, 0x1000, 0x1000, 1, true, true),
            (0b00_01, 0x1000, 0x1000, 1, false, false),
            (0b00_11, 0x1000, 0x1000, 1, false, true),
            (0b00_01, 0x1001, 0x1000, 2, true, true),
            (0b00_01, 0x1002, 0x1000, 2, true, false),
            (0b00_01, 0x0FFF, 0x1000, 4, true, false),
            (0b11_01, 0x1002, 0x1003, 1, true, true),
            (0b11_01, 0x1002, 0x0FFF, 2, true, true),
            (0b11_01, 0x1002, 0x1004, 4, true, false),
            (0b01_01, 0x1003, 0x1002, 1, true, true),
            (0b00_10, 0x1000, 0x1000, 1, true, false),
            (0b00_00, 0x1000, 0x1000, 1, true, false),
            (0b00_01, 0x0000_0000, 0xFFFF_FFFE, 4, true, true),
        ] as [(UInt32, UInt32, UInt32, UInt32, Bool, Bool)])
    func dataBreakpoints(
        field: UInt32, breakpoint: UInt32, access: UInt32, size: UInt32, write: Bool, hit: Bool
    ) throws {
        let m = machine()
        try m.core.writeDebugRegister(3, breakpoint)
        try m.core.writeDebugRegister(7, 0x80 | field << 28)
        m.core.noteAccess(access, size: size, write: write)
        #expect(m.s.pointee.pendingDebug == (hit ? 8 : 0))
    }

    /// The fast paths of memory must not hide an access from a breakpoint that was set after they were filled.
    @Test func breakpointsSeeWarmPages() throws {
        let m = machine()
        try m.core.write(SegmentNumber.ds, 0x9100, 1 as UInt32)
        try m.core.writeDebugRegister(0, 0x9100)
        try m.core.writeDebugRegister(7, 0x1_0001)
        try m.core.write(SegmentNumber.ds, 0x9100, 2 as UInt32)
        #expect(m.s.pointee.pendingDebug == 1)
        m.core.takePendingDebug()
        #expect(m.s.pointee.pendingDebug == 0)
        #expect(m.s.pointee.dr6 & 0xF == 1)
        #expect(m.eip == 0x5000)
        // A trap: the next instruction, and no RF.
        #expect(m.stack(3) == [0x4002, UInt32(Selector.code0), 2])
    }

    @Test func alignmentChecksSeeWarmPages() throws {
        let m = ProtectedMachine(cpl: 3)
        try m.core.write(SegmentNumber.ds, 0x9101, 1 as UInt32)
        m.core.setCR0(m.s.pointee.cr0 | Core.CR0.alignmentMask)
        m.core.setEFLAGS(Flags.alignmentCheck)
        m.expect(.alignmentCheck) { () throws(Fault) in try m.core.write(SegmentNumber.ds, 0x9101, 1 as UInt32) }
        // The system's own accesses are not checked.
        _ = try m.core.readSystem(0x9101, as: UInt32.self)
        m.enter(0)
        try m.core.write(SegmentNumber.ds, 0x9101, 1 as UInt32)
    }

    @Test func portBreakpoints() throws {
        let m = machine()
        try m.core.writeDebugRegister(0, 0x61)
        try m.core.writeDebugRegister(7, 0x2_0001)
        m.core.noteIOAccess(port: 0x60, size: 2)
        #expect(m.s.pointee.pendingDebug == 0)
        m.s.pointee.cr4 = Core.CR4.debuggingExtensions
        m.core.noteIOAccess(port: 0x60, size: 1)
        #expect(m.s.pointee.pendingDebug == 0)
        m.core.noteIOAccess(port: 0x60, size: 2)
        #expect(m.s.pointee.pendingDebug == 1)
    }

    @Test func faultsTakeTheirBreakpointsBack() {
        let m = machine()
        m.setVector(13, 0x8E, Selector.code0, 0x6000)
        m.s.pointee.pendingDebug = 1
        m.core.raise(.generalProtection(0))
        #expect(m.s.pointee.pendingDebug == 0)
    }

    @Test func singleStepStatus() {
        let m = machine()
        m.core.setEFLAGS(Flags.trap)
        m.s.pointee.pendingDebug = DebugStatus.singleStep
        m.core.takePendingDebug()
        #expect(m.s.pointee.dr6 == 0xFFFF_4FF0)
        #expect(m.flags & Flags.trap == 0)
        #expect(m.stack(3)[2] & Flags.trap != 0)
    }

    /// INT1 leaves DR6 alone.
    @Test func int1() {
        let m = machine()
        m.core.icebp()
        #expect(m.s.pointee.dr6 == 0xFFFF_0FF0)
        #expect(m.eip == 0x5000)
    }
}
