/// What the CRT controller counts from scan line to scan line, on its way down a frame.
struct LineCounter {
    /// The memory address counter at the start of the line, without panning.
    private var address: UInt16
    private var rowScan: UInt8
    /// The line shows its row scan for the second time.
    private var secondScan = false
    private var belowSplit = false

    /// At the top of a frame.
    init(_ crtc: CRTController, start: UInt16) {
        address = start
        rowScan = crtc.presetRowScan
    }

    /// The line as it is shown with `registers`.
    func line(_ registers: VGA.Registers, panning: Int) -> ScreenLayout.Line {
        // Both kinds of panning end at the split, or neither does. [FreeVGA attrreg 10h]
        let isPanned = !belowSplit || !registers.attribute.panningEndsAtSplit
        return ScreenLayout.Line(
            address: isPanned ? address &+ registers.crtc.bytePanning : address, rowScan: rowScan,
            panning: isPanned ? panning : 0)
    }

    /// On to the next line, from line `number`.
    mutating func advance(from number: Int, _ crtc: CRTController) {
        if number == crtc.lineCompare {
            // Below the split the screen starts again at address 0. [FreeVGA crtcreg 18h]
            (address, rowScan, secondScan, belowSplit) = (0, 0, false, true)
            return
        }
        if crtc.doubleScan {
            secondScan.toggle()
            if secondScan { return }
        }
        if rowScan == crtc.maximumRowScan {
            rowScan = 0
            address &+= crtc.rowPitch
        } else {
            rowScan = (rowScan &+ 1) & 31
        }
    }
}
