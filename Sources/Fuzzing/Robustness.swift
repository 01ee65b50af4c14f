import PCCore

/// Random code in random states: whatever a guest does, the host neither traps nor hangs.
///
/// A trap ends the process; `seed` and the count of rounds so far say which it was.
public struct Robustness {
    private static let size = 0x10_0000
    private var random: Random
    private let machines: [BareMachine]
    /// Instructions and REP elements that ran.
    public private(set) var slots: UInt64 = 0
    /// States that were set up.
    public private(set) var rounds = 0

    public init(seed: UInt64) {
        random = Random(seed: seed)
        machines = CPUModel.allCases.flatMap { model in
            [BareMachine.Form.plain, .handlers, .traces].map { form in
                let machine = BareMachine(model: model, memory: Self.size)
                machine.use(form)
                return machine
            }
        }
    }

    /// One state for each model and each way to run: memory is littered anew, and code runs for some time.
    public mutating func round() {
        rounds += 1
        for machine in machines {
            var random = random
            litter(machine, &random)
            machine.scramble { UInt32(truncatingIfNeeded: random.next() >> 16) }
            machine.catchesExceptions = random.oneIn(4)
            for _ in 0..<4 {
                place(machine, &random)
                let before = machine.time
                machine.runFreely(for: UInt64(1 + random.below(40)))
                slots += machine.time &- before
                _ = machine.takeCaught()
                _ = machine.nextInstruction()
            }
            self.random = random
        }
    }

    /// Some pages of bytes, some of what looks like descriptors, gates and page table entries.
    private func litter(_ machine: BareMachine, _ random: inout Random) {
        for _ in 0..<3 {
            let page = UInt32(random.below(Self.size / 0x1000)) * 0x1000
            let isTable = random.oneIn(2)
            for offset in stride(from: 0, to: 0x1000, by: 8) {
                var value = random.next()
                // Present, of some type that exists; as page table entries they lead back into memory.
                if isTable { value = value & ~0x00F0_0000_0000_0000 | 0x0000_8000_0000_0000 | value & 7 | 1 }
                // SAFETY: the page is below `size`.
                machine.memory.storeBytes(of: value, toByteOffset: Int(page) + offset, as: UInt64.self)
            }
            machine.pageWritten(page)
        }
    }

    /// Instructions from the menu, or bytes, where the machine stands.
    private func place(_ machine: BareMachine, _ random: inout Random) {
        let at = Int(machine.codeAddress % UInt32(Self.size - 64))
        var bytes: [UInt8] = []
        if random.oneIn(2) {
            let mode = random.pick(FuzzMode.allCases)
            for _ in 0..<4 {
                var writer = CodeWriter(
                    mode, Registers(values: machine.registerFile), random, hasFloat: random.oneIn(2))
                writer.instruction()
                random = writer.random
                bytes += writer.bytes
            }
        } else {
            if random.oneIn(2) { bytes.append(0x0F) }
            for _ in 0..<24 { bytes.append(random.byte()) }
        }
        for (i, byte) in bytes.prefix(64).enumerated() {
            // SAFETY: `at` is below `size` - 64.
            machine.memory.storeBytes(of: byte, toByteOffset: at + i, as: UInt8.self)
        }
        machine.pageWritten(UInt32(at) & 0xFFFF_F000)
        machine.pageWritten(UInt32(at + 63) & 0xFFFF_F000)
    }
}
