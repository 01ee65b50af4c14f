/// How a run ended, as the shell sees it. The numbers are a contract: see Documentation/CommandLine.md.
public enum ExitStatus: Equatable, Sendable {
    /// The guest switched itself off, or what was waited for came, or the user closed the window.
    case success
    /// An expectation was not met.
    case unmet
    /// Bad usage or bad input.
    case badInput
    /// The guest halted for ever or crashed the CPU.
    case dead
    /// `--max-time` or `--max-instructions` was reached.
    case limit
    /// `run`: the program could not be run, or the machine did not come to its end.
    case unable
    /// What the guest wrote to port F4h.
    case guest(UInt8)
    /// A signal of this number ended the run; shells report it so.
    case signal(Int32)

    public var code: Int32 {
        switch self {
        case .success: 0
        case .unmet: 1
        case .badInput: 2
        case .dead: 3
        case .limit: 124
        case .unable: 125
        case .guest(let byte): Int32(byte)
        case .signal(let number): 128 + number
        }
    }
}
