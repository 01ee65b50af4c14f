import Testing

@testable import PCCore

/// Encodings that mean something else on another model, or nothing officially.
@Suite struct AliasTests {
    /// 60h-6Fh are the conditional jumps of 70h-7Fh on the 8086 (verified: vectors 8086 60-6F).
    @Test(arguments: [true, false]) func conditionalJumps(traces: Bool) {
        for condition: UInt8 in 0..<16 {
            for flags: UInt32 in [0, 0x8D5] {
                let alias = RealModeBench(.i8086, traces: traces, [0x60 | condition, 0x10])
                let jump = RealModeBench(.i8086, traces: traces, [0x70 | condition, 0x10])
                for bench in [alias, jump] {
                    bench[.eflags] = flags
                    bench.step()
                }
                #expect(alias[.eip] == jump[.eip])
            }
        }
    }

    /// C0h, C1h, C8h and C9h return as C2h, C3h, CAh and CBh do (verified: vectors 8086 C0, C1, C8, C9).
    @Test(arguments: [true, false]) func returns(traces: Bool) {
        for (code, sp) in [([0xC0, 4, 0], 0x1006), ([0xC1], 0x1002), ([0xC8, 4, 0], 0x1008), ([0xC9], 0x1004)]
            as [([UInt8], UInt32)]
        {
            let bench = RealModeBench(.i8086, traces: traces, code)
            bench.put16(0x1000, 0x0777, 0x0020)
            bench.step()
            #expect(bench[.eip] == 0x777)
            #expect(bench[.cs] == (code[0] < 0xC8 ? 0 : 0x20))
            #expect(bench.word(.esp) == sp)
        }
    }

    /// SALC is on every chip (verified: vectors 8086 D6, 80286 D6, ia32 D6).
    @Test(arguments: RealModeBench.all) func carryToAL(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xF9, 0xD6, 0xF8, 0xD6])
        bench.step(2)
        #expect(bench.word(.eax) == 0xFF)
        bench.step(2)
        #expect(bench.word(.eax) == 0)
    }

    /// F6h and F7h /1 are TEST, 82h is 80h, on every chip.
    @Test(arguments: RealModeBench.all) func testAndGroup1(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xF6, 0xC8, 0x0F, 0xF7, 0xC8, 0x00, 0x0F, 0x82, 0xC0, 0x01])
        bench[.eax] = 0xF0
        bench.step()
        #expect(bench[.eflags] & 0xC4 == 0x44)
        bench.step()
        #expect(bench[.eip] == 0x107)
        bench.step()
        #expect(bench.word(.eax) == 0xF1)
    }

    /// C6h and C7h look at ModRM.reg from the 286 on (verified: vectors 8086 and 80286 C6, C7).
    @Test(arguments: RealModeBench.all) func moveImmediate(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xC6, 0xE8, 0x55])
        bench.step()
        #expect(bench.vector == (model >= .i80286 ? 6 : nil))
        #expect(bench.word(.eax) == (model >= .i80286 ? 0 : 0x55))
    }

    /// The 8086's group FEh has the entries of group FFh, with byte operands: one byte of the slot is written, and what
    /// is read of a byte in memory has ones above [SingleStepTests/8088 issue 6].
    @Test(arguments: [true, false]) func byteForms(traces: Bool) {
        let push = RealModeBench(.i8086, traces: traces, [0xFE, 0x37])
        push[.ebx] = 0x3000
        push.put16(0x3000, 0x1234)
        push.put16(0xFFE, 0x5555)
        push.step()
        #expect(push.word(.esp) == 0xFFE)
        #expect(push.get16(0xFFE) == 0x5534)
        let call = RealModeBench(.i8086, traces: traces, [0xFE, 0x17])
        call[.ebx] = 0x3000
        call.put16(0x3000, 0x1234)
        call.put16(0xFFE, 0x5555)
        call.step()
        #expect(call[.eip] == 0xFF34)
        #expect(call.get16(0xFFE) == 0x5502)
        let jump = RealModeBench(.i8086, traces: traces, [0xFE, 0x27])
        jump[.ebx] = 0x3000
        jump.put16(0x3000, 0x1234)
        jump.step()
        #expect(jump[.eip] == 0xFF34)
        #expect(jump.word(.esp) == 0x1000)
    }

    /// BSWAP of a 16-bit register, which is undefined [SDM 2A BSWAP], gives zero.
    @Test(arguments: RealModeBench.all.filter { $0.0 >= .i80486 }) func swapOfAWord(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0x0F, 0xC8, 0x66, 0x0F, 0xC9])
        bench[.eax] = 0x1234_5678
        bench[.ecx] = 0x1234_5678
        bench.step(2)
        #expect(bench[.eax] == 0x1234_0000)
        #expect(bench[.ecx] == 0x7856_3412)
    }
}
