/// What the CPU runs while traffic is done to the devices: it takes every interrupt, ends it at both 8259As, and sleeps
/// or spins until the next.
enum ResidentProgram {
    /// A system ROM of 64 KB, for F0000h.
    static func rom(spins: Bool) -> [UInt8] {
        var rom = [UInt8](repeating: 0xF4, count: 0x1_0000)
        func put(_ at: Int, _ code: [UInt8]) { rom.replaceSubrange(at..<at + code.count, with: code) }
        // jmp F000:0000
        put(0xFFF0, [0xEA, 0x00, 0x00, 0x00, 0xF0])
        put(
            0x0000,
            [
                0xFA, 0x31, 0xC0, 0x8E, 0xD0, 0xBC, 0x00, 0x70,  // cli, stack at 0:7000
                0x8E, 0xC0, 0x31, 0xFF, 0xB9, 0x00, 0x01, 0xFC,  // es:di = 0, cx = 256
                0xB8, 0x00, 0x01, 0xAB, 0xB8, 0x00, 0xF0, 0xAB, 0xE2, 0xF6,  // F000:0100 into every vector
            ] + initialisation + (spins ? [0xFB, 0xEB, 0xFD] : [0xFB, 0xF4, 0xEB, 0xFD]))
        // push ax; end of interrupt to both; pop ax; iret
        put(0x0100, [0x50, 0xB0, 0x20, 0xE6, 0xA0, 0xE6, 0x20, 0x58, 0xCF])
        return rom
    }

    /// The 8259As as a BIOS sets them up, with every input open.
    private static var initialisation: [UInt8] {
        let writes: [(UInt8, UInt8)] = [
            (0x20, 0x11), (0xA0, 0x11), (0x21, 0x08), (0xA1, 0x70), (0x21, 0x04), (0xA1, 0x02), (0x21, 0x01),
            (0xA1, 0x01), (0x21, 0x00), (0xA1, 0x00),
        ]
        return writes.flatMap { [0xB0, $0.1, 0xE6, $0.0] }
    }
}
