import Glibc

/// The terminal on standard input and output, taken over: keys come one by one, and a screen of its own is shown.
final class RawTerminal {
    private var before = termios()
    private var isOpen = false

    init() throws(BadInput) {
        guard tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw BadInput("--display terminal: standard input is no terminal: \(HostError.text)")
        }
        var raw = before
        cfmakeraw(&raw)
        guard tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0 else {
            throw BadInput("--display terminal: the terminal cannot be set: \(HostError.text)")
        }
        isOpen = true
        // Another screen, no wrap at the last column, brackets around pasted text.
        write("\u{1B}[?1049h\u{1B}[?7l\u{1B}[?2004h\u{1B}[2J")
    }

    deinit {
        close()
    }

    /// Gives the terminal back as it was found.
    func close() {
        guard isOpen else { return }
        isOpen = false
        write("\u{1B}[0m\u{1B}[?25h\u{1B}[?2004l\u{1B}[?7h\u{1B}[?1049l")
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
    }

    /// Rows and columns now.
    var size: (rows: Int, columns: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else {
            return (25, 80)
        }
        return (Int(size.ws_row), Int(size.ws_col))
    }

    func write(_ text: String) {
        write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) {
        _ = HostFile.writeAll(STDOUT_FILENO, bytes)
    }
}
