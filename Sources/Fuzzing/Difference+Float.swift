import PCCore

extension Judgement {
    /// How the x87's registers after step `i` differ, nil where they agree.
    ///
    /// - Parameter exactly: undefined bits, pointers and transcendental results have to agree as well.
    func floatDifference(
        _ i: Int, _ theirs: StepState, exactly: Bool
    ) -> (text: String, theirs: String, kind: String)? {
        guard let a = result.states[i].fpu, let b = theirs.fpu else { return nil }
        func differs(_ name: String, _ x: UInt16, _ y: UInt16) -> (text: String, theirs: String, kind: String) {
            ("\(name) is \(hex(UInt32(x)))", hex(UInt32(y)), "\(name) \(hex(UInt32(x ^ y)))")
        }
        if a.control != b.control { return differs("control word", a.control, b.control) }
        let known = exactly ? 0xFFFF : steps[i].status
        if (a.status ^ b.status) & known != 0 { return differs("status word", a.status & known, b.status & known) }
        if a.tags != b.tags { return differs("tag word", a.tags, b.tags) }
        let isApproximate = !exactly && steps[i].effects?.isApproximate == true
        for number in 0..<8 where a.stack[number] != b.stack[number] {
            if isApproximate, a.stack[number].isNear(b.stack[number]) { continue }
            return ("ST(\(number)) is \(a.stack[number].text)", b.stack[number].text, "ST(\(number))")
        }
        guard exactly, a != b else { return nil }
        return ("pointers are \(pointers(a))", pointers(b), "pointers")
    }

    private func pointers(_ registers: FloatRegisters) -> String {
        let selectors = "\(hex(UInt32(registers.instructionSelector))) \(hex(UInt32(registers.dataSelector)))"
        return "\(hex(registers.instructionPointer)) \(hex(registers.dataPointer)) \(selectors)"
            + " \(hex(UInt32(registers.opcode)))"
    }

    /// Changes without those of the pointers in an environment that step `i` stored, and of the halves beside its words.
    func withoutPointers(_ i: Int, _ changes: [StepState.Change]) -> [StepState.Change] {
        guard let form = steps[i].form, steps[i].effects?.storesPointers == true else { return changes }
        return changes.filter { change in
            let offset = change.address &- form.operandAddress
            return form.operand32 ? offset >= 28 || offset < 12 && offset & 2 == 0 : offset >= 14 || offset < 6
        }
    }
}

extension FloatRegisters.Value {
    /// A transcendental result of this computer's CPU may be this many units in the last place away.
    private static let tolerance: UInt64 = 2

    /// Whether the two are finite, of one sign, and next to each other.
    func isNear(_ other: FloatRegisters.Value) -> Bool {
        guard signExponent >> 15 == other.signExponent >> 15 else { return false }
        let (a, b) = (signExponent & 0x7FFF, other.signExponent & 0x7FFF)
        guard a != 0x7FFF, b != 0x7FFF else { return false }
        if a == b {
            return significand > other.significand
                ? significand - other.significand <= Self.tolerance : other.significand - significand <= Self.tolerance
        }
        // Either side of a power of two.
        let (low, high) = a < b ? (significand, other.significand) : (other.significand, significand)
        let isNext = max(a, b) - min(a, b) == 1
        return isNext && high &- 1 << 63 <= Self.tolerance && UInt64.max - low <= 2 * Self.tolerance
    }

    var text: String {
        let digits = String(significand, radix: 16, uppercase: true)
        return String(signExponent, radix: 16, uppercase: true) + "_" + String(repeating: "0", count: 16 - digits.count)
            + digits + "h"
    }
}
