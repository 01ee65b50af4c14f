/// The frames of gdb's remote protocol: `$`, the data, `#` and two digits of a checksum [GDB manual, Remote Protocol: Overview].
enum GDBPacket {
    /// The longest data that is taken or sent, in bytes.
    static let limit = 0x4000

    private static let dollar = UInt8(ascii: "$")
    private static let hash = UInt8(ascii: "#")
    private static let brace = UInt8(ascii: "}")
    private static let star = UInt8(ascii: "*")

    /// The frame around `data`, in which `$`, `#`, `}` and `*` are escaped already.
    static func frame(_ data: [UInt8]) -> [UInt8] {
        [dollar] + data + [hash] + Array(hex(data.reduce(0, &+)).utf8)
    }

    /// Binary data as it stands in a packet.
    static func escaped(_ data: some Sequence<UInt8>) -> [UInt8] {
        data.flatMap { [dollar, hash, brace, star].contains($0) ? [brace, $0 ^ 0x20] : [$0] }
    }

    /// Undoes `escaped`.
    static func unescaped(_ data: some Sequence<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in data {
            if !isEscaped, byte == brace {
                isEscaped = true
            } else {
                bytes.append(isEscaped ? byte ^ 0x20 : byte)
                isEscaped = false
            }
        }
        return bytes
    }

    static func hex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String { bytes.map { hex($0) }.joined() }

    /// A hexadecimal digit.
    static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case 48...57: character - 48
        case 65...70: character - 55
        case 97...102: character - 87
        default: nil
        }
    }
}

/// Finds packets in the bytes that a client sends. Whatever those are, no more than one packet is kept.
struct GDBPacketReader {
    enum Event: Equatable {
        case packet([UInt8])
        /// A wrong checksum, or a packet that is too long.
        case damaged
        /// Ctrl-C.
        case interrupt
        /// The client wants the last packet again.
        case rejected
    }

    private enum Place {
        case between, data, firstDigit
        case secondDigit(UInt8?)
    }

    private var place = Place.between
    private var data: [UInt8] = []
    private var isTooLong = false
    private var sum: UInt8 = 0

    mutating func take(_ byte: UInt8) -> Event? {
        switch place {
        case .between:
            switch byte {
            case UInt8(ascii: "$"): start()
            case UInt8(ascii: "-"): return .rejected
            case 3: return .interrupt
            default: break
            }
            return nil
        case .data:
            switch byte {
            case UInt8(ascii: "#"): place = .firstDigit
            // It is never part of the data: a packet broke off here.
            case UInt8(ascii: "$"): start()
            default: append(byte)
            }
            return nil
        case .firstDigit:
            place = .secondDigit(GDBPacket.digit(byte))
            return nil
        case .secondDigit(let first):
            place = .between
            guard let first, let second = GDBPacket.digit(byte), first << 4 | second == sum, !isTooLong else {
                return .damaged
            }
            return .packet(data)
        }
    }

    private mutating func start() {
        place = .data
        data.removeAll(keepingCapacity: true)
        isTooLong = false
        sum = 0
    }

    private mutating func append(_ byte: UInt8) {
        sum &+= byte
        if data.count < GDBPacket.limit { data.append(byte) } else { isTooLong = true }
    }
}
