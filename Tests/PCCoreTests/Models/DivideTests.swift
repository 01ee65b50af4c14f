import Testing

@testable import PCCore

/// The divide fault, and what a quotient may be.
@Suite struct DivideTests {
    /// DIV, IDIV and AAM by zero push the address of the next instruction on the 8086 (verified: vectors 8086 F6.6 and
    /// others) and 186, and their own from the 286 on [80286 PRM C-1].
    @Test(
        arguments: RealModeBench.all,
        [[0xF6, 0xF3], [0xF6, 0xFB], [0xF7, 0xF3], [0xF7, 0xFB], [0xD4, 0x00], [0x2E, 0xF6, 0xF3]] as [[UInt8]])
    func returnAddress(_ how: (model: CPUModel, traces: Bool), code: [UInt8]) {
        let bench = RealModeBench(how.model, traces: how.traces, code)
        bench[.eax] = 0x1234
        bench.step()
        #expect(bench.vector == 0)
        #expect(bench.pushedIP == (how.model <= .i80186 ? 0x100 + UInt32(code.count) : 0x100))
        #expect(bench.pushedFlags & 0xF000 == (how.model <= .i80186 ? 0xF000 : 0))
    }

    /// The most negative quotient: a fault on the 8086 alone (verified: vectors 8086 F6.7, F7.7) [AP-186, 80286 PRM
    /// C-1].
    @Test(arguments: RealModeBench.all) func mostNegative(model: CPUModel, traces: Bool) {
        let byte = RealModeBench(model, traces: traces, [0xF6, 0xFB])
        byte[.eax] = 0xFF80
        byte[.ebx] = 1
        byte.step()
        #expect(byte.vector == (model == .i8086 ? 0 : nil))
        if model != .i8086 { #expect(byte.word(.eax) == 0x0080) }
        let word = RealModeBench(model, traces: traces, [0xF7, 0xFB])
        word[.eax] = 0x8000
        word[.edx] = 0xFFFF
        word[.ebx] = 1
        word.step()
        #expect(word.vector == (model == .i8086 ? 0 : nil))
    }

    /// REP before IDIV negates the quotient on the 8086 (verified: vectors 8086 F6.7, F7.7).
    @Test(arguments: RealModeBench.all) func repeated(model: CPUModel, traces: Bool) {
        for prefix: UInt8 in [0xF2, 0xF3] {
            let bench = RealModeBench(model, traces: traces, [prefix, 0xF6, 0xFB])
            bench[.eax] = 100
            bench[.ebx] = 7
            bench.step()
            #expect(bench.word(.eax) == (model == .i8086 ? 0x02F2 : 0x020E))
        }
    }

    /// REP before DIV does nothing.
    @Test(arguments: RealModeBench.all) func repeatedUnsigned(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xF3, 0xF6, 0xF3])
        bench[.eax] = 100
        bench[.ebx] = 7
        bench.step()
        #expect(bench.word(.eax) == 0x020E)
    }

    /// AAM 0 on the 286 leaves the flags of the last step of a division of AL by 0: of AL shifted right by one (vectors
    /// 80286 D4; the same rule with AX holds for all divisions by 0 of F6.6).
    @Test(
        arguments: [(0xB8, 0x04), (0x00, 0x44), (0x01, 0x44), (0x80, 0x00), (0xFF, 0x00), (0x06, 0x04)]
            as [(UInt32, UInt32)])
    func flagsOfAAM(al: UInt32, flags: UInt32) {
        let bench = RealModeBench(.i80286, [0xD4, 0x00])
        bench[.eax] = 0x0900 | al
        bench[.eflags] = 0xC0
        bench.step()
        #expect(bench.vector == 0)
        #expect(bench.pushedFlags & 0xC4 == flags)
    }

    /// The base of AAM and AAD is an operand.
    @Test(arguments: RealModeBench.all) func bases(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces, [0xD4, 0x10, 0xD5, 0x08])
        bench[.eax] = 0xA5
        bench.step()
        #expect(bench.word(.eax) == 0x0A05)
        bench.step()
        #expect(bench.word(.eax) == 0x0055)
    }
}
