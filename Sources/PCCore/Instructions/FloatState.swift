/// The x87's registers at one moment, in a form that is cheap to take and to compare.
struct FloatState: Equatable, Sendable {
    /// R0 to R7.
    private var significands = InlineArray<8, UInt64>(repeating: 0)
    private var signExponents = InlineArray<8, UInt16>(repeating: 0)
    private var top: UInt32
    private var status: UInt16
    private var control: UInt16
    /// One bit for each register that is not empty, as FXSAVE stores it [SDM 2A FXSAVE].
    private var inUse: UInt16 = 0
    let isPresent: Bool

    init(_ core: Core) {
        let s = core.s
        isPresent = s.pointee.fpu.isPresent
        top = s.pointee.fpu.top
        status = core.floatStatus
        control = s.pointee.fpu.controlWord
        for number in 0..<8 {
            let register = s.floatRegister(UInt32(number)).pointee
            significands[number] = register.significand
            signExponents[number] = register.signExponent
            if register.isEmpty == 0 { inUse |= 1 << UInt16(number) }
        }
    }

    static func == (a: FloatState, b: FloatState) -> Bool {
        for number in 0..<8 {
            if a.significands[number] != b.significands[number] { return false }
            if a.signExponents[number] != b.signExponents[number] { return false }
        }
        return a.status == b.status && a.control == b.control && a.inUse == b.inUse
    }

    /// What ST(i) or MMi holds: 80 bits.
    private func value(_ register: Int) -> UInt128 {
        UInt128(signExponents[register]) << 64 | UInt128(significands[register])
    }

    /// Whether a register is as MMX instructions leave it: all ones above the significand, and TOP is 0.
    private func isMMX(_ register: Int) -> Bool { signExponents[register] == 0xFFFF && top == 0 }

    /// Each register whose content changed, by the name that it has now, and the words about them.
    func changes(since old: FloatState) -> [RegisterState.Change] {
        guard self != old else { return [] }
        var changes: [RegisterState.Change] = []
        for place in 0..<8 {
            let register = (place &+ Int(top)) & 7
            guard value(register) != old.value(register) else { continue }
            if isMMX(register) {
                changes.append(
                    .init("mm\(register)", UInt128(old.significands[register]), UInt128(significands[register]), 16))
            } else {
                changes.append(.init("st\(place)", old.value(register), value(register), 20))
            }
        }
        for (name, before, after, digits) in [
            ("fcw", old.control, control, 4), ("fsw", old.status, status, 4), ("ftw", old.inUse, inUse, 2),
        ] where before != after { changes.append(.init(name, UInt128(before), UInt128(after), digits)) }
        return changes
    }

    /// All of them. MMX registers are listed for CPUs that have them.
    func all(withMMX: Bool) -> [(name: String, value: UInt128, digits: Int)] {
        (0..<8).map { ("st\($0)", value(($0 + Int(top)) & 7), 20) }
            + (withMMX ? (0..<8).map { ("mm\($0)", UInt128(significands[$0]), 16) } : [])
            + [("fcw", UInt128(control), 4), ("fsw", UInt128(status), 4), ("ftw", UInt128(inUse), 2)]
    }
}
