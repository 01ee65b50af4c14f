import PCCore

/// A case as Swift86's plain form runs it, and what of it another CPU can be asked about.
struct Judgement {
    struct Step {
        /// The instruction, nil where it could not be fetched or decoded.
        var form: BareMachine.CodeForm?
        /// The registers before it.
        var before: Registers
        /// Flags that are defined after it.
        var flags: UInt32
        /// Whether what it does is defined, and does not follow from something undefined.
        var isDefined: Bool
    }

    var result = CaseResult()
    /// One for each state of `result`.
    var steps: [Step] = []
    /// The memory that the case starts with, where it is not zero.
    var initialBytes: [UInt32: UInt8] = [:]
    /// Instructions and REP elements that it took.
    var slots: UInt64 = 0

    /// How many leading instructions, the one that faults included, are defined.
    var definedCount: Int { steps.firstIndex { !$0.isDefined } ?? steps.count }
}

extension Registers {
    static let arithmeticFlags: UInt32 = 0x8D5
    static let trapFlag: UInt32 = 0x100
    static let resumeFlag: UInt32 = 0x1_0000
}

extension OwnCPU {
    /// Runs `fuzzCase` instruction by instruction and judges each.
    func judge(_ fuzzCase: FuzzCase) -> Judgement {
        start(fuzzCase)
        let begin = machine.time
        var judgement = Judgement()
        for run in fuzzCase.memory {
            for (i, byte) in run.bytes.enumerated() { judgement.initialBytes[run.address &+ UInt32(i)] = byte }
        }
        var undefined: UInt32 = 0
        for _ in 0..<fuzzCase.steps {
            let (step, effects) = examine(undefined)
            judgement.steps.append(step)
            let goesOn = self.step(&judgement.result)
            let last = judgement.steps.count - 1
            if goesOn {
                if let effects { undefined = undefined & ~effects.writes | effects.undefined }
            } else if judgement.result.vector == 0 {
                undefined |= Registers.arithmeticFlags
            }
            judgement.steps[last].flags = ~(undefined | Registers.trapFlag | Registers.resumeFlag)
            if !goesOn { break }
        }
        judgement.slots = machine.time &- begin
        return judgement
    }

    /// Looks at the next instruction, while `undefined` flags are undefined.
    func examine(_ undefined: UInt32) -> (Judgement.Step, InstructionEffects?) {
        let registers = registers
        let form = machine.nextInstruction()
        let effects = form.flatMap { InstructionEffects($0, registers) }
        // An instruction that does not decode faults, and that is defined; LOCK is looked at when it runs.
        var isDefined = form == nil
        if let effects { isDefined = effects.reads & undefined == 0 && !effects.isUndefined }
        if registers.eflags & Registers.trapFlag != 0 { isDefined = false }
        return (Judgement.Step(form: form, before: registers, flags: 0, isDefined: isDefined), effects)
    }
}
