/// Makes a case that shows a difference smaller, as long as it still shows it.
struct Shrinker {
    let fuzzer: Fuzzer
    let difference: Difference

    /// The smallest case found, and how the difference reads there.
    func shrink(_ fuzzCase: FuzzCase) -> (FuzzCase, Difference) {
        var best = fuzzCase
        best.steps = difference.step + 1
        guard shows(best) != nil else { return (fuzzCase, difference) }
        best = startLater(best)
        best.memory = pieces(best.memory)
        for _ in 0..<3 {
            let before = best
            best = withoutMemory(best)
            best = withoutInstructions(best)
            best = withPlainRegisters(best)
            if best.memory == before.memory && best.registers == before.registers { break }
        }
        best.memory = joined(best.memory)
        return (best, shows(best) ?? difference)
    }

    private func shows(_ candidate: FuzzCase) -> Difference? {
        fuzzer.differences([candidate])[0].first { $0.signature == difference.signature }
    }

    /// Starts at the latest state from which the difference still shows: what went before is not needed.
    private func startLater(_ fuzzCase: FuzzCase) -> FuzzCase {
        let judgement = fuzzer.plain.judge(fuzzCase)
        for first in judgement.steps.indices.dropFirst().reversed() {
            var later = fuzzCase
            later.registers = judgement.steps[first].before
            later.steps = fuzzCase.steps - first
            let changed = judgement.result.states[..<first].flatMap(\.changes)
            later.memory += changed.map { MemoryRun(address: $0.address, bytes: [$0.value]) }
            later.fpu = judgement.result.states[first - 1].fpu
            if later.steps > 0, shows(later) != nil { return later }
        }
        return fuzzCase
    }

    /// Memory as runs of at most 8 bytes that are not all zero, none over another.
    private func pieces(_ memory: [MemoryRun]) -> [MemoryRun] {
        var bytes: [UInt32: UInt8] = [:]
        for run in memory {
            for (i, byte) in run.bytes.enumerated() { bytes[run.address &+ UInt32(i)] = byte }
        }
        let groups = Dictionary(grouping: bytes.filter { $0.value != 0 }.keys) { $0 & ~7 }
        return groups.sorted { $0.key < $1.key }.map { start, addresses in
            let first = addresses.min() ?? start
            let last = addresses.max() ?? start
            return MemoryRun(address: first, bytes: (first...last).map { bytes[$0, default: 0] })
        }
    }

    private func joined(_ memory: [MemoryRun]) -> [MemoryRun] {
        memory.reduce(into: []) { runs, run in
            if let last = runs.last, last.address &+ UInt32(last.bytes.count) == run.address {
                runs[runs.count - 1].bytes += run.bytes
            } else {
                runs.append(run)
            }
        }
    }

    private func withoutMemory(_ fuzzCase: FuzzCase) -> FuzzCase {
        var best = fuzzCase
        var size = max(best.memory.count / 2, 1)
        while true {
            var start = 0
            while start < best.memory.count {
                var candidate = best
                candidate.memory.removeSubrange(start..<min(start + size, best.memory.count))
                if shows(candidate) != nil { best = candidate } else { start += size }
            }
            if size == 1 { break }
            size /= 2
        }
        return best
    }

    /// Instructions before the last become NOPs.
    private func withoutInstructions(_ fuzzCase: FuzzCase) -> FuzzCase {
        var best = fuzzCase
        guard best.steps > 1 else { return best }
        for step in fuzzer.plain.judge(best).steps.dropLast() {
            guard let form = step.form, form.opcode != 0x90 else { continue }
            var candidate = best
            let nops = [UInt8](repeating: 0x90, count: form.length)
            candidate.memory.append(MemoryRun(address: best.mode.bases[1] &+ step.before.eip, bytes: nops))
            candidate.steps += form.length - 1
            candidate.memory = pieces(candidate.memory)
            if shows(candidate) != nil { best = candidate }
        }
        return best
    }

    private func withPlainRegisters(_ fuzzCase: FuzzCase) -> FuzzCase {
        var best = fuzzCase
        for number in [0, 1, 2, 3, 5, 6, 7, 9] {
            for value in (number == 9 ? [0x202, 0x202 | best.registers.eflags & 0x400] : [0, 1]) as [UInt32]
            where best.registers[number] != value {
                var candidate = best
                candidate.registers[number] = value
                if shows(candidate) != nil {
                    best = candidate
                    break
                }
            }
        }
        return best
    }
}
