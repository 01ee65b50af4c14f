@testable import PCCore

/// Operands of every class, the same in every run.
struct FloatOperands: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state ^ state >> 29) &* 0xBF58_476D_1CE4_E5B9 ^ state >> 32
    }

    mutating func below(_ limit: Int) -> Int { Int(next() >> 33) % limit }

    /// Bits that are mostly ones, mostly zeros, or neither.
    mutating func significand() -> UInt64 {
        switch below(8) {
        case 0: 0
        case 1: .max
        case 2: UInt64.max << UInt64(below(64))
        case 3: 1 << UInt64(below(64))
        case 4: next() & UInt64.max << 11 | [0, 0x3FF, 0x400, 0x401, 0x7FF].randomElement(using: &self)!
        case 5: next() & UInt64.max << 40 | [0, 0x7F_FFFF_FFFF, 0x80_0000_0000, 1].randomElement(using: &self)!
        default: next()
        }
    }

    /// A normal number whose exponent is within `spread` of 0.
    mutating func normal(spread: Int = 70) -> Extended {
        Extended(
            isNegative: below(2) == 0, exponent: Extended.bias + below(2 * spread + 1) - spread,
            significand: significand() | Extended.integerBit)
    }

    /// Anything that a register can hold; where `isSupported`, what the 387 takes as an operand.
    mutating func any(isSupported: Bool = false) -> Extended {
        let isNegative = below(2) == 0
        let exponent =
            switch below(10) {
            case 0: 0
            case 1: 0x7FFF
            case 2: 0x7FFE - below(3)
            case 3: 1 + below(66)
            case 4: below(0x8000)
            default: Extended.bias + below(140) - 70
            }
        let number = Extended(isNegative: isNegative, exponent: exponent, significand: significand())
        guard exponent != 0, isSupported || below(8) != 0 else { return number }
        return Extended(number.signExponent, number.significand | Extended.integerBit)
    }
}

extension FloatEnvironment {
    /// All exceptions masked.
    init(_ rounding: Rounding, precision: UInt16 = 3, generation: Generation = .integrated) {
        self.init(control: 0x7F | precision << 8 | rounding.rawValue << 10, generation: generation)
    }
}
