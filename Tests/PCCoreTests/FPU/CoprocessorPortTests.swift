import Testing

@testable import PCCore

/// Ports F0h and F1h, IRQ 13, and the 8087's NMI.
@Suite struct CoprocessorPortTests {
    private final class Line: InterruptInput {
        var isHigh = false
        func setLevel(_ number: Int, _ high: Bool) { isHigh = high }
    }

    @Test func errorIsLatched() {
        let line = Line()
        let port = CoprocessorPort(irq: IRQLine(line, IRQ.coprocessor))
        var ignored: [Bool] = []
        port.ignoreChanged = { ignored.append($0) }
        port.setError(true)
        #expect(line.isHigh)
        // The error goes, its interrupt stays until it is acknowledged.
        port.setError(false)
        #expect(line.isHigh)
        port.writePort(0, 0, .byte)
        #expect(!line.isHigh)
        #expect(ignored.isEmpty)
        // Acknowledged first: IGNNE# until the error goes.
        port.setError(true)
        port.writePort(0, 0, .byte)
        #expect(!line.isHigh)
        #expect(ignored == [true])
        port.setError(false)
        #expect(ignored == [true, false])
        port.setError(true)
        #expect(line.isHigh)
        port.reset()
        #expect(!line.isHigh)
        #expect(port.readPort(0, .byte) == 0xFF)
    }

    @Test func resetOfTheCoprocessor() {
        let port = CoprocessorPort(irq: .unconnected)
        var resets = 0
        port.resetRequested = { resets += 1 }
        port.writePort(0, 0, .byte)
        #expect(resets == 0)
        port.writePort(1, 0, .byte)
        #expect(resets == 1)
    }

    // MARK: On the board

    /// Sets vectors 75h and 2 and the interrupt controllers, divides 1 by 0 with ZE not masked, and pushes 1. The
    /// handler keeps the status word and its return address, writes F0h, uses the x87 once, and clears the error.
    private static let program: [UInt8] = [
        0xFA, 0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xD0, 0xBC, 0x00, 0x70,  // cli; DS = SS = 0; SP = 7000h
        0xC7, 0x06, 0xD4, 0x01, 0x5C, 0x00, 0x8C, 0x0E, 0xD6, 0x01,  // vector 75h
        0xC7, 0x06, 0x08, 0x00, 0x5C, 0x00, 0x8C, 0x0E, 0x0A, 0x00,  // vector 2
        0xB0, 0x11, 0xE6, 0x20, 0xE6, 0xA0, 0xB0, 0x08, 0xE6, 0x21, 0xB0, 0x70, 0xE6, 0xA1, 0xB0, 0x04, 0xE6, 0x21,
        0xB0, 0x02, 0xE6, 0xA1, 0xB0, 0x01, 0xE6, 0x21, 0xE6, 0xA1,  // both 8259As
        0xB0, 0xFB, 0xE6, 0x21, 0xB0, 0xDF, 0xE6, 0xA1,  // cascade and IRQ 13 only
        0xB0, 0x0F, 0xE6, 0x70,  // NMI on
        0xDB, 0xE3, 0x2E, 0xD9, 0x2E, 0x7B, 0x00,  // fninit; fldcw 33Bh
        0xD9, 0xE8, 0xD9, 0xEE, 0xFB, 0xD8, 0xF9,  // fld1; fldz; sti; fdivr st, st1
        0xD9, 0xE8, 0xFA, 0xDD, 0x3E, 0x00, 0x06, 0xF4,  // 54h: fld1; cli; fnstsw [600h]; hlt
        0xDD, 0x3E, 0x02, 0x06, 0xFE, 0x06, 0x04, 0x06,  // 5Ch: fnstsw [602h]; inc byte [604h]
        0x8F, 0x06, 0x06, 0x06, 0xFF, 0x36, 0x06, 0x06,  // pop word [606h]; push word [606h]
        0x30, 0xC0, 0xE6, 0xF0, 0xD9, 0xE8, 0xDB, 0xE2,  // out F0h; fld1; fnclex
        0xB0, 0x20, 0xE6, 0xA0, 0xE6, 0x20, 0xCF,  // end of interrupt; iret
        0x3B, 0x03,
    ]

    private func board(_ model: CPUModel, _ program: [UInt8], coprocessor: Bool = true) -> PC {
        var rom = [UInt8](repeating: 0xF4, count: 0x1_0000)
        rom.replaceSubrange(0..<program.count, with: program)
        rom.replaceSubrange(0xFFF0..<0xFFF5, with: [0xEA, 0x00, 0x00, 0x00, 0xF0])
        var configuration = PCConfiguration()
        configuration.cpu = model
        configuration.memory = 640 << 10
        configuration.bios = rom
        configuration.coprocessor = coprocessor
        return PC(configuration)
    }

    private func word(_ pc: PC, _ at: UInt32) -> UInt16 {
        UInt16(pc.memory.peek(at) ?? 0) | UInt16(pc.memory.peek(at + 1) ?? 0) << 8
    }

    @Test(arguments: CPUModel.allCases) func interrupt(model: CPUModel) {
        let pc = board(model, Self.program)
        #expect(pc.run(instructions: 10_000) == .haltedForEver)
        // ES and ZE; B as well from the 387 on.
        #expect(word(pc, 0x602) == (model <= .i80286 ? 0x3084 : 0xB084))
        #expect(word(pc, 0x604) == 1)
        // It came before the next x87 instruction, which ran after it.
        #expect(word(pc, 0x606) == 0x54)
        #expect(word(pc, 0x600) == 0x2000)
        #expect(!pc.coprocessorPort.state.isLatched)
        #expect(!pc.coprocessorPort.state.isIgnored)
        #expect(!pc.bus.ignoresFloatErrors)
    }

    /// With interrupts off the CPU stands still before the next x87 instruction, for ever.
    @Test(arguments: [CPUModel.i80286, .i80386, .pentiumII]) func standsStill(model: CPUModel) {
        var program = Self.program
        // The STI before the division becomes NOP.
        #expect(program[0x51] == 0xFB)
        program[0x51] = 0x90
        let pc = board(model, program)
        #expect(pc.run(instructions: 10_000) == .haltedForEver)
        #expect(pc.cpu[.eip] == 0x54)
        #expect(word(pc, 0x604) == 0)
        #expect(pc.coprocessorPort.state.isLatched)
    }

    /// CMOS tells the BIOS, and the state of the machine has the x87 in it.
    @Test func boardWithAndWithout() {
        let with = board(.i80386, [0xDB, 0xE3, 0xD9, 0xE8, 0xF4])
        let without = board(.i80386, [0xDB, 0xE3, 0xD9, 0xE8, 0xF4], coprocessor: false)
        #expect(with.rtc[cmos: 0x14] & 2 == 2)
        #expect(without.rtc[cmos: 0x14] & 2 == 0)
        _ = with.run(instructions: 3)
        let after = with.canonicalState()
        with.cpu.s.floatRegister(7).pointee.significand ^= 1
        #expect(with.canonicalState() != after)
        with.cpu.s.floatRegister(7).pointee.significand ^= 1
        #expect(with.canonicalState() == after)
    }

    /// F1h puts a 287 back into real mode; what is on the CPU's chip takes no notice.
    @Test(arguments: [(CPUModel.i80286, true), (.i80386, true), (.pentiumII, false)])
    func resetPort(model: CPUModel, resets: Bool) {
        // fninit; fld1; fsetpm; out F1h, al; hlt
        let pc = board(model, [0xDB, 0xE3, 0xD9, 0xE8, 0xDB, 0xE4, 0xE6, 0xF1, 0xF4])
        #expect(pc.run(instructions: 100) == .haltedForEver)
        #expect((pc.cpu.fpu.tags == 0xFFFF) == resets)
        #expect(!pc.cpu.s.pointee.fpu.usesProtectedFormat)
    }
}
