// Where the display adapter's memory and its interface beyond the VGA stand. On PCI both have base address registers; a board
// without PCI has the frame buffer at E0000000h, as the adapters of Bochs before it had PCI, if its CPU gets there.

extension MemoryMap {
    static let frameBuffer: UInt32 = 0xE000_0000
}

extension PCConfiguration {
    /// Bytes of memory on the display adapter: a power of two from 256 KB to 256 MB.
    var displayMemory: Int {
        guard hasVBE else { return VideoMemory.count }
        var size = VideoMemory.count
        while size < videoMemory, size < 256 << 20 { size *= 2 }
        return size
    }
}

extension PC {
    /// Connects the display interface and video memory.
    func wireDisplay() {
        guard configuration.hasVBE else { return }
        bus.attach(DispiPorts(vga), ports: 0x1CE...0x1D0, width: .word)
        vga.directMemoryChanged = { [unowned self] in
            memory.mapVideoWindow($0.window.map { vga.memory.start + $0 })
            mapFrameBuffer()
            bus.addressMaskChanged?()
        }
        pci?.display.frameBufferMoved = { [unowned self] in mapFrameBuffer() }
        if pci == nil, let base = frameBufferBase {
            let last = base + UInt32(vga.memory.size - 1)
            bus.attach(LinearFrameBuffer(vga), memory: base...last)
        }
    }

    /// Where the linear frame buffer stands in the address space, if it does.
    var frameBufferBase: UInt32? {
        if let pci { return pci.display.frameBufferBase }
        return configuration.cpu >= .i80386 ? MemoryMap.frameBuffer : nil
    }

    /// Makes the frame buffer memory while it may be. At other times a device answers there.
    private func mapFrameBuffer() {
        let base = vga.directMemory.hasFrameBuffer ? frameBufferBase : nil
        memory.mapFrameBuffer(vga.memory.start, size: vga.memory.size, at: base)
    }

    /// Brings the picture on `monitor` up to date; cursor and blinking characters are either both shown or both dark.
    /// - Returns: the lines that changed, empty if none did.
    public func update(_ monitor: inout Monitor, blinkVisible: Bool = true) -> Range<Int> {
        monitor.update(from: vga, blink: blinkVisible ? .visible : .hidden)
    }
}
