// Video memory for a debugger: what the CPU would read, without the latches that a read of the VGA fills.

extension PC {
    /// A byte of the window at A0000h or of the linear frame buffer; nil outside of them.
    func peekVideo(_ physical: UInt32) -> UInt8? {
        if MemoryMap.videoWindow.contains(physical) {
            return vga.peekWindow(physical &- MemoryMap.videoWindow.lowerBound)
        }
        guard let base = frameBufferBase, physical >= base, Int(physical &- base) < vga.memory.size else { return nil }
        return UInt8(truncatingIfNeeded: vga.memory.read(at: Int(physical &- base), .byte))
    }
}

extension VGA {
    /// `offset` counts from A0000h; nil where the adapter does not answer now.
    func peekWindow(_ offset: UInt32) -> UInt8? {
        let answers = showsDispi ? offset < UInt32(Dispi.bank) && path.size != 0 : offset &- path.base < path.size
        guard answers else { return nil }
        // A read has one effect alone.
        let latches = registers.latches
        defer { registers.latches = latches }
        return UInt8(truncatingIfNeeded: readMemory(offset, .byte))
    }
}
