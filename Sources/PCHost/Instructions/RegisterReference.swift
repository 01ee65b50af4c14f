import PCCore

/// A register of a bare machine by any of its names: `al`, `eax`, `cf`, `cr0`, `ds`, `ds.base`, `gdtr.limit`, `st0`, `mm0`,
/// `fcw`.
struct RegisterReference: Sendable {
    private enum Target {
        case register(Register)
        case base(Register)
        case limit(Register)
        case access(Register)
        case tableBase(isIDT: Bool)
        case tableLimit(isIDT: Bool)
        case stack(Int)
        case multimedia(Int)
        case floatControl, floatStatus
    }

    let name: String
    /// How many bits it has.
    let bits: Int
    /// The first CPU that has it.
    let since: CPUModel
    private let target: Target

    init?(_ text: some StringProtocol) {
        let name = text.lowercased()
        self.name = name
        if let register = Register(rawValue: name) {
            target = .register(register)
            bits = register.bits
            since = register.since
            return
        }
        if let (target, bits, since) = Self.float(name) {
            (self.target, self.bits, self.since) = (target, bits, since)
            return
        }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        if parts[0] == "gdtr" || parts[0] == "idtr" {
            let isIDT = parts[0] == "idtr"
            guard parts[1] == "base" || parts[1] == "limit" else { return nil }
            target = parts[1] == "base" ? .tableBase(isIDT: isIDT) : .tableLimit(isIDT: isIDT)
            bits = parts[1] == "base" ? 32 : 16
            since = .i80286
            return
        }
        guard let register = Register(rawValue: String(parts[0])), register.isSegment else { return nil }
        since = register.since
        switch parts[1] {
        case "base": (target, bits) = (.base(register), 32)
        case "limit": (target, bits) = (.limit(register), 32)
        case "access": (target, bits) = (.access(register), 8)
        default: return nil
        }
    }

    /// A segment register's visible part.
    var isSelector: Bool { if case .register(let register) = target { register.isSegment } else { false } }

    private static func float(_ name: String) -> (Target, Int, CPUModel)? {
        if name == "fcw" { return (.floatControl, 16, .i8086) }
        if name == "fsw" { return (.floatStatus, 16, .i8086) }
        guard name.utf8.count == 3, let number = name.last?.wholeNumberValue, number < 8 else { return nil }
        if name.hasPrefix("st") { return (.stack(number), 80, .i8086) }
        return name.hasPrefix("mm") ? (.multimedia(number), 64, .pentium) : nil
    }

    /// ST(0) to ST(7), whose values may be written as decimal numbers.
    var isFloat: Bool { if case .stack = target { true } else { false } }

    func read(_ machine: BareMachine) -> UInt128 {
        switch target {
        case .register(let register): return UInt128(machine[register])
        case .base(let register): return UInt128(machine[segment: register].base)
        case .limit(let register): return UInt128(machine[segment: register].limit)
        case .access(let register): return UInt128(machine[segment: register].access)
        case .tableBase(let isIDT): return UInt128(isIDT ? machine.idtr.base : machine.gdtr.base)
        case .tableLimit(let isIDT): return UInt128(isIDT ? machine.idtr.limit : machine.gdtr.limit)
        case .stack(let number):
            let value = machine.cpu.fpu.stack[number]
            return UInt128(value.signExponent) << 64 | UInt128(value.significand)
        case .multimedia(let number): return UInt128(machine.cpu.fpu[mmx: number])
        case .floatControl: return UInt128(machine.cpu.fpu.control)
        case .floatStatus: return UInt128(machine.cpu.fpu.status)
        }
    }

    func write(_ value: UInt128, to machine: BareMachine) {
        let dword = UInt32(truncatingIfNeeded: value)
        switch target {
        case .register(let register): machine[register] = dword
        case .base(let register): machine[segment: register].base = dword
        case .limit(let register): machine[segment: register].limit = dword
        case .access(let register): machine[segment: register].access = UInt8(truncatingIfNeeded: value)
        case .tableBase(let isIDT): if isIDT { machine.idtr.base = dword } else { machine.gdtr.base = dword }
        case .tableLimit(let isIDT): if isIDT { machine.idtr.limit = dword } else { machine.gdtr.limit = dword }
        case .stack(let number):
            fill(machine, register: number + machine.cpu.fpu.top, value)
        case .multimedia(let number): fill(machine, register: number, 0xFFFF << 64 | value)
        case .floatControl: machine.cpu.fpu.control = UInt16(truncatingIfNeeded: value)
        case .floatStatus: machine.cpu.fpu.status = UInt16(truncatingIfNeeded: value)
        }
    }

    /// Gives a register of the x87, by its own number, a value: it is not empty any more.
    private func fill(_ machine: BareMachine, register: Int, _ value: UInt128) {
        var fpu = machine.cpu.fpu
        fpu.stack[(register - fpu.top) & 7] = .init(
            signExponent: UInt16(truncatingIfNeeded: value >> 64), significand: UInt64(truncatingIfNeeded: value))
        fpu.tags &= ~(3 << UInt16((register & 7) * 2))
        machine.cpu.fpu = fpu
    }

    var digits: Int { (bits + 3) / 4 }
    /// The value as a text with all its digits.
    func text(_ value: UInt128) -> String { HexText.number(value, digits: digits) }
}
