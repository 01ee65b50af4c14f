import Testing

@testable import PCCore

/// A CPU of one model in real mode at 0:100h, with a stack at 0:1000h. Vector n leads to 0:2000h + 4n, so that IP tells
/// what was raised.
final class RealModeBench {
    let machine: BareMachine
    let interrupts = Requests()
    var cpu: CPU { machine.cpu }
    var s: StatePointer { machine.cpu.s }

    /// What asks for interrupts: one request at a time.
    final class Requests: InterruptController {
        var vector: UInt8? {
            didSet { bus?.interruptRequested = vector != nil }
        }
        weak var bus: Bus?
        func acknowledge() -> UInt8 {
            defer { vector = nil }
            return vector ?? 0
        }
    }

    init(_ model: CPUModel, traces: Bool = true, _ code: [UInt8] = []) {
        machine = BareMachine(model: model, memory: 0x12_0000)
        machine.bus.interruptController = interrupts
        interrupts.bus = machine.bus
        machine.usesTraces = traces
        for vector: UInt32 in 0..<256 { put16(vector * 4, 0x2000 + UInt16(vector) * 4, 0) }
        start(code)
    }

    /// Starts again before `code`.
    func start(_ code: [UInt8], at offset: UInt32 = 0x100) {
        cpu.reset()
        for register in [Register.cs, .ss, .ds, .es] { cpu[register] = 0 }
        cpu[.esp] = 0x1000
        cpu[.eip] = offset
        cpu[.eflags] = 0x0002
        for (i, byte) in code.enumerated() { machine.poke(offset + UInt32(i), byte) }
    }

    subscript(register: Register) -> UInt32 {
        get { cpu[register] }
        set { cpu[register] = newValue }
    }

    /// A 16-bit register.
    func word(_ register: Register) -> UInt32 { cpu[register] & 0xFFFF }

    func put16(_ address: UInt32, _ values: UInt16...) {
        for (i, value) in values.enumerated() {
            machine.poke(address + 2 * UInt32(i), UInt8(truncatingIfNeeded: value))
            machine.poke(address + 2 * UInt32(i) + 1, UInt8(value >> 8))
        }
    }
    func get8(_ address: UInt32) -> UInt32 { UInt32(machine.peek(address)) }
    func get16(_ address: UInt32) -> UInt32 { get8(address) | get8(address + 1) << 8 }

    func step(_ count: Int = 1) { for _ in 0..<count { machine.step() } }

    /// The vector whose handler is about to run.
    var vector: UInt32? {
        let ip = cpu[.eip]
        return cpu[.cs] == 0 && ip >= 0x2000 && ip < 0x2400 ? (ip - 0x2000) / 4 : nil
    }
    /// What the interrupt pushed.
    var pushedIP: UInt32 { get16(cpu[.esp] & 0xFFFF) }
    var pushedCS: UInt32 { get16(cpu[.esp] & 0xFFFF + 2) }
    var pushedFlags: UInt32 { get16(cpu[.esp] & 0xFFFF + 4) }

    /// Every model with both ways to run.
    static let all: [(CPUModel, Bool)] = CPUModel.allCases.flatMap { [($0, true), ($0, false)] }
}

extension CPUModel {
    /// Models by the names that tables use: "186" for one, "186-" from it on, "8086-186" for a range, "none".
    static func named(_ text: Substring) -> [CPUModel] {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = CPUModel(rawValue: String(ends[0])) else { return [] }
        guard ends.count > 1 else { return [first] }
        let last = CPUModel(rawValue: String(ends[1])) ?? .pentiumII
        return allCases.filter { $0 >= first && $0 <= last }
    }
}
