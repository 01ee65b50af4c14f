import PCCore

/// Instructions of every opcode and ModRM byte under many prefixes, with random bytes behind; then random bytes alone.
struct GeneratedCode: Sequence, IteratorProtocol {
    /// A CPU, the size of its code segment, prefixes.
    private static let settings: [(CPUModel, Int, [[UInt8]])] = [
        (
            .pentiumII, 16,
            [[], [0x66], [0x67], [0x66, 0x67], [0x2E], [0xF0], [0xF2], [0xF3], [0x66, 0xF3], [0xF0, 0xF3], [0x64]]
        ),
        (
            .pentiumII, 32,
            [[], [0x66], [0x67], [0x66, 0x67], [0x36], [0xF0], [0xF2], [0xF3], [0x66, 0xF3], [0xF2, 0x67], [0x65]]
        ),
        (.i8086, 16, [[], [0x26], [0xF0], [0xF3]]),
        (.i80286, 16, [[], [0x3E], [0xF2], Array(repeating: 0x2E, count: 7)]),
    ]

    private let isFull: Bool
    private var random = SplitMix(seed: 86)
    private var setting = 0
    private var prefix = 0
    /// Opcode and ModRM byte.
    private var number = 0
    private var randomLeft: Int

    init(isFull: Bool) {
        self.isFull = isFull
        randomLeft = isFull ? 1_000_000 : 20_000
    }

    mutating func next() -> MachineCode? {
        while setting < Self.settings.count {
            let (model, bits, prefixes) = Self.settings[setting]
            let opcode = number >> 8
            let step = isFull ? 1 : model < .i80386 ? 7 : 61
            if opcode < 0x200 {
                let modRM = UInt8(number & 0xFF)
                number += step
                guard Self.isComparable(opcode, on: model) else { continue }
                let head: [UInt8] = opcode >= 0x100 ? [0x0F, UInt8(opcode & 0xFF)] : [UInt8(opcode)]
                let bytes = prefixes[prefix] + head + [modRM] + tail()
                return MachineCode(bits: bits, model: model, bytes: Array(bytes.prefix(15)), address: address())
            }
            number = Int(random.next() % UInt64(step))
            prefix += 1
            if prefix == prefixes.count {
                prefix = 0
                setting += 1
            }
        }
        guard randomLeft > 0 else { return nil }
        randomLeft -= 1
        let bytes = (0...Int(random.next() % 15)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        return MachineCode(
            bits: random.next() & 1 == 0 ? 16 : 32, model: .pentiumII, bytes: bytes, address: address())
    }

    /// Prefixes are added apart, and Capstone knows nothing of CPUs without 64h-67h and two-byte opcodes.
    private static func isComparable(_ opcode: Int, on model: CPUModel) -> Bool {
        switch opcode {
        case 0x0F, 0x26, 0x2E, 0x36, 0x3E, 0x64...0x67, 0xF0, 0xF2, 0xF3: false
        case 0x63: model != .i80186
        case 0xF1, 0x100...: model >= .i80386
        default: true
        }
    }

    /// SIB byte, displacement and immediate, with the values that are written in their own way.
    private mutating func tail() -> [UInt8] {
        let bytes = (0..<12).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let ends: [[UInt8]] = [[0, 0, 0, 0], [0xF0, 0xFF, 0xFF, 0xFF], [9, 0, 0, 0], Array(bytes[1..<5])]
        return [bytes[0]] + ends[Int(bytes[11] & 3)] + bytes[5..<11]
    }

    /// The second is near enough to FFFFh for jumps to go round.
    private mutating func address() -> UInt32 { random.next() & 1 == 0 ? 0x1000 : 0xFFF0 }
}

/// Numbers that look random and are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
