import Testing

@testable import PCCore

/// Where a repeated string instruction goes on after an interrupt.
@Suite struct StringRestartTests {
    /// The 8086 remembers one prefix: the address that it pushes is that of the last, and what stands before it is lost;
    /// the 186 and later go back to the first [AP-186 "80186 differences"].
    @Test(arguments: RealModeBench.all) func interrupted(model: CPUModel, traces: Bool) {
        for (code, last) in [
            ([0xF3, 0x2E, 0xA4], 0x101), ([0x2E, 0xF3, 0xA4], 0x101), ([0xF3, 0xA4], 0x100),
            ([0xF0, 0x2E, 0xF3, 0xA4], 0x102),
        ] as [([UInt8], UInt32)] where code[0] != 0xF0 || model <= .i80286 {
            let bench = RealModeBench(model, traces: traces, code)
            bench[.ecx] = 100
            bench[.esi] = 0x3000
            bench[.edi] = 0x4000
            bench[.eflags] = 0x0202
            bench.cpu.run(until: bench.cpu.scheduler.now + 5)
            #expect(bench.word(.ecx) == 95)
            #expect(bench[.eip] == 0x100)
            bench.interrupts.vector = 0x80
            bench.cpu.run(until: bench.cpu.scheduler.now + 1)
            #expect(bench[.eip] >= 0x2200)
            #expect(bench.pushedIP == (model == .i8086 ? last : 0x100), "\(code)")
        }
    }

    /// A slice that ends, which no guest can see, loses nothing.
    @Test(arguments: [true, false]) func slices(traces: Bool) {
        let bench = RealModeBench(.i8086, traces: traces, [0xF3, 0x2E, 0xA4, 0x90])
        bench[.ecx] = 20
        bench[.esi] = 0x3000
        bench[.edi] = 0x4000
        bench.cpu.run(until: bench.cpu.scheduler.now + 5)
        bench.cpu.run(until: bench.cpu.scheduler.now + 15)
        #expect(bench[.eip] == 0x103)
        #expect(bench.word(.ecx) == 0)
    }

    /// So it is with the single-step trap.
    @Test(arguments: RealModeBench.all) func traced(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xF3, 0x2E, 0xA4])
        bench[.ecx] = 3
        bench[.eflags] = 0x0102
        bench.cpu.run(until: bench.cpu.scheduler.now + 1)
        bench.cpu.run(until: bench.cpu.scheduler.now + 1)
        #expect(bench.word(.ecx) == 2)
        #expect(bench.pushedIP == (model == .i8086 ? 0x101 : 0x100))
    }

    /// `step` goes over all elements, and not over the instruction after them.
    @Test(arguments: RealModeBench.all) func stepped(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xF3, 0xA4, 0x40, 0x40])
        bench[.ecx] = 7
        bench.step()
        #expect(bench.word(.ecx) == 0)
        #expect(bench[.eip] == 0x102)
        bench.step()
        #expect(bench.word(.eax) == 1)
    }

    /// Up to the first interrupt `step` takes: it finds the instruction half done.
    @Test(arguments: [CPUModel.i8086, .i80286]) func interruptWhileStepping(model: CPUModel) {
        let bench = RealModeBench(model, [0xF3, 0x2E, 0xA4])
        bench[.ecx] = 100
        bench[.eflags] = 0x0202
        bench.cpu.run(until: bench.cpu.scheduler.now + 5)
        bench.interrupts.vector = 0x80
        bench.step()
        #expect(bench.pushedIP == (model == .i8086 ? 0x101 : 0x100))
        #expect(bench.word(.ecx) == 95)
    }
}
