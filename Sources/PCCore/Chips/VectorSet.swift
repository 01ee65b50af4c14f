/// A bit for each interrupt vector, as the local APIC's registers of 256 bits hold them.
struct VectorSet: Stateful, Sendable {
    private var words = InlineArray<8, UInt32>(repeating: 0)

    /// 32 vectors, from 32 times `number` on.
    subscript(word number: Int) -> UInt32 { words[number & 7] }

    /// The most urgent of all, nil where there is none.
    var highest: UInt8? {
        for number in stride(from: 7, through: 0, by: -1) where words[number] != 0 {
            return UInt8(number << 5 | (31 - words[number].leadingZeroBitCount))
        }
        return nil
    }

    func contains(_ vector: UInt8) -> Bool { words[Int(vector >> 5)] >> UInt32(vector & 31) & 1 != 0 }

    mutating func set(_ vector: UInt8, _ present: Bool) {
        let bit: UInt32 = 1 << UInt32(vector & 31)
        if present {
            words[Int(vector >> 5)] |= bit
        } else {
            words[Int(vector >> 5)] &= ~bit
        }
    }

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        for number in 0..<8 { visitor.visit(&words[number]) }
    }
}
