import Testing

@testable import PCCore

/// Single step, NMI and INTR: their order, and what is blocked.
@Suite struct InterruptTests {
    /// An interrupt that comes with a single-step trap: the 8086 goes to the interrupt's handler first and the trap finds
    /// that one's first instruction [8086 FUM Figure 2-28]; from the 286 on the trap is first, and its handler's first
    /// instruction is what is interrupted [80286 PRM C-1, 80386 PRM 14.7].
    @Test(arguments: RealModeBench.all) func trapAndInterrupt(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0x90, 0x90])
        bench[.eflags] = 0x0302
        bench.step()
        bench.interrupts.vector = 0x80
        // NOP is what the handlers start with.
        bench.machine.poke(0x2004, 0x90)
        bench.machine.poke(0x2200, 0x90)
        bench.step()
        if model <= .i80186 {
            // In the trap's handler, which goes back to the interrupt's, without TF.
            #expect(bench[.eip] == 0x2005)
            #expect(bench.pushedIP == 0x2200)
            #expect(bench.pushedFlags & 0x300 == 0)
            #expect(bench.get16(0xFFA) == 0x101)
            #expect(bench.get16(0xFFE) & 0x300 == 0x300)
        } else {
            // The trap has cleared IF: the interrupt waits.
            #expect(bench[.eip] == 0x2005)
            #expect(bench.pushedIP == 0x101)
            #expect(bench.interrupts.vector == 0x80)
        }
    }

    /// INT n under TF: up to the 286 the trap comes on entry to the handler [8086 FUM Figure 2-28, 80286 PRM C-1 "will
    /// still single step through an interrupt handler invoked by INT"]; later chips clear TF and forget it [SDM 3B
    /// 17.3.1.4].
    @Test(arguments: RealModeBench.all, [[0xCD, 0x80], [0xCC], [0xCE]] as [[UInt8]])
    func trapOfAnInterruptInstruction(_ how: (model: CPUModel, traces: Bool), code: [UInt8]) {
        let bench = RealModeBench(how.model, traces: how.traces, code)
        let vector: UInt32 = code[0] == 0xCD ? 0x80 : code[0] == 0xCC ? 3 : 4
        bench[.eflags] = 0x0902
        bench.machine.poke(0x2000 + vector * 4, 0x90)
        bench.machine.poke(0x2004, 0x90)
        bench.step(2)
        #expect(bench[.eip] == (how.model <= .i80286 ? 0x2005 : 0x2001 + vector * 4))
        if how.model <= .i80286 { #expect(bench.pushedIP == 0x2000 + vector * 4) }
    }

    /// So it is with an exception.
    @Test(arguments: RealModeBench.all) func trapOfAnException(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xF6, 0xF3])
        bench[.eflags] = 0x0102
        bench.machine.poke(0x2000, 0x90)
        bench.machine.poke(0x2004, 0x90)
        bench.step(2)
        #expect(bench[.eip] == (model <= .i80286 ? 0x2005 : 0x2001))
    }

    /// An NMI within an NMI's handler: taken up to the 186, waits for IRET from the 286 on [80286 PRM C-1].
    @Test(arguments: RealModeBench.all) func nestedNMI(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0x90, 0x90])
        for i: UInt32 in 0..<3 { bench.machine.poke(0x2008 + i, 0x90) }
        bench.cpu.raiseNMI()
        bench.step()
        #expect(bench[.eip] == 0x2009)
        bench.cpu.raiseNMI()
        bench.step()
        #expect(bench[.eip] == (model <= .i80186 ? 0x2009 : 0x200A))
        #expect(bench.word(.esp) == (model <= .i80186 ? 0xFF4 : 0xFFA))
    }

    /// The vector table's limit: the 8086 and 186 have none; vector 8 on 286 and 386.
    @Test(arguments: [(.i80286, 8), (.i80386, 8)] as [(CPUModel, UInt32)])
    func tableTooSmall(model: CPUModel, vector: UInt32) {
        // LIDT [3000h]; INT 80h
        let bench = RealModeBench(model, [0x0F, 0x01, 0x1E, 0x00, 0x30, 0xCD, 0x80])
        bench.put16(0x3000, 0xFF, 0, 0)
        bench.step(2)
        #expect(bench.vector == vector)
        #expect(bench.pushedIP == 0x105)
    }

    /// A stack that holds no frame shuts a 286 down; the 8086 goes round [80286 PRM INT, 80386 PRM INT].
    @Test(arguments: RealModeBench.all) func frameWithoutRoom(model: CPUModel, traces: Bool) {
        for sp: UInt32 in [1, 3, 5] {
            let bench = RealModeBench(model, traces: traces, [0xCD, 0x80])
            bench[.esp] = sp
            bench[.ss] = 0x100
            bench.step()
            #expect(bench.cpu.isShutDown == (model >= .i80286))
        }
    }
}
