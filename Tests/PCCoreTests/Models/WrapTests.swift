import Testing

@testable import PCCore

/// What happens at the end of a segment and of the address space.
@Suite struct WrapTests {
    /// A word at FFFFh: the second byte is at 0 on the 8086, at 10000h on the 186 [AP-186 "80186 differences"], and the
    /// access is vector 13 from the 286 on [80286 PRM C-1].
    @Test(arguments: RealModeBench.all) func wordStore(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xA3, 0xFF, 0xFF])
        bench[.ds] = 0x100
        bench[.eax] = 0xABCD
        bench.step()
        #expect(bench.vector == (model >= .i80286 ? 13 : nil))
        #expect(bench.get8(0x1_0FFF) == (model >= .i80286 ? 0 : 0xCD))
        #expect(bench.get8(0x1000) == (model == .i8086 ? 0xAB : bench.get8(0x1000)))
        #expect(bench.get8(0x1_1000) == (model == .i80186 ? 0xAB : 0))
    }

    @Test(arguments: RealModeBench.all) func wordLoad(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xA1, 0xFF, 0xFF])
        bench[.ds] = 0x100
        bench.machine.poke(0x1_0FFF, 0x11)
        bench.machine.poke(0x1000, 0x22)
        bench.machine.poke(0x1_1000, 0x33)
        bench.step()
        #expect(bench.vector == (model >= .i80286 ? 13 : nil))
        #expect(bench.word(.eax) == (model == .i8086 ? 0x2211 : model == .i80186 ? 0x3311 : 0))
    }

    /// The same through SS: vector 13 on the 286 [80286 PRM 5.2], 12 from the 386 on [80386 PRM 14.5].
    @Test(arguments: RealModeBench.all) func stackOperand(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0x8B, 0x46, 0x00])
        bench.machine.catchesExceptions = true
        bench[.ebp] = 0xFFFF
        bench.step()
        let vector: UInt8? = model <= .i80186 ? nil : model == .i80286 ? 13 : 12
        #expect(bench.machine.takeCaught() == vector)
    }

    /// An instruction over the end of the code segment goes on at 0 up to the 186 and is vector 13 from the 286 on
    /// [80386 PRM 14.7].
    @Test(arguments: RealModeBench.all) func code(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces)
        bench[.cs] = 0x200
        bench[.eip] = 0xFFFF
        bench.machine.poke(0x1_1FFF, 0xB0)
        bench.machine.poke(0x2000, 0x77)
        bench.machine.poke(0x1_2000, 0x88)
        bench.step()
        #expect(bench.word(.eax) == (model <= .i80186 ? 0x77 : 0))
        if model <= .i80186 { #expect(bench[.eip] == 1) } else { #expect(bench.vector == 13) }
    }

    /// After an instruction that ends with the segment IP is 0 up to the 186; the next fetch faults from the 286 on.
    @Test(arguments: RealModeBench.all) func endOfCode(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces)
        bench[.cs] = 0x200
        bench[.eip] = 0xFFFF
        bench.machine.poke(0x1_1FFF, 0x40)
        bench.machine.poke(0x2000, 0x43)
        bench.step(2)
        #expect(bench.word(.eax) == 1)
        #expect(bench.word(.ebx) == (model <= .i80186 ? 1 : 0))
        if model >= .i80286 { #expect(bench.vector == 13) }
    }

    /// FFFFh:0010h is address 0 on the 8086 and 186, and 100000h later unless A20 is off.
    @Test(arguments: RealModeBench.all, [true, false])
    func megabyte(_ how: (model: CPUModel, traces: Bool), a20: Bool) {
        let bench = RealModeBench(how.model, traces: how.traces, [0xA0, 0x10, 0x60])
        bench.machine.bus.a20 = a20
        bench[.ds] = 0xFFFF
        bench.machine.poke(0x10_6000, 0x22)
        bench.machine.poke(0x00_6000, 0x11)
        bench.step()
        #expect(bench.word(.eax) == (how.model >= .i80286 && a20 ? 0x22 : 0x11))
    }

    /// Indexes of strings go round at FFFFh on every chip.
    @Test(arguments: RealModeBench.all) func stringIndex(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xF3, 0xAA])
        bench[.es] = 0x1000
        bench[.edi] = 0xFFFE
        bench[.ecx] = 4
        bench[.eax] = 0x99
        bench.step()
        #expect(bench.word(.edi) == 2)
        #expect([0x1_0000, 0x1_0001, 0x1_FFFE, 0x1_FFFF].allSatisfy { bench.get8($0) == 0x99 })
    }
}
