/// A set of sector numbers: one word for each 64 sectors that hold one.
public struct SectorSet: Equatable, Sendable {
    private var words: [Int: UInt64] = [:]

    public init() {}

    public var isEmpty: Bool { words.isEmpty }

    public mutating func insert(_ sector: Int) {
        words[sector >> 6, default: 0] |= 1 << UInt64(sector & 63)
    }

    /// Every sector of the set, ascending.
    public var sorted: [Int] {
        words.keys.sorted().flatMap { word in
            (0..<64).filter { words[word, default: 0] >> UInt64($0) & 1 != 0 }.map { word << 6 + $0 }
        }
    }
}
