import Testing

@testable import PCCore

/// Loads of segment registers that only some chips allow, and how long interrupts wait after one.
@Suite struct SegmentLoadTests {
    /// 0Fh is POP CS on the 8086: execution goes on in the new segment at the same IP.
    @Test(arguments: [true, false]) func popCS(traces: Bool) {
        let bench = RealModeBench(.i8086, traces: traces, [0x0F])
        bench.put16(0x1000, 0x0200)
        bench.machine.poke(0x2000 + 0x101, 0x40)
        bench.step()
        #expect(bench[.cs] == 0x200)
        #expect(bench[.eip] == 0x101)
        #expect(bench.word(.esp) == 0x1002)
        bench.step()
        #expect(bench.word(.eax) == 1)
    }

    /// MOV CS, AX loads CS up to the 186 (vectors 8086 8E leave it out:
    /// unverified) and is invalid from the 286 on [80286 PRM C-1].
    @Test(arguments: RealModeBench.all) func moveToCS(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0x8E, 0xC8])
        bench[.eax] = 0x0300
        bench.step()
        #expect(bench.vector == (model >= .i80286 ? 6 : nil))
        if model <= .i80186 { #expect(bench[.cs] == 0x300 && bench[.eip] == 0x102) }
    }

    /// Two bits of ModRM.reg count up to the 186 (verified: vectors 8086 8C, 8E).
    @Test(arguments: [CPUModel.i8086, .i80186]) func twoBits(model: CPUModel) {
        let bench = RealModeBench(model, [0x8E, 0xF8, 0x8C, 0xEB])
        bench[.eax] = 0x0300
        bench.step(2)
        #expect(bench[.ds] == 0x300)
        #expect(bench.word(.ebx) == 0)
    }

    /// An interrupt that waits comes after the instruction that follows the load of any segment register on the 8086 and
    /// 186 [8086 FUM 2.6], of SS from the 286 on [80286 PRM MOV].
    @Test(arguments: RealModeBench.all) func shadow(model: CPUModel, traces: Bool) {
        for (code, isStack) in [
            ([0x8E, 0xC0], false), ([0x8E, 0xD8], false), ([0x8E, 0xD0], true), ([0x07], false), ([0x1F], false),
            ([0x17], true),
        ] as [([UInt8], Bool)] {
            let bench = RealModeBench(model, traces: traces, code + [0x40, 0x40])
            bench[.eflags] = 0x0202
            bench.step()
            bench.interrupts.vector = 0x80
            bench.step()
            let waits = isStack || model <= .i80186
            #expect(bench.word(.eax) == (waits ? 1 : 0), "\(code)")
            bench.step()
            #expect(bench[.eip] >= 0x2200)
            #expect(bench.word(.eax) == (waits ? 1 : 0), "\(code)")
        }
    }

    /// LDS and LES cast no shadow.
    @Test(arguments: RealModeBench.all) func farPointers(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xC5, 0x37, 0x40])
        bench[.eflags] = 0x0202
        bench[.ebx] = 0x3000
        bench.step()
        bench.interrupts.vector = 0x80
        bench.step()
        #expect(bench.word(.eax) == 0)
    }
}
