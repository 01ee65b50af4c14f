import PCCore

/// Timer, DMA, clock, keyboard, serial ports, interrupt controllers, display.
extension Recipes {
    /// Control words, counts of any size in any order, gates and read-back.
    mutating func timer() {
        for _ in 0..<1 + random.below(4) {
            let channel = random.below(3)
            out(
                0x43,
                pick([0x34, 0x36, 0x30, 0x32, 0x38, 0x3A, 0x14, 0x24, 0x35, 0x37, 0x00, 0x3E]) | UInt8(channel << 6))
            for _ in 0..<random.below(4) { out(0x40 + UInt16(channel), pick([0, 1, 2, 3, 0xFF, 0x99, 0x9A])) }
            if random.oneIn(3) { out(0x43, pick([0xC2, 0xE2, 0xD2, 0xCE, 0xEE, 0xC0, 0xFE])) }
            if random.oneIn(3) { out(0x61, random.byte()) }
            for _ in 0..<random.below(5) { input(0x40 + UInt16(random.below(4))) }
            if random.oneIn(2) { wait() }
        }
    }

    /// One channel of the 8237s, mostly where RAM is.
    mutating func programDMA(channel: UInt16, mode: UInt8) {
        let isSecond = channel > 3
        let (first, scale): (UInt16, UInt16) = isSecond ? (0xC0, 2) : (0, 1)
        let number = channel & 3
        out(first + 8 * scale + 4 * scale, 0)
        let place = random.oneIn(5) ? random.operand() : 0x1_0000
        let count =
            random.oneIn(4) ? UInt16(truncatingIfNeeded: random.operand()) : UInt16(random.pick([511, 9215, 71]))
        out(first + number * 2 * scale, UInt8(truncatingIfNeeded: place))
        out(first + number * 2 * scale, UInt8(truncatingIfNeeded: place >> 8))
        out(first + (number * 2 + 1) * scale, UInt8(truncatingIfNeeded: count))
        out(first + (number * 2 + 1) * scale, UInt8(truncatingIfNeeded: count >> 8))
        let pagePorts: [UInt16] = [0x87, 0x83, 0x81, 0x82, 0x8F, 0x8B, 0x89, 0x8A]
        out(pagePorts[Int(channel & 7)], UInt8(truncatingIfNeeded: place >> 16))
        out(first + 0x0B * scale, mode & ~3 | UInt8(number))
        out(first + 0x0A * scale, UInt8(number))
    }

    mutating func dmaController() {
        programDMA(channel: UInt16(random.below(8)), mode: random.byte())
        let (first, scale): (UInt16, UInt16) = random.oneIn(2) ? (0xC0, 2) : (0, 1)
        for _ in 0..<random.below(5) {
            // Command, request (memory to memory, software requests), masks, clears.
            out(first + UInt16(8 + random.below(8)) * scale, random.byte())
            input(first + UInt16(random.below(16)) * scale)
        }
        wait()
    }

    /// Rates, alarms, dates that there are not, BCD and binary, CMOS.
    mutating func clock() {
        for _ in 0..<1 + random.below(6) {
            out(0x70, pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0x32, 0x7F]))
            if random.oneIn(3) { input(0x71) } else { out(0x71, pick([0, 0x26, 0x2F, 0x70, 0x80, 0xC0, 0xFF, 0x99])) }
        }
        wait()
    }

    /// Commands to the 8042 and to what is on its cables.
    mutating func keyboard() {
        for _ in 0..<1 + random.below(6) {
            if random.oneIn(2) {
                out(
                    0x64,
                    pick([0x20, 0x60, 0xA7, 0xA8, 0xA9, 0xAA, 0xAB, 0xAD, 0xAE, 0xC0, 0xD0, 0xD1, 0xD2, 0xD3, 0xD4]))
            }
            if random.oneIn(10) { out(0x64, random.byte()) }
            out(
                0x60,
                pick([0xED, 0xEE, 0xF0, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xFF, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xFE]))
            if random.oneIn(2) { wait() }
            for _ in 0..<random.below(4) { input(random.pick([0x60, 0x60, 0x64])) }
        }
        if random.oneIn(6) { out(0x92, random.byte()) }
        if random.oneIn(4) { add(.outputs(port: 0x60, .byte, count: UInt16(random.below(300)), seed: random.byte())) }
    }

    /// Divisors of nothing, FIFOs that overflow, loopback.
    mutating func serialPort() {
        let base: UInt16 = random.pick([0x3F8, 0x2F8])
        if random.oneIn(2) {
            out(base + 3, 0x80 | random.byte())
            out(base, pick([0, 0, 1, 12, 0xFF]))
            out(base + 1, pick([0, 0, 0, 0xFF]))
        }
        out(base + 3, pick([0x03, 0x1F, 0x43, 0x00]))
        out(base + 4, pick([0x0B, 0x10, 0x1F, 0x00, 0x03]))
        out(base + 2, pick([0, 1, 7, 0xC1, 0xC7]))
        out(base + 1, pick([0, 0x0F, 1, 2]))
        add(.outputs(port: base, .byte, count: UInt16(random.below(40)), seed: random.byte()))
        if random.oneIn(2) {
            add(.serial(port: base == 0x3F8 ? 0 : 1, (0..<random.below(64)).map { _ in random.byte() }))
        }
        wait()
        for _ in 0..<random.below(10) { input(base + UInt16(random.below(8))) }
    }

    /// Initialisation words in part, polls, rotation, special modes, ELCR.
    mutating func interrupts() {
        for _ in 0..<1 + random.below(8) {
            let base: UInt16 = random.pick([0x20, 0xA0])
            switch random.below(4) {
            case 0: out(base, pick([0x11, 0x19, 0x13, 0x10, 0x1F]))
            case 1: out(base + 1, random.byte())
            case 2: out(base, pick([0x20, 0x0A, 0x0B, 0x0C, 0x68, 0x48, 0x80, 0xA0, 0xC3, 0x60]))
            default: input(base + UInt16(random.below(2)))
            }
        }
        if random.oneIn(6) { out(0x4D0 + UInt16(random.below(2)), random.byte()) }
        wait()
    }

    // MARK: Display

    /// Registers of a mode, of any value in the places that decide on sizes, then a picture.
    mutating func display() {
        if random.oneIn(2) { standardMode() }
        for _ in 0..<random.below(12) {
            let ports: [(index: UInt16, data: UInt16, count: Int)] = [
                (0x3D4, 0x3D5, 0x19), (0x3D4, 0x3D5, 0x19), (0x3C4, 0x3C5, 5), (0x3CE, 0x3CF, 9), (0x3B4, 0x3B5, 0x19),
            ]
            let group = random.pick(ports)
            out(group.index, mostly(UInt8(random.below(group.count))))
            out(group.data, pick([0, 1, 0xFF, 0x7F, 0x80, 0x1F, 0x40]))
        }
        if random.oneIn(3) { out(0x3C2, random.byte()) }
        if random.oneIn(3) {
            input(0x3DA)
            for _ in 0..<random.below(20) { out(0x3C0, random.byte() & 0x3F) }
            out(0x3C0, 0x20)
        }
        if random.oneIn(5) {
            out(0x3C8, random.byte())
            add(.outputs(port: 0x3C9, .byte, count: UInt16(random.below(800)), seed: random.byte()))
        }
        if random.oneIn(3) { extensions() }
        if random.oneIn(2) { wait() }
        add(.picture)
    }

    /// The registers that Bochs's display has beside VGA's, by an index and a word.
    private mutating func extensions() {
        for _ in 0..<1 + random.below(8) {
            outWord(0x1CE, UInt16(random.below(12)))
            let sizes: [UInt16] = [0, 1, 4, 8, 15, 16, 24, 32, 320, 640, 1024, 1600, 2048, 0x41, 0xC1, 0x7FFF, 0xFFFF]
            outWord(0x1CF, random.oneIn(4) ? UInt16(truncatingIfNeeded: random.operand()) : random.pick(sizes))
        }
        if random.oneIn(2) { add(.input(port: 0x1CF, .word)) }
    }

    /// Text or graphics as a BIOS sets them.
    private mutating func standardMode() {
        let isText = random.oneIn(2)
        let crtc: [UInt8] =
            isText
            ? [
                0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81, 0xBF, 0x1F, 0x00, 0x4F, 0x0D, 0x0E, 0, 0, 0, 0, 0x9C, 0x8E, 0x8F,
                0x28,
                0x1F, 0x96, 0xB9, 0xA3, 0xFF,
            ]
            : [
                0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80, 0xBF, 0x1F, 0x00, 0x41, 0, 0, 0, 0, 0, 0, 0x9C, 0x8E, 0x8F, 0x28,
                0x40,
                0x96, 0xB9, 0xA3, 0xFF,
            ]
        out(0x3C2, isText ? 0x67 : 0x63)
        for (index, value) in [0x03, 0x00, isText ? 0x03 : 0x0F, 0x00, isText ? 0x02 : 0x0E].enumerated() {
            out(0x3C4, UInt8(index))
            out(0x3C5, mostly(UInt8(value)))
        }
        out(0x3D4, 0x11)
        out(0x3D5, 0x0E)
        for (index, value) in crtc.enumerated() {
            out(0x3D4, UInt8(index))
            out(0x3D5, random.oneIn(10) ? random.byte() : value)
        }
        let graphics: [UInt8] =
            isText ? [0, 0, 0, 0, 0, 0x10, 0x0E, 0, 0xFF] : [0, 0, 0, 0, 0, 0x40, 0x05, 0x0F, 0xFF]
        for (index, value) in graphics.enumerated() {
            out(0x3CE, UInt8(index))
            out(0x3CF, mostly(value))
        }
        input(0x3DA)
        for index in 0..<21 as Range<UInt8> {
            out(0x3C0, index)
            out(0x3C0, index < 16 ? index : mostly([isText ? 0x0C : 0x41, 0, 0x0F, 0, 0][Int(index) - 16]))
        }
        out(0x3C0, 0x20)
    }

    mutating func displayMemory() {
        for _ in 0..<1 + random.below(4) {
            out(0x3C4, 2)
            out(0x3C5, random.byte())
            out(0x3CE, UInt8(random.below(9)))
            out(0x3CF, random.byte())
            let address: UInt32 = random.pick([0xA_0000, 0xB_0000, 0xB_8000, 0xB_FFF0, 0xA_FFFC])
            let stride = UInt16(random.pick([1, 2, 4, 80, 320, 0xFFFF]))
            add(.sweep(address: address, width, count: UInt16(random.below(800)), stride: stride, seed: random.byte()))
            add(.read(address: address &+ UInt32(random.below(0x1_0000)), width))
        }
        if random.oneIn(2) { add(.picture) }
    }

    /// Whole pages of the board's devices, and of where devices may come to be.
    mutating func pages() {
        for placement in placements where !random.oneIn(3) { add(placement.operations) }
        let range = random.pick(places.memory)
        let last = UInt32(range.count - 1)
        for _ in 0..<1 + random.below(10) {
            let offset = random.pick([0, last, last &- 1, last &- 3, last / 2, UInt32(random.below(0x400))]) & ~0
            let address = range.lowerBound &+ min(offset, last)
            if random.oneIn(3) {
                add(.read(address: address, width))
            } else {
                add(.write(address: address, width, random.operand()))
            }
        }
    }
}
