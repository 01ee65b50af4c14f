/// Numbers as hexadecimal text, in upper case, without a prefix.
enum HexText {
    static func number(_ value: some FixedWidthInteger & UnsignedInteger, digits: Int) -> String {
        let text = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }

    static func bytes(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { number($0, digits: 2) }.joined()
    }
}
