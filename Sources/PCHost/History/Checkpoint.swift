import PCCore

/// A state in a machine's history.
struct Checkpoint {
    var machine: MachineState { state.machine }
    let position: Timeline.Position
    let state: SessionState
    /// The first input that came after it.
    let nextInput: Int
}

/// The states of a history in the order of time, few enough for the memory that they may take: the further back, the fewer.
struct Checkpoints {
    private var all: [Checkpoint] = []
    /// Bytes that the pages of all of them take, about.
    private(set) var memory = 0
    private static let mostMemory = 512 << 20

    var first: Checkpoint? { all.first }
    var last: Checkpoint? { all.last }

    mutating func append(_ new: Checkpoint) {
        memory += new.machine.size(after: all.last?.machine)
        all.append(new)
        while memory > Self.mostMemory, all.count > 3 { thin() }
    }

    /// Takes out the state whose neighbours are closest to each other, measured by how long ago they were. The first stays.
    private mutating func thin() {
        guard let now = all.last?.position.instruction else { return }
        func gap(_ i: Int) -> Double {
            let (before, after) = (all[i - 1].position.instruction, all[i + 1].position.instruction)
            return Double(after - before) / Double(now - before + 1)
        }
        guard let victim = (1..<all.count - 1).min(by: { gap($0) < gap($1) }) else { return }
        let (before, gone, after) = (all[victim - 1].machine, all[victim].machine, all[victim + 1].machine)
        memory -= gone.size(after: before) + after.size(after: gone) - after.size(after: before)
        all.remove(at: victim)
    }

    mutating func removeAll(after position: Timeline.Position) {
        while let last = all.last, last.position > position {
            all.removeLast()
            memory -= last.machine.size(after: all.last?.machine)
        }
    }

    func before(_ position: Timeline.Position) -> [Checkpoint] {
        all.prefix { $0.position < position }.reversed()
    }

    func last(at instruction: UInt64) -> Checkpoint? { all.last { $0.position.instruction <= instruction } }
}
