/// The shape of the picture: its size, and what the address counters stand at in each of its lines.
///
/// A picture has the guest's own resolution. What the hardware only repeats is left out: lines doubled by double scan,
/// rows of a graphics mode that are several scan lines high, and dots of a halved dot clock. So mode 13h is 320 x 200,
/// though the monitor gets 640 x 400, and a text mode of 200 lines is 640 x 200. Pixels are not always square.
struct ScreenLayout {
    /// One line of the picture.
    struct Line: Equatable {
        /// The memory address counter in the first column.
        var address: UInt16
        var rowScan: UInt8
        /// Pixels by which the line is shifted to the left.
        var panning: Int
    }

    /// Consecutive lines of one character row.
    struct Row {
        var first: Int
        var count: Int
    }

    let width: Int
    let columns: Int
    /// Pixels in a character clock.
    let dots: Int
    let lines: [Line]

    var height: Int { lines.count }

    init(_ registers: VGA.Registers) {
        let crtc = registers.crtc
        let attribute = registers.attribute
        columns = crtc.displayedCharacters
        let text = !registers.graphics.graphics
        let dotsPerCharacter = registers.sequencer.dotsPerCharacter
        dots = text ? dotsPerCharacter : attribute.eightBitPixels ? 4 : 8
        width = columns * dots
        var panning = attribute.panning(dots: text ? dotsPerCharacter : 8)
        if !text, attribute.eightBitPixels { panning /= 2 }

        // How many scan lines one line of the picture stands for.
        var step = crtc.doubleScan ? 2 : 1
        if !text, !crtc.substitutesRowScan { step *= Int(crtc.maximumRowScan) + 1 }
        lines = Self.scan(
            crtc, step: step, panning: panning, panningAfterSplit: attribute.panningEndsAtSplit ? 0 : panning)
    }

    /// Lets the counters run through a frame, and notes every `step`-th scan line.
    private static func scan(_ crtc: CRTController, step: Int, panning: Int, panningAfterSplit: Int) -> [Line] {
        let count = crtc.displayedLines
        let split = crtc.lineCompare
        var line = Line(
            address: crtc.startAddress &+ crtc.bytePanning, rowScan: crtc.presetRowScan, panning: panning)
        var lines: [Line] = []
        lines.reserveCapacity(count / step + 1)
        var secondScan = false
        for number in 0..<count {
            if number % step == 0 { lines.append(line) }
            if number == split {
                // Below the split the screen starts again at address 0. [FreeVGA crtcreg 18h]
                line = Line(address: 0, rowScan: 0, panning: panningAfterSplit)
                secondScan = false
                continue
            }
            if crtc.doubleScan {
                secondScan.toggle()
                if secondScan { continue }
            }
            if line.rowScan == crtc.maximumRowScan {
                line.rowScan = 0
                line.address &+= crtc.rowPitch
            } else {
                line.rowScan = (line.rowScan &+ 1) & 31
            }
        }
        return lines
    }

    /// The lines as character rows: what belongs to one address in one stretch.
    var rows: [Row] {
        var rows: [Row] = []
        for (number, line) in lines.enumerated() {
            if number > 0, lines[number - 1].rowScan &+ 1 == line.rowScan, lines[number - 1].address == line.address {
                rows[rows.count - 1].count += 1
            } else {
                rows.append(Row(first: number, count: 1))
            }
        }
        return rows
    }
}
