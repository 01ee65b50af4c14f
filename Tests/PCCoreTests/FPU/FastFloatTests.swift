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

    /// FIST as the hot handlers do it, around every power of two and below one, where halves are.
    @Test(arguments: [0, 0x400, 0x800, 0xC00] as [UInt16])
    func integersAgreeWithTheGeneralFunctions(rounding: UInt16) {
        checkIntegers(Int16.self, rounding)
        checkIntegers(Int32.self, rounding)
        checkIntegers(Int64.self, rounding)
    }

    private func checkIntegers<T: FixedWidthInteger & SignedInteger>(_: T.Type, _ rounding: UInt16) {
        var random = SplitMix(seed: UInt64(rounding) &+ UInt64(T.bitWidth))
        let edges: [UInt64] = [1 << 63, 1 << 63 | 1, 3 << 62, 3 << 62 | 1, .max]
        var done = 0
        for exponent in -70...T.bitWidth {
            for significand in edges + (0..<20).map({ _ in significand(&random) }) {
                for isNegative in [false, true] {
                    let value = Extended(
                        isNegative: isNegative, exponent: exponent + Extended.bias, significand: significand)
                    var stored: T = 0
                    let fast = withUnsafeMutableBytes(of: &stored) {
                        Integral<T>.store(register(value), $0.baseAddress!, rounding: rounding)
                    }
                    guard fast.isGood else { continue }
                    var environment = FloatEnvironment(control: 0x37F | rounding)
                    let full = T(truncatingIfNeeded: environment.storeInteger(value, bits: T.bitWidth))
                    #expect(stored == full && fast.status == environment.status, "\(value) \(rounding)")
                    done += 1
                }
            }
        }
        // Only the two greatest exponents are left to the general functions.
        #expect(done == (71 + T.bitWidth - 2) * 50 - 50)
    }

    /// FST and FLD of singles and doubles, at both ends of the range and between.
    @Test func memoryFormatsAgreeWithTheGeneralFunctions() {
        checkFormat(
            Single.self, store: { UInt64($0.storeSingle($1)) },
            load: { $0.load(single: UInt32(truncatingIfNeeded: $1)) })
        checkFormat(Double64.self, store: { $0.storeDouble($1) }, load: { $0.load(double: $1) })
    }

    private func checkFormat<F: BinaryFormat>(
        _: F.Type, store: (inout FloatEnvironment, Extended) -> UInt64,
        load: (inout FloatEnvironment, UInt64) -> Extended
    ) {
        var random = SplitMix(seed: F.exponentMask)
        let bias = Int(F.bias)
        var done = 0
        for exponent in Array(-bias - 2..<(-bias + 3)) + Array(-3..<3) + Array(bias - 2..<(bias + 3)) {
            for _ in 0..<200 {
                let value = Extended(
                    isNegative: random.next() & 1 != 0, exponent: exponent + Extended.bias,
                    significand: significand(&random))
                var memory: F.Bits = 0
                let fast = withUnsafeMutableBytes(of: &memory) {
                    F.store(register(value), $0.baseAddress!, rounding: 0)
                }
                guard fast.isGood else { continue }
                done += 1
                var environment = FloatEnvironment(control: 0x37F)
                #expect(UInt64(memory) == store(&environment, value) && fast.status == environment.status, "\(value)")
                let loaded = withUnsafeMutableBytes(of: &memory) { F.load($0.baseAddress!) }
                #expect(loaded.value == load(&environment, UInt64(memory)) && loaded.isEmpty == 0, "\(value)")
            }
        }
        #expect(done > 200 * 10)
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
