import Testing

@testable import PCCore

/// Shift counts, and what ModRM.reg 6 means.
@Suite struct ShiftTests {
    /// The 8086 shifts by all of CL (verified: vectors 8086 D3), later chips by five bits of it [AP-186].
    @Test(arguments: RealModeBench.all) func counts(model: CPUModel, traces: Bool) {
        for count: UInt32 in [1, 31, 32, 33, 64, 255] {
            let bench = RealModeBench(model, traces: traces, [0xD3, 0xE0])
            bench[.eax] = 0x8001
            bench[.ecx] = count
            bench[.eflags] = 0x0002
            bench.step()
            let used = model == .i8086 ? count : count & 31
            #expect(bench.word(.eax) == (used > 15 ? 0 : (0x8001 << used) & 0xFFFF), "\(count)")
            if used == 0 { #expect(bench[.eflags] & 0x8D5 == 0) }
        }
    }

    /// The same for an immediate count where there is one.
    @Test(arguments: RealModeBench.all.filter { $0.0 >= .i80186 }) func immediates(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xC1, 0xE0, 0x21])
        bench[.eax] = 0x1234
        bench.step()
        #expect(bench.word(.eax) == 0x2468)
    }

    /// D0-D3 /6 is SETMO on the 8086 (verified: vectors 8086 D0.6-D3.6), SHL from then on (verified: vectors 80286 D0.6).
    @Test(arguments: RealModeBench.all) func six(model: CPUModel, traces: Bool) {
        for opcode: UInt8 in [0xD1, 0xD3] {
            let bench = RealModeBench(model, traces: traces, [opcode, 0xF0])
            bench[.eax] = 0x0102
            bench[.ecx] = 1
            bench.step()
            #expect(bench.word(.eax) == (model == .i8086 ? 0xFFFF : 0x0204))
        }
    }

    /// SETMOC by a count of 0 does nothing.
    @Test(arguments: [true, false]) func conditionalSetMinusOne(traces: Bool) {
        let bench = RealModeBench(.i8086, traces: traces, [0xD3, 0xF0])
        bench[.eax] = 0x0102
        bench.step()
        #expect(bench.word(.eax) == 0x0102)
    }
}
