import Testing

@testable import PCCore

/// Arithmetic in integers against a real x87.
@Suite struct FloatHardwareTests {
    private typealias Status = FloatEnvironment.Status

    @Test(arguments: FloatHardwareCases.lines) func sameAsTheChip(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let control = try #require(UInt16(words[1], radix: 16))
        let status = try #require(UInt16(words[4], radix: 16))
        var environment = FloatEnvironment(control: control)
        let result = environment.perform(words[0], try number(words[2]), try number(words[3]))
        #expect(environment.status == status)
        if words[5] == "-" {
            #expect(environment.unmasked & ~Status.precision != 0 || result == "-")
        } else {
            #expect(result == words[5...].joined(separator: " "))
        }
    }

    private func number(_ word: String) throws -> Extended {
        if word == "-" { return .zero(isNegative: false) }
        let parts = word.split(separator: ":")
        return Extended(
            try #require(UInt16(parts[0], radix: 16)), try #require(UInt64(parts[1], radix: 16)))
    }
}

extension FloatEnvironment {
    /// The instruction's result as the lines have it.
    fileprivate mutating func perform(_ name: String, _ a: Extended, _ b: Extended) -> String {
        switch name {
        case "fadd": return text(add(a, b))
        case "fsub": return text(subtract(a, b))
        case "fmul": return text(multiply(a, b))
        case "fdiv": return text(divide(a, b))
        case "fsqrt": return text(squareRoot(a))
        case "frndint": return text(roundToInteger(a))
        case "fscale": return text(scale(a, by: b))
        case "fprem": return text(remainder(a, b, toNearest: false))
        case "fprem1": return text(remainder(a, b, toNearest: true))
        case "fst32": return String(storeSingle(a), radix: 16)
        case "fst64": return String(storeDouble(a), radix: 16)
        case "fist16": return String(UInt16(truncatingIfNeeded: storeInteger(a, bits: 16)), radix: 16)
        case "fist32": return String(UInt32(truncatingIfNeeded: storeInteger(a, bits: 32)), radix: 16)
        case "fist64": return String(UInt64(bitPattern: storeInteger(a, bits: 64)), radix: 16)
        case "fbstp":
            let digits = storeBCD(a)
            return text(Extended(digits.high, digits.low))
        case "fxtract":
            let parts = extract(a)
            return text(parts.significand) + " " + text(parts.exponent)
        case "fcom": _ = compare(a, b, isQuiet: false)
        case "fucom": _ = compare(a, b, isQuiet: true)
        case "ftst": _ = compare(a, .zero(isNegative: false), isQuiet: false)
        case "fxam": raise(examine(a))
        default: return "unknown"
        }
        return "-"
    }

    private func text(_ number: Extended) -> String {
        func digits(_ value: some BinaryInteger, _ count: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: count - text.count) + text
        }
        return digits(number.signExponent, 4) + ":" + digits(number.significand, 16)
    }
}
