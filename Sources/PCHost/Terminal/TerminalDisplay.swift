import PCCore

/// The machine on a terminal: text modes drawn with ANSI sequences, keys taken from the tty.
public final class TerminalDisplay: FrontEnd {
    private let terminal: RawTerminal
    private let input = StandardInput()
    private let clock: HostClock
    private var canvas = TerminalCanvas()
    /// Only its size counts; kept because to look again costs little.
    private var monitor = Monitor()
    private var keys = TerminalKeys()
    private var generation: UInt64?
    private var size = (rows: 0, columns: 0)
    private var wasDead = false
    private var nextTurn: UInt64 = 0
    private var waitingSince: UInt64?

    /// Host time between two looks at the terminal, in nanoseconds.
    private static let period: UInt64 = 16_000_000
    /// How long an escape byte waits for the rest of a sequence, in nanoseconds.
    private static let patience: UInt64 = 40_000_000

    public init(clock: HostClock = .system) throws(BadInput) {
        self.clock = clock
        terminal = try RawTerminal()
    }

    public func turn(_ session: MachineSession) -> Bool {
        let now = clock.now()
        guard now >= nextTurn else { return true }
        nextTurn = now &+ Self.period
        let goesOn = takeKeys(session, now)
        show(session)
        return goesOn && !input.isAtEnd
    }

    public func close() {
        terminal.close()
    }

    private func takeKeys(_ session: MachineSession, _ now: UInt64) -> Bool {
        let bytes = input.read(limit: 4096)
        let isComplete = bytes.isEmpty && waitingSince.map { now &- $0 >= Self.patience } ?? false
        for key in keys.decode(bytes, isComplete: isComplete) {
            switch key {
            case .quit: return false
            case .reset: session.reset()
            case .paste(let text): session.typist.paste(text)
            case .chord(let name): press(Key.chord(named: name), session)
            case .character(let character): press(Key.chord(for: character), session)
            }
        }
        waitingSince = keys.isWaiting ? (bytes.isEmpty ? waitingSince : now) : nil
        return true
    }

    /// A tty tells of no key going up: a chord is held for a moment.
    private func press(_ chord: [Key]?, _ session: MachineSession) {
        guard let chord else { return }
        session.typist.type(chord, hold: 20_000_000, gap: 10_000_000)
    }

    private func show(_ session: MachineSession) {
        let pc = session.pc
        let size = terminal.size
        guard pc.frameGeneration != generation || size != self.size || session.isDead != wasDead else { return }
        wasDead = session.isDead
        generation = pc.frameGeneration
        self.size = size
        guard let screen = pc.textScreen else {
            _ = pc.update(&monitor)
            let (width, height) = (monitor.frame.width, monitor.frame.height)
            let text = "graphics, \(width) by \(height): the terminal shows text modes only"
            terminal.write(canvas.draw(notice: text, rows: size.rows, columns: size.columns))
            return
        }
        let hint = session.isDead ? "The machine has halted for ever. " + TerminalKeys.hint : TerminalKeys.hint
        terminal.write(canvas.draw(screen, rows: size.rows, columns: size.columns, hint: hint))
    }
}
