import Testing

@testable import PCCore

/// The frequent case of x87 arithmetic, as hot handlers do it, against the general functions.
@Suite struct FastFloatTests {
    /// Where `StatePointer.floatRegister` looks for the registers.
    @Test func registersAreWhereHandlersLook() {
        #expect(MemoryLayout<CPUState>.offset(of: \.fpu) == 320)
        #expect(MemoryLayout<FPUState>.offset(of: \.registers) == 0)
        #expect(MemoryLayout<FPUState.Register>.stride == 16)
        #expect(MemoryLayout<FPUState.Register>.offset(of: \.word) == 8)
    }

    /// Significands with long runs of ones and zeros, where carries and ties are.
    private func significand(_ random: inout SplitMix) -> UInt64 {
        let bits = random.next()
        let ones: UInt64 = random.next() & 1 == 0 ? 0 : .max
        let keep = UInt64.max << (random.next() & 63)
        let value =
            switch random.next() & 3 {
            case 0: bits
            case 1: bits & keep | ones & ~keep
            case 2: bits & ~keep | ones & keep
            default: ones ^ (1 << (random.next() & 63))
            }
        return value | Extended.integerBit
    }

    private func register(_ value: Extended) -> FPUState.Register {
        var register = FPUState.Register()
        register.significand = value.significand
        register.word = UInt32(value.signExponent)
        return register
    }

    private func check<O: FloatOperation>(_: O.Type, _ a: Extended, _ b: Extended, control: UInt16) -> Bool {
        let mask = FloatEnvironment(control: control).precisionMask
        let fast = O.fast(register(a), register(b), mask)
        guard fast.isGood else { return false }
        var environment = FloatEnvironment(control: control)
        let full = O.full(&environment, a, b)
        #expect(Extended(UInt16(truncatingIfNeeded: fast.word), fast.significand) == full, "\(a) \(b)")
        #expect(fast.status == environment.status, "\(a) \(b)")
        return true
    }

    /// Exponents near each other, just within and just beyond the reach of a significand, and at the ends of the range.
    @Test(arguments: [0, 1, 2, 30, 62, 63, 64, 65, 66, 67, 70, 200, 16_380])
    func agreesWithTheGeneralFunctions(distance: Int) {
        var random = SplitMix(seed: UInt64(distance))
        var done = 0
        for _ in 0..<4000 {
            let control = [0x37F, 0x27F, 0x07F][Int(random.next() % 3)] as UInt16
            let low = Int(random.next() & 0x7FFF) % (0x7FFF - distance)
            let near = distance + Int(random.next() & 1)
            let (x, y) = (
                Extended(isNegative: random.next() & 1 != 0, exponent: low, significand: significand(&random)),
                Extended(isNegative: random.next() & 1 != 0, exponent: low + near, significand: significand(&random))
            )
            let (a, b) = random.next() & 1 == 0 ? (x, y) : (y, x)
            if check(FloatAdd.self, a, b, control: control) { done += 1 }
            if check(FloatSubtract.self, a, b, control: control) { done += 1 }
            if check(FloatSubtractReversed.self, a, b, control: control) { done += 1 }
            if check(FloatMultiply.self, a, b, control: control) { done += 1 }
        }
        // Sums of operands 64 or 65 places apart are left to the general functions; products are not.
        #expect(done > (distance == 64 ? 1500 : 4000))
    }

    @Test func leavesEverythingElseAlone() {
        let numbers = [
            Extended.zero(isNegative: true), .infinity(isNegative: false), .indefinite, Extended(0, 1),
            Extended(0, Extended.integerBit), Extended(0x4000, 1), Extended(0x7FFF, 1),
        ]
        for number in numbers {
            #expect(!FastFloat.sum(1 << 63, 0x3FFF, number.significand, UInt32(number.signExponent), below: 0).isGood)
            #expect(
                !FastFloat.product(number.significand, UInt32(number.signExponent), 1 << 63, 0x3FFF, below: 0).isGood)
        }
        let empty = FPUState.Register.empty
        #expect(!FastFloat.sum(1 << 63, 0x3FFF, 1 << 63, 0x3FFF | empty, below: 0).isGood)
        #expect(!FastFloat.product(1 << 63, 0x3FFF | empty, 1 << 63, 0x3FFF, below: 0).isGood)
        // Overflow, underflow, and a difference of nothing.
        #expect(!FastFloat.product(1 << 63, 0x7FFE, 1 << 63, 0x4000, below: 0).isGood)
        #expect(!FastFloat.product(1 << 63, 1, 1 << 63, 0x3FFE, below: 0).isGood)
        #expect(!FastFloat.sum(.max, 0x7FFE, .max, 0x7FFE, below: 0).isGood)
        #expect(!FastFloat.sum(1 << 63, 0x3FFF, 1 << 63, 0xBFFF, below: 0).isGood)
    }
}

/// Random numbers that are the same in every run.
struct SplitMix {
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
