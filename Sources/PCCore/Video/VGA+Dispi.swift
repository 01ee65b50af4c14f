// What the display interface's registers do to the adapter: its picture, its window, its DAC.

extension VGA {
    /// What of video memory the CPU may reach like RAM: the VGA is not told of stores there.
    struct DirectMemory: Equatable {
        /// Where the 64 KB from A0000h on lie in it; nil: a device answers there.
        var window: Int?
        /// All of it, as the linear frame buffer. Not while the VGA's own registers make the picture, which is drawn again
        /// where somebody tells of a change.
        var hasFrameBuffer = false
    }

    /// The interface shows a mode; the VGA's own registers decide nothing but palette and blanking.
    var showsDispi: Bool { registers.dispi.isEnabled }

    /// A value for "may have changed" that moves with every picture while the interface shows a mode: stores go straight
    /// to memory, and nobody is told.
    var pictureGeneration: UInt64 {
        guard showsDispi else { return generation }
        return generation &+ (1 &+ scheduler.now / Self.frameSlots(scheduler)) &* 0x9E37_79B9_7F4A_7C15
    }

    /// A sixtieth of a second.
    private static func frameSlots(_ scheduler: Scheduler) -> UInt64 { max(1, scheduler.slotsPerSecond / 60) }

    func readDispi(_ index: UInt16) -> UInt16 { registers.dispi.read(index) }

    func writeDispi(_ index: UInt16, _ value: UInt16) {
        let old = registers.dispi
        registers.dispi.write(index, value)
        let new = registers.dispi
        guard new != old else { return }
        if new.isEnabled != old.isEnabled {
            if new.isEnabled, new.enable & Dispi.Enable.keepsMemory == 0 {
                memory.clear(Int(new.lines) * new.pitch)
            }
            fontChanged()
            apply([.memoryPath, .layout])
        } else {
            updateDirectMemory()
            contentChanged()
        }
        if new.hasEightBitDAC != old.hasEightBitDAC { apply(registers.dac.setWide(new.hasEightBitDAC)) }
    }

    // MARK: The window at A0000h

    /// Where the 64 KB from A0000h on lie in video memory, while they are plain memory.
    var windowStart: Int? {
        let dispi = registers.dispi
        guard dispi.isEnabled, !dispi.isPlanar, path.size != 0 else { return nil }
        let start = Int(dispi.bankNumber) * Dispi.bank
        return start + Dispi.bank <= memory.size ? start : nil
    }

    /// Tells the board what of video memory is like RAM, if that has changed.
    func updateDirectMemory() {
        let now = DirectMemory(window: windowStart, hasFrameBuffer: showsDispi)
        guard now != directMemory else { return }
        directMemory = now
        directMemoryChanged?(now)
    }

    /// The window while the interface shows a mode: a bank of plain memory, or of four planes.
    func readWindow(_ offset: UInt32, _ width: AccessWidth) -> UInt32 {
        guard offset < UInt32(Dispi.bank), path.size != 0 else { return width.ones }
        guard registers.dispi.isPlanar else {
            guard let windowStart else { return width.ones }
            return memory.read(at: windowStart + Int(offset), width)
        }
        return (0..<UInt32(width.rawValue)).reduce(0) { $0 | UInt32(readPlanar(offset &+ $1)) << ($1 * 8) }
    }

    func writeWindow(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {
        guard offset < UInt32(Dispi.bank), path.size != 0 else { return }
        guard registers.dispi.isPlanar else {
            if let windowStart { memory.write(at: windowStart + Int(offset), value, width) }
            return
        }
        for i in 0..<UInt32(width.rawValue) { writePlanar(offset &+ i, UInt8(truncatingIfNeeded: value >> (i * 8))) }
    }

    /// Where the four planes of an address lie; the bank goes on above the 64 KB of the VGA.
    private func planes(_ offset: UInt32) -> Int { (Int(registers.dispi.bankNumber) * Dispi.bank + Int(offset)) * 4 }

    private func readPlanar(_ offset: UInt32) -> UInt8 {
        let latches = memory.read(at: planes(offset), .dword)
        registers.latches = latches
        if registers.graphics.readsByCompare { return registers.graphics.compared(latches: latches) }
        return UInt8(truncatingIfNeeded: latches >> (UInt32(registers.graphics.readMap & 3) * 8))
    }

    private func writePlanar(_ offset: UInt32, _ value: UInt8) {
        let mask = GraphicsController.spread(registers.sequencer.mapMask)
        let data =
            path.straight
            ? GraphicsController.repeated(value) : registers.graphics.combine(value, latches: registers.latches)
        let place = planes(offset)
        memory.write(at: place, memory.read(at: place, .dword) & ~mask | data & mask, .dword)
    }
}
