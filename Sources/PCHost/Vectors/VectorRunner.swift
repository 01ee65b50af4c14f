import PCCore

/// Runs test vectors on a bare CPU and compares what comes out.
public final class VectorRunner {
    private static let names16: [Register] = [
        .eax, .ebx, .ecx, .edx, .cs, .ss, .ds, .es, .esp, .ebp, .esi, .edi, .eip, .eflags,
    ]
    private static let names32: [Register] = [.eax, .ecx, .edx, .ebx, .esp, .ebp, .esi, .edi, .eip, .eflags]
    private static let namesReal: [Register] = names32 + [.es, .cs, .ss, .ds, .fs, .gs]

    public let model: CPUModel
    private let machine: BareMachine
    private let processor: VectorFile.Processor
    private let usesTraces: Bool

    /// - Parameter usesTraces: run by the hot handlers where there is one, or everything in its plain form.
    public init(_ processor: VectorFile.Processor, model: CPUModel, usesTraces: Bool) {
        self.processor = processor
        self.usesTraces = usesTraces
        self.model = model
        // The recorded 8086 and 80286 had no coprocessor.
        machine = BareMachine(
            model: model, memory: processor == .i8086 ? 0x10_0000 : 0x100_0000 + 0x10_0000,
            coprocessor: processor.model >= .i80386)
        machine.usesTraces = usesTraces
        machine.catchesExceptions = catchesExceptions
    }

    /// What differs, nil where the vector passes.
    public func run(_ vector: Vector, endsWithHalt: Bool) -> String? {
        set(vector)
        _ = machine.takeCaught()
        if endsWithHalt {
            var steps = 0
            while !machine.cpu.isHalted && steps < 1000 {
                machine.step()
                steps += 1
            }
        } else if let count = vector.count {
            run(UInt64(count))
        } else {
            machine.step()
        }
        let difference = compare(vector)
        cleanUp(vector)
        return difference
    }

    /// A sequence: in whole traces, or one by one in its plain form.
    private func run(_ count: UInt64) {
        machine.use(usesTraces ? .traces : .plain)
        machine.run(for: count)
        machine.use(usesTraces ? .handlers : .plain)
    }

    private var names: [Register] {
        switch processor {
        case .ia32: Self.names32
        case .ia32Real: Self.namesReal
        default: Self.names16
        }
    }

    private var catchesExceptions: Bool { processor == .ia32 || processor == .ia32Real }

    private func set(_ vector: Vector) {
        machine.cpu.reset()
        if processor == .ia32 { machine.cpu.enterFlatProtectedMode(cpl: 3) }
        if vector.exception?.vector == 17 { machine.allowAlignmentChecks() }
        for (number, value) in vector.initial {
            let register = names[number]
            machine.cpu[register] = register == .eflags && processor == .i80286 ? value & 0x0FFF : value
        }
        for run in vector.initialMemory { write(run.bytes, at: run.address) }
        if let block = vector.fpu {
            machine.cpu.reportsFloatErrors = true
            machine.cpu.fpu = block.initial
        }
    }

    private func write(_ bytes: ArraySlice<UInt8>, at address: UInt32) {
        for (i, byte) in bytes.enumerated() { machine.poke(address &+ UInt32(i), byte) }
    }

    private func compare(_ vector: Vector) -> String? {
        if catchesExceptions {
            let caught = machine.takeCaught()
            if caught != vector.exception?.vector {
                return "raised \(caught.map(String.init) ?? "nothing"), expected "
                    + (vector.exception.map { String($0.vector) } ?? "nothing")
            }
        }
        for number in names.indices {
            guard var expected = vector.final[number] ?? vector.initial[number] else { continue }
            let register = names[number]
            var actual = machine.cpu[register]
            if !catchesExceptions { actual &= 0xFFFF }
            if register == .eflags {
                expected &= vector.flagsMask
                actual &= vector.flagsMask
            }
            if actual != expected { return "\(register.rawValue) is \(hex(actual)), expected \(hex(expected))" }
        }
        return vector.fpu?.difference(machine.cpu.fpu) ?? compareMemory(vector)
    }

    private func compareMemory(_ vector: Vector) -> String? {
        var expected: [UInt32: UInt8] = [:]
        if !vector.memoryIsPartial {
            for run in vector.initialMemory {
                for (i, byte) in run.bytes.enumerated() { expected[run.address &+ UInt32(i)] = byte }
            }
        }
        for run in vector.finalMemory {
            for (i, byte) in run.bytes.enumerated() { expected[run.address &+ UInt32(i)] = byte }
        }
        // The flags that an exception pushed are compared like the flags. The 286's records name the even address of
        // the word that was on the bus.
        let isOdd = (vector.final[8] ?? vector.initial[8] ?? 0) & 1
        let flagsAt = catchesExceptions ? nil : vector.exception.map { $0.argument | isOdd }
        for (address, byte) in expected.sorted(by: { $0.key < $1.key }) {
            var mask: UInt8 = 0xFF
            if let flagsAt, address == flagsAt { mask = UInt8(truncatingIfNeeded: vector.flagsMask) }
            if let flagsAt, address == flagsAt &+ 1 { mask = UInt8(truncatingIfNeeded: vector.flagsMask >> 8) }
            let actual = machine.peek(address)
            if (actual ^ byte) & mask != 0 {
                return "memory \(hex(address)) is \(hex(UInt32(actual))), expected \(hex(UInt32(byte)))"
            }
        }
        return nil
    }

    /// Memory is zero again for the next vector.
    private func cleanUp(_ vector: Vector) {
        for run in vector.initialMemory + vector.finalMemory {
            for i in 0..<run.bytes.count { machine.poke(run.address &+ UInt32(i), 0) }
        }
    }

    private func hex(_ value: UInt32) -> String { String(value, radix: 16, uppercase: true) + "h" }
}
