import Testing

@testable import PCCore

/// Bits of the system registers that can be set, by model.
@Suite struct SystemBitTests {
    /// MOV CR0 of all ones but for PG and PE, and back: the 486 brought NE, WP, AM, NW and CD; ET is fixed from then on
    /// [SDM 3A 2.5, i486 PRM 4.1.3].
    @Test(
        arguments: [
            (.i80386, 0x1E), (.i80486, 0x6005_003E), (.pentium, 0x6005_003E), (.pentiumII, 0x6005_003E),
        ] as [(CPUModel, UInt32)])
    func cr0(model: CPUModel, bits: UInt32) {
        let bench = RealModeBench(model, [0x0F, 0x22, 0xC3, 0x0F, 0x20, 0xC1, 0x0F, 0x22, 0xC2, 0x0F, 0x20, 0xC1])
        bench[.ebx] = 0x7FFF_FFFE
        bench[.edx] = 0
        bench.step(2)
        #expect(bench[.ecx] == bits)
        bench.step(2)
        #expect(bench[.ecx] == (model >= .i80486 ? 0x10 : 0))
    }

    /// CR4 takes what the model has and raises `#GP` for the rest: VME, PVI, TSD, DE, PSE, MCE and (Pentium MMX) PCE on the
    /// Pentium, PGE as well on the Pentium II [SDM 3A 2.5, SDM 2B RDPMC].
    @Test(arguments: [(.pentium, 0x15F), (.pentiumII, 0x1DF)] as [(CPUModel, UInt32)])
    func cr4(model: CPUModel, bits: UInt32) {
        for bit: UInt32 in 0..<32 where ![9, 10].contains(bit) {
            let bench = RealModeBench(model, [0x0F, 0x22, 0xE3, 0x0F, 0x20, 0xE1])
            bench[.ebx] = 1 << bit
            bench.step()
            let isThere = bits >> bit & 1 != 0
            #expect(bench.vector == (isThere ? nil : 13), "bit \(bit)")
            if isThere {
                bench.step()
                #expect(bench[.ecx] == 1 << bit)
            }
        }
    }

    /// RDPMC came with the Pentium MMX; outside of level 0 it asks CR4.PCE [SDM 2B RDPMC].
    @Test(arguments: [CPUModel.pentium, .pentiumII]) func performanceCounter(model: CPUModel) throws {
        let m = ProtectedMachine(model, cpl: 3)
        m.core.ecx = 0
        m.expect(.generalProtection(0)) { () throws(Fault) in try m.core.readPerformanceCounter() }
        m.s.pointee.cr4 = Core.CR4.performanceCounter
        try m.core.readPerformanceCounter()
    }

    /// LMSW sets PE to TS and can set PE, not clear it; it leaves ET alone. SMSW on the 286 has ones above.
    @Test(arguments: RealModeBench.all.filter { $0.0 >= .i80286 }) func machineStatusWord(model: CPUModel, traces: Bool)
    {
        // LMSW AX; LMSW BX; SMSW CX
        let bench = RealModeBench(model, traces: traces, [0x0F, 0x01, 0xF0, 0x0F, 0x01, 0xF3, 0x0F, 0x01, 0xE1])
        bench[.eax] = 0xFFFF
        bench[.ebx] = 0
        bench.step()
        #expect(bench.s.pointee.cr0 & 0xF == 0xF)
        bench.step(2)
        // ET: the bench has a coprocessor.
        let high: UInt32 = model == .i80286 ? 0xFFF0 : 0x10
        #expect(bench.word(.ecx) == high | 1)
    }

    /// DR6: bit 12 can be set on the 486 alone [SDM 3B 22.23.1]. DR7: bit 12 can be set on the 486 alone, bits
    /// 11, 14 and 15 are zeros [SDM 3B 22.23.2].
    @Test(arguments: [CPUModel.i80386, .i80486, .pentium, .pentiumII]) func debugRegisters(model: CPUModel) {
        // MOV DR6, EBX; MOV ECX, DR6 (and DR7, without GD)
        for (number, image, plain) in [(6, .max, 0xFFFF_EFFF), (6, 0, 0xFFFF_0FF0), (7, 0x0000_DC00, 0x0400)]
            as [(UInt8, UInt32, UInt32)]
        {
            let bench = RealModeBench(model, [0x0F, 0x23, 0xC3 | number << 3, 0x0F, 0x21, 0xC1 | number << 3])
            bench[.ebx] = image
            bench.step(2)
            let extra: UInt32 = model == .i80486 && image != 0 ? 0x1000 : 0
            #expect(bench[.ecx] == plain | extra, "DR\(number)")
        }
    }

    /// DR4 and DR5 are DR6 and DR7 unless CR4.DE is set [SDM 3B 17.2.2].
    @Test(arguments: [CPUModel.i80386, .i80486, .pentium, .pentiumII]) func debugAliases(model: CPUModel) {
        let bench = RealModeBench(model, [0x0F, 0x21, 0xE1, 0x0F, 0x21, 0xE9])
        bench.step()
        #expect(bench[.ecx] == bench.s.pointee.dr6)
        bench.s.pointee.cr4 = model >= .pentium ? Core.CR4.debuggingExtensions : 0
        bench.step()
        #expect(bench.vector == (model >= .pentium ? 6 : nil))
    }

    /// CR3 has PCD and PWT from the 486 on.
    @Test(
        arguments: [(.i80386, 0xFFFF_F000), (.i80486, 0xFFFF_F018), (.pentiumII, 0xFFFF_F018)] as [(CPUModel, UInt32)])
    func cr3(model: CPUModel, bits: UInt32) {
        let bench = RealModeBench(model, [0x0F, 0x22, 0xDB, 0x0F, 0x20, 0xD9])
        bench[.ebx] = .max
        bench.step(2)
        #expect(bench[.ecx] == bits)
    }

    /// Model-specific registers: the Pentium has TSC and its performance monitor at 10h-13h, the Pentium II SYSENTER, MTRRs
    /// and others; a number that is not there is `#GP` [SDM 4 2.21, 2.22].
    @Test(arguments: [CPUModel.pentium, .pentiumII]) func modelSpecific(model: CPUModel) {
        for (number, isOn586, isOn686) in [
            (0x00, true, true), (0x01, true, true), (0x10, true, true), (0x11, true, false), (0x12, true, false),
            (0x13, true, false), (0x1B, false, true), (0xC1, false, true), (0xFE, false, true), (0x174, false, true),
            (0x186, false, true), (0x200, false, true), (0x250, false, true), (0x2FF, false, true),
            (0xC000_0080, false, false),
        ] as [(UInt32, Bool, Bool)] {
            let bench = RealModeBench(model, [0x0F, 0x32])
            bench[.ecx] = number
            bench.step()
            #expect(bench.vector == ((model == .pentium ? isOn586 : isOn686) ? nil : 13), "\(number)")
        }
    }

    /// EFLAGS.AC, CR0.AM and level 3 together check alignment from the 486 on [i486 PRM 9.9].
    @Test(arguments: [CPUModel.i80386, .i80486, .pentium, .pentiumII]) func alignment(model: CPUModel) {
        let m = ProtectedMachine(model, cpl: 3)
        m.core.setCR0(m.s.pointee.cr0 | Core.CR0.alignmentMask)
        m.core.replaceFlags(Flags.alignmentCheck, Flags.alignmentCheck)
        // MOV EAX, [9001h]
        for (i, byte) in [0xA1, 0x01, 0x90, 0, 0].enumerated() { m.put8(0x4002 + UInt32(i), UInt8(byte)) }
        m.machine.catchesExceptions = true
        m.machine.step()
        #expect(m.machine.takeCaught() == (model >= .i80486 ? 17 : nil))
    }
}
