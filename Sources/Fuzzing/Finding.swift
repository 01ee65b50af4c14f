import Foundation

/// A difference with its case made small, as text and as a test vector.
struct Finding {
    let fuzzCase: FuzzCase
    let difference: Difference
    let judgement: Judgement
    /// What the other party says of the last state.
    let expected: CaseResult

    /// The case, the two results, and the code.
    var text: String {
        var lines = [
            "\(difference.signature)", "  \(difference.what)", "  mode \(fuzzCase.mode), \(fuzzCase.steps) steps",
        ]
        lines.append("  before " + describe(fuzzCase.registers))
        for (i, step) in judgement.steps.enumerated() {
            let length = step.form?.length ?? 4
            let at = fuzzCase.mode.bases[1] &+ step.before.eip
            let code = (0..<length).map { self.byte(at &+ UInt32($0)) }
            lines.append("  \(hex(step.before.eip))  " + code.map { two($0) }.joined(separator: " "))
            if i < judgement.result.states.count, i == judgement.steps.count - 1 {
                lines.append("  after  " + describe(judgement.result.states[i].registers))
            }
        }
        if let state = expected.states.last { lines.append("  theirs " + describe(state.registers)) }
        if let fpu = fuzzCase.fpu { lines.append("  x87 before " + fpu.text) }
        if let fpu = judgement.result.states.last?.fpu { lines.append("  x87 after  " + fpu.text) }
        if let fpu = expected.states.last?.fpu { lines.append("  x87 theirs " + fpu.text) }
        for run in fuzzCase.memory.prefix(12) {
            lines.append("  memory \(hex(run.address)): " + run.bytes.map { two($0) }.joined(separator: " "))
        }
        return lines.joined(separator: "\n")
    }

    func byte(_ address: UInt32) -> UInt8 {
        for run in fuzzCase.memory.reversed() {
            let offset = Int(address) - Int(run.address)
            if run.bytes.indices.contains(offset) { return run.bytes[offset] }
        }
        return 0
    }

    private func two(_ value: UInt8) -> String { (value < 16 ? "0" : "") + String(value, radix: 16, uppercase: true) }

    private func describe(_ registers: Registers) -> String {
        (0..<10).map { "\(Registers.names[$0])=\(String(registers[$0], radix: 16))" }.joined(separator: " ")
    }
}
