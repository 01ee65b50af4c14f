@testable import PCCore

/// A CPU with an x87 over RAM, which runs single instructions: code at 1000h, data from 2000h on.
final class FloatMachine {
    let machine: BareMachine
    var cpu: CPU { machine.cpu }
    private(set) var errors: [Bool] = []

    /// Where the data segment begins in real mode; in protected mode segments are flat.
    static let data: UInt32 = 0x2000
    private static let code: UInt32 = 0x1000

    enum Mode {
        case real, protected
    }

    private let mode: Mode

    init(_ model: CPUModel = .pentiumII, _ mode: Mode = .real, coprocessor: Bool = true) {
        self.mode = mode
        machine = BareMachine(model: model, memory: 1 << 20, coprocessor: coprocessor)
        machine.catchesExceptions = true
        machine.usesTraces = false
        machine.bus.floatErrorChanged = { [unowned self] in errors.append($0) }
        if mode == .protected {
            cpu.enterFlatProtectedMode()
        } else {
            cpu[.cs] = Self.code >> 4
            cpu[.ds] = Self.data >> 4
        }
        cpu.fpu = FloatRegisters()
    }

    /// Runs one instruction and gives the vector that it raised.
    @discardableResult
    func run(_ bytes: UInt8...) -> UInt8? {
        for (i, byte) in bytes.enumerated() { machine.poke(Self.code + UInt32(i), byte) }
        cpu[.eip] = mode == .real ? 0 : Self.code
        cpu.s.pointee.halted = false
        machine.step()
        return machine.takeCaught()
    }

    /// EIP before the instruction that ran last.
    var start: UInt32 { mode == .real ? 0 : Self.code }
    var isWaiting: Bool { cpu.isHalted && cpu[.eip] == start }

    // MARK: Registers

    var status: UInt16 { cpu.fpu.status }
    var tags: UInt16 { cpu.fpu.tags }
    func st(_ number: Int) -> FloatRegisters.Value { cpu.fpu.stack[number] }

    func set(_ change: (inout FloatRegisters) -> Void) {
        var registers = cpu.fpu
        change(&registers)
        cpu.fpu = registers
    }

    /// Makes the stack hold these, the first as ST(0).
    func load(_ values: FloatRegisters.Value...) {
        set {
            $0.status = UInt16((8 - values.count) & 7) << 11
            $0.tags = 0xFFFF
            for (number, value) in values.enumerated() {
                $0.stack[number] = value
                $0.tags &= ~(3 << (UInt16((number + 8 - values.count) & 7) * 2))
            }
        }
    }

    func setCR0(_ bits: UInt32, _ value: Bool) {
        let cr0 = cpu.s.pointee.cr0
        cpu.core.setCR0(value ? cr0 | bits : cr0 & ~bits)
    }

    // MARK: Memory, by offset in the data segment of real mode

    func put8(_ at: UInt32, _ value: UInt8) { machine.poke(Self.data + at, value) }
    func put16(_ at: UInt32, _ value: UInt16) {
        put8(at, UInt8(truncatingIfNeeded: value))
        put8(at + 1, UInt8(value >> 8))
    }
    func put32(_ at: UInt32, _ value: UInt32) {
        put16(at, UInt16(truncatingIfNeeded: value))
        put16(at + 2, UInt16(value >> 16))
    }
    func get8(_ at: UInt32) -> UInt8 { machine.peek(Self.data + at) }
    func get16(_ at: UInt32) -> UInt16 { UInt16(get8(at)) | UInt16(get8(at + 1)) << 8 }
    func get32(_ at: UInt32) -> UInt32 { UInt32(get16(at)) | UInt32(get16(at + 2)) << 16 }
    func get64(_ at: UInt32) -> UInt64 { UInt64(get32(at)) | UInt64(get32(at + 4)) << 32 }
}

extension FloatRegisters.Value {
    static let zero = FloatRegisters.Value(signExponent: 0, significand: 0)
    static let one = FloatRegisters.Value(signExponent: 0x3FFF, significand: 1 << 63)
    static let two = FloatRegisters.Value(signExponent: 0x4000, significand: 1 << 63)
    static let three = FloatRegisters.Value(signExponent: 0x4000, significand: 3 << 62)
    static let indefinite = FloatRegisters.Value(signExponent: 0xFFFF, significand: 3 << 62)
}
