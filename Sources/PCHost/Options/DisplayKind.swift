/// Where the machine's screen is shown.
public enum DisplayKind: String, CaseIterable, Sendable {
    case window, terminal, none
}

/// What the host offers for showing a screen.
public struct DisplaySurroundings: Sendable {
    /// The program was built with the window.
    public var hasWindow: Bool
    /// There is a display server to open a window on.
    public var hasDisplayServer: Bool
    /// Standard input and output are a terminal.
    public var hasTerminal: Bool

    public init(hasWindow: Bool, hasDisplayServer: Bool, hasTerminal: Bool) {
        self.hasWindow = hasWindow
        self.hasDisplayServer = hasDisplayServer
        self.hasTerminal = hasTerminal
    }

    /// A program of its own, which shows nothing by itself.
    public static let none = DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false)

    /// The display that `asked` names, or the best one where nothing was asked for.
    func choose(_ asked: DisplayKind?) throws(BadInput) -> DisplayKind {
        switch asked {
        case .some(.none): return DisplayKind.none
        case .window?:
            guard hasWindow else {
                throw BadInput("--display window: this program was built without it; use --display terminal")
            }
            guard hasDisplayServer else {
                throw BadInput(
                    "--display window: there is no display (DISPLAY is not set); use --display terminal or --headless")
            }
            return .window
        case .terminal?:
            guard hasTerminal else {
                throw BadInput("--display terminal: standard input and output are no terminal; use --headless")
            }
            return .terminal
        case nil:
            if hasWindow, hasDisplayServer { return .window }
            if hasTerminal { return .terminal }
            throw BadInput("there is no display and no terminal to show the machine on; use --headless")
        }
    }
}
