/// Running code up to a place.
extension BareMachine {
    /// Why `run` came back.
    public enum Ending: Equatable, Sendable {
        /// All the steps were made.
        case steps
        /// The next instruction is the one at the address that was asked for.
        case reached
        /// HLT was executed.
        case halted
        /// Exceptions upon exceptions shut the CPU down.
        case shutDown
        /// An exception or interrupt was caught.
        case caught(CaughtEvent)
    }

    /// What a run came to.
    public struct Outcome: Equatable, Sendable {
        public var ending: Ending
        /// Instructions, a REP with all its elements being one. One that raised an exception counts.
        public var steps: Int

        public init(ending: Ending, steps: Int) {
            self.ending = ending
            self.steps = steps
        }
    }

    /// Runs whole instructions until `steps` are made, the next one is at the linear address `end`, the CPU halts, or
    /// something is caught.
    @discardableResult
    public func run(steps limit: Int = .max, until end: UInt32? = nil) -> Outcome {
        var steps = 0
        while steps < limit {
            guard !cpu.isShutDown else { return Outcome(ending: .shutDown, steps: steps) }
            guard !cpu.isHalted else { return Outcome(ending: .halted, steps: steps) }
            step()
            steps += 1
            if let event = takeEvent() { return Outcome(ending: .caught(event), steps: steps) }
            // A CPU that halts has not come to the instruction after the HLT.
            if let end, codeAddress == end, !cpu.isHalted { return Outcome(ending: .reached, steps: steps) }
        }
        return Outcome(ending: cpu.isShutDown ? .shutDown : cpu.isHalted ? .halted : .steps, steps: steps)
    }

    /// The linear address of the next instruction.
    public var codeAddress: UInt32 { self[segment: .cs].base &+ cpu[.eip] }

    /// Runs `body` and gives a line for each instruction of it, as `boot --trace` writes them.
    public func trace(_ body: () throws -> Void) rethrows -> [String] {
        var bytes: [UInt8] = []
        let trace = InstructionTrace(model: cpu.s.pointee.model, startingAt: scheduler.now) { bytes += $0 }
        cpu.observe(by: trace)
        defer { cpu.observe(by: nil) }
        try body()
        trace.finish()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").dropFirst().map(String.init)
    }
}

/// What changed since a moment.
extension BareMachine {
    /// Registers and memory at one moment.
    struct Mark {
        var registers: RegisterState
        /// Pages that held anything but zeros, by their numbers.
        var pages: [Int: [UInt8]]
    }

    /// Bytes of memory that changed, side by side.
    public struct MemoryChange: Equatable, Sendable {
        public var address: UInt32
        public var before: [UInt8]
        public var after: [UInt8]

        public init(address: UInt32, before: [UInt8], after: [UInt8]) {
            self.address = address
            self.before = before
            self.after = after
        }
    }

    /// From here on changes are counted.
    public func markState() {
        var pages: [Int: [UInt8]] = [:]
        for number in 0..<pageCount {
            let bytes = page(number)
            if bytes.contains(where: { $0 != 0 }) { pages[number] = Array(bytes) }
        }
        mark = Mark(registers: RegisterState(cpu.core), pages: pages)
    }

    /// The registers now.
    public var registers: RegisterState { RegisterState(cpu.core) }
    /// The registers that changed since `markState`, and how.
    public var registerChanges: [RegisterState.Change] { mark.map { registers.changes(since: $0.registers) } ?? [] }

    /// The memory that changed since `markState`, by address.
    public var memoryChanges: [MemoryChange] {
        guard let mark else { return [] }
        var changes: [MemoryChange] = []
        for number in 0..<pageCount {
            let now = page(number)
            let before = mark.pages[number]
            guard before.map({ !now.elementsEqual($0) }) ?? now.contains(where: { $0 != 0 }) else { continue }
            for (offset, byte) in now.enumerated() {
                let old = before?[offset] ?? 0
                guard byte != old else { continue }
                let address = UInt32(truncatingIfNeeded: number * PhysicalMemory.pageSize + offset)
                if let last = changes.last, last.address &+ UInt32(truncatingIfNeeded: last.after.count) == address {
                    changes[changes.count - 1].before.append(old)
                    changes[changes.count - 1].after.append(byte)
                } else {
                    changes.append(MemoryChange(address: address, before: [old], after: [byte]))
                }
            }
        }
        return changes
    }

    private var pageCount: Int { max(memorySize, PhysicalMemory.megabyte) / PhysicalMemory.pageSize }

    // SAFETY: RAM has at least `pageCount` pages.
    /// The bytes of a page of RAM.
    private func page(_ number: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: bus.memory.start + number * PhysicalMemory.pageSize, count: PhysicalMemory.pageSize)
    }
}
