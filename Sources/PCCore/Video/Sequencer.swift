// The sequencer of the VGA: index at 3C4h, data at 3C5h. [FreeVGA seqreg]
//
// It divides the dot clock into characters, masks the planes that the CPU writes, and picks the two fonts.
// Not modelled: the reset register stops nothing (memory keeps its contents, as after a short reset), and the shift
// load bits change nothing (they are for 16- and 32-bit shift registers that no documented mode uses).

/// The registers of the sequencer, and what they say.
struct Sequencer: Stateful, Sendable {
    private static let implemented: [UInt8] = [0x03, 0x3D, 0x0F, 0x3F, 0x0E]

    var index: UInt8 = 0
    private(set) var registers = [UInt8](repeating: 0, count: 5)

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&index)
        for i in registers.indices {
            visitor.visit(&registers[i])
            registers[i] &= Self.implemented[i]
        }
    }

    func read() -> UInt8 { Int(index) < registers.count ? registers[Int(index)] : 0 }

    mutating func write(_ value: UInt8) -> VideoEffect {
        let number = Int(index)
        guard number < registers.count else { return [] }
        let value = value & Self.implemented[number]
        guard value != registers[number] else { return [] }
        registers[number] = value
        switch number {
        case 1: return [.layout, .timing]
        case 2: return .memoryPath
        case 3: return .layout
        case 4: return [.layout, .memoryPath]
        default: return []
        }
    }

    /// Whether the picture may depend on the register that the index points to.
    var pictureDepends: Bool { index != 2 }

    private var clockingMode: UInt8 { registers[1] }
    private var memoryMode: UInt8 { registers[4] }

    /// Dots in a character clock.
    var dotsPerCharacter: Int { clockingMode & 1 != 0 ? 8 : 9 }
    /// The dot clock is halved, as in modes of 40 columns and 320 pixels.
    var halvesDotClock: Bool { clockingMode & 8 != 0 }
    /// The CPU has all memory cycles; nothing is shown.
    var screenOff: Bool { clockingMode & 0x20 != 0 }
    /// The planes that the CPU may write.
    var mapMask: UInt8 { registers[2] }
    /// Address bits 0 and 1 pick the plane.
    var chain4: Bool { memoryMode & 8 != 0 }
    /// Even addresses write planes 0 and 2, odd ones planes 1 and 3.
    var oddEven: Bool { memoryMode & 4 == 0 }

    /// Where in plane 2 the fonts start: for attributes with bit 3 clear, and with it set.
    var fontAddresses: (clear: Int, set: Int) {
        // Without extended memory there is the first font only. [FreeVGA seqreg 04h]
        guard memoryMode & 2 != 0 else { return (0, 0) }
        let select = registers[3]
        return (
            Self.fontAddress(low: select & 3, high: select >> 4 & 1),
            Self.fontAddress(low: select >> 2 & 3, high: select >> 5 & 1)
        )
    }

    /// Fonts 0-3 start at every 16 KB, fonts 4-7 between them.
    private static func fontAddress(low: UInt8, high: UInt8) -> Int { Int(low) << 14 | Int(high) << 13 }
}
