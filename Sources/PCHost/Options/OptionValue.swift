import PCCore

/// Reads the values of options: sizes, times, rates, dates. Integers only; nothing is rounded on the way.
public enum OptionValue {
    /// `640K`, `16M`, `1G` or a plain number of bytes.
    public static func bytes(_ text: String) -> Int? {
        let units: [(String, UInt64)] = [("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("", 1)]
        for (unit, scale) in units {
            for suffix in unit.isEmpty ? [""] : [unit, unit.lowercased(), unit + "B", unit.lowercased() + "b"] {
                guard text.hasSuffix(suffix), let value = scaled(text.dropLast(suffix.count), by: scale) else {
                    continue
                }
                return Int(exactly: value)
            }
        }
        return nil
    }

    /// `30s`, `500ms`, `2m` as nanoseconds; a plain number is seconds.
    public static func nanoseconds(_ text: String) -> UInt64? {
        let units: [(String, UInt64)] = [
            ("us", 1000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
            ("", 1_000_000_000),
        ]
        for (suffix, scale) in units {
            guard text.hasSuffix(suffix), let value = scaled(text.dropLast(suffix.count), by: scale) else { continue }
            return value
        }
        return nil
    }

    /// Millions of instructions a second, such as `0.33` or `400`, as instructions a second.
    public static func rate(_ text: String) -> UInt64? {
        guard let rate = scaled(text[...], by: 1_000_000), rate >= 10_000, rate <= 10_000_000_000 else { return nil }
        return rate
    }

    /// `1994-05-06T12:00:00`; a blank may stand for the T, and the seconds may be left out.
    public static func clockTime(_ text: String) -> ClockTime? {
        let halves = text.split(whereSeparator: { $0 == "T" || $0 == " " })
        guard halves.count == 2 else { return nil }
        let date = numbers(halves[0], separator: "-")
        var time = numbers(halves[1], separator: ":")
        if time.count == 2 { time.append(0) }
        guard date.count == 3, time.count == 3 else { return nil }
        guard (1980...2099).contains(date[0]), (1...12).contains(date[1]),
            (1...days(inMonth: date[1], of: date[0])).contains(date[2]),
            time[0] < 24, time[1] < 60, time[2] < 60
        else { return nil }
        return ClockTime(
            year: date[0], month: date[1], day: date[2], hour: time[0], minute: time[1], second: time[2])
    }

    /// The decimal number in `digits` times `scale`, nil unless that is a whole number that fits.
    private static func scaled(_ digits: Substring, by scale: UInt64) -> UInt64? {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2, isNumber(whole), let value = UInt64(whole) else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        guard parts.count == 2 else { return product }
        guard isNumber(parts[1]), parts[1].count <= 9, let fraction = UInt64(parts[1]) else { return nil }
        let denominator = (0..<parts[1].count).reduce(UInt64(1)) { power, _ in power * 10 }
        let numerator = UInt128(fraction) * UInt128(scale)
        guard numerator % UInt128(denominator) == 0 else { return nil }
        let (sum, tooMuch) = product.addingReportingOverflow(UInt64(numerator / UInt128(denominator)))
        return tooMuch ? nil : sum
    }

    private static func isNumber(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    private static func numbers(_ text: Substring, separator: Character) -> [Int] {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ isNumber($0) && $0.count <= 4 }) else { return [] }
        return parts.compactMap { Int($0) }
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}
