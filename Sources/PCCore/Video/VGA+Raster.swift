// Registers that change while the beam is inside of the picture. [FreeVGA vgacrtc]
//
// Lines have the registers of the middle of the line: what the guest writes in the left half of a line is seen in this
// one, what it writes later (most programs wait for the end of the display) in the next. The line compare value, panning
// and all colours count from line to line. The start address is latched when vertical retrace begins; the row scan that
// the picture starts with, where the first line begins.

extension VGA {
    /// Runs a write to a register that the picture may depend on.
    @inline(__always)
    func changePicture(_ write: (inout Registers) -> VideoEffect) {
        if raster.coalesces(at: scheduler.now) { return apply(write(&registers)) }
        notePicture(write)
    }

    @inline(never)
    private func notePicture(_ write: (inout Registers) -> VideoEffect) {
        settleRaster()
        let before = registers
        let effect = write(&registers)
        if effect.contains(.layout) { note(before) }
        apply(effect)
    }

    private func note(_ before: Registers) {
        let now = scheduler.now
        let dot = timing.clock.ticks(at: now)
        let frame = dot / timing.frame
        let top = frame &* timing.frame
        let middle = min(timing.displayedDots, timing.dotsPerLine) / 2
        var (line, column) = (dot &- top).quotientAndRemainder(dividingBy: timing.dotsPerLine)
        if column >= middle { line &+= 1 }
        let cut: RasterRecord.Cut
        var end = top &+ line &* timing.dotsPerLine &+ middle
        if line == 0 {
            cut = .top
        } else if line < min(timing.displayedLines, timing.lines) {
            cut = .line(Int(line))
        } else {
            cut = .bottom
            end = top &+ timing.frame &+ middle
        }
        raster.note(cut, before: before, frame: frame, time: now, until: timing.clock.time(ofTick: end))
    }

    /// Runs a write to the start address.
    func changeStart(_ write: (inout Registers) -> VideoEffect) {
        settleRaster()
        let effect = write(&registers)
        guard !effect.isEmpty else { return }
        let retrace = timing.nextRetrace(after: scheduler.now)
        // Counters that never come to a retrace would never take it.
        raster.startChanges(at: retrace == .max ? scheduler.now : retrace)
    }

    /// Brings up to date what follows from the passing of time alone.
    func settleRaster() {
        if raster.isQuiet { return }
        if raster.latch(registers.crtc.startAddress, at: scheduler.now) { contentChanged() }
        let frame = timing.frameNumber(at: scheduler.now)
        if raster.settle(frame: frame, registers: registers) { layoutChanged() }
    }

    /// The last complete frame, if registers changed while it was drawn.
    var rasterFrame: RasterRecord.Frame? {
        settleRaster()
        return raster.last
    }

    /// The start address that the picture is drawn from.
    var shownStart: UInt16 {
        settleRaster()
        return raster.start
    }
}
