import Testing

@testable import PCCore

/// The transcendental instructions of the x87: results, their order, special cases and exceptions.
@Suite struct TranscendentalTests {
    private typealias Status = FloatEnvironment.Status

    /// A function of the registers ST(0) and ST(1).
    private enum Function: String, CaseIterable {
        case f2xm1, fyl2x, fyl2xp1, fpatan, fsin, fcos, fptan

        func callAsFunction(_ e: inout FloatEnvironment, _ x: Extended, _ y: Extended) -> Extended {
            switch self {
            case .f2xm1: e.exponentialMinusOne(x)
            case .fyl2x: e.logarithm(y, of: x)
            case .fyl2xp1: e.logarithmPlusOne(y, of: x)
            case .fpatan: e.arctangent(y, x)
            case .fsin: e.sine(x)
            case .fcos: e.cosine(x)
            case .fptan: e.tangent(x)
            }
        }

        var hasTwoOperands: Bool { self == .fyl2x || self == .fyl2xp1 || self == .fpatan }

        var table: String {
            switch self {
            case .f2xm1: TranscendentalTable.exponentialMinusOne
            case .fyl2x: TranscendentalTable.logarithm
            case .fyl2xp1: TranscendentalTable.logarithmPlusOne
            case .fpatan: TranscendentalTable.arctangent
            case .fsin: TranscendentalTable.sine
            case .fcos: TranscendentalTable.cosine
            case .fptan: TranscendentalTable.tangent
            }
        }
    }

    private func result(
        _ function: Function, _ x: Extended, _ y: Extended = .one, control: UInt16 = 0x37F
    ) -> (value: Extended, status: UInt16) {
        var environment = FloatEnvironment(control: control)
        let value = function(&environment, x, y)
        return (value, environment.status)
    }

    // MARK: Results

    /// Within 1 ulp, as is asked for; and correctly rounded, as all but the hardest cases are.
    @Test(arguments: Function.allCases) private func resultsAreThoseOfTheTable(_ function: Function) throws {
        var wronglyRounded = 0
        for row in function.table.split(separator: "\n") {
            let fields = row.split(separator: " ")
            let rounding = try #require("NDUZ".firstIndex(of: Character(String(fields[0]))))
            let control = UInt16("NDUZ".distance(from: "NDUZ".startIndex, to: rounding)) << 10 | 0x37F
            let registers = try fields.dropFirst().map { try #require(Extended(text: $0)) }
            let (value, status) = result(
                function, registers[0], function.hasTwoOperands ? registers[1] : .one, control: control)
            let expected = try #require(registers.last)
            #expect(abs(value.order - expected.order) <= 1, "\(row): \(value)")
            #expect(status & (Status.precision | Status.invalid | Status.c2) == Status.precision, "\(row)")
            if value != expected { wronglyRounded += 1 }
        }
        #expect(wronglyRounded == 0)
    }

    @Test func sineAndCosineAreThoseOfTheirOwnInstructions() throws {
        for row in TranscendentalTable.sine.split(separator: "\n") {
            let x = try #require(Extended(text: row.split(separator: " ")[1]))
            var environment = FloatEnvironment(control: 0x37F)
            let (sine, cosine) = environment.sineAndCosine(x)
            #expect(sine == result(.fsin, x).value)
            #expect(cosine == result(.fcos, x).value)
            #expect(environment.status & Status.c1 == result(.fsin, x).status & Status.c1)
        }
    }

    /// FYL2X and FYL2XP1 of powers of two, and F2XM1 at the ends of its range. All raise PE, as an AMD Zen 4 does.
    @Test(arguments: 0..<4) func exactResultsAreExact(rounding: UInt16) {
        let control = 0x37F | rounding << 10
        let three = Extended(0x4000, 0xC000_0000_0000_0000)
        for power in [-16382, -63, -1, 1, 7, 16383] {
            let x = Extended(isNegative: false, exponent: power + Extended.bias, significand: Extended.integerBit)
            let (value, status) = result(.fyl2x, x, three, control: control)
            #expect(value == Extended(integer: Int64(3 * power)))
            #expect(status == Status.precision)
        }
        #expect(result(.fyl2xp1, three, three, control: control).value == Extended(integer: 6))
        #expect(
            result(.fyl2xp1, Extended(0xBFFE, 0xC000_0000_0000_0000), three, control: control).value
                == Extended(integer: -6))
        #expect(result(.f2xm1, .one, control: control).value == .one)
        #expect(
            result(.f2xm1, Extended.one.negated, control: control).value == Extended(0xBFFE, Extended.integerBit))
    }

    /// Where a result differs from a number by less than any bit can show, directed rounding still tells the side.
    @Test func smallArgumentsKeepTheirSide() {
        let x = Extended(0x3F00, Extended.integerBit)
        let below = Extended(0x3EFF, .max)
        let above = Extended(0x3F00, Extended.integerBit + 1)
        let (down, up): (UInt16, UInt16) = (0x77F, 0xB7F)
        #expect(result(.fsin, x, control: down) == (below, Status.precision))
        #expect(result(.fsin, x, control: up) == (x, Status.precision | Status.c1))
        #expect(result(.fptan, x, control: down) == (x, Status.precision))
        #expect(result(.fptan, x, control: up) == (above, Status.precision | Status.c1))
        #expect(result(.fcos, x, control: down) == (Extended(0x3FFE, .max), Status.precision))
        #expect(result(.fcos, x, control: up) == (.one, Status.precision | Status.c1))
        #expect(result(.fpatan, .one, x, control: down) == (below, Status.precision))
        #expect(result(.fpatan, .one, x, control: up) == (x, Status.precision | Status.c1))
    }

    // MARK: Order

    /// A stretch of neighbouring arguments around a place where the way of computing changes.
    private struct Joint: CustomStringConvertible {
        var function: Function
        var center: Extended
        var isRising: Bool
        var description: String { "\(function) \(center)" }

        init(_ function: Function, _ exponent: UInt16, _ significand: UInt64, isRising: Bool = true) {
            (self.function, self.center, self.isRising) = (function, Extended(exponent, significand), isRising)
        }
    }

    private static let joints: [Joint] = [
        // The argument is reduced from 1/2 on, and changes between sine and cosine at odd multiples of pi / 4.
        Joint(.fsin, 0x3FFE, 1 << 63), Joint(.fsin, 0x3FFE, 0xC90F_DAA2_2168_C235),
        Joint(.fsin, 0x4000, 0x96CB_E3F9_990E_91A8, isRising: false),
        Joint(.fsin, 0x4000, 0xFB53_D14A_A9C2_F2C2, isRising: false),
        Joint(.fcos, 0x3FFE, 1 << 63, isRising: false),
        Joint(.fcos, 0x3FFE, 0xC90F_DAA2_2168_C235, isRising: false),
        Joint(.fcos, 0x4000, 0xFB53_D14A_A9C2_F2C2),
        Joint(.fptan, 0x3FFE, 1 << 63), Joint(.fptan, 0x3FFE, 0xC90F_DAA2_2168_C235),
        Joint(.fptan, 0x4000, 0x96CB_E3F9_990E_91A8),
        // x + x^3 / 3 up to 2^-40.
        Joint(.fptan, 0x3FD7, 1 << 63),
        Joint(.f2xm1, 0x3FFE, 1 << 63), Joint(.f2xm1, 0xBFFE, 1 << 63, isRising: false),
        Joint(.fyl2x, 0x3FFF, 0xB504_F333_F9DE_6484), Joint(.fyl2x, 0x3FFE, 0xB504_F333_F9DE_6484),
        Joint(.fyl2x, 0x3FFF, 1 << 63), Joint(.fyl2x, 0x4005, 0xB504_F333_F9DE_6484),
        Joint(.fyl2xp1, 0x3FF9, 1 << 63), Joint(.fyl2xp1, 0xBFF9, 1 << 63, isRising: false),
        // FPATAN of 1 / x: the diagonal, and where its table begins.
        Joint(.fpatan, 0x3FFF, 1 << 63, isRising: false), Joint(.fpatan, 0xBFFF, 1 << 63, isRising: true),
        Joint(.fpatan, 0x4005, 1 << 63, isRising: false), Joint(.fpatan, 0x4006, 1 << 63, isRising: false),
        Joint(.fpatan, 0x3FF9, 1 << 63, isRising: false), Joint(.fpatan, 0xBFF8, 1 << 63, isRising: true),
    ]

    /// Between two entries of the tables: significands and ratios of (k + 1/2) / 32.
    private static func jointsOfTables() -> [Joint] {
        var joints: [Joint] = []
        for k: UInt64 in 23..<45 {
            joints.append(Joint(.fyl2x, k < 32 ? 0x3FFE : 0x3FFF, (2 * k + 1) << (k < 32 ? 58 : 57)))
        }
        for k: UInt64 in 1..<32 {
            // x = 64 / (2k + 1).
            let x = UInt64.max / (2 * k + 1)
            let shift = UInt64(x.leadingZeroBitCount)
            joints.append(Joint(.fpatan, 0x4004 - UInt16(shift), x << shift, isRising: false))
        }
        return joints
    }

    /// From one argument to the next no result goes back.
    @Test func resultsKeepTheOrderOfTheArguments() {
        for joint in Self.joints + Self.jointsOfTables() {
            let start = joint.center.neighbour(-120)
            var last = result(joint.function, start).value.order
            for step in 1...240 {
                let next = result(joint.function, start.neighbour(step)).value.order
                #expect(joint.isRising ? next >= last : next <= last, "\(joint) \(step)")
                last = next
            }
        }
    }

    // MARK: Special cases

    private static let operands: [String: Extended] = [
        "-inf": .infinity(isNegative: true), "-2": Extended(0xC000, 1 << 63), "-.25": Extended(0xBFFD, 1 << 63),
        "-0": .zero(isNegative: true), "0": .zero(isNegative: false), ".25": Extended(0x3FFD, 1 << 63),
        "1": .one, "2": Extended(0x4000, 1 << 63), "inf": .infinity(isNegative: false),
    ]

    private func isExpected(_ code: Substring, _ value: Extended, _ status: UInt16) -> Bool {
        let exceptions = status & Status.exceptions
        let angles: [Substring: Extended] = [
            "pi": Extended(0x4000, 0xC90F_DAA2_2168_C235), "3pi/4": Extended(0x4000, 0x96CB_E3F9_990E_91A8),
            "pi/2": Extended(0x3FFF, 0xC90F_DAA2_2168_C235), "pi/4": Extended(0x3FFE, 0xC90F_DAA2_2168_C235),
        ]
        switch code {
        case "*": return value == .indefinite && exceptions == Status.invalid
        case "Z", "-Z": return value == .infinity(isNegative: code == "-Z") && exceptions == Status.zeroDivide
        case "+", "-":
            return value.isNegative == (code == "-") && exceptions == Status.precision && !value.isZero
                && value.exponent != 0x7FFF
        default:
            let name = code.hasPrefix("-") ? code.dropFirst() : code
            if let angle = angles[name] {
                return value == (code == name ? angle : angle.negated) && exceptions == Status.precision
            }
            return value == Self.operands[String(code)] && exceptions == 0
        }
    }

    private func check(_ function: Function, _ table: String, columns: String) throws {
        let columns = columns.split(separator: " ").map(String.init)
        for row in table.split(separator: "\n") {
            let cells = row.split(whereSeparator: { $0 == " " || $0 == "|" })
            let y = try #require(Self.operands[String(cells[0])])
            try #require(cells.count == columns.count + 1)
            for (name, code) in zip(columns, cells.dropFirst()) {
                let x = try #require(Self.operands[name])
                let (value, status) = result(function, x, y)
                #expect(
                    isExpected(code, value, status), "\(function) x \(name) y \(cells[0]): \(value) \(status)")
            }
        }
    }

    /// [SDM 2A FYL2X]. `*`: IE, `Z`: ZE and an infinity, a sign: a number that is not exact.
    @Test func logarithmsSpecialCases() throws {
        try check(
            .fyl2x,
            """
            -inf | *    *    inf  inf  inf  *    -inf -inf
            -2   | *    *    Z    Z    +    -0   -    -inf
            -0   | *    *    *    *    0    -0   -0   *
            0    | *    *    *    *    -0   0    0    *
            2    | *    *    -Z   -Z   -    0    +    inf
            inf  | *    *    -inf -inf -inf *    inf  inf
            """, columns: "-inf -2 -0 0 .25 1 2 inf")
    }

    /// [SDM 2A FYL2XP1].
    @Test func logarithmsPlusOneSpecialCases() throws {
        try check(
            .fyl2xp1,
            """
            -inf | *    inf  *    *    -inf -inf
            -2   | *    +    0    -0   -    -inf
            -0   | *    0    0    -0   -0   *
            0    | *    -0   -0   0    0    *
            2    | *    -    -0   0    +    inf
            inf  | *    -inf *    *    inf  inf
            """, columns: "-inf -.25 -0 0 .25 inf")
    }

    /// [SDM 2A FPATAN].
    @Test func arctangentsSpecialCases() throws {
        try check(
            .fpatan,
            """
            -inf | -3pi/4 -pi/2 -pi/2 -pi/2 -pi/2 -pi/4
            -2   | -pi    -     -pi/2 -pi/2 -     -0
            -0   | -pi    -pi   -pi   -0    -0    -0
            0    | pi     pi    pi    0     0     0
            2    | pi     +     pi/2  pi/2  +     0
            inf  | 3pi/4  pi/2  pi/2  pi/2  pi/2  pi/4
            """, columns: "-inf -2 -0 0 2 inf")
    }

    @Test func specialCasesOfOneOperand() throws {
        try check(.fsin, "1 | * - -0 0 + *", columns: "-inf -.25 -0 0 .25 inf")
        try check(.fcos, "1 | * +  1 1 + *", columns: "-inf -.25 -0 0 .25 inf")
        try check(.fptan, "1 | * - -0 0 + *", columns: "-inf -.25 -0 0 .25 inf")
        try check(.f2xm1, "1 | - -0 0 + inf", columns: "-.25 -0 0 .25 inf")
        #expect(result(.f2xm1, .infinity(isNegative: true)) == (Extended.one.negated, 0))
    }

    @Test(arguments: Function.allCases) private func notNumbers(_ function: Function) {
        let quiet = Extended(0x7FFF, 0xC000_0000_0000_1234)
        let signaling = Extended(0xFFFF, 0x8000_0000_0000_5678)
        #expect(result(function, quiet) == (quiet, 0))
        #expect(result(function, signaling) == (Extended(0xFFFF, 0xC000_0000_0000_5678), Status.invalid))
        let unsupported: [Extended] = [Extended(0x3FFF, 1), Extended(0x4040, 1 << 62), Extended(0x7FFF, 5)]
        for operand in unsupported {
            #expect(result(function, operand) == (.indefinite, Status.invalid))
        }
        guard function.hasTwoOperands else { return }
        #expect(result(function, .one, quiet) == (quiet, 0))
        #expect(result(function, .zero(isNegative: false), quiet) == (quiet, 0))
        let larger = Extended(0xFFFF, 0xD000_0000_0000_0000)
        #expect(result(function, quiet, larger) == (larger, 0))
        #expect(result(function, larger, quiet) == (larger, 0))
        #expect(result(function, .one, unsupported[0]) == (.indefinite, Status.invalid))
    }

    /// Arguments of 2^63 and above set C2 and raise nothing [SDM 2A FSIN].
    @Test(arguments: [Function.fsin, .fcos, .fptan]) private func rangeOfTheTrigonometricFunctions(_ function: Function)
    {
        for sign: UInt16 in [0, 0x8000] {
            #expect(result(function, Extended(sign | 0x403E, 1 << 63)).status == Status.c2)
            #expect(result(function, Extended(sign | 0x7FFE, .max)).status == Status.c2)
            #expect(result(function, Extended(sign | 0x403D, .max)).status & ~Status.c1 == Status.precision)
        }
        var environment = FloatEnvironment(control: 0x37F)
        _ = environment.sineAndCosine(Extended(0x403E, 1 << 63))
        #expect(environment.status == Status.c2)
    }

    // MARK: Exceptions

    @Test(arguments: Function.allCases) private func denormals(_ function: Function) {
        let tiny = Extended(0, 0x4000_0000_0000_0001)
        #expect(result(function, tiny).status & Status.denormal != 0)
        var environment = FloatEnvironment(control: 0x37D)
        _ = function(&environment, tiny, .one)
        #expect(environment.isBlocked)
        #expect(environment.status == Status.denormal)
    }

    /// A tiny result is an underflow even where it equals its argument; not masked, its exponent is wrapped.
    @Test func underflow() {
        let smallest = Extended(0, 1)
        let flags = Status.denormal | Status.underflow | Status.precision | Status.c1
        #expect(result(.fsin, smallest) == (smallest, flags))
        #expect(result(.fsin, smallest, control: 0x36F) == (Extended(0x5FC2, 1 << 63), flags))
        // A pseudo-denormal is a denormal operand, its sine a normal number.
        let pseudo = Extended(0, 1 << 63 | 1)
        #expect(
            result(.fsin, pseudo) == (Extended(1, 1 << 63 | 1), Status.denormal | Status.precision | Status.c1))
        let ratio = (y: Extended(0x1000, 1 << 63), x: Extended(0x7FFE, 1 << 63))
        #expect(
            result(.fpatan, ratio.x, ratio.y) == (.zero(isNegative: false), Status.underflow | Status.precision))
        #expect(result(.fpatan, ratio.x, ratio.y, control: 0x36F).value == Extended(0x3001, 1 << 63))
        // log2(2) times a denormal is exact, and an underflow all the same on an AMD Zen 4.
        #expect(
            result(.fyl2x, Extended(0x4000, 1 << 63), smallest)
                == (smallest, Status.denormal | Status.underflow | Status.precision))
    }

    @Test func overflow() {
        let (status, value) = { ($0.status, $0.value) }(
            result(.fyl2x, Extended(0x7FFE, 1 << 63 | 1), Extended(0x7FFE, 1 << 63)))
        #expect(value == .infinity(isNegative: false))
        #expect(status == Status.overflow | Status.precision | Status.c1)
    }
}

extension Extended {
    /// Sign and exponent : significand, in hexadecimal.
    fileprivate init?(text: Substring) {
        let fields = text.split(separator: ":")
        guard fields.count == 2, let high = UInt16(fields[0], radix: 16), let low = UInt64(fields[1], radix: 16) else {
            return nil
        }
        self.init(high, low)
    }

    /// The number's place among all numbers that a register can hold: neighbours differ by 1.
    fileprivate var order: Int128 {
        let place = Int128(max(exponent, 1) - 1) << 63 + Int128(significand)
        return isNegative ? -place : place
    }

    /// The normal number so many places away from zero.
    fileprivate func neighbour(_ distance: Int) -> Extended {
        let place = magnitude.order + Int128(distance)
        let significand = UInt64(truncatingIfNeeded: place & 0x7FFF_FFFF_FFFF_FFFF) | Self.integerBit
        // The lower end of a binade has its integer bit in the place's exponent.
        return Extended(isNegative: isNegative, exponent: Int(place >> 63), significand: significand)
    }
}
