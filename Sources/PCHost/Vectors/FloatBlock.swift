import PCCore

/// The x87 state of a vector: before, after, and what of it is compared (FORMAT.md, "FPU block").
public struct FloatBlock {
    public var initial: FloatRegisters
    public var final: FloatRegisters
    public var statusMask: UInt16
    public var tagMask: UInt16
    /// The difference that is allowed, in units in the last place of the significand.
    public var tolerance: UInt8
    /// The registers ST(i) that may differ so much.
    public var tolerant: UInt8
    /// A difference up to 2 to this power passes as well; nil is none.
    public var absoluteExponent: Int?

    static let size = 180

    /// Nil where there are not enough bytes.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        var reader = Reader(bytes: Array(bytes))
        initial = Self.registers(&reader)
        final = Self.registers(&reader)
        statusMask = reader.word()
        tagMask = reader.word()
        tolerance = reader.byte()
        tolerant = reader.byte()
        let exponent = Int16(bitPattern: reader.word())
        absoluteExponent = exponent == .min ? nil : Int(exponent)
    }

    private static func registers(_ reader: inout Reader) -> FloatRegisters {
        var registers = FloatRegisters()
        registers.control = reader.word()
        registers.status = reader.word()
        registers.tags = reader.word()
        for number in 0..<8 {
            let low = UInt64(reader.dword())
            registers.stack[number].significand = low | UInt64(reader.dword()) << 32
            registers.stack[number].signExponent = reader.word()
        }
        return registers
    }

    /// What differs from `final`, nil where nothing does.
    func difference(_ actual: FloatRegisters) -> String? {
        if actual.control != final.control {
            return "control word is \(hex(actual.control)), expected \(hex(final.control))"
        }
        if (actual.status ^ final.status) & statusMask != 0 {
            return "status word is \(hex(actual.status & statusMask)), expected \(hex(final.status & statusMask))"
        }
        if (actual.tags ^ final.tags) & tagMask != 0 {
            return "tag word is \(hex(actual.tags & tagMask)), expected \(hex(final.tags & tagMask))"
        }
        for number in 0..<8 where !isNear(actual.stack[number], final.stack[number], number) {
            return "ST(\(number)) is \(text(actual.stack[number])), expected \(text(final.stack[number]))"
        }
        return nil
    }

    private func isNear(_ actual: FloatRegisters.Value, _ expected: FloatRegisters.Value, _ number: Int) -> Bool {
        if actual == expected { return true }
        guard tolerant >> UInt8(number) & 1 != 0, tolerance > 0 || absoluteExponent != nil else { return false }
        let (a, b) = (Scaled(actual), Scaled(expected))
        guard let a, let b else { return false }
        return a.isWithin(units: tolerance, of: b) || absoluteExponent.map { a.isWithin(power: $0, of: b) } ?? false
    }

    private func hex<T: FixedWidthInteger>(_ value: T) -> String { String(value, radix: 16, uppercase: true) + "h" }

    private func text(_ value: FloatRegisters.Value) -> String {
        let digits = String(value.significand, radix: 16, uppercase: true)
        let high = String(value.signExponent, radix: 16, uppercase: true)
        return "\(high)_" + String(repeating: "0", count: 16 - digits.count) + digits + "h"
    }
}

/// A finite number as a whole number of units in the last place.
private struct Scaled {
    let exponent: Int
    let units: Int128

    /// Nil for infinities, NaNs and what the x87 does not support.
    init?(_ value: FloatRegisters.Value) {
        let biased = Int(value.signExponent & 0x7FFF)
        guard biased != 0x7FFF, biased == 0 || value.significand >> 63 != 0 else { return nil }
        exponent = max(biased, 1)
        units = value.signExponent & 0x8000 == 0 ? Int128(value.significand) : -Int128(value.significand)
    }

    /// The difference in units of the lower exponent; nil where it is out of all proportion.
    private func distance(_ other: Scaled) -> (units: UInt128, exponent: Int)? {
        let low = min(exponent, other.exponent)
        guard max(exponent, other.exponent) - low <= 60 else { return nil }
        let difference = (units << Int128(exponent - low)) - (other.units << Int128(other.exponent - low))
        return (difference.magnitude, low)
    }

    func isWithin(units allowed: UInt8, of expected: Scaled) -> Bool {
        guard let distance = distance(expected) else { return false }
        return distance.units <= UInt128(allowed) << UInt128(expected.exponent - distance.exponent)
    }

    /// Whether the difference is at most two to the power of `power`.
    func isWithin(power: Int, of expected: Scaled) -> Bool {
        guard let distance = distance(expected) else {
            // One is so small beside the other that the larger decides.
            let larger = exponent > expected.exponent ? self : expected
            return larger.exponent - 16383 < power
        }
        // A unit is 2 to the power of exponent - 16383 - 63.
        let bits = power - (distance.exponent - 16383 - 63)
        return bits >= 127 || bits >= 0 && distance.units <= 1 << UInt128(bits)
    }
}
