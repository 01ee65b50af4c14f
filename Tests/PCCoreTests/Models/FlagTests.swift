import Testing

@testable import PCCore

/// Which bits of FLAGS and EFLAGS each model has.
@Suite struct FlagTests {
    /// What POPF of all ones and of all zeros leaves in real mode: bits 12-15 are ones up to the 186, zeros on the 286 in
    /// real mode; IOPL and NT are there from the 386 on [SDM 1 3.4.3, 80286 PRM C-1, 80386 PRM 14.7].
    @Test(arguments: RealModeBench.all) func words(model: CPUModel, traces: Bool) {
        for image: UInt16 in [0xFFFF, 0] {
            // TF is taken out: the trap would come.
            let bench = RealModeBench(model, traces: traces, [0x9D, 0x9C])
            bench.put16(0x1000, image & 0xFEFF)
            bench.step(2)
            let high: UInt32 = model <= .i80186 ? 0xF000 : model == .i80286 || image == 0 ? 0 : 0x7000
            #expect(bench.get16(0x1000) == (image == 0 ? 2 : 0x0ED7) | high)
        }
    }

    /// POPFD of all ones but for TF: AC from the 486 on, ID where there is CPUID; VM, RF, VIF and VIP stay as they are
    /// [SDM 2B POPF].
    @Test(
        arguments: [
            (.i80386, 0x7ED7), (.i80486, 0x24_7ED7), (.pentium, 0x24_7ED7), (.pentiumII, 0x24_7ED7),
        ] as [(CPUModel, UInt32)], [true, false])
    func dwords(_ how: (model: CPUModel, left: UInt32), traces: Bool) {
        let bench = RealModeBench(how.model, traces: traces, [0x66, 0x9D, 0x66, 0x9C])
        bench.put16(0x1000, 0xFEFF, 0xFFFF)
        bench.step(2)
        #expect(bench[.eflags] == how.left)
        #expect(bench.get16(0x1000) | bench.get16(0x1002) << 16 == how.left)
    }

    /// IRET takes the same bits.
    @Test(arguments: RealModeBench.all) func interruptReturn(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xCF])
        bench.put16(0x1000, 0x200, 0, 0xFEFF)
        bench.step()
        let high: UInt32 = model <= .i80186 ? 0xF000 : model == .i80286 ? 0 : 0x7000
        #expect(bench[.eflags] == 0x0ED7 | high)
    }

    /// IRETD at level 0 loads VIF and VIP on the chips that have VME [SDM 2A IRET].
    @Test(
        arguments: [(.i80386, 0), (.i80486, 0), (.pentium, 0x18_0000), (.pentiumII, 0x18_0000)]
            as [(CPUModel, UInt32)])
    func virtualInterrupts(model: CPUModel, left: UInt32) throws {
        let m = ProtectedMachine(model)
        m.push(0x5000, UInt32(ProtectedMachine.Selector.code0), 0x18_0002)
        try m.core.interruptReturn(operand32: true)
        #expect(m.flags & 0x18_0000 == left)
    }

    /// LAHF has bit 1 set and 3 and 5 clear on every chip.
    @Test(arguments: RealModeBench.all) func fixedBits(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0x9E, 0x9F])
        bench[.eax] = 0xFF00
        bench.step(2)
        #expect(bench.word(.eax) == 0xD700)
    }

    /// In protected mode the 286 lets level 0 set IOPL and NT [80286 PRM POPF].
    @Test func protectedModeOfThe286() throws {
        let m = ProtectedMachine(.i80286)
        m.push16(0x7002)
        try m.core.popFlags(operand32: false)
        #expect(m.flags == 0x7002)
    }
}
