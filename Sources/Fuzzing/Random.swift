/// Reproducible random numbers (SplitMix64).
public struct Random: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// 0 to `count` - 1.
    mutating func below(_ count: Int) -> Int { Int(next() >> 33) % count }

    /// True once in `count` times.
    mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }

    mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }

    mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next() >> 40) }

    /// A number that arithmetic finds interesting, half of the time; any number else.
    mutating func operand() -> UInt32 {
        guard oneIn(2) else { return UInt32(truncatingIfNeeded: next() >> 16) }
        let edges: [UInt32] = [
            0, 1, 2, 7, 8, 9, 0xF, 0x10, 0x1F, 0x20, 0x21, 0x7F, 0x80, 0x81, 0x99, 0x9A, 0xFE, 0xFF, 0x100, 0x7FFF,
            0x8000, 0x8001, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FF7F, 0xFFFF_FF80,
            0xFFFF_8000, 0xFFFF_FFFE, 0xFFFF_FFFF,
        ]
        let edge = pick(edges)
        return oneIn(4) ? edge | UInt32(truncatingIfNeeded: next()) << UInt32(below(3) * 8 + 8) : edge
    }
}
