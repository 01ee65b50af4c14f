import PCCore

/// A case as Swift86's plain form runs it, and what of it another CPU can be asked about.
struct Judgement {
    struct Step {
        /// The instruction, nil where it could not be fetched or decoded.
        var form: BareMachine.CodeForm?
        /// The registers before it.
        var before: Registers
        /// The x87's registers before it, where they take part.
        var beforeFloat: FloatRegisters?
        /// Flags that are defined after it.
        var flags: UInt32 = 0
        /// Bits of the status word that are defined after it.
        var status: UInt16 = 0xFFFF
        /// What of the x87 it looks at and leaves, nil for other instructions.
        var effects: FloatEffects?
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
        var undefined = Undefined()
        for _ in 0..<fuzzCase.steps {
            let (step, effects) = examine(undefined)
            judgement.steps.append(step)
            let goesOn = self.step(&judgement.result)
            let last = judgement.steps.count - 1
            if goesOn {
                if let effects { undefined.follow(effects) }
            } else if judgement.result.vector == 0 {
                undefined.flags |= Registers.arithmeticFlags
            }
            judgement.steps[last].flags = ~(undefined.flags | Registers.trapFlag | Registers.resumeFlag)
            judgement.steps[last].status = ~undefined.status
            if !goesOn { break }
        }
        judgement.slots = machine.time &- begin
        return judgement
    }

    /// Looks at the next instruction, after others have left something undefined.
    func examine(_ undefined: Undefined) -> (Judgement.Step, InstructionEffects?) {
        let registers = registers
        let form = machine.nextInstruction()
        let effects = form.flatMap { InstructionEffects($0, registers) }
        let float = float
        // An instruction that does not decode faults, and that is defined; LOCK is looked at when it runs.
        var isDefined = form == nil
        if let effects { isDefined = undefined.allows(effects) && FloatEffects.isComparable(effects.float, float) }
        if registers.eflags & Registers.trapFlag != 0 { isDefined = false }
        let step = Judgement.Step(
            form: form, before: registers, beforeFloat: float, effects: effects?.float, isDefined: isDefined)
        return (step, effects)
    }
}

/// What the instructions so far have left undefined.
struct Undefined {
    var flags: UInt32 = 0
    /// Bits of the x87's status word.
    var status: UInt16 = 0
    /// The x87's registers are only close to what they should be.
    private var isApproximate = false
    /// Where an image is whose instruction and operand pointers chips keep as they like.
    private var image: UInt32?

    /// Whether what the next instruction does is defined.
    func allows(_ effects: InstructionEffects) -> Bool {
        guard effects.reads & flags == 0, !effects.isUndefined, !isApproximate else { return false }
        guard image == nil || effects.isWithoutMemory || effects.float?.readImage == image else { return false }
        return (effects.float?.reads ?? 0) & status == 0
    }

    mutating func follow(_ effects: InstructionEffects) {
        flags = flags & ~effects.writes | effects.undefined
        guard let float = effects.float else { return }
        status = status & ~float.writes | float.undefined
        if float.isApproximate { isApproximate = true }
        if let stored = float.storedImage { image = stored }
    }
}
