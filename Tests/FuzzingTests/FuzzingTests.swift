import Testing

@testable import Fuzzing

/// Short runs of fixed seeds of what `make fuzz` and `make fuzz-robust` do at length.
@Suite struct FuzzingTests {
    @Test func theSameSeedGivesTheSameCases() {
        var (a, b) = (Generator(seed: 3), Generator(seed: 3))
        for _ in 0..<20 {
            let (x, y) = (a.next(), b.next())
            #expect(x.memory == y.memory && x.registers == y.registers && x.fpu == y.fpu && x.steps == y.steps)
        }
    }

    /// Plain form, handlers and whole traces.
    @Test func theFormsAgree() {
        let counts = fuzz([], cases: 400, seed: 1)
        #expect(counts.own > 1500)
    }

    @Test(.enabled(if: OracleFolder.has(Oracle.host), "32-bit code cannot be built or run here"))
    func theHostAgrees() { checkOracle(Oracle.host) }

    @Test(.enabled(if: OracleFolder.has(Oracle.unicorn), "libunicorn-dev or a C compiler is not there"))
    func unicornAgrees() { checkOracle(Oracle.unicorn) }

    /// A wrong answer is a difference: a CPU that is told another instruction than Swift86.
    @Test func aWrongAnswerIsFound() {
        var generator = Generator(seed: 7)
        var found = 0
        for _ in 0..<40 {
            let fuzzCase = generator.next()
            let judgement = OwnCPU(.plain).judge(fuzzCase)
            var other = judgement.result
            guard judgement.definedCount > 0, judgement.steps[0].form != nil, other.steps > 0 else { continue }
            other.states[0].registers[0] ^= 0x10
            found += judgement.difference(from: other, by: Oracle.host, first: 1) == nil ? 0 : 1
        }
        #expect(found > 20)
    }

    @Test(arguments: [1, 2] as [UInt64]) func nothingTraps(seed: UInt64) {
        var robustness = Robustness(seed: seed)
        for _ in 0..<80 { robustness.round() }
        #expect(robustness.slots > 10_000)
    }

    private func checkOracle(_ name: String) {
        let oracles = Oracle.all(in: OracleFolder.path).oracles.filter { $0.name == name }
        let counts = fuzz(oracles, cases: 300, seed: 11)
        #expect(counts.instructions[name, default: 0] > 500)
    }

    private func fuzz(_ oracles: [Oracle], cases: Int, seed: UInt64) -> Fuzzer.Counts {
        let fuzzer = Fuzzer(oracles: oracles)
        var generator = Generator(seed: seed)
        for _ in 0..<cases / 50 {
            let batch = (0..<50).map { _ in generator.next() }
            for (fuzzCase, differences) in zip(batch, fuzzer.differences(batch)) {
                for difference in differences {
                    Issue.record("\(fuzzer.finding(fuzzCase, difference).text)")
                }
            }
        }
        return fuzzer.counts
    }
}
