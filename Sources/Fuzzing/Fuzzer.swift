import PCCore

/// Runs cases on every form of Swift86 and on the oracles, and finds where they differ.
public final class Fuzzer {
    let plain = OwnCPU(.plain)
    let handlers = OwnCPU(.handlers)
    let traces = OwnCPU(.traces)
    let oracles: [Oracle]

    /// What was compared so far.
    public private(set) var counts = Counts()

    public struct Counts: Sendable {
        public var cases = 0
        /// Instructions that were compared with the oracle of this name.
        public var instructions: [String: Int] = [:]
        /// Instructions that the forms of Swift86 were compared on.
        public var own = 0
    }

    init(oracles: [Oracle]) { self.oracles = oracles }

    /// The differences of each case, in the order of `cases`.
    func differences(_ cases: [FuzzCase]) -> [[Difference]] {
        let judgements = cases.map { plain.judge($0) }
        var found = zip(cases, judgements).map { ownDifferences($0, $1) }
        counts.cases += cases.count
        for oracle in oracles {
            var asked: [(index: Int, count: Int)] = []
            var questions: [FuzzCase] = []
            for (index, judgement) in judgements.enumerated() where oracle.modes.contains(cases[index].mode) {
                let count = oracle.comparableCount(judgement)
                guard count > 0 else { continue }
                var question = cases[index]
                question.steps = count
                if oracle.name == Oracle.unicorn { question.fpu = nil }
                asked.append((index, count))
                questions.append(question)
            }
            for ((index, count), result) in zip(asked, oracle.results(questions)) {
                counts.instructions[oracle.name, default: 0] += min(count, result.states.count)
                if let difference = judgements[index].difference(from: result, by: oracle.name, first: count) {
                    found[index].append(difference)
                }
            }
        }
        return found
    }

    /// Makes the case smaller, and says what the other party expects.
    func finding(_ fuzzCase: FuzzCase, _ difference: Difference) -> Finding {
        let (small, found) = Shrinker(fuzzer: self, difference: difference).shrink(fuzzCase)
        let judgement = plain.judge(small)
        var question = small
        question.steps = found.step + 1
        if found.party == Oracle.unicorn { question.fpu = nil }
        let oracle = oracles.first { $0.name == found.party }
        let expected = oracle?.results([question]).first ?? judgement.result
        return Finding(fuzzCase: small, difference: found, judgement: judgement, expected: expected)
    }

    /// What the forms of Swift86 do not agree on.
    private func ownDifferences(_ fuzzCase: FuzzCase, _ judgement: Judgement) -> [Difference] {
        let count = judgement.steps.count
        counts.own += count
        let single = handlers.run(fuzzCase)
        if let found = judgement.difference(from: single, by: "handlers", first: count, exactly: true) {
            return [found]
        }
        let whole = traces.run(fuzzCase, inOnePiece: judgement.slots)
        return judgement.difference(fromWhole: whole, by: "traces").map { [$0] } ?? []
    }
}

extension Judgement {
    /// What is not the same at the end of a run in one piece.
    func difference(fromWhole other: CaseResult, by party: String) -> Difference? {
        var flat = self
        guard var last = result.states.last, let theirs = other.states.last else { return nil }
        var memory: [UInt32: UInt8] = [:]
        for state in result.states {
            for change in state.changes { memory[change.address] = change.value }
        }
        // What was changed and changed back is no change from end to end.
        let changed = Dictionary(theirs.changes.map { ($0.address, $0.value) }) { _, new in new }
        for (address, value) in memory where changed[address] == nil && initialBytes[address, default: 0] == value {
            memory[address] = nil
        }
        last.changes = memory.sorted { $0.key < $1.key }.map { StepState.Change(address: $0.key, value: $0.value) }
        let index = max(steps.count - 1, 0)
        flat.result.states = [last]
        flat.steps = [steps[index]]
        flat.result.steps = result.end == .exception ? 0 : 1
        var whole = other
        whole.steps = other.end == .exception ? 0 : 1
        whole.states = [theirs]
        guard var found = flat.difference(from: whole, by: party, first: 1, exactly: true) else { return nil }
        found.step = index
        return found
    }
}
