import Testing

@testable import PCCore

/// PUSH, POP and what goes round at the end of the stack.
@Suite struct StackTests {
    /// PUSH SP pushes the new value up to the 186 [AP-186, 80286 PRM C-1], by both encodings.
    @Test(arguments: RealModeBench.all, [[0x54], [0xFF, 0xF4]] as [[UInt8]])
    func pushSP(_ how: (model: CPUModel, traces: Bool), code: [UInt8]) {
        let bench = RealModeBench(how.model, traces: how.traces, code)
        bench.step()
        #expect(bench.word(.esp) == 0xFFE)
        #expect(bench.get16(0xFFE) == (how.model <= .i80186 ? 0xFFE : 0x1000))
    }

    /// FF /7 is PUSH as well on the 8086 (verified: vectors 8086 FF.7).
    @Test(arguments: [true, false]) func pushAlias(traces: Bool) {
        let bench = RealModeBench(.i8086, traces: traces, [0xFF, 0xF8])
        bench[.eax] = 0x1234
        bench.step()
        #expect(bench.get16(0xFFE) == 0x1234)
    }

    /// PUSHA pushes SP as it was before, on each chip that has it.
    @Test(arguments: RealModeBench.all.filter { $0.0 >= .i80186 }) func pushAll(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0x60, 0x61])
        bench[.ebp] = 0x5555
        bench.step()
        #expect(bench.word(.esp) == 0xFF0)
        #expect(bench.get16(0xFF6) == 0x1000)
        bench.step()
        #expect(bench.word(.esp) == 0x1000)
    }

    /// PUSHA with an odd SP from 7 to 15 is vector 13 in real mode [80386 PRM PUSHA, SDM 2B PUSHA], and writes
    /// nothing. The 186 goes round.
    @Test(arguments: RealModeBench.all.filter { $0.0 >= .i80186 }) func pushAllAround(model: CPUModel, traces: Bool) {
        for sp: UInt32 in [7, 9, 11, 13, 15] {
            let bench = RealModeBench(model, traces: traces, [0x60])
            bench.machine.catchesExceptions = true
            for register in [Register.eax, .ecx, .edx, .ebx, .ebp, .esi, .edi] { bench[register] = 0x1111 }
            bench[.ss] = 0x3000 / 16
            bench[.esp] = sp
            bench.step()
            #expect(bench.machine.takeCaught() == (model >= .i80286 ? 13 : nil))
            #expect(bench.word(.esp) == (model >= .i80286 ? sp : (sp &- 16) & 0xFFFF))
            if model >= .i80286 { #expect(bench.get16(0x3000 + sp - 2) == 0) }
        }
    }

    /// PUSH with SP = 1: the word goes round on the 8086, beyond the segment on the 186 [AP-186], and later chips, which
    /// cannot push the frame of the fault either, shut down [80286 PRM PUSH, 80386 PRM PUSH].
    @Test(arguments: RealModeBench.all) func pushAtOne(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0x50])
        bench[.eax] = 0xABCD
        bench[.ss] = 0x100
        bench[.esp] = 1
        bench.step()
        #expect(bench.cpu.isShutDown == (model >= .i80286))
        guard model <= .i80186 else { return }
        #expect(bench.get8(0x1_0FFF) == 0xCD)
        #expect(bench.get8(model == .i8086 ? 0x1000 : 0x1_1000) == 0xAB)
    }

    /// A segment register pushed as a dword: a word is written and the rest of the slot stays, but on the Pentium, which
    /// writes zeros [SDM 3B 22.31.1].
    @Test(arguments: RealModeBench.all.filter { $0.0 >= .i80386 }) func pushSegment(model: CPUModel, traces: Bool) {
        for code: [UInt8] in [[0x66, 0x1E], [0x66, 0x0F, 0xA0]] {
            let bench = RealModeBench(model, traces: traces, code)
            bench[.ds] = 0x1234
            bench[.fs] = 0x1234
            bench.put16(0xFFC, 0x5555, 0x5555)
            bench.step()
            #expect(bench.word(.esp) == 0xFFC)
            #expect(bench.get16(0xFFC) == 0x1234)
            #expect(bench.get16(0xFFE) == (model == .pentium ? 0 : 0x5555))
        }
    }

    /// The Pentium reads all of the slot that a segment register is popped from, others a word of it [SDM 3B 22.31.1].
    @Test(arguments: RealModeBench.all.filter { $0.0 >= .i80386 }) func popSegment(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0x66, 0x07])
        bench.machine.catchesExceptions = true
        bench[.esp] = 0xFFFE
        bench.put16(0xFFFE, 0x1234)
        bench.step()
        #expect(bench.machine.takeCaught() == (model == .pentium ? 12 : nil))
        #expect(bench[.es] == (model == .pentium ? 0 : 0x1234))
    }

    /// POP r/m with a number in ModRM.reg pops on the 8086 (verified: vectors 8086 8F) and is invalid from the 286 on
    /// (verified: vectors 80286 8F).
    @Test(arguments: RealModeBench.all) func popNumbers(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0x8F, 0xFB])
        bench.put16(0x1000, 0x4321)
        bench.step()
        #expect(bench.vector == (model >= .i80286 ? 6 : nil))
        if model <= .i80186 { #expect(bench.word(.ebx) == 0x4321) }
    }
}
