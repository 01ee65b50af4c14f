import PCCore

/// Floppy and IDE drives.
extension Recipes {
    // MARK: Floppy

    /// A command with its DMA programmed, as a BIOS gives it, and what comes of it read back.
    mutating func floppy() {
        if !random.oneIn(4) { out(0x3F2, pick([0x1C, 0x1C, 0x3D, 0x0C, 0x3C, 0x18])) }
        if random.oneIn(3) { out(0x3F7, pick([0, 0, 0, 1, 2])) }
        let drive = pick([0, 0, 0, 1, 2, 3])
        let head = UInt8(random.below(2))
        let command = pick([
            0x46, 0xE6, 0x06, 0x45, 0xC5, 0x49, 0x4C, 0x42, 0x62, 0x4D, 0x56, 0xF6, 0x4A, 0x0A, 0x66, 0xC9,
        ])
        let isFromMemory = [0x05, 0x09, 0x0D].contains(command & 0x1F)
        let modes: [UInt8] = [0x42, 0x56, 0x5A, 0x66, 0x06, 0xC6]
        programDMA(channel: 2, mode: random.oneIn(6) ? random.pick(modes) : isFromMemory ? 0x4A : 0x46)
        let cylinder = pick([0, 0, 1, 39, 79, 80])
        if random.oneIn(2) { send([0x0F, drive | head << 2, random.oneIn(4) ? random.byte() : cylinder]) }
        if random.oneIn(2) { wait() }
        if random.oneIn(2) { send([0x08]) }
        var bytes = [command, drive | head << 2]
        if command & 0x1F == 0x0D {
            bytes += [pick([2, 2, 0, 7]), pick([18, 9, 0, 255]), 0x1B, random.byte()]
            add(.fill(address: 0x1_0000, (0..<18).flatMap { [cylinder, head, UInt8($0 + 1), 2] }))
        } else if command & 0x1F != 0x0A {
            bytes += [cylinder, head, pick([1, 1, 2, 18, 19, 0]), pick([2, 2, 2, 0, 6, 255])]
            bytes += [pick([1, 9, 18, 36, 0, 255]), 0x1B, pick([0xFF, 0, 1])]
        }
        send(bytes)
        wait()
        if random.oneIn(3) { add(.inputs(port: 0x3F5, .byte, count: UInt16(random.below(1100)))) }
        if random.oneIn(3) { add(.outputs(port: 0x3F5, .byte, count: UInt16(random.below(1100)), seed: random.byte())) }
        for _ in 0..<random.below(9) { input(0x3F5) }
    }

    private mutating func send(_ bytes: [UInt8]) { for byte in bytes { out(0x3F5, byte) } }

    /// Commands of any kind with any parameters, too few or too many.
    mutating func floppyRaw() {
        for _ in 0..<1 + random.below(4) {
            let command = pick([
                0x03, 0x04, 0x07, 0x08, 0x0E, 0x0F, 0x10, 0x12, 0x13, 0x14, 0x94, 0x8E, 0xCF, 0x4A, 0x8E, 0x33,
            ])
            send([command] + (0..<random.below(10)).map { _ in random.byte() })
            if random.oneIn(2) { wait() }
            for _ in 0..<random.below(12) { input(random.pick([0x3F5, 0x3F5, 0x3F4, 0x3F0, 0x3F7])) }
        }
        // SPECIFY with ND: data go through the FIFO.
        if random.oneIn(4) { send([0x03, random.byte(), random.byte() | 1]) }
        if random.oneIn(4) { out(0x3F4, pick([0x80, 0x00, 0x40])) }
        if random.oneIn(4) { out(0x3F2, random.byte()) }
    }

    // MARK: IDE

    private mutating func channel() -> (base: UInt16, control: UInt16) {
        random.oneIn(2) ? (0x1F0, 0x3F6) : (0x170, 0x376)
    }

    private mutating func registers(_ base: UInt16, _ drive: UInt8) {
        out(base + 6, drive)
        for offset in 1...5 as ClosedRange<UInt16> where !random.oneIn(4) {
            out(base + offset, pick([0, 1, 2, 0x10, 0xFF]))
            if random.oneIn(3) { out(base + offset, random.byte()) }
        }
    }

    /// A command of a disk with its data.
    mutating func disk() {
        let (base, control) = channel()
        if random.oneIn(8) { out(control, pick([0x00, 0x02, 0x04, 0x80, 0x06])) }
        registers(base, pick([0xE0, 0xF0, 0xA0, 0xB0, 0xEF]))
        let command = pick([
            0x20, 0x21, 0x24, 0x25, 0x29, 0x30, 0x34, 0x35, 0x39, 0x40, 0x42, 0x70, 0x90, 0x91, 0xA0, 0xA1, 0xC4, 0xC5,
            0xC6, 0xC8, 0xCA, 0xE0, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xEA, 0xEC, 0xEF, 0xF8, 0x27, 0x10, 0x08,
        ])
        if command == 0xC4 || command == 0xC5 {
            out(base + 2, pick([1, 2, 4, 8, 16, 32]))
            out(base + 7, 0xC6)
            wait()
            out(base + 2, random.byte())
        }
        if random.oneIn(6) { out(base + 1, pick([0x02, 0x82, 0x03, 0x55, 0xAA, 0x66, 0xCC])) }
        out(base + 7, command)
        wait()
        data(base)
        if random.oneIn(8) { out(control, pick([0x04, 0x00])) }
    }

    /// Words in both directions, and statuses between them.
    private mutating func data(_ base: UInt16) {
        for _ in 0..<1 + random.below(4) {
            let count = random.pick([1, 6, 128, 255, 256, 257, 1024, 4096, random.below(5000)])
            let width: AccessWidth = random.pick([.word, .word, .dword, .byte])
            if random.oneIn(2) {
                add(.inputs(port: base, width, count: UInt16(count)))
            } else {
                add(.outputs(port: base, width, count: UInt16(count), seed: random.byte()))
            }
            wait()
            input(base + 7)
        }
    }

    /// A packet, its data, its status.
    mutating func packet() {
        let base: UInt16 = random.oneIn(8) ? 0x1F0 : 0x170
        if !random.oneIn(4) { hearNews(base) }
        out(base + 6, pick([0xA0, 0xA0, 0xB0]))
        out(base + 1, pick([0, 0, 0, 1, 2, 3]))
        out(base + 4, pick([0, 1, 2, 0xFE, 0xFF, 12]))
        out(base + 5, pick([0, 8, 0xFF, 0x80]))
        out(base + 7, mostly(0xA0))
        wait()
        let packet = packetBytes()
        for i in stride(from: 0, to: packet.count, by: 2) {
            outWord(base, UInt16(packet[i]) | UInt16(packet[i + 1]) << 8)
        }
        wait()
        data(base)
    }

    /// The first command after a reset or with a new disc fails with that news.
    private mutating func hearNews(_ base: UInt16) {
        for (offset, value) in [(6, 0xA0), (1, 0), (4, 0xFE), (5, 0xFF), (7, 0xA0)] as [(UInt16, UInt8)] {
            out(base + offset, value)
        }
        add(.run(100, 2))
        for _ in 0..<6 { outWord(base, 0) }
        add(.run(100, 2))
        input(base + 7)
    }

    private mutating func packetBytes(reading: Bool = false) -> [UInt8] {
        var packet = (0..<12).map { _ in pick([0, 0, 0, 1, 2, 0xFF]) }
        packet[0] = pick([
            0x00, 0x03, 0x12, 0x15, 0x1A, 0x1B, 0x1E, 0x25, 0x28, 0x28, 0x2B, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x4A,
            0x4B, 0x4E, 0x51, 0x52, 0x55, 0x5A, 0xA5, 0xA8, 0xB9, 0xBB, 0xBD, 0xBE, 0xBE,
        ])
        if reading { packet[0] = pick([0x28, 0xA8, 0xBE]) }
        if reading || random.oneIn(2) {
            // An address and a count that the disc may have.
            packet.replaceSubrange(2..<6, with: [0, 0, pick([0, 11]), random.byte()])
            packet.replaceSubrange(6..<9, with: [0, 0, pick([0, 1, 2])])
            packet[9] = pick([0x10, 0xF8, 0x00, 0x78, 0x20])
        }
        return packet
    }

    // MARK: Bus masters

    /// A table of regions in RAM and a transfer along it: regions of no bytes, tables without an end, in holes, in
    /// themselves.
    mutating func diskDMA() {
        for placement in placements where !random.oneIn(5) { add(placement.operations) }
        let isSecond = random.oneIn(2)
        let bases = placements.filter { $0.place.isPorts }.map(\.base)
        let master = UInt16(truncatingIfNeeded: bases.first ?? 0xC000) + (isSecond ? 8 : 0)
        let table = random.oneIn(6) ? address() & ~3 : 0x8000 + UInt32(random.below(0x40)) * 4
        var bytes: [UInt8] = []
        let entries = 1 + random.below(8)
        for i in 0..<entries {
            let target = random.oneIn(6) ? table : address()
            let count = random.pick([0, 2, 512, 2048, 0x1000, 0xFFFE, random.below(0x1_0000)])
            let end: UInt8 = i == entries - 1 && !random.oneIn(4) ? 0x80 : 0
            for shift in stride(from: 0 as UInt32, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: target >> shift))
            }
            bytes += [UInt8(count & 0xFF), UInt8(count >> 8), random.oneIn(8) ? random.byte() : 0, end]
        }
        add(.fill(address: table, bytes))
        add(.output(port: master + 4, .dword, table))
        out(master + 2, mostly(0x66))
        let toMemory: UInt8 = random.oneIn(3) ? 0 : 8
        out(master, toMemory)
        let base: UInt16 = isSecond ? 0x170 : 0x1F0
        if isSecond, !random.oneIn(4) { hearNews(base) }
        registers(base, pick([0xE0, 0xF0]))
        if isSecond, !random.oneIn(3) {
            out(base + 6, 0xA0)
            out(base + 1, 1)
            out(base + 7, 0xA0)
            if random.oneIn(4) { wait() } else { add(.run(100, 3)) }
            let packet = packetBytes(reading: !random.oneIn(3))
            for i in stride(from: 0, to: packet.count, by: 2) {
                outWord(base, UInt16(packet[i]) | UInt16(packet[i + 1]) << 8)
            }
        } else {
            out(base + 7, toMemory != 0 ? pick([0xC8, 0x25]) : pick([0xCA, 0x35]))
        }
        if random.oneIn(2) { wait() }
        out(master, toMemory | 1)
        wait()
        if random.oneIn(3) { out(master, mostly(toMemory)) }
        input(master + 2)
        input(base + 7)
    }

    /// Registers of functions that are there and that are not.
    mutating func configurationSpace() {
        for _ in 0..<1 + random.below(6) {
            let known = placements.map(\.place.function) + [0x00, 0x08, 0x09, 0x10]
            let function = random.oneIn(8) ? random.byte() : random.pick(known)
            // Command, BARs, ROM, PAM, SMRAM, PIRQ, IDE timing.
            let register = pick([0x04, 0x04, 0x10, 0x14, 0x20, 0x30, 0x3C, 0x59, 0x5A, 0x5D, 0x5F, 0x60, 0x72, 0x40])
            let width = width
            add(
                PCIPlacement.write(
                    function: function, register & ~UInt8(width.rawValue - 1), random.operand(), width))
            if random.oneIn(3) { add(.input(port: 0xCFC + UInt16(random.below(4)), self.width)) }
        }
        if random.oneIn(2) { for placement in placements { add(placement.operations) } }
        if random.oneIn(8) { out(0xCF9, pick([0, 2, 6, 4])) }
    }
}
