// The CPU's side of video memory: the window A0000h-BFFFFh. [FreeVGA vgamem]

extension VGA: MemoryMappedDevice {
    /// `offset` counts from A0000h. Wider accesses are bytes in the order of their addresses.
    public func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32 {
        if showsDispi { return readWindow(offset, width) }
        var value: UInt32 = 0
        for i in 0..<UInt32(width.rawValue) {
            value |= UInt32(readByte(offset &+ i)) &<< (i &* 8)
        }
        return value
    }

    /// `offset` counts from A0000h. Wider accesses are bytes in the order of their addresses.
    public func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {
        if showsDispi { return writeWindow(offset, value, width) }
        // A text program writes cells: mostly whole words, character and attribute at once.
        if path.fastText {
            let address = offset &- path.base
            guard address < path.size else { return }
            if width == .byte {
                memory.store(UInt8(truncatingIfNeeded: value), at: (address << 2) & ~7 | address & 1)
                return contentChanged()
            }
            if address & 1 == 0 {
                memory.store(UInt16(truncatingIfNeeded: value), at: address << 2)
                if width == .dword {
                    memory.store(UInt16(truncatingIfNeeded: value >> 16), at: (address &+ 2) << 2)
                }
                return contentChanged()
            }
        }
        for i in 0..<UInt32(width.rawValue) {
            writeByte(offset &+ i, UInt8(truncatingIfNeeded: value &>> (i &* 8)))
        }
    }

    private func readByte(_ offset: UInt32) -> UInt8 {
        let address = offset &- path.base
        guard address < path.size else { return 0xFF }
        let latches = memory[path.planeAddress(address)]
        registers.latches = latches
        if registers.graphics.readsByCompare { return registers.graphics.compared(latches: latches) }
        return UInt8(truncatingIfNeeded: latches >> (path.planeRead(address) &* 8))
    }

    private func writeByte(_ offset: UInt32, _ value: UInt8) {
        let address = offset &- path.base
        guard address < path.size else { return }
        if path.fastChained {
            memory.store(value, at: (address << 2) & 0x3_FFF0 | address & 3)
        } else {
            let planes = path.planesWritten(address)
            guard planes != 0 else { return }
            let target = path.planeAddress(address)
            let mask = GraphicsController.spread(planes)
            let data =
                path.straight
                ? GraphicsController.repeated(value) : registers.graphics.combine(value, latches: registers.latches)
            memory[target] = memory[target] & ~mask | data & mask
            if planes & 4 != 0 { fontChanged() }
        }
        contentChanged()
    }
}
