/// A hash of what a sector holds and where, of a kind that can be summed: the sum over many sectors does not depend on
/// their order, and a sector's part can be taken out again. A sector of zeroes counts nothing.
///
/// It tells one disk from another where nobody tries to deceive; it is no cryptographic hash.
public struct SectorHash: Hashable, Sendable {
    public var low: UInt64
    public var high: UInt64

    public static let zero = SectorHash(low: 0, high: 0)

    public init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    public init(sector: Int, _ bytes: [UInt8]) {
        // SAFETY: the buffer is only read, within its bounds.
        self = bytes.withUnsafeBytes { SectorHash(sector: sector, $0) }
    }

    init(sector: Int, _ bytes: UnsafeRawBufferPointer) {
        self = Self.isZero(bytes) ? .zero : Self.of(bytes, seed: UInt64(truncatingIfNeeded: sector))
    }

    public static func + (a: Self, b: Self) -> Self { Self(low: a.low &+ b.low, high: a.high &+ b.high) }
    public static func - (a: Self, b: Self) -> Self { Self(low: a.low &- b.low, high: a.high &- b.high) }
    public static func += (a: inout Self, b: Self) { a = a + b }
    public static func -= (a: inout Self, b: Self) { a = a - b }

    /// A checksum of any bytes, zeroes included.
    public static func checksum(_ bytes: some Collection<UInt8>, seed: UInt64) -> UInt64 {
        // SAFETY: the buffer is only read, within its bounds.
        bytes.withContiguousStorageIfAvailable { of(UnsafeRawBufferPointer($0), seed: seed).low }
            ?? Array(bytes).withUnsafeBytes { of($0, seed: seed).low }
    }

    static func isZero(_ bytes: [UInt8]) -> Bool {
        // SAFETY: the buffer is only read, within its bounds.
        bytes.withUnsafeBytes { isZero($0) }
    }

    private static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var at = 0
        while at + 8 <= bytes.count {
            // SAFETY: eight bytes from `at` on are inside.
            if bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self) != 0 { return false }
            at += 8
        }
        return bytes[at...].allSatisfy { $0 == 0 }
    }

    /// Two lanes of multiply and fold over 32 bytes at a time. The constants are digits of pi.
    private static func of(_ bytes: UnsafeRawBufferPointer, seed: UInt64) -> SectorHash {
        var x = fold(seed ^ 0x2436_F688_85A3_08D3, 0x1319_8A2E_0370_7345)
        var y = fold(seed ^ 0xA409_3822_299F_31D1, 0x082E_FA98_EC4E_6C89)
        var at = 0
        while at + 32 <= bytes.count {
            // SAFETY: 32 bytes from `at` on are inside.
            x = fold(
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                    ^ 0x4528_21E6_38D0_1377,
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 8, as: UInt64.self)) ^ x)
            y = fold(
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 16, as: UInt64.self))
                    ^ 0xBE54_66CF_34E9_0C6D,
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at + 24, as: UInt64.self)) ^ y)
            at += 32
        }
        for byte in bytes[at...] { x = fold(x ^ UInt64(byte), 0xC0AC_29B7_C97C_50DD) &+ 1 }
        let end = UInt64(truncatingIfNeeded: bytes.count)
        return SectorHash(
            low: fold(x ^ 0x3F84_D5B5_B547_0917, y ^ end ^ 0x9216_D5D9_8979_FB1B),
            high: fold(x ^ end ^ 0xD131_0BA6_98DF_B5AC, y ^ 0x2FFD_72DB_D01A_DFB7))
    }

    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }
}
