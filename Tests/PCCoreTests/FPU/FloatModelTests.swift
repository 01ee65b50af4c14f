import Testing

@testable import PCCore

/// What each generation has, and what the others do in its place.
@Suite struct FloatModelTests {
    /// What an instruction is to a chip.
    private enum Outcome: Equatable {
        case runs, isIgnored, isInvalid
    }

    private func outcome(_ model: CPUModel, _ bytes: (UInt8, UInt8)) -> Outcome {
        let m = FloatMachine(model)
        m.load(.one, .three)
        m.set { $0.status |= 0x700 }
        m.cpu[.eax] = 0x5555
        m.cpu[.eflags] = 0x8D7
        let before = (m.cpu.fpu, m.cpu[.eax], m.cpu[.eflags], m.cpu.s.pointee.fpu.usesProtectedFormat)
        if m.run(bytes.0, bytes.1) == 6 { return .isInvalid }
        var after = m.cpu.fpu
        after.opcode = 0
        after.instructionSelector = 0
        let isSame =
            after == before.0 && m.cpu[.eax] == before.1 && m.cpu[.eflags] == before.2
            && m.cpu.s.pointee.fpu.usesProtectedFormat == before.3
        return isSame ? .isIgnored : .runs
    }

    /// From which model on an instruction exists, and whether it comes with the 387 or later.
    @Test(
        arguments: [
            // FSIN, FCOS, FSINCOS, FPREM1, FUCOM, FUCOMP, FUCOMPP
            (0xD9, 0xFE, CPUModel.i80386), (0xD9, 0xFF, .i80386), (0xD9, 0xFB, .i80386), (0xD9, 0xF5, .i80386),
            (0xDD, 0xE1, .i80386), (0xDD, 0xE9, .i80386), (0xDA, 0xE9, .i80386),
            // FNSTSW AX
            (0xDF, 0xE0, .i80286),
            // FCMOVNB, FCOMI, FUCOMI, FCOMIP, FUCOMIP
            (0xDA, 0xC1, .pentiumII), (0xDB, 0xF1, .pentiumII), (0xDB, 0xE9, .pentiumII), (0xDF, 0xF1, .pentiumII),
            (0xDF, 0xE9, .pentiumII),
        ] as [(UInt8, UInt8, CPUModel)])
    func existence(first: UInt8, second: UInt8, since: CPUModel) {
        for model in CPUModel.allCases {
            let expected: Outcome = model >= since ? .runs : model >= .i80486 ? .isInvalid : .isIgnored
            #expect(outcome(model, (first, second)) == expected, "\(model)")
        }
    }

    /// What no chip knows.
    @Test(
        arguments: [
            (0xD9, 0xD1), (0xD9, 0xE2), (0xD9, 0xE6), (0xD9, 0xEF), (0xDA, 0xE0), (0xDA, 0xE8), (0xDA, 0xF0),
            (0xDB, 0xE5),
            (0xDB, 0xF8), (0xDD, 0xF0), (0xDD, 0xF8), (0xDE, 0xD8), (0xDE, 0xDA), (0xDF, 0xE1), (0xDF, 0xF8),
        ] as [(UInt8, UInt8)])
    func reserved(first: UInt8, second: UInt8) {
        for model in CPUModel.allCases {
            #expect(outcome(model, (first, second)) == (model >= .i80486 ? .isInvalid : .isIgnored), "\(model)")
        }
    }

    @Test func reservedInMemory() {
        for (opcode, reg) in [(0xD9, 1), (0xDB, 1), (0xDB, 4), (0xDB, 6), (0xDD, 1), (0xDD, 5), (0xDF, 1)] {
            let modRM = UInt8(reg << 3 | 6)
            #expect(FloatMachine(.i80486).run(UInt8(opcode), modRM, 0, 0) == 6)
            #expect(FloatMachine(.i80386).run(UInt8(opcode), modRM, 0, 0) == nil)
        }
    }

    /// FENI, FDISI and FSETPM of older chips do nothing on newer ones.
    @Test func forgottenInstructions() {
        for model in CPUModel.allCases {
            let isOldest = model <= .i80186
            #expect(outcome(model, (0xDB, 0xE1)) == (isOldest ? .runs : .isIgnored), "\(model)")
            #expect(outcome(model, (0xDB, 0xE0)) == .isIgnored, "\(model)")
            #expect(outcome(model, (0xDB, 0xE4)) == (model == .i80286 ? .runs : .isIgnored), "\(model)")
        }
    }

    @Test func mmxAndFXSave() {
        for model in CPUModel.allCases where model >= .i80286 {
            let m = FloatMachine(model)
            #expect(m.run(0x0F, 0xEF, 0xC0) == (model >= .pentium ? nil : 6))
            #expect(m.run(0x0F, 0x77) == (model >= .pentium ? nil : 6))
            #expect(m.run(0x0F, 0xAE, 0x06, 0x00, 0x00) == (model >= .pentiumII ? nil : 6))
        }
    }

    /// The SSE instructions among the MMX opcodes.
    @Test(
        arguments: [
            0x70, 0xC4, 0xC5, 0xD4, 0xD6, 0xD7, 0xDA, 0xDE, 0xE0, 0xE3, 0xE4, 0xE6, 0xE7, 0xEA, 0xEE, 0xF0, 0xF4, 0xF6,
            0xF7, 0xFB, 0x6C, 0x6D, 0x78, 0x7C, 0xD0,
        ] as [UInt8])
    func noSSE(opcode: UInt8) {
        #expect(FloatMachine(.pentiumII).run(0x0F, opcode, 0xC0, 0x00) == 6)
    }

    @Test func shiftGroups() {
        let valid: [UInt8: Set<UInt8>] = [0x71: [2, 4, 6], 0x72: [2, 4, 6], 0x73: [2, 6]]
        for (opcode, operations) in valid {
            for reg in 0..<UInt8(8) {
                #expect(
                    FloatMachine().run(0x0F, opcode, 0xC0 | reg << 3, 1) == (operations.contains(reg) ? nil : 6))
            }
            #expect(FloatMachine().run(0x0F, opcode, 0x16, 0, 0, 1) == 6)
        }
    }

    @Test func identification() {
        for (model, features) in [
            (CPUModel.i80486, 1), (.pentium, 0x80_0001), (.pentiumII, 0x180_0001),
        ] as [(CPUModel, UInt32)] {
            for isPresent in [true, false] {
                let m = FloatMachine(model, coprocessor: isPresent)
                m.cpu[.eax] = 1
                m.run(0x0F, 0xA2)
                #expect(m.cpu[.edx] & 0x180_0001 == (isPresent ? features : 0))
            }
        }
    }

    // MARK: Without a coprocessor

    @Test(arguments: CPUModel.allCases) func absent(model: CPUModel) {
        let m = FloatMachine(model, coprocessor: false)
        m.put16(0, 0x5A5A)
        let before = m.cpu.fpu
        for bytes: (UInt8, UInt8) in [(0xDD, 0x3E), (0xD9, 0x3E), (0xD9, 0x06), (0xD9, 0x1E)] {
            #expect(m.run(bytes.0, bytes.1, 0, 0) == nil)
        }
        #expect(m.run(0xDB, 0xE3) == nil)
        #expect(m.run(0x9B) == nil)
        #expect(m.get16(0) == 0x5A5A)
        #expect(m.cpu.fpu == before)
    }

    // MARK: Reset

    @Test func stateAfterReset() {
        for (model, control, tags) in [
            (CPUModel.i8086, 0x3FF, 0xFFFF), (.i80286, 0x37F, 0xFFFF), (.i80386, 0x37F, 0xFFFF),
            (.i80486, 0x40, 0x5555), (.pentiumII, 0x40, 0x5555),
        ] as [(CPUModel, UInt16, UInt16)] {
            let m = FloatMachine(model)
            m.load(.one)
            m.cpu.reset()
            #expect(m.cpu.fpu.control == control)
            #expect(m.cpu.fpu.tags == tags)
            #expect(m.status == 0)
            #expect(m.cpu.fpu.stack.allSatisfy { $0 == .zero })
        }
        #expect(FloatMachine(.i80386).cpu.s.pointee.cr0 & Core.CR0.extensionType != 0)
        #expect(FloatMachine(.i80386, coprocessor: false).cpu.s.pointee.cr0 & Core.CR0.extensionType == 0)
    }

    /// FNINIT leaves the registers' contents.
    @Test func initialization() {
        let m = FloatMachine()
        m.load(.three)
        m.run(0xDB, 0xE3)
        #expect(m.tags == 0xFFFF)
        #expect(m.cpu.fpu.stack[7] == .three)
    }
}
