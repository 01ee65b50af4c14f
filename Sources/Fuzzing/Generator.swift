import PCCore

/// Makes cases: writes each instruction for the state that Swift86 has reached there.
struct Generator {
    var random: Random
    var modes = FuzzMode.allCases
    private let scout = OwnCPU(.plain)

    init(seed: UInt64) { random = Random(seed: seed) }

    mutating func next() -> FuzzCase {
        var fuzzCase = state(random.pick(modes))
        fuzzCase.steps = random.pick([1, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32])
        scout.start(fuzzCase)
        var written: Set<UInt32> = []
        var undefined = Undefined()
        var result = CaseResult()
        for _ in 0..<fuzzCase.steps {
            let registers = scout.registers
            let at = address(of: registers.eip, fuzzCase.mode)
            if !written.contains(at), scout.isThere(at) {
                let code = instruction(registers, at, fuzzCase.mode, undefined)
                fuzzCase.memory.append(MemoryRun(address: at, bytes: code))
                for i in code.indices { written.insert(at &+ UInt32(i)) }
            }
            let effects = scout.examine(undefined).1
            guard scout.step(&result) else { break }
            if let effects { undefined.follow(effects) }
        }
        return fuzzCase
    }

    private func address(of eip: UInt32, _ mode: FuzzMode) -> UInt32 { mode.bases[1] &+ eip }

    /// An instruction that has defined effects, as far as a few trials find one.
    private mutating func instruction(
        _ registers: Registers, _ address: UInt32, _ mode: FuzzMode, _ undefined: Undefined
    ) -> [UInt8] {
        var code: [UInt8] = []
        for _ in 0..<6 {
            var writer = CodeWriter(mode, registers, random, hasFloat: scout.float != nil)
            writer.instruction()
            random = writer.random
            code = writer.bytes
            scout.place(code, at: address)
            if scout.examine(undefined).0.isDefined { break }
        }
        return code
    }

    // MARK: The state before

    private mutating func state(_ mode: FuzzMode) -> FuzzCase {
        var registers = Registers()
        let writer = CodeWriter(mode, registers, random)
        random = writer.random
        for number in 0..<8 {
            if random.oneIn(2) {
                registers[number] = random.operand()
            } else {
                registers[number] = random.pick(mode.hotSpots(3)) &+ UInt32(random.below(64))
            }
        }
        let stack = random.pick(mode.hotSpots(2)) &+ UInt32(random.below(16)) &* 2
        registers[4] = mode.is32Bit ? stack : stack | (random.oneIn(2) ? 0 : random.operand() & 0xFFFF_0000)
        if random.oneIn(3) { registers[5] = stack &+ UInt32(random.below(32)) }
        registers.eip = random.pick(mode.entries) &+ UInt32(random.below(16))
        registers.eflags =
            UInt32(truncatingIfNeeded: random.next()) & Registers.arithmeticFlags | 0x202
            | (random.oneIn(4) ? 0x400 : 0)
        for number in 0..<6 { registers[10 + number] = mode.selectors[number] }
        var fuzzCase = FuzzCase(mode: mode, registers: registers, steps: 1)
        if random.oneIn(3) { fuzzCase.fpu = floatRegisters() }
        for segment in mode.is32Bit ? [3, 2] : [3, 2, 0] {
            for spot in mode.hotSpots(segment) {
                fuzzCase.memory.append(
                    MemoryRun(
                        address: mode.bases[segment] &+ spot,
                        bytes: fuzzCase.fpu == nil ? contents(64) : (0..<4).flatMap { _ in floatContents() }))
            }
        }
        return fuzzCase
    }

    private mutating func contents(_ count: Int) -> [UInt8] {
        (0..<count / 4).flatMap { _ in
            let value = random.operand()
            return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
        }
    }
}
