import Crypto

/// SHA-256, mostly as text.
enum SHA256Text {
    static func of(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    /// The checksum itself.
    static func bytes(of bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
