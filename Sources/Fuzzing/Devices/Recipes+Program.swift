import PCCore

/// Programs for the machine's own CPU: string instructions reach devices by paths of their own.
extension Recipes {
    /// Puts a program where the timer's interrupt leads, and lets the timer run. At its end the CPU starts again.
    mutating func program() {
        let place: UInt32 = 0x600
        var code: [UInt8] = []
        for _ in 0..<1 + random.below(3) { code += piece() }
        // End of interrupt at both 8259As, and into the ROM.
        code += [0xB0, 0x20, 0xE6, 0xA0, 0xE6, 0x20, 0xEA, 0x00, 0x00, 0x00, 0xF0]
        add(.fill(address: place, code))
        add(.fill(address: 8 * 4, [UInt8(place & 0xFF), UInt8(place >> 8), 0, 0]))
        for (port, value) in [(0x43, 0x34), (0x40, 0x00), (0x40, 0x04)] as [(UInt16, UInt8)] { out(port, value) }
        add(.run(random.byte(), 5))
    }

    /// Registers for a string instruction or a port, and that instruction.
    private mutating func piece() -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8 & 0xFF)] }
        // WRMSR of IA32_APIC_BASE: the local APIC moves over other things, or goes.
        if random.oneIn(12) {
            let base =
                random.pick([0xFEE0_0900, 0xFEC0_0900, 0xA_0900, 0x1F_F900, 0xE000_0800, 0, 0xFFFF_F900])
                | random.below(2)
            return [0x66, 0xB9, 0x1B, 0, 0, 0, 0x66, 0xB8] + word(base) + word(base >> 16)
                + [0x66, 0xBA, random.oneIn(4) ? random.byte() : 0, 0, 0, 0, 0x0F, 0x30]
        }
        let segment = random.pick([0xA000, 0xB800, 0xB000, 0xC000, 0xF000, 0x1000, 0x9FF0, 0xFFFF])
        let range = random.pick(places.ports)
        let port = Int(range.lowerBound) + random.below(range.count)
        var code: [UInt8] = [0xB8] + word(segment) + [0x8E, 0xC0]
        if random.oneIn(2) { code += [0x8E, 0xD8] }
        code += [0xBF] + word(Int(random.operand())) + [0xBE] + word(Int(random.operand()))
        code += [0xB9] + word(random.pick([1, 2, 7, 255, 256, 600, 3000])) + [0xBA] + word(port)
        code += [0xB8] + word(Int(random.operand())) + [random.oneIn(4) ? 0xFD : 0xFC]
        let strings: [[UInt8]] = [
            [0x6C], [0x6D], [0x66, 0x6D], [0x6E], [0x6F], [0x66, 0x6F], [0xA4], [0xA5], [0x66, 0xA5], [0xAA], [0xAB],
            [0x66, 0xAB], [0xAC], [0xAD], [0xAE], [0xAF], [0xA6], [0xA7], [0x66, 0xAF],
        ]
        let ports: [[UInt8]] = [[0xEC], [0xED], [0xEE], [0xEF], [0x66, 0xED], [0x66, 0xEF]]
        return code + (random.oneIn(4) ? random.pick(ports) : [random.oneIn(2) ? 0xF3 : 0xF2] + random.pick(strings))
    }
}
