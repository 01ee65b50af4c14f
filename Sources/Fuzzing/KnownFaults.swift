import PCCore

extension Oracle {
    /// How many leading instructions of a case this oracle can be asked about.
    func comparableCount(_ judgement: Judgement) -> Int {
        let count = judgement.definedCount
        guard name == Self.unicorn else { return count }
        return judgement.steps.prefix(count).firstIndex { step in
            step.form.map { form in UnicornFault.all.contains { $0.applies(form, step.before) } } ?? false
        } ?? count
    }

    static let unicorn = "unicorn"
    static let host = "host"
}

/// What Unicorn 2.0.1 (QEMU 5.0) is known to do wrong: these instructions, and what comes after, are not compared.
struct UnicornFault {
    let what: String
    let applies: @Sendable (BareMachine.CodeForm, Registers) -> Bool

    static let all: [UnicornFault] = [
        UnicornFault(what: "RET imm16 sign-extends the immediate") { form, _ in
            form.opcode == 0xC2 && form.immediate >= 0x8000
        },
        UnicornFault(what: "F6/F7 /1, an alias of TEST, raises #UD") { form, _ in
            (form.opcode == 0xF6 || form.opcode == 0xF7) && form.reg == 1
        },
        UnicornFault(what: "LOCK NEG leaves wrong flags, LOCK on MOV raises nothing") { form, _ in form.lock },
    ]
}
