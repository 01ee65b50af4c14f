/// Why a run is over.
public enum Ending: Equatable, Sendable {
    case poweredOff
    /// The text of `--until-text` stands on the screen.
    case textCame
    case haltedForEver
    /// Triple fault or shutdown, or a reset under `--no-reboot`.
    case shutdown
    case timeLimit, instructionLimit
    case debugExit(UInt8)
    /// The user closed the window.
    case closed
    case signal(Int32)
    /// A recording was done again to its end, and the machine is the same or is not.
    case replayed(isSame: Bool)

    /// What the shell is told. The guest's own byte wins over everything else.
    /// - Parameter wasAwaited: a text was to come.
    public func status(wasAwaited: Bool) -> ExitStatus {
        switch self {
        case .debugExit(let byte): .guest(byte)
        case .textCame: .success
        case .poweredOff, .closed: wasAwaited ? .unmet : .success
        case .haltedForEver, .shutdown: .dead
        case .timeLimit, .instructionLimit: .limit
        case .signal(let number): .signal(number)
        case .replayed(let isSame): isSame ? .success : .unmet
        }
    }

    /// What the user should know about it, if anything.
    var message: String? {
        switch self {
        case .haltedForEver: "the guest halted for ever: nothing can wake it"
        case .shutdown: "the CPU shut down, or the guest asked for a reset under --no-reboot"
        case .timeLimit: "--max-time was reached"
        case .instructionLimit: "--max-instructions was reached"
        case .signal(let number): "ended by signal \(number)"
        case .replayed(false): "the replay came to another machine hash than the recording"
        case .poweredOff, .textCame, .debugExit, .closed, .replayed(true): nil
        }
    }
}
