/// A whole sector of mode 1 as a drive reads it off the disc: sync, header, user data, EDC and ECC. [ECMA-130 14]
enum RawSector {
    static let size = 2352

    /// The raw sector with the number `sector` and 2,048 bytes of user data.
    static func mode1(_ sector: UInt32, _ user: [UInt8]) -> [UInt8] {
        var raw: [UInt8] = [0] + [UInt8](repeating: 0xFF, count: 10) + [0]
        raw += CDTime.parts(of: sector).map { ($0 / 10) << 4 | $0 % 10 } + [1]
        raw += user
        let check = errorDetection(raw)
        raw += (0..<4).map { UInt8(truncatingIfNeeded: check >> ($0 * 8)) }
        raw.append(contentsOf: repeatElement(0, count: 8))
        raw.append(contentsOf: repeatElement(0, count: size - raw.count))
        addParity(&raw)
        return raw
    }

    /// The 32-bit check over sync, header and data: the polynomial (x16 + x15 + x2 + 1)(x16 + x2 + x + 1), the lowest
    /// bit of each byte first. [ECMA-130 14.3]
    static func errorDetection(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.reduce(0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 0 ? 0 : 0xD801_8001) }
        }
    }

    /// P and Q: Reed-Solomon codes over the columns and the diagonals of the bytes from the header on, seen as words of
    /// which low and high bytes are coded apart. [ECMA-130 A]
    private static func addParity(_ raw: inout [UInt8]) {
        // 43 columns of 24 words, the parity in rows 24 and 25; 26 diagonals of 43 words, the parity behind all of P.
        for column in 0..<43 {
            encode(&raw, words: (0..<24).map { column + 43 * $0 }, parity: (1032 + column, 1075 + column))
        }
        for diagonal in 0..<26 {
            encode(
                &raw, words: (0..<43).map { (43 * diagonal + 44 * $0) % 1118 },
                parity: (1118 + diagonal, 1144 + diagonal))
        }
    }

    /// Sets the two parity words so that the sum of all words is 0, and so is their sum weighted with falling powers of
    /// the field's generator, the last with the power 0.
    private static func encode(_ raw: inout [UInt8], words: [Int], parity: (Int, Int)) {
        for half in 0..<2 {
            var sum: UInt8 = 0
            var weighted: UInt8 = 0
            for word in words {
                let byte = raw[12 + 2 * word + half]
                sum ^= byte
                weighted = double(weighted) ^ byte
            }
            // a·p + q = a²·weighted and p + q = sum, with a + 1 = 3.
            let first = divideBy3(double(double(weighted)) ^ sum)
            raw[12 + 2 * parity.0 + half] = first
            raw[12 + 2 * parity.1 + half] = first ^ sum
        }
    }

    /// Times the generator, modulo x8 + x4 + x3 + x2 + 1.
    private static func double(_ value: UInt8) -> UInt8 { value << 1 ^ (value & 0x80 == 0 ? 0 : 0x1D) }

    /// Times F4h, the inverse of 3.
    private static func divideBy3(_ value: UInt8) -> UInt8 {
        var (result, power, rest): (UInt8, UInt8, UInt8) = (0, 0xF4, value)
        while rest != 0 {
            if rest & 1 != 0 { result ^= power }
            power = double(power)
            rest >>= 1
        }
        return result
    }
}
