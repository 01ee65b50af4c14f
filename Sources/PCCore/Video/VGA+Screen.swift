// What the VGA shows, as plain values.

extension VGA {
    /// Which half of their blinking cursor and characters are in now, by guest time.
    public var blinkPhase: BlinkPhase { BlinkPhase(frame: timing.frameNumber(at: scheduler.now)) }

    /// Draws the whole picture in the guest's own resolution (see `ScreenLayout`); cursor and blinking characters are
    /// either both shown or both not. To draw again and again, keep a `Monitor` instead.
    public func render(into frame: inout FrameBuffer, blinkVisible: Bool, showsBorder: Bool = false) {
        var monitor = Monitor(showsBorder: showsBorder)
        _ = monitor.update(from: self, blink: blinkVisible ? .visible : .hidden)
        frame = monitor.frame
    }

    /// The text screen, nil in a graphics mode. A row that the bottom of the screen cuts off is left out. The text is
    /// there also while the screen is switched off; before the BIOS sets a mode there is none.
    public var textScreen: TextScreen? {
        guard !registers.graphics.graphics, !showsDispi else { return nil }
        let crtc = registers.crtc
        guard crtc.running else { return TextScreen(columns: 0, rows: 0, cells: []) }
        // Where the guest has just scrolled by the start address, that counts: a machine may go off before the next retrace.
        let layout = ScreenLayout(registers, start: crtc.startAddress)
        var rows = layout.rows
        if rows.count > 1, let last = rows.last, last.count <= Int(crtc.maximumRowScan) { rows.removeLast() }

        var screen = TextScreen(columns: layout.columns, rows: rows.count, cells: [])
        screen.cells.reserveCapacity(rows.count * layout.columns)
        for row in rows {
            let start = layout.lines[row.first].address
            for column in 0..<layout.columns {
                let counter = start &+ UInt16(truncatingIfNeeded: column >> crtc.countShift)
                if counter == crtc.cursorLocation, crtc.cursorRowScans != nil, screen.cursorCell == nil {
                    screen.cursorCell = screen.cells.count
                }
                screen.cells.append(UInt16(truncatingIfNeeded: memory[crtc.planeAddress(counter)]))
            }
        }
        return screen
    }
}
