/// Numbers, addresses and bytes as programmers write them.
extension OptionValue {
    /// An address: `SEG:OFF`, both hexadecimal, or a number.
    public enum Address: Equatable, Sendable {
        case segmented(selector: UInt16, offset: UInt32)
        case linear(UInt32)
    }

    /// `255`, `0xFF`, `0FFh`, or one of them after a minus sign.
    public static func integer(_ text: some StringProtocol) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let digits = text.dropFirst(isNegative ? 1 : 0).lowercased()
        let magnitude: Int64?
        if digits.hasPrefix("0x") {
            magnitude = hexadecimal(digits.dropFirst(2)).flatMap { Int64(exactly: $0) }
        } else if digits.hasSuffix("h"), digits.first?.isNumber == true {
            magnitude = hexadecimal(digits.dropLast()).flatMap { Int64(exactly: $0) }
        } else {
            magnitude = digits.utf8.allSatisfy { (48...57).contains($0) } ? Int64(digits) : nil
        }
        return magnitude.map { isNegative ? -$0 : $0 }
    }

    public static func address(_ text: some StringProtocol) -> Address? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            return integer(text).flatMap { UInt32(exactly: $0) }.map { .linear($0) }
        }
        let bare = parts.map { $0.lowercased().hasPrefix("0x") ? $0.dropFirst(2) : $0[...] }
        guard let selector = hexadecimal(bare[0]).flatMap({ UInt16(exactly: $0) }),
            let offset = hexadecimal(bare[1]).flatMap({ UInt32(exactly: $0) })
        else { return nil }
        return .segmented(selector: selector, offset: offset)
    }

    /// Bytes as pairs of hexadecimal digits; blanks between them mean nothing.
    public static func hexBytes(_ text: some StringProtocol) -> [UInt8]? {
        let digits = text.utf8.filter { !($0 == 32 || (9...13).contains($0)) }
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for i in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digit(digits[i]), let low = digit(digits[i + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    /// `0x` and as many hexadecimal digits as `width` bits have.
    static func bits(_ text: some StringProtocol, width: Int) -> UInt128? {
        let digits = text.lowercased()
        guard digits.hasPrefix("0x"), digits.utf8.count == 2 + width / 4 else { return nil }
        return digits.dropFirst(2).utf8.allSatisfy { digit($0) != nil } ? UInt128(digits.dropFirst(2), radix: 16) : nil
    }

    /// A double as the 80 bits that an x87 register holds: exact, for every double is one of those numbers.
    static func extended(_ number: Double) -> UInt128 {
        let sign: UInt128 = number.sign == .minus ? 0x8000 << 64 : 0
        guard !number.isZero else { return sign }
        let integerBit: UInt64 = 1 << 63
        guard number.isFinite else {
            return sign | 0x7FFF << 64 | UInt128(integerBit | number.significandBitPattern << 11)
        }
        // A subnormal double is a normal number there.
        let significand = UInt64(number.significand.significandBitPattern) << 11 | integerBit
        return sign | UInt128(Int(number.exponent) + 16383) << 64 | UInt128(significand)
    }

    private static func hexadecimal(_ text: some StringProtocol) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ digit($0) != nil }) else { return nil }
        return UInt64(text, radix: 16)
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case 48...57: character - 48
        case 65...70: character - 55
        case 97...102: character - 87
        default: nil
        }
    }
}
