import Testing

@testable import PCCore

/// What only the 8087 and the 80287 do [80286 PRM 80287 tables 1-9, 1-12, 1-17; SDM 3B 22.18].
@Suite struct FloatCoprocessorTests {
    private typealias Status = FloatEnvironment.Status

    private let projective = FloatEnvironment(control: 0x37F, generation: .i80287)
    private let affine = FloatEnvironment(control: 0x137F, generation: .i8087)
    private let infinity = Extended.infinity(isNegative: false)

    private func check(
        _ environment: FloatEnvironment, _ expected: Extended, _ status: UInt16 = 0,
        _ operation: (inout FloatEnvironment) -> Extended, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var environment = environment
        #expect(operation(&environment) == expected, sourceLocation: sourceLocation)
        #expect(environment.status == status, sourceLocation: sourceLocation)
    }

    @Test func infinityWithoutSign() {
        check(projective, .indefinite, Status.invalid) { $0.add(infinity, infinity) }
        check(affine, infinity) { $0.add(infinity, infinity) }
        check(projective, infinity) { $0.add(infinity, .one) }
        check(projective, .indefinite, Status.invalid) { $0.squareRoot(infinity) }
        check(affine, infinity) { $0.squareRoot(infinity) }
        var environment = projective
        #expect(environment.compare(infinity, .one, isQuiet: false) == .unordered)
        #expect(environment.status == Status.invalid | Status.c0 | Status.c2 | Status.c3)
        environment = projective
        #expect(environment.compare(infinity, infinity.negated, isQuiet: false) == .equal)
        environment = affine
        #expect(environment.compare(infinity, .one, isQuiet: false) == .greater)
        #expect(environment.status == 0)
        // The bit means nothing to later chips.
        check(FloatEnvironment(control: 0x37F), infinity) { $0.add(infinity, infinity) }
    }

    /// Of a significand of zero with any exponent nothing can be normalised: it counts as zero.
    @Test func pseudoZerosInTranscendentals() {
        for exponent: UInt16 in [1, 0x3FF0, 0x3FFF, 0x4000, 0x7FFE] {
            for sign: UInt16 in [0, 0x8000] {
                let pseudo = Extended(sign | exponent, 0)
                let zero = Extended(sign, 0)
                for other in [Extended.one, zero, pseudo, .infinity(isNegative: true)] {
                    let value = other == pseudo ? zero : other
                    agree({ $0.logarithm(other, of: pseudo) }, { $0.logarithm(value, of: zero) })
                    agree({ $0.logarithm(pseudo, of: other) }, { $0.logarithm(zero, of: value) })
                    agree({ $0.logarithmPlusOne(other, of: pseudo) }, { $0.logarithmPlusOne(value, of: zero) })
                    agree({ $0.logarithmPlusOne(pseudo, of: other) }, { $0.logarithmPlusOne(zero, of: value) })
                    agree({ $0.arctangent(other, pseudo) }, { $0.arctangent(value, zero) })
                }
                #expect(value(affine) { $0.exponentialMinusOne(pseudo) }.hasNoValue)
            }
        }
    }

    private func value(
        _ environment: FloatEnvironment, _ operation: (inout FloatEnvironment) -> Extended
    ) -> Extended {
        var environment = environment
        return operation(&environment)
    }

    private func agree(
        _ first: (inout FloatEnvironment) -> Extended, _ second: (inout FloatEnvironment) -> Extended
    ) {
        #expect(value(affine, first) == value(affine, second))
    }

    @Test func everyNaNIsInvalid() {
        let quiet = Extended(0x7FFF, 0xC000_0000_0000_0001)
        let other = Extended(0xFFFF, 0x8000_0000_0000_0001)
        check(projective, quiet, Status.invalid) { $0.add(quiet, .one) }
        check(projective, quiet, Status.invalid) { $0.multiply(other, quiet) }
        check(projective, other, Status.invalid) { $0.subtract(.one, other) }
    }

    @Test func unnormals() {
        let half = Extended(0x3FFF, 1 << 62)
        // The larger operand is normalised: so is the sum.
        check(projective, Extended(0x3FFF, 0xC000_0000_0000_0000)) { $0.add(.one, half) }
        check(projective, Extended(0x4000, 3 << 61)) { $0.add(Extended(0x4000, 1 << 62), half) }
        check(projective, half) { $0.multiply(.one, half) }
        check(projective, half) { $0.divide(half, .one) }
        check(projective, .indefinite, Status.invalid) { $0.divide(.one, half) }
        check(projective, .indefinite, Status.invalid) { $0.squareRoot(half) }
        check(projective, .zero(isNegative: false)) { $0.roundToInteger(Extended(0x3FFF, 0)) }
        var environment = projective
        #expect(environment.compare(half, Extended(0x3FFE, Extended.integerBit), isQuiet: false) == .equal)
        #expect(environment.storeInteger(half, bits: 16) == -0x8000)
        #expect(environment.status & Status.invalid != 0)
        environment.status = 0
        #expect(environment.load(single: 1) == Extended(0x3F81, 1 << 40))
        #expect(environment.status == Status.denormal)
        // Later chips refuse them.
        check(FloatEnvironment(control: 0x37F), .indefinite, Status.invalid) { $0.add(.one, half) }
    }

    @Test func overflowAndUnderflow() {
        let large = Extended(0x7FFE, UInt64.max)
        let cuts = FloatEnvironment(.zero, generation: .i80287)
        check(cuts, infinity, Status.overflow | Status.precision) { $0.add(large, large) }
        let down = FloatEnvironment(.down, generation: .i80287)
        check(down, large, Status.precision) { $0.add(large, large) }
        let small = Extended(1, Extended.integerBit)
        check(cuts, Extended(0, 1 << 62), Status.underflow) { $0.multiply(small, Extended(0x3FFE, 1 << 63)) }
    }

    @Test func extractOfZeroAndInfinity() {
        var environment = projective
        let zero = environment.extract(.zero(isNegative: true))
        #expect(zero.exponent == .zero(isNegative: false))
        #expect(zero.significand == .zero(isNegative: true))
        #expect(environment.status == 0)
        #expect(environment.extract(infinity).exponent == .indefinite)
        #expect(environment.status == Status.invalid)
    }

    /// Nothing that a program can put into a register traps.
    @Test(arguments: [FloatEnvironment.Generation.i8087, .i80287, .i80387, .integrated])
    func anyOperandsAndControl(generation: FloatEnvironment.Generation) {
        var operands = FloatOperands(seed: 5)
        for _ in 0..<40_000 {
            let (a, b) = (operands.any(), operands.any())
            var environment = FloatEnvironment(
                control: UInt16(truncatingIfNeeded: operands.next()), generation: generation)
            _ = environment.add(a, b)
            _ = environment.subtract(a, b)
            _ = environment.multiply(a, b)
            _ = environment.divide(a, b)
            _ = environment.squareRoot(a)
            _ = environment.roundToInteger(a)
            _ = environment.scale(a, by: b)
            _ = environment.extract(a)
            _ = environment.remainder(a, b, toNearest: true)
            _ = environment.remainder(a, b, toNearest: false)
            _ = environment.compare(a, b, isQuiet: false)
            _ = environment.examine(a)
            _ = environment.storeSingle(a)
            _ = environment.storeDouble(a)
            _ = environment.storeBCD(a)
            for bits in [16, 32, 64] { _ = environment.storeInteger(a, bits: bits) }
            _ = environment.load(single: UInt32(truncatingIfNeeded: a.significand))
            _ = environment.load(double: a.significand)
            _ = Extended(bcdLow: a.significand, high: b.signExponent)
        }
    }
}
