import PCCore
import Testing

@testable import PCHost

@Suite struct OptionValueTests {
    @Test(arguments: [
        ("640K", 655_360), ("16M", 16_777_216), ("1G", 1 << 30), ("4m", 4_194_304), ("512KB", 524_288), ("4096", 4096),
        ("1.5M", 1_572_864), ("0", 0),
    ])
    func sizes(text: String, bytes: Int) {
        #expect(OptionValue.bytes(text) == bytes)
    }

    @Test(arguments: ["", "K", "-1M", "1.K", "M16", "1 M", "99999999999999999999", "99999999999G", "0.3", "1e3", "٣K"])
    func noSizes(text: String) {
        #expect(OptionValue.bytes(text) == nil)
    }

    @Test(
        arguments: [
            ("30s", 30_000_000_000), ("500ms", 500_000_000), ("2m", 120_000_000_000), ("1.5s", 1_500_000_000),
            ("7", 7_000_000_000), ("10us", 10_000), ("1h", 3_600_000_000_000),
        ] as [(String, UInt64)])
    func times(text: String, nanoseconds: UInt64) {
        #expect(OptionValue.nanoseconds(text) == nanoseconds)
    }

    @Test(arguments: ["", "s", "-1s", "1d", "1 s", "99999999999999999h"])
    func noTimes(text: String) {
        #expect(OptionValue.nanoseconds(text) == nil)
    }

    @Test func rates() {
        #expect(OptionValue.rate("0.33") == 330_000)
        #expect(OptionValue.rate("400") == 400_000_000)
        #expect(OptionValue.rate("0") == nil)
        #expect(OptionValue.rate("20000") == nil)
        #expect(OptionValue.rate("0.0000001") == nil)
    }

    @Test func clockTimes() {
        let noon = ClockTime(year: 1994, month: 5, day: 6, hour: 12, minute: 0, second: 0)
        #expect(OptionValue.clockTime("1994-05-06T12:00:00") == noon)
        #expect(OptionValue.clockTime("1994-05-06 12:00") == noon)
        #expect(OptionValue.clockTime("2000-02-29T00:00:00") != nil)
        #expect(OptionValue.clockTime("1900-02-28T00:00:00") == nil)
        #expect(OptionValue.clockTime("2001-02-29T00:00:00") == nil)
        #expect(OptionValue.clockTime("1994-13-06T12:00:00") == nil)
        #expect(OptionValue.clockTime("1994-05-06T24:00:00") == nil)
        #expect(OptionValue.clockTime("1994-05-06") == nil)
        #expect(OptionValue.clockTime("yesterday") == nil)
    }
}
