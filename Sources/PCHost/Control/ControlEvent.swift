/// What happened to a machine that programs drive, for those that want to hear of it.
public enum ControlEvent: Equatable, Sendable {
    /// A client asked for a pause, or for its end.
    case paused, resumed
    /// The reset button, or the guest by a port or by a triple fault.
    case reset(isGuest: Bool)
    /// The power button.
    case powerButton
    /// The machine does not go on by itself.
    case stopped(Ending)
    /// A text that client `client` watches for stands on the screen.
    case text(watch: String, client: Int)
    /// A disk was changed; without a path it was taken out.
    case disk(MediaChanger.Drive, path: String?)
    /// The server ends.
    case quit(QuitReason)

    /// As the line protocol tells it; nil where it does not.
    public var line: String? {
        switch self {
        case .paused: "*stopped paused"
        case .resumed: "*running"
        case .reset(isGuest: false): "*reset"
        case .reset(isGuest: true): "*reset guest"
        case .powerButton, .quit: nil
        case .stopped(.poweredOff): "*stopped off"
        case .stopped(.haltedForEver): "*stopped halted"
        case .stopped(.shutdown): "*stopped shutdown"
        case .stopped(.debugExit(let byte)): "*stopped exit \(byte)"
        case .stopped: "*stopped limit"
        case .text(let watch, _): "*text \(watch)"
        case .disk(let drive, let path?): "*disk \(drive.letter) inserted \(path)"
        case .disk(let drive, nil): "*disk \(drive.letter) ejected"
        }
    }
}

/// Why a server of requests ends.
public enum QuitReason: Equatable, Sendable {
    case request, signal, guest
}
