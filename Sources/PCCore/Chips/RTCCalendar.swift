// The calendar of the MC146818 (see RTC.swift): the ten time and alarm bytes as the guest sees them, and the addition of
// any number of seconds at once. [MC146818 Time, calendar, and alarm locations]

/// How the time bytes are to be read: register B's DM and 24/12 bits.
struct RTCFormat {
    var isBinary: Bool
    var is24Hour: Bool

    /// The upper bit of an hour in 12-hour mode.
    static let afternoon: UInt8 = 0x80

    func decode(_ byte: UInt8) -> Int {
        isBinary ? Int(byte) : Int(byte >> 4) * 10 + Int(byte & 0xF)
    }

    func encode(_ number: Int) -> UInt8 {
        let number = UInt8(truncatingIfNeeded: number)
        return isBinary ? number : (number / 10 % 10) << 4 | number % 10
    }

    /// 0...23 for a valid byte.
    func decodeHour(_ byte: UInt8) -> Int {
        guard !is24Hour else { return decode(byte) }
        let hour = decode(byte & ~Self.afternoon) % 12
        return byte & Self.afternoon != 0 ? hour + 12 : hour
    }

    func encodeHour(_ hour: Int) -> UInt8 {
        guard !is24Hour else { return encode(hour) }
        let twelve = encode((hour + 11) % 12 + 1)
        return hour >= 12 ? twelve | Self.afternoon : twelve
    }
}

/// The clock's bytes in its RAM.
enum RTCIndex {
    static let second = 0x00
    static let secondAlarm = 0x01
    static let minute = 0x02
    static let minuteAlarm = 0x03
    static let hour = 0x04
    static let hourAlarm = 0x05
    static let weekday = 0x06
    static let day = 0x07
    static let month = 0x08
    static let year = 0x09
    static let registerA = 0x0A
    static let registerB = 0x0B
    static let registerC = 0x0C
    static let registerD = 0x0D
    /// A convention of the AT's BIOS; on the chip of 1984 it is plain RAM, later ones count it on as here.
    static let century = 0x32
}

extension RTCFormat {
    private static let secondsOfDay: UInt64 = 86_400
    /// Days before each month in a year of 365 days, and in all.
    private static let daysBefore = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365]
    /// The chip knows two digits of the year, of which each fourth is a leap year, 00 too.
    private static let daysOfCentury = 36_525

    /// The second of the day in `bytes`. What is out of range counts as it stands.
    func secondOfDay(_ bytes: [UInt8]) -> Int {
        decodeHour(bytes[RTCIndex.hour]) * 3600 + decode(bytes[RTCIndex.minute]) * 60 + decode(bytes[RTCIndex.second])
    }

    /// Adds `seconds` to the time in `bytes`. A byte that no carry reaches stays as it is, valid or not.
    func add(_ seconds: UInt64, to bytes: inout [UInt8]) {
        var carry = UInt64(decode(bytes[RTCIndex.second])) + seconds
        bytes[RTCIndex.second] = encode(Int(carry % 60))
        carry /= 60
        guard carry > 0 else { return }
        carry += UInt64(decode(bytes[RTCIndex.minute]))
        bytes[RTCIndex.minute] = encode(Int(carry % 60))
        carry /= 60
        guard carry > 0 else { return }
        carry += UInt64(decodeHour(bytes[RTCIndex.hour]))
        bytes[RTCIndex.hour] = encodeHour(Int(carry % 24))
        carry /= 24
        if carry > 0 { add(days: carry, to: &bytes) }
    }

    private func add(days: UInt64, to bytes: inout [UInt8]) {
        let weekday = UInt64(max(decode(bytes[RTCIndex.weekday]), 1) - 1) + days % 7
        bytes[RTCIndex.weekday] = encode(Int(weekday % 7) + 1)

        let year = decode(bytes[RTCIndex.year]) % 100
        let month = min(max(decode(bytes[RTCIndex.month]), 1), 12)
        let day = max(decode(bytes[RTCIndex.day]), 1)
        let total = UInt64(Self.dayNumber(year: year, month: month) + day - 1) + days
        var rest = Int(total % UInt64(Self.daysOfCentury))
        let centuries = Int(total / UInt64(Self.daysOfCentury) % 100)

        var newYear = rest / 1461 * 4
        rest %= 1461
        if rest >= 366 {
            newYear += 1 + (rest - 366) / 365
            rest = (rest - 366) % 365
        }
        var newMonth = 1
        while newMonth < 12, rest >= Self.daysBefore(newMonth + 1, year: newYear) { newMonth += 1 }
        bytes[RTCIndex.day] = encode(rest - Self.daysBefore(newMonth, year: newYear) + 1)
        bytes[RTCIndex.month] = encode(newMonth)
        bytes[RTCIndex.year] = encode(newYear)
        if centuries > 0 {
            bytes[RTCIndex.century] = encode((decode(bytes[RTCIndex.century]) + centuries) % 100)
        }
    }

    /// Days from 1 January 00 to the first of a month.
    private static func dayNumber(year: Int, month: Int) -> Int {
        year * 365 + (year + 3) / 4 + daysBefore(month, year: year)
    }

    private static func daysBefore(_ month: Int, year: Int) -> Int {
        daysBefore[month - 1] + (month > 2 && year % 4 == 0 ? 1 : 0)
    }

    // MARK: Alarm

    /// An alarm byte with both upper bits set matches anything. [MC146818 Alarm]
    private static let dontCare: UInt8 = 0xC0

    /// Seconds from the time in `bytes` to when the alarm bytes match next, 1...86,400; nil if they never do.
    func secondsToAlarm(_ bytes: [UInt8]) -> UInt64? {
        func wanted(_ index: Int, _ decode: (UInt8) -> Int) -> Int? {
            bytes[index] & Self.dontCare == Self.dontCare ? nil : decode(bytes[index])
        }
        let hour = wanted(RTCIndex.hourAlarm, decodeHour)
        let minute = wanted(RTCIndex.minuteAlarm, decode)
        let second = wanted(RTCIndex.secondAlarm, decode)
        guard hour ?? 0 < 24, minute ?? 0 < 60, second ?? 0 < 60 else { return nil }

        // Counts up from the next second, and leaps over minutes and hours that do not match.
        let start = secondOfDay(bytes)
        var time = start + 1
        while time <= start + Int(Self.secondsOfDay) {
            let now = time % Int(Self.secondsOfDay)
            if let hour, now / 3600 != hour {
                time += 3600 - now % 3600
            } else if let minute, now / 60 % 60 != minute {
                time += 60 - now % 60
            } else if let second, now % 60 != second {
                time += 1
            } else {
                return UInt64(time - start)
            }
        }
        return nil
    }
}

extension ClockTime {
    /// The day of the week, 1 for Sunday to 7.
    var weekday: Int {
        // Sakamoto's rule: the years that months before March belong to end in February.
        let shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]
        let month = min(max(month, 1), 12)
        let year = min(max(year, 1), 9999) - (month < 3 ? 1 : 0)
        let days = year + year / 4 - year / 100 + year / 400 + shift[month - 1] + min(max(day, 1), 31)
        return days % 7 + 1
    }
}
