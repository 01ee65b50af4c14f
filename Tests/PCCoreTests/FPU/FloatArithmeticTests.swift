import Testing

@testable import PCCore

/// Arithmetic of the x87 by its own rules: what must hold whatever the operands are.
@Suite struct FloatArithmeticTests {
    private typealias Status = FloatEnvironment.Status
    private typealias Operation = @Sendable (inout FloatEnvironment, Extended, Extended) -> Extended

    private static let arithmetic: [Operation] = [
        { $0.add($1, $2) }, { $0.subtract($1, $2) }, { $0.multiply($1, $2) }, { $0.divide($1, $2) },
        { environment, a, _ in environment.squareRoot(a.magnitude) },
    ]

    /// Down is up unless the result is exact, and to nearest is one of them; C1 tells whether it was the larger one.
    @Test(arguments: [0, 2, 3] as [UInt16]) func directionsEnclose(precision: UInt16) {
        var operands = FloatOperands(seed: 1)
        for _ in 0..<20_000 {
            let (a, b) = (operands.normal(), operands.normal())
            for operation in Self.arithmetic {
                var down = FloatEnvironment(.down, precision: precision)
                var up = FloatEnvironment(.up, precision: precision)
                var nearest = FloatEnvironment(.nearest, precision: precision)
                var zero = FloatEnvironment(.zero, precision: precision)
                let (low, high) = (operation(&down, a, b), operation(&up, a, b))
                let (near, cut) = (operation(&nearest, a, b), operation(&zero, a, b))
                if near.isZero && low.isZero { continue }
                let isExact = nearest.status == 0
                #expect((low == high) == isExact)
                #expect(near == low || near == high)
                #expect(cut == (near.isNegative ? high : low))
                #expect(nearest.status & Status.c1 == (near == cut ? 0 : Status.c1))
                #expect(zero.status == (isExact ? 0 : Status.precision))
                #expect(near.significand & nearest.precisionMask == 0)
            }
        }
    }

    /// x = q * y + r in small numbers, where all three are exact.
    @Test func remaindersOfIntegers() {
        var operands = FloatOperands(seed: 2)
        for _ in 0..<20_000 {
            let x = Int64(operands.next() >> UInt64(1 + operands.below(62)))
            let y = Int64(operands.next() >> UInt64(1 + operands.below(62))) | 1
            var environment = FloatEnvironment(.nearest)
            let rest = environment.remainder(Extended(integer: x), Extended(integer: y), toNearest: false)
            #expect(rest == Extended(integer: x % y))
            let quotient = x / y
            let expected =
                (quotient & 4 == 0 ? 0 : Status.c0) | (quotient & 2 == 0 ? 0 : Status.c3)
                | (quotient & 1 == 0 ? 0 : Status.c1)
            #expect(environment.status == expected)
        }
    }

    /// A partial remainder is one of the same numbers: the steps end where one step would.
    @Test func partialRemaindersEnd() {
        var environment = FloatEnvironment(.nearest)
        // 2^1000 mod 7: 1000 = 3 * 333 + 1.
        var a = Extended(isNegative: false, exponent: Extended.bias + 1000, significand: Extended.integerBit)
        var steps = 0
        repeat {
            environment.status = 0
            a = environment.remainder(a, Extended(integer: 7), toNearest: false)
            steps += 1
        } while environment.status & Status.c2 != 0 && steps < 100
        #expect(a == Extended(integer: 2))
        #expect(steps > 15)
        // Without a quotient C0 and C3 stay.
        environment.status = Status.conditions
        #expect(environment.remainder(.one, .zero(isNegative: false), toNearest: true) == .indefinite)
        #expect(environment.status == Status.c0 | Status.c3 | Status.invalid)
    }

    @Test func integersAndDecimalsReturn() {
        var operands = FloatOperands(seed: 3)
        for _ in 0..<20_000 {
            let value = Int64(bitPattern: operands.next()) >> Int64(operands.below(64))
            var environment = FloatEnvironment(.nearest)
            #expect(environment.storeInteger(Extended(integer: value), bits: 64) == value)
            let decimal = value % 1_000_000_000_000_000_000
            let digits = environment.storeBCD(Extended(integer: decimal))
            #expect(Extended(bcdLow: digits.low, high: digits.high) == Extended(integer: decimal))
            #expect(environment.status == 0)
        }
        #expect(Extended(bcdLow: 0x1234_5678_9012_3456, high: 0x8078) == Extended(integer: -781_234_567_890_123_456))
    }

    @Test(arguments: [16, 32, 64]) func integersThatDoNotFit(bits: Int) {
        let least = Int64.min >> Int64(64 - bits)
        var environment = FloatEnvironment(.nearest)
        #expect(environment.storeInteger(Extended(integer: least), bits: bits) == least)
        #expect(environment.status == 0)
        let limit = Extended(magnitude: 1 << UInt64(bits - 1), isNegative: false)
        for number in [limit, .indefinite, .infinity(isNegative: false), Extended(0x3FFF, 1)] {
            environment.status = 0
            #expect(environment.storeInteger(number, bits: bits) == least)
            #expect(environment.status == Status.invalid)
        }
    }

    /// Wrapped exponents come back to where the number belongs.
    @Test func unmaskedOverflowAndUnderflowWrap() {
        let large = Extended(0x7FFE, 0xC000_0000_0000_0000)
        var environment = FloatEnvironment(control: 0x37F & ~Status.overflow)
        #expect(environment.multiply(large, large) == Extended(0x5FFE, 0x9000_0000_0000_0000))
        #expect(environment.unmasked == Status.overflow)
        let small = Extended(1, Extended.integerBit)
        environment = FloatEnvironment(control: 0x37F & ~Status.underflow)
        #expect(environment.multiply(small, small) == Extended(0x2003, Extended.integerBit))
        #expect(environment.unmasked == Status.underflow)
    }

    /// What is tiny is told after rounding, as if exponents had no bounds [SDM 1 4.9.1.5].
    @Test func tininessAfterRounding() {
        var environment = FloatEnvironment(.nearest)
        let justBelow = environment.rounded(
            isNegative: false, exponent: 1 - Extended.bias - 1, significand: .max, precisionBits: 64)
        #expect(justBelow == Extended(1, Extended.integerBit))
        #expect(environment.status == Status.precision | Status.c1)
        environment.status = 0
        let below = environment.rounded(
            isNegative: false, exponent: 1 - Extended.bias - 1, significand: .max << 64 | 1, precisionBits: 64)
        #expect(below == Extended(1, Extended.integerBit))
        #expect(environment.status == Status.precision | Status.c1 | Status.underflow)
    }

    /// [SDM 1 table 4-7], verified on the hardware.
    @Test func ofTwoNaNs() {
        let quiet = Extended(0x7FFF, 0xC000_0000_0000_0001)
        let larger = Extended(0xFFFF, 0xC000_0000_0000_0002)
        let signaling = Extended(0x7FFF, 0xA000_0000_0000_0000)
        let unsupported = Extended(0x3FFF, 1)
        let cases: [(Extended, Extended, Extended, UInt16)] = [
            (quiet, larger, larger, 0),
            (quiet, .one, quiet, 0),
            (quiet, quiet.negated, quiet, 0),
            (quiet, signaling, quiet, Status.invalid),
            (signaling, .one, signaling.quieted, Status.invalid),
            (signaling, Extended(0xFFFF, 0x8000_0000_0000_0001), signaling.quieted, Status.invalid),
            (quiet, unsupported, .indefinite, Status.invalid),
            // A NaN comes before a denormal.
            (quiet, Extended(0, 1), quiet, 0),
        ]
        for (a, b, expected, status) in cases {
            for operation in Self.arithmetic.prefix(4) {
                for (x, y) in [(a, b), (b, a)] {
                    var environment = FloatEnvironment(.nearest)
                    #expect(operation(&environment, x, y) == expected)
                    #expect(environment.status == status)
                }
            }
        }
    }

    /// An exception that blocks comes alone.
    @Test func unmaskedDenormalStops() {
        var environment = FloatEnvironment(control: 0x37F & ~Status.denormal)
        _ = environment.add(Extended(0, 1), .one)
        #expect(environment.status == Status.denormal)
        #expect(environment.isBlocked)
    }

    /// [SDM 1 8.3.8]
    @Test func constantsFollowTheRounding() {
        let nearest: [UInt64] = [
            0x8000_0000_0000_0000, 0xD49A_784B_CD1B_8AFE, 0xB8AA_3B29_5C17_F0BC, 0xC90F_DAA2_2168_C235,
            0x9A20_9A84_FBCF_F799, 0xB172_17F7_D1CF_79AC, 0,
        ]
        for (number, significand) in nearest.enumerated() {
            #expect(FloatEnvironment(.nearest).constant(number).significand == significand)
            let low = significand - ((2...5).contains(number) ? 1 : 0)
            #expect(FloatEnvironment(.down).constant(number).significand == low)
            #expect(FloatEnvironment(.zero).constant(number).significand == low)
            #expect(FloatEnvironment(.up).constant(number).significand == low + ((1...5).contains(number) ? 1 : 0))
            #expect(FloatEnvironment(.up, generation: .i80287).constant(number).significand == significand)
        }
    }

    /// Each loads as the number that it is and stores as the same bits.
    @Test func formatsReturn() {
        var operands = FloatOperands(seed: 4)
        for _ in 0..<20_000 {
            let bits = operands.next()
            var environment = FloatEnvironment(.nearest)
            let double = Double(bitPattern: bits)
            let quiet = double.isNaN ? bits | 1 << 51 : bits
            let number = environment.load(double: bits)
            #expect(
                environment.status == (double.isSubnormal ? Status.denormal : 0)
                    | (double.isSignalingNaN ? Status.invalid : 0))
            environment.status = 0
            #expect(environment.storeDouble(number) == quiet)
            #expect(environment.status == 0)
            let single = Float(bitPattern: UInt32(truncatingIfNeeded: bits))
            let short = environment.load(single: single.bitPattern)
            environment.status = 0
            #expect(environment.storeSingle(short) == single.bitPattern | (single.isNaN ? 1 << 22 : 0))
        }
    }
}
