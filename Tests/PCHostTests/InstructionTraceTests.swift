import PCCore
import Testing

/// Lines of a trace where an instruction is not simply followed by the next.
@Suite struct InstructionTraceTests {
    private func trace(_ code: [UInt8], steps: Int, _ setUp: (BareMachine) -> Void) -> [[Substring]] {
        let machine = BareMachine(model: .i80386, memory: 1 << 20)
        machine.enter(.real)
        machine.load(code, at: 0x1000)
        setUp(machine)
        return machine.trace { machine.run(steps: steps) }.map {
            $0.split(separator: "\t", omittingEmptySubsequences: false)
        }
    }

    @Test func aRepeatedInstructionIsOneLine() {
        let lines = trace([0xF3, 0xAA, 0x90], steps: 2) {
            $0[.cx] = 0x100
            $0[.di] = 0x2000
        }
        #expect(lines.map { $0[1] } == ["0000:1000", "0000:1002"])
        #expect(lines[0][0].hasSuffix(" 256") && lines[1][0].hasSuffix(" 257"))
        #expect(lines[0][4] == "ecx=00000000 edi=00002100")
    }

    /// REP STOSB that writes NOPs over itself: what is fetched next is another instruction.
    @Test func aRepThatOverwritesItselfEnds() {
        let lines = trace([0xF3, 0xAA, 0xF4], steps: 3) {
            $0[.al] = 0x90
            $0[.cx] = 8
            $0[.di] = 0x0FFE
        }
        #expect(lines.prefix(2).map { $0[2].prefix(4) } == ["F3AA", "90  "])
        #expect(lines[0][4] == "ecx=00000005 edi=00001001")
        #expect(lines[1][1] == "0000:1000" && lines[1][4] == "")
    }

    @Test func anExceptionStandsBeforeTheRegisters() {
        let lines = trace([0x0F, 0x0B], steps: 1) { _ in }
        #expect(lines[0][4].hasPrefix("#UD esp=00007FFA"))
    }
}
