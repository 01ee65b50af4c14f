// The Bochs display interface ("dispi"): how a standard VGA without an accelerator sets modes beyond its own. [Bochs dispi]
//
// An index and a data register of 16 bits. XRES, YRES and BPP say what the next enabling shows and stand fast while it is
// shown; enabling resets the virtual screen. What is out of range is not taken, as on Bochs. Not modelled: banks of 32 KB,
// the DDC register, whole screens in another byte order.

/// The registers of the interface, and what they say. Nothing in it depends on what else the adapter does.
struct Dispi: Stateful, Equatable, Sendable {
    enum Index: UInt16 {
        case id, xResolution, yResolution, bitsPerPixel, enable, bank, virtualWidth, virtualHeight, xOffset, yOffset
        case videoMemory
    }

    enum Enable {
        static let enabled: UInt16 = 0x01
        /// XRES, YRES and BPP read the most that there can be.
        static let capabilities: UInt16 = 0x02
        static let eightBitDAC: UInt16 = 0x20
        static let linear: UInt16 = 0x40
        static let keepsMemory: UInt16 = 0x80
        static let implemented: UInt16 = 0xE3
    }

    static let ids: ClosedRange<UInt16> = 0xB0C0...0xB0C5
    static let mostColumns: UInt16 = 2560
    static let mostLines: UInt16 = 1600
    static let depths: [UInt16] = [4, 8, 15, 16, 24, 32]
    static let bank = 0x1_0000

    /// Bytes of video memory: a power of two, at least 256 KB. Not state: the adapter is built with it.
    let memorySize: Int
    var index: UInt16 = 0
    private(set) var id: UInt16 = 0xB0C5
    private(set) var columns: UInt16 = 640
    private(set) var lines: UInt16 = 480
    private(set) var bitsPerPixel: UInt16 = 8
    private(set) var enable: UInt16 = 0
    private(set) var bankNumber: UInt16 = 0
    private(set) var virtualColumns: UInt16 = 640
    private(set) var xOffset: UInt16 = 0
    private(set) var yOffset: UInt16 = 0

    init(memorySize: Int = VideoMemory.count) { self.memorySize = memorySize }

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&index)
        visitor.visit(&id)
        visitor.visit(&columns, in: 8...Self.mostColumns)
        visitor.visit(&lines, in: 1...Self.mostLines)
        visitor.visit(&bitsPerPixel)
        visitor.visit(&enable)
        visitor.visit(&bankNumber)
        visitor.visit(&virtualColumns)
        visitor.visit(&xOffset)
        visitor.visit(&yOffset)
        enable &= Enable.implemented
        if !canBe {
            visitor.refuse()
            self = Self(memorySize: memorySize)
        }
    }

    /// Whether the registers can hold this together: what is shown lies in memory.
    private var canBe: Bool {
        guard Self.depths.contains(bitsPerPixel) else { return false }
        return !isEnabled || bankNumber < banks && virtualColumns >= columns && fits(start(0, yOffset))
    }

    // MARK: What the registers say

    var isEnabled: Bool { enable & Enable.enabled != 0 }
    /// Four planes, as the VGA has them; else a pixel stands in consecutive bytes.
    var isPlanar: Bool { bitsPerPixel == 4 }
    var hasEightBitDAC: Bool { enable & Enable.eightBitDAC != 0 }

    /// Bytes of `columns` pixels. Four planes lie interleaved: eight pixels are four bytes.
    func bytes(_ columns: Int) -> Int {
        switch bitsPerPixel {
        case 4: columns / 8 * 4
        case 8: columns
        case 15, 16: columns * 2
        case 24: columns * 3
        default: columns * 4
        }
    }

    /// Bytes from a line to the next, never 0.
    var pitch: Int { max(4, bytes(Int(virtualColumns))) }
    /// Lines of the virtual screen: as many as memory holds.
    var virtualLines: UInt16 { UInt16(clamping: memorySize / pitch) }
    /// Where the picture starts in memory.
    var start: Int { start(xOffset, yOffset) }

    private func start(_ x: UInt16, _ y: UInt16) -> Int { Int(y) * pitch + bytes(Int(x)) }

    /// Whether the whole picture lies in memory when it starts at `start`.
    private func fits(_ start: Int) -> Bool {
        start + (Int(lines) - 1) * pitch + bytes(Int(columns)) <= memorySize
    }

    private var banks: UInt16 { UInt16(clamping: max(1, memorySize / Self.bank / (isPlanar ? 4 : 1))) }

    // MARK: The data register

    func read(_ index: UInt16) -> UInt16 {
        let asksMost = enable & Enable.capabilities != 0
        switch Index(rawValue: index) {
        case .id: return id
        case .xResolution: return asksMost ? Self.mostColumns : columns
        case .yResolution: return asksMost ? Self.mostLines : lines
        case .bitsPerPixel: return asksMost ? 32 : bitsPerPixel
        case .enable: return enable
        case .bank: return bankNumber
        case .virtualWidth: return virtualColumns
        case .virtualHeight: return virtualLines
        case .xOffset: return xOffset
        case .yOffset: return yOffset
        case .videoMemory: return UInt16(clamping: memorySize / Self.bank)
        case nil: return 0
        }
    }

    mutating func write(_ index: UInt16, _ value: UInt16) {
        switch Index(rawValue: index) {
        case .id: if Self.ids.contains(value) { id = value }
        case .xResolution: if !isEnabled, (8...Self.mostColumns).contains(value) { columns = value }
        case .yResolution: if !isEnabled, (1...Self.mostLines).contains(value) { lines = value }
        case .bitsPerPixel:
            // 0 is what the first version had instead of 8.
            if !isEnabled, value == 0 || Self.depths.contains(value) { bitsPerPixel = value == 0 ? 8 : value }
        case .enable: setEnable(value)
        case .bank: if value < banks { bankNumber = value }
        case .virtualWidth: setVirtualWidth(value)
        // A picture that is moved to the right goes on in the next line, and at the end of memory it is not drawn.
        case .xOffset: xOffset = value
        case .yOffset: if !isEnabled || fits(start(0, value)) { yOffset = value }
        case .virtualHeight, .videoMemory, nil: break
        }
    }

    private mutating func setEnable(_ value: UInt16) {
        let wasEnabled = isEnabled
        enable = value & Enable.implemented
        guard isEnabled != wasEnabled else { return }
        bankNumber = 0
        guard isEnabled else { return }
        virtualColumns = columns
        (xOffset, yOffset) = (0, 0)
        // Where memory is small, the picture ends with it.
        lines = min(lines, max(1, virtualLines))
    }

    /// A virtual screen that is too wide for as many lines as are shown becomes as wide as it can be; one that is narrower
    /// than the picture is not taken.
    private mutating func setVirtualWidth(_ value: UInt16) {
        guard value >= columns else { return }
        let widest = memorySize / Int(lines)
        let most =
            switch bitsPerPixel {
            case 4: widest / 4 * 8
            case 8: widest
            case 15, 16: widest / 2
            case 24: widest / 3
            default: widest / 4
            }
        let width = min(value, UInt16(clamping: most))
        guard width >= columns else { return }
        virtualColumns = width
        if !fits(start(0, yOffset)) { (xOffset, yOffset) = (0, 0) }
    }
}
