// The CRT controller of the VGA: index at 3B4h/3D4h, data at 3B5h/3D5h. [FreeVGA crtcreg]
//
// It counts characters and scan lines, says when display and retrace are, and addresses video memory for them.
// Registers 22h, 24h and 26h, which show what other blocks hold, are read by the board of the adapter (VGA+Ports.swift).
// Not modelled: blanking inside of the displayed area, the skews of display enable and retrace, the light pen that
// bit 7 of register 03h would bring back, and the refresh cycles of register 11h (all are kept and read back).

/// The registers of the CRT controller, and what they say.
struct CRTController: Stateful, Sendable {
    /// A register by its index.
    enum Register: Int {
        case horizontalTotal = 0x00
        case horizontalDisplayEnd = 0x01
        case horizontalBlankStart = 0x02
        case horizontalBlankEnd = 0x03
        case horizontalRetraceEnd = 0x05
        case overflow = 0x07
        case presetRowScan = 0x08
        case maximumScanLine = 0x09
        case cursorStart = 0x0A
        case cursorEnd = 0x0B
        case startAddressHigh = 0x0C
        case startAddressLow = 0x0D
        case cursorLocationHigh = 0x0E
        case cursorLocationLow = 0x0F
        case verticalRetraceStart = 0x10
        case verticalRetraceEnd = 0x11
        case verticalDisplayEnd = 0x12
        case offset = 0x13
        case verticalBlankStart = 0x15
        case verticalBlankEnd = 0x16
        case underlineLocation = 0x14
        case modeControl = 0x17
        case lineCompare = 0x18
        case verticalTotal = 0x06
    }

    static let count = 0x19
    /// The bits of each register that are there; the others read as 0.
    private static let implemented: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0x3F, 0x7F, 0xFF,
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xEF, 0xFF,
    ]
    /// Register 11h: registers 00h-07h are write protected.
    static let protect: UInt8 = 0x80
    /// Register 11h: vertical interrupts are off.
    static let interruptDisable: UInt8 = 0x20
    /// Register 11h: the vertical interrupt latch may be set; 0 clears it.
    static let interruptArm: UInt8 = 0x10

    var index: UInt8 = 0
    private(set) var registers = [UInt8](repeating: 0, count: count)

    subscript(register: Register) -> UInt8 { registers[register.rawValue] }

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&index)
        for i in registers.indices {
            visitor.visit(&registers[i])
            registers[i] &= Self.implemented[i]
        }
    }

    /// The index points to a byte of the start address.
    var isStartAddress: Bool { index &- 0x0C < 2 }

    /// The register that the index points to; what is not there reads as 0.
    func read() -> UInt8 {
        Int(index) < Self.count ? registers[Int(index)] : 0
    }

    mutating func write(_ value: UInt8) -> VideoEffect {
        let number = Int(index)
        guard number < Self.count else { return [] }
        var value = value & Self.implemented[number]
        let old = registers[number]
        if number <= 7, self[.verticalRetraceEnd] & Self.protect != 0 {
            // The protected overflow register still takes bit 8 of the line compare value. [FreeVGA crtcreg 11h]
            guard number == Register.overflow.rawValue else { return [] }
            value = old & ~0x10 | value & 0x10
        }
        guard value != old else { return [] }
        registers[number] = value
        switch number {
        case 0x0A...0x0F: return .content
        case 0x00...0x07, 0x10...0x12, 0x17: return [.layout, .timing]
        default: return .layout
        }
    }

    // MARK: Geometry

    /// Character clocks in a scan line.
    var totalCharacters: Int { Int(self[.horizontalTotal]) + 5 }
    /// Character clocks that are displayed.
    var displayedCharacters: Int { Int(self[.horizontalDisplayEnd]) + 1 }
    /// The vertical counter runs at half the rate: each of its numbers is two scan lines.
    private var linesPerCount: Int { self[.modeControl] & 4 != 0 ? 2 : 1 }
    /// Scan lines in a frame.
    var totalLines: Int { (withOverflow(self[.verticalTotal], bit8: 0, bit9: 5) + 2) * linesPerCount }
    /// Scan lines that are displayed; where their end is never reached, all of them.
    var displayedLines: Int {
        min((withOverflow(self[.verticalDisplayEnd], bit8: 1, bit9: 6) + 1) * linesPerCount, totalLines)
    }
    /// The scan line in which vertical retrace begins.
    var retraceStart: Int { withOverflow(self[.verticalRetraceStart], bit8: 2, bit9: 7) * linesPerCount }
    /// Retrace ends when the low four bits of the line number match register 11h.
    var retraceLines: Int {
        let distance = Int((self[.verticalRetraceEnd] &- self[.verticalRetraceStart]) & 15)
        return (distance == 0 ? 16 : distance) * linesPerCount
    }
    /// The last scan line of the upper part of a split screen.
    var lineCompare: Int {
        (withOverflow(self[.lineCompare], bit8: 4, bit9: nil) | (self[.maximumScanLine] & 0x40 != 0 ? 0x200 : 0))
            * linesPerCount
    }

    /// What stands around the displayed part in the colour of the border, in characters and in scan lines: from its end to
    /// the start of blanking, and from there to the end of the line or frame. Pixels come a character after the counter
    /// that blanking is compared with, lines one after: 8 dots and 8 lines on each side in mode 12h. [VESA DMT 640x480]
    var border: (left: Int, right: Int, top: Int, bottom: Int) {
        let end = Int(self[.horizontalBlankEnd] & 0x1F) | Int(self[.horizontalRetraceEnd] >> 2 & 0x20)
        let side = Self.border(
            displayed: displayedCharacters, total: totalCharacters, start: Int(self[.horizontalBlankStart]), end: end,
            mask: 0x3F)
        let start =
            withOverflow(self[.verticalBlankStart], bit8: 3, bit9: nil)
            | (self[.maximumScanLine] & 0x20 != 0 ? 0x200 : 0)
        let edge = Self.border(
            displayed: displayedLines / linesPerCount, total: totalLines / linesPerCount, start: start,
            end: Int(self[.verticalBlankEnd]), mask: 0xFF)
        return (side.before, side.behind, edge.before * linesPerCount, edge.behind * linesPerCount)
    }

    private static func border(
        displayed: Int, total: Int, start: Int, end: Int, mask: Int
    ) -> (before: Int, behind: Int) {
        guard start < total else { return (0, max(0, total - displayed)) }
        // Blanking ends where the low bits match, behind its start.
        let length = (end - start) & mask
        let last = start + (length == 0 ? mask + 1 : length)
        return (max(0, total - last - 1), max(0, start + 1 - displayed))
    }

    private func withOverflow(_ low: UInt8, bit8: UInt8, bit9: UInt8?) -> Int {
        let overflow = self[.overflow]
        var value = Int(low) | Int(overflow >> bit8 & 1) << 8
        if let bit9 { value |= Int(overflow >> bit9 & 1) << 9 }
        return value
    }

    /// The number of the last row scan of a character row.
    var maximumRowScan: UInt8 { self[.maximumScanLine] & 0x1F }
    /// Each row scan is shown in two scan lines.
    var doubleScan: Bool { self[.maximumScanLine] & 0x80 != 0 }
    var presetRowScan: UInt8 { self[.presetRowScan] & 0x1F }
    /// Whole characters by which the picture is shifted to the left.
    var bytePanning: UInt16 { UInt16(self[.presetRowScan] >> 5 & 3) }
    var underline: UInt8 { self[.underlineLocation] & 0x1F }
    /// Horizontal and vertical retrace run, so that there is a picture.
    var running: Bool { self[.modeControl] & 0x80 != 0 }

    // MARK: Addresses

    var startAddress: UInt16 { UInt16(self[.startAddressHigh]) << 8 | UInt16(self[.startAddressLow]) }
    var cursorLocation: UInt16 { UInt16(self[.cursorLocationHigh]) << 8 | UInt16(self[.cursorLocationLow]) }
    /// From one character row to the next, in memory addresses.
    var rowPitch: UInt16 { UInt16(self[.offset]) &* 2 }
    /// The memory address counter takes one step every 2 to this power character clocks.
    var countShift: Int { self[.underlineLocation] & 0x20 != 0 ? 2 : self[.modeControl] & 8 != 0 ? 1 : 0 }
    /// Row scan bits replace address bits 13 and 14, for memory laid out as on the CGA and Hercules cards.
    var substitutesRowScan: Bool { self[.modeControl] & 3 != 3 }

    /// The cursor's row scans, nil while it is off. On the VGA a start behind the end hides it. [FreeVGA textcur]
    var cursorRowScans: ClosedRange<UInt8>? {
        let start = self[.cursorStart] & 0x1F
        let end = self[.cursorEnd] & 0x1F
        return self[.cursorStart] & 0x20 != 0 || start > end ? nil : start...end
    }
    /// Characters by which the cursor stands to the right of its address.
    var cursorSkew: Int { Int(self[.cursorEnd] >> 5 & 3) }

    /// The address in a plane for a value of the memory address counter: byte, word or doubleword mode.
    func planeAddress(_ counter: UInt16) -> UInt16 {
        if self[.underlineLocation] & 0x40 != 0 {
            // IBM's chip turns bits 12 and 13 round to bits 0 and 1, here and in chained addresses of the CPU: what
            // the CPU writes in mode 13h stands where it is shown. Most others leave both out, and so does this one.
            return counter << 2
        }
        if self[.modeControl] & 0x40 == 0 {
            // Bit 5 tells a board of 256 KB, whose bit 15 comes round, from one of 64 KB. [FreeVGA crtcreg 17h]
            let bit: UInt16 = self[.modeControl] & 0x20 != 0 ? 15 : 13
            return counter << 1 | counter >> bit & 1
        }
        return counter
    }

    /// The same in a row scan, whose number may stand in for address bits 13 and 14.
    func planeAddress(_ counter: UInt16, rowScan: UInt8) -> UInt16 {
        var address = planeAddress(counter)
        let control = self[.modeControl]
        if control & 1 == 0 { address = address & ~0x2000 | UInt16(rowScan & 1) << 13 }
        if control & 2 == 0 { address = address & ~0x4000 | UInt16(rowScan >> 1 & 1) << 14 }
        return address
    }
}
