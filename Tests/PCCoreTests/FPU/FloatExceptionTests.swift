import Testing

@testable import PCCore

/// How exceptions that are not masked wait and are delivered; `#NM`; what runs in spite of them.
@Suite struct FloatExceptionTests {
    private typealias CR0 = Core.CR0

    /// 1 / 0 with ZE not masked.
    private func failed(_ model: CPUModel = .pentiumII, numericError: Bool) -> FloatMachine {
        let m = FloatMachine(model)
        m.cpu.reportsFloatErrors = numericError
        m.load(.zero, .one)
        m.set { $0.control = 0x37B }
        #expect(m.run(0xDE, 0xF9) == nil)
        return m
    }

    @Test func nextInstructionRaises() {
        let m = failed(numericError: true)
        // The operands stay; ES and B are set.
        #expect(m.status == 0xB084)
        #expect(m.st(0) == .zero)
        #expect(m.errors.isEmpty)
        #expect(m.run(0xD9, 0xE8) == 16)
        #expect(m.cpu[.eip] == m.start)
        #expect(m.run(0x9B) == 16)
        #expect(m.run(0xD9, 0x06, 0x00, 0x00) == 16)
        #expect(m.run(0xD9, 0x2E, 0x00, 0x00) == 16)
        #expect(m.run(0x0F, 0x6F, 0xC1) == 16)
        // It comes before what the memory operand would raise.
        #expect(m.run(0xDD, 0x06, 0xFE, 0xFF) == 16)
        #expect(m.status == 0xB084)
    }

    /// Instructions with FN do not wait.
    @Test func controlInstructionsRun() {
        for bytes: (UInt8, UInt8) in [(0xDF, 0xE0), (0xDB, 0xE2), (0xDB, 0xE3)] {
            let m = failed(numericError: true)
            #expect(m.run(bytes.0, bytes.1) == nil)
        }
        for bytes: (UInt8, UInt8) in [(0xD9, 0x36), (0xD9, 0x3E), (0xDD, 0x36), (0xDD, 0x3E)] {
            let m = failed(numericError: true)
            #expect(m.run(bytes.0, bytes.1, 0x00, 0x00) == nil)
        }
        let m = failed(numericError: true)
        m.run(0xDB, 0xE2)
        #expect(m.status == 0x3000)
        #expect(m.run(0xD9, 0xE8) == nil)
    }

    /// Loading a control word can unmask what was there before.
    @Test func unmaskingLater() {
        let m = FloatMachine()
        m.cpu.reportsFloatErrors = true
        m.run(0xD9, 0xE0)
        #expect(m.status & 0x80FF == 0x41)
        m.put16(0, 0x37E)
        #expect(m.run(0xD9, 0x2E, 0x00, 0x00) == nil)
        #expect(m.status & 0x80FF == 0x80C1)
        #expect(m.run(0x9B) == 16)
    }

    /// Without NE the CPU stands still before the next instruction that waits, and FERR# is active.
    @Test(arguments: [CPUModel.i80286, .i80386, .i80486, .pentiumII])
    func errorPin(model: CPUModel) {
        let m = failed(model, numericError: false)
        #expect(m.errors == [true])
        #expect(m.cpu.hasFloatError)
        #expect(m.run(0xD9, 0xE8) == nil)
        #expect(m.isWaiting)
        #expect(m.run(0x9B) == nil)
        #expect(m.isWaiting)
        m.machine.bus.ignoresFloatErrors = true
        #expect(m.run(0xD9, 0xE8) == nil)
        #expect(!m.isWaiting)
        #expect(m.st(0) == .one)
        #expect(m.errors == [true])
        m.run(0xDB, 0xE2)
        #expect(m.errors == [true, false])
    }

    /// An instruction that stands still is not traced.
    @Test func waitingIsNoStep() {
        let m = failed(numericError: false)
        m.cpu[.eflags] = 0x102
        #expect(m.run(0xD9, 0xE8) == nil)
        #expect(m.isWaiting)
        #expect(m.cpu.s.pointee.pendingDebug == 0)
    }

    /// The 8086 does not ask before an ESC instruction; WAIT waits.
    @Test func interruptOfThe8087() {
        let m = failed(.i8086, numericError: false)
        #expect(m.status == 0x3084)
        #expect(m.errors == [true])
        #expect(m.run(0xD9, 0xE8) == nil)
        #expect(m.st(0) == .one)
        m.run(0x9B)
        #expect(m.isWaiting)
        // FDISI, FENI
        m.run(0xDB, 0xE1)
        #expect(m.cpu.fpu.control == 0x3FB)
        #expect(m.errors == [true, false])
        m.run(0xDB, 0xE0)
        #expect(m.errors == [true, false, true])
        m.run(0xDB, 0xE3)
        #expect(m.cpu.fpu.control == 0x3FF)
        #expect(m.errors == [true, false, true, false])
    }

    // MARK: EM, TS, MP

    @Test(arguments: [CPUModel.i80286, .i80386, .i80486, .pentium])
    func deviceNotAvailable(model: CPUModel) {
        let m = FloatMachine(model)
        for (bits, escape, wait) in [
            (0, nil, nil), (CR0.emulation, 7, nil), (CR0.taskSwitched, 7, nil), (CR0.monitorCoprocessor, nil, nil),
            (CR0.monitorCoprocessor | CR0.taskSwitched, 7, 7), (CR0.emulation | CR0.monitorCoprocessor, 7, nil),
        ] as [(UInt32, UInt8?, UInt8?)] {
            m.setCR0(CR0.emulation | CR0.taskSwitched | CR0.monitorCoprocessor, false)
            m.setCR0(bits, true)
            #expect(m.run(0xD9, 0xD0) == escape)
            #expect(m.run(0xDF, 0xE0) == escape)
            #expect(m.run(0xDB, 0xE3) == escape)
            // Before what the operand would raise.
            #expect(m.run(0xDD, 0x06, 0xFE, 0xFF) == escape ?? 13)
            #expect(m.run(0x9B) == wait)
        }
    }

    /// CR0 set by a test or by `exec --set` counts for hot handlers too.
    @Test func deviceNotAvailableAfterSettingCR0() {
        let m = FloatMachine()
        m.machine.usesTraces = true
        m.cpu[.cr0] |= CR0.taskSwitched
        #expect(m.run(0xD9, 0xE8) == 7)
        m.cpu[.cr0] &= ~CR0.taskSwitched
        #expect(m.run(0xD9, 0xE8) == nil)
        #expect(m.st(0) == .one)
    }

    @Test func deviceNotAvailableForMMX() {
        let m = FloatMachine()
        m.setCR0(CR0.taskSwitched, true)
        #expect(m.run(0x0F, 0x6F, 0xC1) == 7)
        #expect(m.run(0x0F, 0xAE, 0x06, 0x00, 0x00) == 7)
        m.setCR0(CR0.emulation, true)
        #expect(m.run(0x0F, 0x6F, 0xC1) == 6)
        #expect(m.run(0x0F, 0x77) == 6)
        #expect(m.run(0x0F, 0xAE, 0x06, 0x00, 0x00) == 7)
    }

    // MARK: What hot handlers look at

    @Test func reasonsToGoSlow() throws {
        let m = FloatMachine()
        var isSlow: Bool { m.cpu.s.pointee.fpu.slowReasons != 0 }
        #expect(!isSlow)
        for (control, slow) in [
            (0x37F, false), (0x17F, true), (0x77F, true), (0xB7F, true), (0xF7F, true), (0x35F, true), (0x340, true),
        ] as [(UInt16, Bool)] {
            m.put16(0, control)
            m.run(0xD9, 0x2E, 0x00, 0x00)
            #expect(isSlow == slow)
            m.run(0xDB, 0xE3)
            #expect(!isSlow)
        }
        // LMSW, CLTS, MOV
        m.cpu.core.loadMachineStatus(UInt16(CR0.taskSwitched))
        #expect(isSlow)
        try m.cpu.core.clearTaskSwitched()
        #expect(!isSlow)
        try m.cpu.core.writeControlRegister(0, CR0.emulation)
        #expect(isSlow)
        try m.cpu.core.writeControlRegister(0, 0)
        #expect(!isSlow)
        // An exception, and FNSTENV, which masks it.
        m.set { $0.control = 0x37E }
        m.run(0xD9, 0xE0)
        #expect(isSlow)
        m.run(0xD9, 0x36, 0x00, 0x00)
        #expect(!isSlow)
        #expect(FloatMachine(.pentiumII, coprocessor: false).cpu.s.pointee.fpu.slowReasons != 0)
        // RESET masks nothing.
        m.cpu.reset()
        #expect(isSlow)
    }

    /// Handlers reach registers by their offsets in the CPU's state.
    @Test func layout() {
        let m = FloatMachine()
        #expect(MemoryLayout<CPUState>.offset(of: \.fpu) == 320)
        #expect(MemoryLayout<FPUState>.offset(of: \.registers) == 0)
        #expect(MemoryLayout<FPUState.Register>.stride == 16)
        m.cpu.s.pointee.fpu.registers.5.significand = 0x1234
        #expect(m.cpu.s.floatRegister(13).pointee.significand == 0x1234)
    }
}
