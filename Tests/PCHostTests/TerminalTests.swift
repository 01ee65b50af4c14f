import PCCore
import Testing

@testable import PCHost

@Suite struct TerminalKeysTests {
    private func decode(_ text: String) -> [TerminalInput] {
        var keys = TerminalKeys()
        return keys.decode(Array(text.utf8), isComplete: true)
    }

    @Test func plainCharacters() {
        #expect(decode("aZ 1") == [.character("a"), .character("Z"), .character(" "), .character("1")])
        #expect(decode("é") == [.character("é")])
        #expect(decode("\r\t\u{7F}") == [.chord("ret"), .chord("tab"), .chord("backspace")])
        #expect(decode("\u{3}") == [.chord("ctrl-c")])
    }

    @Test(arguments: [
        ("\u{1B}[A", "up"), ("\u{1B}OB", "down"), ("\u{1B}[H", "home"), ("\u{1B}[4~", "end"), ("\u{1B}OP", "f1"),
        ("\u{1B}[15~", "f5"), ("\u{1B}[24~", "f12"), ("\u{1B}[[C", "f3"), ("\u{1B}[1;5C", "ctrl-right"),
        ("\u{1B}[3;2~", "shift-delete"), ("\u{1B}[Z", "shift-tab"), ("\u{1B}", "esc"), ("\u{1B}[5~", "pgup"),
        ("\u{1B}[1;3D", "alt-left"),
    ])
    func sequences(bytes: String, chord: String) {
        #expect(decode(bytes) == [.chord(chord)])
    }

    @Test func aSequenceMayComeInPieces() {
        var keys = TerminalKeys()
        #expect(keys.decode([0x1B]) == [])
        #expect(keys.isWaiting)
        #expect(keys.decode([0x5B]) == [])
        #expect(keys.decode([0x41, 0x61]) == [.chord("up"), .character("a")])
        #expect(!keys.isWaiting)
    }

    @Test func theEscapeToTheEmulator() {
        #expect(decode("\u{1D}q") == [.quit])
        #expect(decode("\u{1D}r\u{1D}d") == [.reset, .chord("ctrl-alt-delete")])
        #expect(decode("\u{1D}\u{1D}") == [.chord("ctrl-bracket_right")])
        #expect(decode("\u{1D}xa") == [.character("a")])
    }

    @Test func pastedTextIsOnePiece() {
        var keys = TerminalKeys()
        #expect(keys.decode(Array("\u{1B}[200~di".utf8)) == [])
        #expect(keys.decode(Array("r\r\u{1B}[20".utf8)) == [])
        #expect(keys.decode(Array("1~x".utf8)) == [.paste("dir\r"), .character("x")])
    }

    @Test func noiseIsNoTrap() {
        var generator = SystemRandomNumberGenerator()
        var keys = TerminalKeys()
        for _ in 0..<2000 {
            let bytes = (0..<8).map { _ in
                Bool.random()
                    ? [0x1B, 0x5B, 0x4F, 0x3B, 0x39, 0x7E].randomElement() ?? 0
                    : UInt8.random(in: 0...255, using: &generator)
            }
            _ = keys.decode(bytes, isComplete: Bool.random())
        }
    }
}

@Suite struct TerminalCanvasTests {
    private func screen(_ text: [String], cursor: Int? = nil) -> TextScreen {
        var cells = [UInt16](repeating: 0x0720, count: 80 * 25)
        for (row, line) in text.enumerated() {
            for (column, character) in line.utf8.enumerated() { cells[row * 80 + column] = 0x0700 | UInt16(character) }
        }
        return TextScreen(columns: 80, rows: 25, cells: cells, cursorCell: cursor)
    }

    private func draw(_ canvas: inout TerminalCanvas, _ screen: TextScreen, rows: Int = 25) -> String {
        String(decoding: canvas.draw(screen, rows: rows, columns: 80, hint: "hint"), as: UTF8.self)
    }

    @Test func drawsOnlyWhatChanged() {
        var canvas = TerminalCanvas()
        #expect(draw(&canvas, screen(["hello"])).contains("hello"))
        #expect(draw(&canvas, screen(["hello"])) == "")
        let change = draw(&canvas, screen(["hellO"]))
        #expect(change.contains("\u{1B}[1;5H"))
        #expect(change.contains("O"))
        #expect(!change.contains("hell"))
    }

    @Test func coloursAreTranslated() {
        var canvas = TerminalCanvas()
        var blue = screen([])
        blue.cells[0] = 0x1F41
        #expect(draw(&canvas, blue).contains("\u{1B}[0;97;44mA"))
    }

    @Test func aSmallTerminalFollowsTheCursor() {
        var canvas = TerminalCanvas()
        var lines = [String](repeating: "", count: 25)
        lines[0] = "top"
        lines[24] = "bottom"
        let shown = draw(&canvas, screen(lines, cursor: 24 * 80 + 6), rows: 10)
        #expect(shown.contains("bottom"))
        #expect(!shown.contains("top"))
        #expect(shown.contains("\u{1B}[10;7H\u{1B}[?25h"))
    }

    @Test func aLargeTerminalShowsTheHint() {
        var canvas = TerminalCanvas()
        #expect(draw(&canvas, screen([]), rows: 30).contains("hint"))
        #expect(!draw(&canvas, screen([]), rows: 25).contains("hint"))
    }
}
