import PCCore

extension Oracle {
    /// How many leading instructions of a case this oracle can be asked about.
    func comparableCount(_ judgement: Judgement) -> Int {
        var count = judgement.definedCount
        if name == Self.host, judgement.result.vector == 14, Self.isHostsOwn(judgement.result.faultAddress) {
            count = min(count, judgement.result.steps)
        }
        guard name == Self.unicorn else { return count }
        // Its own GDT is at 500000h.
        if judgement.result.vector == 14, judgement.result.faultAddress >> 16 == 0x50 {
            count = min(count, judgement.result.steps)
        }
        // It checks no segment limits and no alignment, and delivers no vector for #DE and #BR.
        if [0, 5, 12, 13, 17].contains(judgement.result.vector), judgement.result.end == .exception {
            count = min(count, judgement.result.steps)
        }
        if let wrapped = judgement.result.states.prefix(count).firstIndex(where: {
            $0.registers.eip == 0x1_0000 && $0.registers[11] != FuzzMode.protected32.selectors[1]
        }) {
            count = wrapped
        }
        // An instruction that overwrites itself is run again and again.
        if let own = judgement.steps.prefix(count).indices.first(where: { judgement.overwritesItself($0) }) {
            count = own
        }
        // Its x87 sets few status flags and computes some functions with doubles.
        if let float = judgement.steps.prefix(count).firstIndex(where: { $0.effects != nil }) { count = float }
        // A fault of the fetch itself may come before the instruction, or not at all.
        return judgement.steps.prefix(count).firstIndex { step in
            step.form.map { form in UnicornFault.all.contains { $0.applies(form, step.before) } } ?? true
        } ?? count
    }

    /// Where the host's program has memory that a case has not: itself, and the pages of other modes.
    private static func isHostsOwn(_ address: UInt32) -> Bool {
        (0x1_0000..<0x4_0000).contains(address) || (0x4000_0000..<0x4200_0000).contains(address)
    }

    static let unicorn = "unicorn"
    static let host = "host"
}

extension Judgement {
    /// Whether an instruction writes into its own bytes.
    fileprivate func overwritesItself(_ i: Int) -> Bool {
        guard let form = steps[i].form else { return false }
        let isFlat = steps[i].before[11] == FuzzMode.protected32.selectors[1]
        let start = steps[i].before.eip &+ (isFlat ? 0 : FuzzMode.real16.bases[1])
        return result.states[i].changes.contains { $0.address &- start < UInt32(form.length) }
    }
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
        UnicornFault(what: "0F BA /0 to /3 and FF /7 read their operand before they raise #UD") { form, _ in
            form.opcode == 0x1BA && form.reg < 4 || form.opcode == 0xFF && form.reg == 7
        },
        UnicornFault(what: "8F /1 to /7 is POP as well") { form, _ in form.opcode == 0x8F && form.reg != 0 },
        UnicornFault(what: "C6 and C7 /1 to /7 are not #UD in all forms") { form, _ in
            (form.opcode == 0xC6 || form.opcode == 0xC7) && form.reg != 0
        },
        UnicornFault(what: "a shift by CL, or of two operands, leaves a wrong CF where one is memory") { form, _ in
            [0xD2, 0xD3, 0x1A4, 0x1A5, 0x1AC, 0x1AD].contains(form.opcode) && !form.isRegisterForm
        },
        UnicornFault(what: "ENTER with a level above 1 in 16-bit code pushes something else") { form, _ in
            form.opcode == 0xC8
        },
        UnicornFault(what: "no port is there and nothing stops at HLT: IN gives 0") { form, _ in
            form.opcode == 0xF4 || (0xE4...0xE7).contains(form.opcode) || (0xEC...0xEF).contains(form.opcode)
                || (0x6C...0x6F).contains(form.opcode)
        },
        UnicornFault(what: "LOCK NEG leaves wrong flags, LOCK on MOV raises nothing") { form, _ in form.lock },
    ]
}
