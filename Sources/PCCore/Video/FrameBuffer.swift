/// A picture as plain values: rows of pixels 00RRGGBBh, from the top left.
public struct FrameBuffer: Equatable, Sendable {
    public var width: Int
    public var height: Int
    public var pixels: [UInt32]

    public init(width: Int = 0, height: Int = 0) {
        self.width = width
        self.height = height
        pixels = [UInt32](repeating: 0, count: width * height)
    }

    /// From the first to the last line that is not the same in another picture; all of them if that has another size.
    func lines(differingFrom other: FrameBuffer) -> Range<Int> {
        guard other.width == width, other.height == height else { return 0..<height }
        func differs(_ y: Int) -> Bool { (y * width..<(y + 1) * width).contains { pixels[$0] != other.pixels[$0] } }
        guard let first = (0..<height).first(where: differs) else { return 0..<0 }
        return first..<((first..<height).last(where: differs) ?? first) + 1
    }
}

/// A text screen as plain values.
public struct TextScreen: Equatable, Sendable {
    public var columns: Int
    public var rows: Int
    /// A character code of code page 437 in the low byte, its attribute in the high byte; row by row.
    public var cells: [UInt16]
    /// The cell that the cursor is in, nil where it is hidden or outside.
    public var cursor: (column: Int, row: Int)? {
        cursorCell.map { ($0 % columns, $0 / columns) }
    }
    /// The index of the cursor's cell.
    public var cursorCell: Int?

    public init(columns: Int, rows: Int, cells: [UInt16], cursorCell: Int? = nil) {
        self.columns = columns
        self.rows = rows
        self.cells = cells
        self.cursorCell = cursorCell
    }

    /// The rows as Unicode, without the blanks at their ends.
    public var lines: [String] {
        (0..<rows).map { row in
            let codes = cells[row * columns..<(row + 1) * columns]
            var line = codes.map { CodePage437.unicode(UInt8(truncatingIfNeeded: $0)) }
            while line.last == " " { line.removeLast() }
            return String(String.UnicodeScalarView(line))
        }
    }
}
