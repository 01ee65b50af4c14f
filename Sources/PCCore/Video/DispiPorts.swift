// The display interface's ports, 16 bits wide: the index at 1CEh, the data at 1CFh and, for those that want it aligned, at
// 1D0h. The same registers also stand in a page of memory on PCI. [Bochs dispi] [QEMU standard-vga]

/// Ports 1CEh-1D0h; offsets count from 1CEh. Bytes are not answered.
final class DispiPorts: PortDevice {
    private unowned let vga: VGA

    init(_ vga: VGA) { self.vga = vga }

    func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        guard width == .word else { return width.ones }
        let index = vga.registers.dispi.index
        return UInt32(offset == 0 ? index : vga.readDispi(index))
    }

    func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        guard width == .word else { return }
        let value = UInt16(truncatingIfNeeded: value)
        if offset == 0 {
            vga.registers.dispi.index = value
        } else {
            vga.writeDispi(vga.registers.dispi.index, value)
        }
    }
}

/// The page of registers behind BAR 2 of the display on PCI: EDID of the monitor, the VGA's ports from 3C0h on, the
/// display interface's registers one behind the other, and QEMU's extended registers, of which the byte order can be read
/// and not changed.
final class DisplayRegisters: MemoryMappedDevice {
    private enum Offset {
        static let ports: Range<UInt32> = 0x400..<0x420
        static let dispi: Range<UInt32> = 0x500..<0x516
        static let extended: Range<UInt32> = 0x600..<0x608
    }

    static let size: UInt32 = 0x1000
    private unowned let vga: VGA

    init(_ vga: VGA) { self.vga = vga }

    func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32 {
        if Offset.dispi.contains(offset), width == .word, offset & 1 == 0 {
            return UInt32(vga.readDispi(UInt16(offset - Offset.dispi.lowerBound) / 2))
        }
        return (0..<UInt32(width.rawValue)).reduce(0) { $0 | UInt32(readByte(offset &+ $1)) << ($1 * 8) }
    }

    private func readByte(_ offset: UInt32) -> UInt8 {
        if Offset.ports.contains(offset) { return UInt8(truncatingIfNeeded: vga.readPort(port(offset), .byte)) }
        if Offset.extended.contains(offset) {
            // How long these registers are, and the mark of little endian.
            return offset < 0x604 ? (offset == 0x600 ? 8 : 0) : 0x1E
        }
        if Offset.dispi.contains(offset) {
            let value = vga.readDispi(UInt16(offset - Offset.dispi.lowerBound) / 2)
            return UInt8(truncatingIfNeeded: offset & 1 == 0 ? value : value >> 8)
        }
        return offset < UInt32(EDID.block.count) ? EDID.block[Int(offset)] : offset < Offset.ports.lowerBound ? 0 : 0xFF
    }

    func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {
        if Offset.dispi.contains(offset) {
            guard width == .word, offset & 1 == 0 else { return }
            vga.writeDispi(UInt16(offset - Offset.dispi.lowerBound) / 2, UInt16(truncatingIfNeeded: value))
            return
        }
        for i in 0..<UInt32(width.rawValue) where Offset.ports.contains(offset &+ i) {
            vga.writePort(port(offset &+ i), value >> (i * 8) & 0xFF, .byte)
        }
    }

    /// As the VGA counts its ports: from 3B0h.
    private func port(_ offset: UInt32) -> UInt16 { UInt16(offset - Offset.ports.lowerBound) + 0x10 }
}
