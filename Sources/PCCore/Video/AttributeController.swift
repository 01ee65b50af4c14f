// The attribute controller of the VGA: index and data at 3C0h by turns, data reads at 3C1h. [FreeVGA attrreg]
//
// It turns pixels of four bits into addresses of the DAC. A flip-flop says whether the next write to 3C0h is an index
// or data; reading input status 1 sets it to index. In 256-colour modes the palette is bypassed, which is what the
// identity palette of every such mode amounts to.

/// The registers of the attribute controller, and what they say.
struct AttributeController: Stateful, Sendable {
    private static let implemented: [UInt8] = [
        0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F, 0x3F,
        0xEF, 0xFF, 0x3F, 0x0F, 0x0F,
    ]
    /// In the index: the display has the palette.
    private static let paletteInUse: UInt8 = 0x20

    /// Bits 0-4 the register, bit 5 gives the palette to the display.
    private(set) var index: UInt8 = 0
    /// The next write to 3C0h is data.
    private(set) var expectsData = false
    private(set) var registers = [UInt8](repeating: 0, count: 21)

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&index)
        visitor.visit(&expectsData)
        for i in registers.indices { visitor.visit(&registers[i]) }
    }

    /// The register that the index points to, at 3C1h.
    func read() -> UInt8 {
        let number = Int(index & 0x1F)
        return number < registers.count ? registers[number] : 0
    }

    mutating func expectIndex() { expectsData = false }

    /// A write to 3C0h.
    mutating func write(_ value: UInt8) -> VideoEffect {
        defer { expectsData.toggle() }
        guard expectsData else {
            let shown = (index ^ value) & Self.paletteInUse != 0
            index = value & 0x3F
            return shown ? .layout : []
        }
        // IBM's first VGA shut the palette off from the CPU while the display has it, the second did not, and what was
        // built after them does not either: the VGABIOS of Bochs writes it so. [PS/2 TR video, attribute address register]
        let number = Int(index & 0x1F)
        guard number < registers.count else { return [] }
        let value = value & Self.implemented[number]
        guard value != registers[number] else { return [] }
        registers[number] = value
        return .layout
    }

    private var modeControl: UInt8 { registers[0x10] }

    /// The display shows pixels, not the overscan colour.
    var displays: Bool { index & Self.paletteInUse != 0 }
    /// The ninth dot of characters C0h-DFh repeats the eighth.
    var lineGraphics: Bool { modeControl & 4 != 0 }
    /// Attribute bit 7 is blinking; otherwise a bright background.
    var blinks: Bool { modeControl & 8 != 0 }
    /// The lower part of a split screen is not panned.
    var panningEndsAtSplit: Bool { modeControl & 0x20 != 0 }
    /// Two pixels of four bits make one of eight.
    var eightBitPixels: Bool { modeControl & 0x40 != 0 }
    var overscan: UInt8 { registers[0x11] }
    /// The bits of a pixel that count.
    var planeEnable: UInt8 { registers[0x12] & 0x0F }

    /// Dots by which the picture is shifted to the left, in characters of `dots` dots. [FreeVGA attrreg 13h]
    func panning(dots: Int) -> Int {
        let value = Int(registers[0x13])
        if dots == 9 { return value >= 8 ? 0 : value + 1 }
        return value & 7
    }

    /// The DAC's address for a pixel of four bits; `planeEnable` has been applied.
    func colour(_ pixel: UInt8) -> UInt8 {
        let entry = registers[Int(pixel & 0x0F)]
        let select = registers[0x14]
        let middle = modeControl & 0x80 != 0 ? select & 3 : entry >> 4 & 3
        return entry & 0x0F | middle << 4 | (select >> 2 & 3) << 6
    }
}
