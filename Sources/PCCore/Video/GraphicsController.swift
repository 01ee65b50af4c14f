// The graphics controller of the VGA: index at 3CEh, data at 3CFh. [FreeVGA graphreg]
//
// It stands between the CPU and video memory: latches, write and read modes, and the place of the memory window. Data
// of all four planes goes through it as one 32-bit word, plane 0 in the low byte.

/// The registers of the graphics controller, and its arithmetic.
struct GraphicsController: Stateful, Sendable {
    private static let implemented: [UInt8] = [0x0F, 0x0F, 0x0F, 0x1F, 0x03, 0x7B, 0x0F, 0x0F, 0xFF]
    private static let mode = 5
    private static let miscellaneous = 6

    /// How four planes become a stream of pixels.
    enum ShiftMode {
        /// One bit of each plane makes a pixel.
        case planar
        /// Two bits of planes 0 and 2, then of 1 and 3, as on the CGA.
        case interleaved
        /// Two pixels of four bits from each plane in turn.
        case packed
    }

    var index: UInt8 = 0
    private(set) var registers = [UInt8](repeating: 0, count: 9)

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
        let changed = value ^ registers[number]
        guard changed != 0 else { return [] }
        registers[number] = value
        switch number {
        case Self.mode: return changed & 0x60 != 0 ? [.layout, .memoryPath] : .memoryPath
        case Self.miscellaneous: return changed & 1 != 0 ? [.layout, .memoryPath] : .memoryPath
        default: return .memoryPath
        }
    }

    /// Whether the picture would change if `value` were written to the register that the index points to.
    func pictureDepends(on value: UInt8) -> Bool {
        switch Int(index) {
        case Self.mode: (value ^ registers[Self.mode]) & 0x60 != 0
        case Self.miscellaneous: (value ^ registers[Self.miscellaneous]) & 1 != 0
        default: false
        }
    }

    // MARK: Register fields

    /// A graphics mode; otherwise text.
    var graphics: Bool { registers[Self.miscellaneous] & 1 != 0 }
    /// Address bit 0 picks the plane and is replaced by another bit on its way to memory.
    var chainOddEven: Bool { registers[Self.miscellaneous] & 2 != 0 }
    /// 0: A0000h, 128 KB; 1: A0000h, 64 KB; 2: B0000h, 32 KB; 3: B8000h, 32 KB.
    var memoryMap: UInt8 { registers[Self.miscellaneous] >> 2 & 3 }
    var writeMode: UInt8 { registers[Self.mode] & 3 }
    var readsByCompare: Bool { registers[Self.mode] & 8 != 0 }
    /// Address bit 0 picks the plane that is read.
    var hostOddEven: Bool { registers[Self.mode] & 0x10 != 0 }
    var readMap: UInt8 { registers[4] }
    var shiftMode: ShiftMode {
        registers[Self.mode] & 0x40 != 0 ? .packed : registers[Self.mode] & 0x20 != 0 ? .interleaved : .planar
    }

    /// The CPU's byte goes to memory as it is: no set/reset, rotation, function or bit mask.
    var writesStraight: Bool {
        writeMode == 0 && registers[1] == 0 && registers[3] == 0 && registers[8] == 0xFF
    }

    // MARK: Arithmetic

    /// A bit for each plane becomes a byte for each plane.
    @inline(__always)
    static func spread(_ planes: UInt8) -> UInt32 {
        let planes = UInt32(planes)
        return (planes & 1 | (planes & 2) << 7 | (planes & 4) << 14 | (planes & 8) << 21) &* 0xFF
    }

    /// One byte in all planes.
    @inline(__always)
    static func repeated(_ value: UInt8) -> UInt32 { UInt32(value) &* 0x0101_0101 }

    /// What the planes get when the CPU writes `value`, before the map mask.
    func combine(_ value: UInt8, latches: UInt32) -> UInt32 {
        var bitMask = registers[8]
        var data: UInt32
        switch writeMode {
        case 0:
            let enabled = Self.spread(registers[1])
            data = Self.repeated(rotated(value)) & ~enabled | Self.spread(registers[0]) & enabled
        case 1:
            return latches
        case 2:
            data = Self.spread(value & 0x0F)
        default:
            bitMask &= rotated(value)
            data = Self.spread(registers[0])
        }
        switch registers[3] >> 3 & 3 {
        case 1: data &= latches
        case 2: data |= latches
        case 3: data ^= latches
        default: break
        }
        let mask = Self.repeated(bitMask)
        return data & mask | latches & ~mask
    }

    private func rotated(_ value: UInt8) -> UInt8 {
        let count = registers[3] & 7
        return value >> count | value << ((8 &- count) & 7)
    }

    /// Read mode 1: a bit is set where the planes that are cared for equal the colour to compare with.
    func compared(latches: UInt32) -> UInt8 {
        let differing = (latches ^ Self.spread(registers[2])) & Self.spread(registers[7])
        let folded = differing | differing >> 16
        return ~UInt8(truncatingIfNeeded: folded | folded >> 8)
    }
}
