/// Reads the fields of a packet from its start to its end.
struct GDBPacketText {
    private var rest: ArraySlice<UInt8>

    init(_ packet: some Sequence<UInt8>) { rest = Array(packet)[...] }

    var isAtEnd: Bool { rest.isEmpty }
    var bytes: ArraySlice<UInt8> { rest }
    var text: String { String(decoding: rest, as: UTF8.self) }

    /// Goes past `prefix` if it comes next.
    mutating func skip(_ prefix: String) -> Bool {
        guard rest.starts(with: prefix.utf8) else { return false }
        rest = rest.dropFirst(prefix.utf8.count)
        return true
    }

    /// A number of hexadecimal digits that fits; nil, and nothing is read, where there is none.
    mutating func number<N: FixedWidthInteger & UnsignedInteger>(_ type: N.Type = UInt32.self) -> N? {
        let digits = rest.prefix { GDBPacket.digit($0) != nil }
        guard let value = N(String(decoding: digits, as: UTF8.self), radix: 16) else { return nil }
        rest = rest.dropFirst(digits.count)
        return value
    }

    /// Bytes as two digits each, up to the end; nil where something else stands there.
    mutating func hexBytes() -> [UInt8]? {
        guard rest.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rest.count / 2)
        var high: UInt8?
        for character in rest {
            guard let digit = GDBPacket.digit(character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        rest = []
        return bytes
    }
}
