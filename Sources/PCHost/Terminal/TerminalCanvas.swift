import PCCore

/// Draws a text screen with ANSI sequences: only what differs from what the terminal shows already.
struct TerminalCanvas {
    /// What a cell of the terminal shows: character code and attribute, nil where that is not known.
    private var shown: [UInt16?] = []
    private var rows = 0
    private var columns = 0
    private var cursor: (row: Int, column: Int)?
    private var notice: String?
    private var top = 0
    /// The bytes of the drawing in progress.
    private var output = ""
    private var attribute: UInt16?

    /// ANSI colours of the PC's eight, whose red and blue are swapped.
    private static let ansi = [0, 4, 2, 6, 1, 5, 3, 7]

    /// The bytes that make a terminal of `rows` by `columns` show `screen`.
    ///
    /// A terminal with fewer rows shows those around the cursor; one with more shows `hint` below.
    mutating func draw(_ screen: TextScreen, rows: Int, columns: Int, hint: String) -> [UInt8] {
        begin(rows: rows, columns: columns, notice: nil)
        let visible = min(rows, screen.rows)
        if let line = screen.cursor?.row {
            top = min(max(top, line - visible + 1), line)
        }
        top = max(0, min(top, screen.rows - visible))
        for row in 0..<visible {
            drawRow(row, of: screen)
        }
        for row in visible..<max(visible, rows) {
            drawBlank(row, text: row == rows - 1 && rows > screen.rows ? hint : "")
        }
        place(screen.cursor.map { ($0.row - top, $0.column) })
        return end()
    }

    /// The bytes that make the terminal show nothing but one line.
    mutating func draw(notice text: String, rows: Int, columns: Int) -> [UInt8] {
        guard notice != text || self.rows != rows || self.columns != columns else { return [] }
        begin(rows: rows, columns: columns, notice: text)
        output += "\u{1B}[0m\u{1B}[2J\u{1B}[1;1H" + text.prefix(max(0, columns))
        place(nil)
        return end()
    }

    private mutating func begin(rows: Int, columns: Int, notice: String?) {
        output = ""
        attribute = nil
        guard rows != self.rows || columns != self.columns || notice != nil || self.notice != nil else { return }
        self.rows = rows
        self.columns = columns
        self.notice = notice
        shown = [UInt16?](repeating: nil, count: max(0, rows * columns))
        cursor = (-1, -1)
        output += "\u{1B}[0m\u{1B}[2J"
    }

    private mutating func end() -> [UInt8] {
        if attribute != nil { output += "\u{1B}[0m" }
        return Array(output.utf8)
    }

    private mutating func drawRow(_ row: Int, of screen: TextScreen) {
        var isThere = false
        for column in 0..<columns {
            let cell: UInt16 =
                column < screen.columns ? screen.cells[(top + row) * screen.columns + column] : 0x0720
            let place = row * columns + column
            guard shown[place] != cell else {
                isThere = false
                continue
            }
            shown[place] = cell
            if !isThere { output += "\u{1B}[\(row + 1);\(column + 1)H" }
            isThere = true
            if cell >> 8 != attribute {
                attribute = cell >> 8
                output += Self.sequence(attribute: Int(cell >> 8))
            }
            output.unicodeScalars.append(CodePage437.unicode(UInt8(truncatingIfNeeded: cell)))
            cursor = (-1, -1)
        }
    }

    /// A row below the guest's screen: its first cell remembers the text that it holds, by its length.
    private mutating func drawBlank(_ row: Int, text: String) {
        let mark = 0x0700 | UInt16(truncatingIfNeeded: min(255, text.utf8.count))
        guard columns > 0, shown[row * columns] != mark else { return }
        for column in 0..<columns { shown[row * columns + column] = nil }
        shown[row * columns] = mark
        attribute = 7
        output += "\u{1B}[\(row + 1);1H\u{1B}[0;2m\(text.prefix(columns))\u{1B}[0m\u{1B}[K"
        cursor = (-1, -1)
    }

    private mutating func place(_ target: (row: Int, column: Int)?) {
        var target = target
        if let place = target, place.row < 0 || place.row >= rows || place.column >= columns { target = nil }
        if let target {
            if let cursor, cursor == target { return }
            output += "\u{1B}[\(target.row + 1);\(target.column + 1)H\u{1B}[?25h"
        } else if cursor != nil {
            output += "\u{1B}[?25l"
        }
        cursor = target
    }

    private static func sequence(attribute: Int) -> String {
        let foreground = ansi[attribute & 7] + (attribute & 8 != 0 ? 90 : 30)
        let blink = attribute & 0x80 != 0 ? ";5" : ""
        return "\u{1B}[0;\(foreground);\(ansi[attribute >> 4 & 7] + 40)\(blink)m"
    }
}
