/// How the CPU reaches video memory: what the registers of three blocks say together, worked out when one changes.
struct MemoryPath {
    /// How an address picks the plane.
    enum Planes {
        /// The map mask or the read map.
        case selected
        /// Address bit 0: even or odd planes.
        case oddEven
        /// Address bits 0 and 1.
        case chained
    }

    /// Where the window starts, from A0000h on.
    private(set) var base: UInt32 = 0
    /// Bytes of the window; 0 while the memory does not answer.
    private(set) var size: UInt32 = 0
    /// The CPU's bytes reach memory unchanged.
    private(set) var straight = false
    /// Text as the BIOS sets it up: even bytes to plane 0, odd ones to plane 1, nothing else.
    private(set) var fastText = false
    /// Mode 13h as the BIOS sets it up: a byte of memory for each byte of the window.
    private(set) var fastChained = false
    private var mapMask: UInt8 = 0
    private var readMap: UInt8 = 0
    private var writePlanes = Planes.selected
    private var readPlanes = Planes.selected
    private var chainOddEven = false
    /// The window is 128 KB and its upper half are the odd addresses of an odd/even mode.
    private var wholeWindow = false

    /// - Parameter enabled: the memory answers at all.
    init(_ sequencer: Sequencer, _ graphics: GraphicsController, enabled: Bool) {
        wholeWindow = graphics.memoryMap == 0
        switch graphics.memoryMap {
        case 0: (base, size) = (0, 0x2_0000)
        case 1: (base, size) = (0, 0x1_0000)
        case 2: (base, size) = (0x1_0000, 0x8000)
        default: (base, size) = (0x1_8000, 0x8000)
        }
        if !enabled { size = 0 }
        mapMask = sequencer.mapMask
        readMap = graphics.readMap
        writePlanes = sequencer.chain4 ? .chained : sequencer.oddEven ? .oddEven : .selected
        readPlanes = sequencer.chain4 ? .chained : graphics.hostOddEven ? .oddEven : .selected
        chainOddEven = graphics.chainOddEven
        straight = graphics.writesStraight
        fastText = straight && writePlanes == .oddEven && chainOddEven && !wholeWindow && mapMask == 3
        fastChained = straight && writePlanes == .chained && mapMask == 15
    }

    /// The planes that a write to `address` changes.
    @inline(__always)
    func planesWritten(_ address: UInt32) -> UInt8 {
        switch writePlanes {
        case .selected: mapMask
        case .oddEven: mapMask & (address & 1 == 0 ? 0b0101 : 0b1010)
        case .chained: mapMask & 1 << UInt8(truncatingIfNeeded: address & 3)
        }
    }

    /// The plane that a read of `address` gives.
    @inline(__always)
    func planeRead(_ address: UInt32) -> UInt32 {
        switch readPlanes {
        case .selected: UInt32(readMap)
        case .oddEven: UInt32(readMap & 2) | address & 1
        case .chained: address & 3
        }
    }

    /// The address inside of the planes. The bits that pick a plane are 0 there, but for bit 0 in the 128 KB window,
    /// where address bit 16 takes its place. (In the smaller windows the page bit of the miscellaneous output register
    /// would; every mode leaves it at the page that is shown, and it is not modelled.) [FreeVGA graphreg 06h]
    @inline(__always)
    func planeAddress(_ address: UInt32) -> UInt16 {
        let low = UInt16(truncatingIfNeeded: address)
        if writePlanes == .chained { return low & 0xFFFC }
        if chainOddEven { return low & 0xFFFE | (wholeWindow ? UInt16(truncatingIfNeeded: address >> 16) & 1 : 0) }
        return low
    }
}
