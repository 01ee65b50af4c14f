// The RAMDAC of the VGA, as the INMOS IMS G171: mask at 3C6h, read address at 3C7h, write address at 3C8h, data at
// 3C9h. [IMS G171] [FreeVGA colorreg]
//
// There is one address counter for both directions. A colour is written when its third component arrives, and fetched
// as a whole when the read address is written, which also steps the counter. Not modelled: snow, and the mask's
// undefined power-on value (FFh here).

/// The palette of 256 colours of 18 bits, and its registers.
struct DAC: Stateful, Sendable {
    /// The pel mask: the bits of a pixel that address the palette.
    private(set) var mask: UInt8 = 0xFF
    /// The address counter, as 3C8h reads it.
    private(set) var address: UInt8 = 0
    private var component: UInt8 = 0
    private var reading = false
    /// The colour on its way in or out: red in the low byte, green, blue.
    private var holding: UInt32 = 0
    /// The display interface has put the DAC into eight bits a component.
    private(set) var isWide = false
    /// Six or eight bits a component: red in the low byte, green, blue.
    private(set) var colours = [UInt32](repeating: 0, count: 256)

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&mask)
        visitor.visit(&address)
        visitor.visit(&component, in: 0...2)
        visitor.visit(&reading)
        visitor.visit(&holding)
        visitor.visit(&isWide)
        for i in colours.indices { visitor.visit(&colours[i]) }
    }

    mutating func writeMask(_ value: UInt8) -> VideoEffect {
        guard mask != value else { return [] }
        mask = value
        return .layout
    }

    mutating func writeReadAddress(_ value: UInt8) {
        address = value
        component = 0
        reading = true
        fetch()
    }

    mutating func writeWriteAddress(_ value: UInt8) {
        address = value
        component = 0
        reading = false
    }

    /// 3C7h as it reads: which of the addresses was written last.
    var status: UInt8 { reading ? 3 : 0 }

    mutating func readData() -> UInt8 {
        let value = UInt8(truncatingIfNeeded: holding >> (UInt32(component) &* 8)) & (isWide ? 0xFF : 0x3F)
        component &+= 1
        if component >= 3 {
            component = 0
            fetch()
        }
        return value
    }

    mutating func writeData(_ value: UInt8) -> VideoEffect {
        let shift = UInt32(component) &* 8
        holding = holding & ~(0xFF &<< shift) | UInt32(isWide ? value : value & 0x3F) &<< shift
        component &+= 1
        guard component >= 3 else { return [] }
        component = 0
        let entry = Int(address)
        address &+= 1
        guard colours[entry] != holding else { return [] }
        colours[entry] = holding
        return .layout
    }

    private mutating func fetch() {
        holding = colours[Int(address)]
        address &+= 1
    }

    /// The colour of a pixel as 00RRGGBBh: six bits become eight by repeating the upper ones.
    func rgb(_ pixel: UInt8) -> UInt32 {
        let colour = colours[Int(pixel & mask)]
        if isWide { return colour.byteSwapped >> 8 }
        let wide = (colour & 0x3F3F3F) << 2 | (colour & 0x303030) >> 4
        return (wide & 0xFF) << 16 | wide & 0xFF00 | wide >> 16
    }

    /// The comparators at the outputs, as a colour monitor loads them: set while colour 0 is dark. BIOSes find out by
    /// it which monitor is there.
    var sense: Bool {
        let colour = colours[0]
        return max(colour & 0xFF, colour >> 8 & 0xFF, colour >> 16 & 0xFF) < (isWide ? 104 : 26)
    }

    /// Six or eight bits a component; the colours stay what they are, as far as six bits can tell them.
    mutating func setWide(_ wide: Bool) -> VideoEffect {
        guard wide != isWide else { return [] }
        isWide = wide
        for i in colours.indices {
            colours[i] = wide ? colours[i] << 2 : colours[i] >> 2 & 0x3F3F3F
        }
        holding = wide ? holding << 2 : holding >> 2 & 0x3F3F3F
        return .layout
    }
}
