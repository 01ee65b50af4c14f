import PCCore

/// What boards of the nineties have beyond the AT: APICs, frame buffer, power management, shadow RAM. And what hangs at the
/// outside: printer, joystick, kernel loader.
extension Recipes {
    /// Where these cases put the region behind a base address register.
    private func base(_ function: UInt8, _ register: UInt8) -> UInt32? {
        placements.first { $0.place.function == function && $0.place.register == register }?.base
    }

    private mutating func placeRegions() {
        for placement in placements where !random.oneIn(16) { add(placement.operations) }
    }

    /// A register in memory: of 32 bits, for the most part.
    private mutating func store(_ address: UInt32, _ value: UInt32) {
        add(.write(address: address, random.oneIn(16) ? width : .dword, value))
    }

    // MARK: Interrupts

    private static let localAPIC: UInt32 = 0xFEE0_0000
    private static let ioAPIC: UInt32 = 0xFEC0_0000

    /// Vectors that there are and that there are not, in every way of delivery, edges and levels.
    private mutating func vectorEntry() -> UInt32 {
        let vector = UInt32(pick([0x08, 0x20, 0x31, 0x0F, 0x10, 0x70, 0xFF]))
        let delivery: UInt32 = random.pick([0, 0, 0, 0x100, 0x200, 0x400, 0x500, 0x600, 0x700])
        return vector | delivery | random.pick([0, 0, 0, 0x1_0000, 0x8000, 0x8000, 0xA000, 0x800])
    }

    mutating func localInterrupts() {
        let page = Self.localAPIC
        if !random.oneIn(4) { store(page + 0xF0, 0x100 | UInt32(random.byte())) }
        for _ in 0..<1 + random.below(10) {
            let entry = vectorEntry()
            switch random.below(10) {
            case 0, 1:
                store(page + 0x3E0, UInt32(pick([0, 1, 2, 3, 8, 9, 10, 11])))
                store(page + 0x320, entry & ~0x700 | random.pick([0, 0x2_0000]))
                store(page + 0x380, random.oneIn(3) ? random.operand() : random.pick([0, 1, 2, 100, 10_000]))
                wait()
                add(.read(address: page + 0x390, .dword))
            case 2: store(page + random.pick([0x340, 0x350, 0x360, 0x370]), entry)
            case 3:
                store(page + 0x310, random.pick([0, 0xFF, 0x0F, 0x01, 0x80]) << 24)
                store(
                    page + 0x300, entry | random.pick([0, 0, 0x4_0000, 0x8_0000, 0xC_0000]) | random.pick([0, 0x4000]))
            case 4: store(page + 0xB0, 0)
            case 5: store(page + random.pick([0x80, 0xD0, 0xE0, 0x20, 0x280]), random.operand())
            case 6: store(page + 0xF0, UInt32(random.byte()) | random.pick([0, 0x100]))
            case 7: store(page + UInt32(random.below(0x40)) * 16, random.operand())
            default: add(.read(address: page + UInt32(random.below(0x40)) * 16, .dword))
            }
            if random.oneIn(3) { wait() }
        }
    }

    /// The redirection table, with devices that ask, and the ends of their interrupts.
    mutating func redirectedInterrupts() {
        let page = Self.ioAPIC
        store(Self.localAPIC + 0xF0, 0x1FF)
        for _ in 0..<1 + random.below(10) {
            let number = UInt32(random.pick([0, 1, 2, 2, 4, 8, 12, 14, 15, 16, 19, 23, 24, random.below(0x80)]))
            store(page, 0x11 + number * 2)
            store(page + 0x10, random.pick([0, 0, 0xFF, 0x0F, 0x01]) << 24)
            store(page, 0x10 + number * 2)
            store(page + 0x10, vectorEntry())
            switch random.below(5) {
            case 0: for port in [0x43, 0x40, 0x40] as [UInt16] { out(port, pick([0x34, 0x30, 0x10, 0x00])) }
            case 1: add(.key(random.byte(), isDown: true))
            case 2: store(page, random.operand())
            case 3: add(.read(address: page + 0x10, .dword))
            default: store(Self.localAPIC + 0xB0, 0)
            }
            if random.oneIn(2) { wait() }
        }
    }

    // MARK: Display

    /// A mode of the display interface, set by ports or by the page of registers; stores by the frame buffer and by the
    /// window, at the ends of both, and pictures between them.
    mutating func frameBuffer() {
        placeRegions()
        let (buffer, registers) = (base(0x10, 0x10) ?? 0xE000_0000, base(0x10, 0x18))
        let sizes: [UInt16] = [0, 8, 15, 320, 640, 799, 800, 1024, 1600, 2000, 4096, 0xFFFF]
        let columns = random.pick(sizes)
        dispi(registers, 4, 0)
        dispi(registers, 1, columns)
        dispi(registers, 2, random.pick([0, 1, 200, 480, 600, 1200, 0xFFFF]))
        dispi(registers, 3, random.pick([4, 8, 15, 16, 24, 32, 0]))
        if random.oneIn(2) { dispi(registers, 6, random.oneIn(2) ? columns : random.pick(sizes)) }
        dispi(registers, 4, random.pick([0x41, 0x01, 0xC1, 0x61, 0xE1]))
        for _ in 0..<1 + random.below(8) {
            let count = UInt16(random.below(800))
            let stride = UInt16(random.pick([1, 2, 3, 4, 640, 3200, 0xFFFF]))
            let place = random.oneIn(3) ? 0xFF_FFFE &- UInt32(random.below(0x1000)) : random.operand() & 0xFF_FFFF
            switch random.below(8) {
            case 0, 1:
                add(.sweep(address: buffer &+ place, width, count: count, stride: stride, seed: random.byte()))
            case 2:
                let window = 0xA_0000 + UInt32(random.below(0x1_0000))
                add(.sweep(address: window, width, count: count, stride: stride, seed: random.byte()))
            case 3: dispi(registers, 5, UInt16(random.pick([0, 1, 0xFF, 0x100, 0xFFFF, random.below(0x100)])))
            case 4: dispi(registers, random.pick([8, 9]), UInt16(truncatingIfNeeded: random.operand()))
            case 5: dispi(registers, UInt16(random.below(16)), UInt16(truncatingIfNeeded: random.operand()))
            case 6: add(.read(address: random.oneIn(2) ? buffer &+ place : 0xA_0000 | place & 0x1_FFFF, width))
            default: out(random.pick([0x3C9, 0x3C8, 0x3C6, 0x3CF, 0x3C5]), random.byte())
            }
            if random.oneIn(2) { add(.picture) }
        }
        guard let registers else { return }
        for _ in 0..<random.below(6) {
            let offset = random.pick([0x400, 0x500, 0x600, 0, 0xFF0]) + UInt32(random.below(0x22))
            add(
                random.oneIn(2)
                    ? .read(address: registers + offset, width)
                    : .write(address: registers + offset, width, random.operand()))
        }
    }

    private mutating func dispi(_ registers: UInt32?, _ index: UInt16, _ value: UInt16) {
        if let registers, random.oneIn(3) {
            add(.write(address: registers + 0x500 + UInt32(index) * 2, .word, UInt32(value)))
        } else {
            outWord(0x1CE, index)
            outWord(random.oneIn(4) ? 0x1D0 : 0x1CF, value)
        }
    }

    // MARK: Chip set

    /// ACPI's registers and timer, the SMBus, the ports of advanced power management, the power button.
    mutating func power() {
        placeRegions()
        let registers = UInt16(truncatingIfNeeded: base(0x0B, 0x40) ?? 0xC100)
        let serial = UInt16(truncatingIfNeeded: base(0x0B, 0x90) ?? 0xC200)
        for _ in 0..<1 + random.below(10) {
            switch random.below(8) {
            case 0: outWord(registers, random.pick([0xFFFF, 1, 0x100, 0]))
            case 1: outWord(registers + 2, random.pick([0xFFFF, 1, 0x101, 0]))
            case 2: outWord(registers + 4, random.pick([1, 0, 0x2001, 0x3C01, 0x3401, random.oneIn(4) ? 0x2000 : 3]))
            case 3: add(.input(port: registers + random.pick([0, 8, 8, 9, 61]), width))
            case 4: add(.output(port: registers + UInt16(random.below(66)), width, random.operand()))
            case 5: out(random.pick([0xB2, 0xB2, 0xB3]), pick([0xF0, 0xF1, 0]))
            case 6: add(.mouse(dx: 0, dy: 0, wheel: 0, buttons: 0x40))
            default:
                for _ in 0..<4 { out(serial + UInt16(random.below(17)), pick([0, 0x48, 0x40, 0x14, 0xA1, 0xFF])) }
                input(serial + UInt16(random.below(16)))
            }
            if random.oneIn(2) { wait() }
        }
        // The timer's upper bit changes every 2.3 s.
        guard random.oneIn(8) else { return }
        outWord(registers + 2, 1)
        outWord(registers + 4, 1)
        for _ in 0..<3 { add(.run(255, 12)) }
        add(.input(port: registers, .word))
    }

    /// Shadow RAM that is read and not written, or the other way; base addresses over RAM, ROM and other devices; A20.
    mutating func memoryMap() {
        placeRegions()
        for _ in 0..<1 + random.below(6) {
            switch random.below(4) {
            case 0, 1:
                let register = UInt8(0x59 + random.below(7))
                add(PCIPlacement.write(function: 0, register, UInt32(pick([0, 0x11, 0x22, 0x33, 0x13, 0x30])), .byte))
            case 2:
                let places: [UInt32] = [
                    0xA_0000, 0xB_8000, 0xC_0000, 0x10_0000, 0x1F_F000, 0x20_0000, 0xFEC0_0000, 0xFEE0_0000,
                    0xFF00_0000,
                    0xFFFF_F000, 0xE000_0000, 0x60, 0x1F0, 0xCF8, 0xFFF0, 0xC000,
                ]
                guard !placements.isEmpty else { break }
                let place = random.pick(placements).place
                let base = random.pick(places) | (place.register == 0x30 ? 1 : 0)
                add(PCIPlacement.write(function: place.function, place.register, base, .dword))
                add(.read(address: base & ~3, width))
                add(.write(address: base & ~3, width, random.operand()))
            default: out(0x92, pick([0, 2]))
            }
            let start: UInt32 = random.pick([0xC_0000, 0xC_8000, 0xE_C000, 0xF_0000, 0xF_FF00, 0xA_0000, 0xF_FFF0])
            let stride = UInt16(random.pick([1, 4, 4096, 0x3FFF]))
            add(.sweep(address: start, width, count: UInt16(random.below(60)), stride: stride, seed: random.byte()))
            add(.read(address: start &+ UInt32(random.below(0x1000)), width))
            if random.oneIn(3) { wait() }
        }
    }

    // MARK: Outside

    mutating func printer() {
        for _ in 0..<1 + random.below(12) {
            out(0x378, random.byte())
            out(0x37A, pick([0x1C, 0x0C, 0x08, 0x3C]))
            out(0x37A, pick([0x1D, 0x0D, 0x2D, 0xFF]))
            if random.oneIn(2) { wait() }
            input(random.pick([0x379, 0x378, 0x37A]))
        }
    }

    mutating func joystick() {
        let numbers = (0..<3).map { _ in Int8(bitPattern: random.byte()) }
        add(.mouse(dx: numbers[0], dy: numbers[1], wheel: numbers[2], buttons: 0x20 | random.byte() & 0x1F))
        out(0x201, random.byte())
        for _ in 0..<random.below(5) {
            wait()
            add(.inputs(port: 0x201, width, count: UInt16(random.below(200))))
        }
    }

    /// Memory maps that a BIOS could not mean, and the kernel that is to go there.
    mutating func kernel() {
        let values: [UInt64] = [
            0, 0x10_0000, 0x9_FC00, 0xFFFF_FFFF, 0x1_0000_0000, .max, 0x20_0000, 0xFFFF_FFFF_0000_0000, 0x18_0000, 1,
        ]
        let count = random.below(8)
        var map: [UInt8] = []
        for _ in 0..<count {
            for value in [random.pick(values), random.pick(values), UInt64(random.pick([1, 1, 2, 0, 0xFFFF_FFFF]))] {
                for i in 0..<8 as Range<UInt64> { map.append(UInt8(truncatingIfNeeded: value >> (i * 8))) }
            }
            map.removeLast(4)
        }
        if !random.oneIn(4) { add(.fill(address: 0x8000, map)) }
        let bytes = random.oneIn(3) ? random.operand() & 0xFFFF : UInt32(map.count)
        add(.output(port: 0x8910, random.oneIn(8) ? width : .dword, bytes | random.pick([639, 640, 0, 0xFFFF]) << 16))
        add(.inputs(port: 0x8910, random.oneIn(8) ? width : .dword, count: UInt16(random.below(6))))
    }
}
