import Testing

@testable import PCCore

private typealias Selector = ProtectedMachine.Selector

/// What differs between models in the frames of protected mode.
@Suite struct ExceptionFrameTests {
    /// The 486 writes an error code as a word and leaves the rest of the slot [SDM 3B 22.31.2].
    @Test(arguments: [CPUModel.i80386, .i80486, .pentium, .pentiumII], [0, 3] as [UInt8])
    func errorCode(model: CPUModel, cpl: UInt8) {
        let m = ProtectedMachine(model, cpl: cpl)
        m.setVector(13, 0x8E, Selector.code0, 0x6000)
        let top = cpl == 0 ? m.core.esp - 16 : ProtectedMachine.Place.stack0 - 24
        m.put32(top, 0x5555_5555)
        m.core.raise(.generalProtection(0x1234))
        #expect(m.core.esp == top)
        #expect(m.get32(top) == (model == .i80486 ? 0x5555_1234 : 0x1234))
    }

    /// A 16-bit frame leads back to a 32-bit stack: the 486 puts SS into the upper half of ESP, later chips zeros
    /// [SDM 3B 22.31.4].
    @Test(arguments: [CPUModel.i80486, .pentium, .pentiumII], [true, false])
    func outerStackPointer(model: CPUModel, isInterrupt: Bool) throws {
        let m = ProtectedMachine(model)
        m.core.esp = 0x7000
        if isInterrupt {
            m.push16(0x5000, Selector.code3, 0x0002, 0x9000, Selector.data3)
            try m.core.interruptReturn(operand32: false)
        } else {
            m.push16(0x5000, Selector.code3, 0x9000, Selector.data3)
            try m.core.farReturn(release: 0, operand32: false)
        }
        #expect(m.s.pointee.cpl == 3)
        #expect(m.core.esp == (model == .i80486 ? UInt32(Selector.data3) << 16 | 0x9000 : 0x9000))
    }
}
