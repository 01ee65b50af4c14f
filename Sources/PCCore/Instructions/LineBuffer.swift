/// Text in the making, as bytes.
struct LineBuffer {
    static let tab: UInt8 = 9
    static let newLine: UInt8 = 10
    private static let blank: UInt8 = 32

    private(set) var bytes: [UInt8] = []
    private let capacity: Int
    /// No line is longer.
    private static let longestLine = 2048

    init(capacity: Int) {
        self.capacity = capacity
        bytes.reserveCapacity(capacity)
    }

    /// There may be no room for another line.
    var isNearlyFull: Bool { bytes.count > capacity - Self.longestLine }

    // SAFETY: the bytes are good during the call.
    func withBytes(_ body: (UnsafeRawBufferPointer) -> Void) { bytes.withUnsafeBytes(body) }
    mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    @inline(__always) mutating func append(_ byte: UInt8) { bytes.append(byte) }
    mutating func append(_ more: [UInt8]) { bytes.append(contentsOf: more) }
    mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Text, blanks up to `width`, and a tab.
    mutating func append(field text: String, width: Int) {
        append(text)
        for _ in 0..<max(0, width - text.utf8.count) { append(Self.blank) }
        append(Self.tab)
    }

    /// A blank between two entries of the same field.
    mutating func separate() {
        if bytes.last != Self.tab { append(Self.blank) }
    }

    /// CS:EIP and a tab: four digits of offset in 16-bit code, eight in 32-bit code.
    mutating func append(address selector: UInt16, _ eip: UInt32, is32Bit: Bool) {
        append(hex: UInt32(selector), digits: 4)
        append(UInt8(ascii: ":"))
        append(hex: eip, digits: is32Bit || eip > 0xFFFF ? 8 : 4)
        append(Self.tab)
    }

    @inline(__always) mutating func append<Value: FixedWidthInteger>(hex value: Value, digits: Int) {
        var shift = Value(truncatingIfNeeded: digits) &* 4
        while shift > 0 {
            shift &-= 4
            let digit = UInt8(truncatingIfNeeded: value &>> shift) & 15
            append(digit < 10 ? 48 + digit : 55 + digit)
        }
    }

    /// A decimal number, with blanks before it up to `width`.
    mutating func append(decimal value: UInt64, width: Int) {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var (rest, count) = (value, 0)
        repeat {
            digits[count] = 48 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
            count += 1
        } while rest > 0
        for _ in 0..<max(0, width - count) { append(Self.blank) }
        while count > 0 {
            count -= 1
            append(digits[count])
        }
    }
}
