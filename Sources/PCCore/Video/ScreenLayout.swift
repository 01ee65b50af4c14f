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
    /// How many scan lines one line of the picture stands for.
    let step: Int
    private(set) var lines: [Line] = []

    var height: Int { lines.count }

    private let panning: Int

    /// A whole picture.
    /// - Parameter start: the start address that was latched.
    init(_ registers: VGA.Registers, start: UInt16) {
        self.init(registers)
        var counter = LineCounter(registers.crtc, start: start)
        scan(0..<registers.crtc.displayedLines, by: step, &counter, registers)
    }

    /// The scan lines `range` of a picture, each `step`-th of them from the top of the picture on; `counter` comes from the
    /// section above and goes on to the one below.
    init(_ registers: VGA.Registers, _ range: Range<Int>, by step: Int, _ counter: inout LineCounter) {
        self.init(registers)
        scan(range, by: step, &counter, registers)
    }

    /// What one set of registers says without any line.
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
        self.panning = panning
        var step = crtc.doubleScan ? 2 : 1
        if !text, !crtc.substitutesRowScan { step *= Int(crtc.maximumRowScan) + 1 }
        self.step = step
    }

    /// How many scan lines a line of a picture in sections stands for: none reaches from one section into the next.
    static func step(of sections: [RasterRecord.Section]) -> Int {
        func divisor(_ a: Int, _ b: Int) -> Int {
            var (a, b) = (a, b)
            while b != 0 { (a, b) = (b, a % b) }
            return a
        }
        return max(1, sections.reduce(0) { divisor(divisor($0, ScreenLayout($1.registers).step), $1.first) })
    }

    private mutating func scan(
        _ range: Range<Int>, by step: Int, _ counter: inout LineCounter, _ registers: VGA.Registers
    ) {
        let crtc = registers.crtc
        lines.reserveCapacity(range.count / step + 1)
        for number in range {
            if number % step == 0 { lines.append(counter.line(registers, panning: panning)) }
            counter.advance(from: number, crtc)
        }
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
