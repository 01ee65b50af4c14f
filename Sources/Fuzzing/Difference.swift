import PCCore

/// A disagreement about a case.
struct Difference: Sendable {
    /// Who disagrees with Swift86's plain form.
    var party: String
    /// The instruction after which it shows, from 0.
    var step: Int
    var what: String
    /// The same for differences that have one cause, as far as that can be told.
    var signature: String
}

extension Judgement {
    /// Where an oracle stopped but cannot say at which exception.
    private static let someVector: UInt8 = 0xFF

    /// What `other` says otherwise about the first `count` instructions; nil where it agrees.
    ///
    /// - Parameter exactly: undefined flags have to agree as well: among the forms of Swift86.
    func difference(
        from other: CaseResult, by party: String, first count: Int, exactly: Bool = false
    ) -> Difference? {
        for i in 0..<count {
            let ended = result.end == .exception && i == result.steps
            guard i < other.states.count else {
                if other.end == .refused { return nil }
                return make(i, party, "\(party) ended before", "end")
            }
            let othersEnded = other.end == .exception && i == other.steps
            if isChipsChoice(i, ended ? result.vector : nil, othersEnded ? other.vector : nil) { break }
            if ended != othersEnded || (ended && result.vector != other.vector && other.vector != Self.someVector) {
                let ours = ended ? "exception \(result.vector)" : "nothing"
                let theirs = othersEnded ? "exception \(other.vector)" : "nothing"
                return make(i, party, "raised \(ours), \(party) \(theirs)", "raised \(ours) \(theirs)")
            }
            let mask: UInt32 = exactly ? .max : steps[i].flags
            if !ended || exactly || isAllOrNothing(i),
                let found = compare(
                    i, other.states[i], party, mask, exactly: exactly, checksMemory: !ended || party != Oracle.unicorn)
            {
                return found
            }
            // Unicorn names a place in the page.
            let granularity: UInt32 = party == Oracle.unicorn ? ~0xFFF : ~0
            if ended && result.vector == 14 && hasOneOperand(i),
                (result.faultAddress ^ other.faultAddress) & granularity != 0
            {
                return make(
                    i, party, "cr2 is \(hex(result.faultAddress)), \(party) has \(hex(other.faultAddress))", "cr2")
            }
        }
        return nil
    }

    /// Whether an instruction that faults leaves everything alone. One that moves several operands may have moved some
    /// of them [SDM 3A 6.5 asks for no more than that it can be restarted].
    private func isAllOrNothing(_ i: Int) -> Bool {
        guard let form = steps[i].form else { return true }
        // FRSTOR and its like: an EPYC has loaded the environment by the time that a later part faults.
        if isImage(form) { return false }
        return ![0x60, 0x61, 0xC8, 0xFF].contains(form.opcode)
    }

    /// Whether the manual leaves open which of two exceptions comes, or a chip is known not to follow it.
    ///
    /// A flat segment's accesses over the end of the address space fault by the limit, by the page, or not at all
    /// [SDM 3A 5.3]; of an instruction's several reasons to fault the first is the chip's choice within a class [SDM 3A
    /// Table 6-2]. ARPL on a segment that cannot be written raises `#GP` [SDM 2A ARPL]; an EPYC does so only where it
    /// has something to write.
    private func isChipsChoice(_ i: Int, _ ours: UInt8?, _ theirs: UInt8?) -> Bool {
        guard ours != theirs else { return false }
        // The bytes up to where the code ends may be enough for #UD: an EPYC's 0F FF has no ModRM byte.
        guard let form = steps[i].form else { return ours == 13 && theirs == 6 || ours == 14 && theirs == 6 }
        if form.opcode == 0x63 && ours == 13 { return true }
        let memoryFaults: [UInt8?] = [12, 13, 14, 17]
        return memoryFaults.contains(ours) && memoryFaults.contains(theirs)
    }

    /// Whether there is one place at which an instruction can fault first: which of several operands is looked at
    /// first is the chip's own.
    private func hasOneOperand(_ i: Int) -> Bool {
        guard let form = steps[i].form else { return true }
        if isImage(form) { return false }
        return ![0x60, 0xA4, 0xA5, 0xA6, 0xA7, 0xC8, 0x8F, 0xFF].contains(form.opcode)
    }

    /// FLDENV, FNSTENV, FRSTOR, FNSAVE
    private func isImage(_ form: BareMachine.CodeForm) -> Bool {
        !form.isRegisterForm && (form.opcode == 0xD9 || form.opcode == 0xDD) && (form.reg == 4 || form.reg == 6)
    }

    private func compare(
        _ i: Int, _ theirs: StepState, _ party: String, _ mask: UInt32, exactly: Bool, checksMemory: Bool
    ) -> Difference? {
        let ours = result.states[i]
        for number in 0..<Registers.count {
            var (a, b) = (ours.registers[number], theirs.registers[number])
            if number == 9 {
                a &= mask
                b &= mask
            }
            guard a != b else { continue }
            let name = Registers.names[number]
            let detail = number == 9 ? "eflags \(hex(a ^ b))" : name
            return make(i, party, "\(name) is \(hex(a)), \(party) has \(hex(b))", detail)
        }
        if let what = floatDifference(i, theirs, exactly: exactly) {
            return make(i, party, what.text + ", " + party + " " + what.theirs, what.kind)
        }
        // Unicorn writes the bytes that are on the page that is there.
        guard checksMemory, ours.changes != theirs.changes else { return nil }
        if !exactly, withoutPointers(i, ours.changes) == withoutPointers(i, theirs.changes) { return nil }
        func text(_ changes: [StepState.Change]) -> String {
            changes.isEmpty
                ? "nothing"
                : changes.prefix(8).map { "\(hex($0.address))=\(hex(UInt32($0.value)))" }.joined(separator: " ")
        }
        return make(i, party, "memory: \(text(ours.changes)), \(party) \(text(theirs.changes))", "memory")
    }

    private func make(_ i: Int, _ party: String, _ what: String, _ kind: String) -> Difference {
        var name = "undecoded"
        if i < steps.count, let form = steps[i].form {
            name = hex(UInt32(form.opcode)) + ".\(form.reg)" + (form.lock ? " lock" : "")
            name += form.repeatPrefix != 0 ? " rep" : ""
        }
        return Difference(party: party, step: i, what: what, signature: "\(party) \(name) \(kind)")
    }
}

func hex(_ value: UInt32) -> String { String(value, radix: 16, uppercase: true) + "h" }
