// Video memory that the CPU reaches like RAM: a linear frame buffer above RAM, and the 64 KB from A0000h on while a display
// has plain memory there. Whoever moves one sees to the CPU's translations.

extension PhysicalMemory {
    /// Lets `size` bytes at `host` answer from `base` on, or nowhere. RAM and ROM come first.
    // SAFETY: the caller keeps the bytes for as long as they are mapped.
    func mapFrameBuffer(_ host: UnsafeMutableRawPointer, size: Int, at base: UInt32?) {
        frameBuffer = FrameBuffer(base: base ?? 0, size: base == nil ? 0 : UInt32(clamping: size), host: host)
    }

    /// Lets 64 KB at `host` answer from A0000h on; nil: a device does. Code that was decoded there is forgotten.
    // SAFETY: as above.
    func mapVideoWindow(_ host: UnsafeMutableRawPointer?) {
        for i in 0..<16 {
            let page = Int(MemoryMap.videoWindow.lowerBound >> 12) + i
            low[page] = Page(host: host.map { $0 + i * Self.pageSize }, writable: host != nil)
            guard codePages[page] != 0 else { continue }
            codeObserver?.codeWritten(physical: UInt32(page << 12), count: Self.pageSize)
        }
    }
}
