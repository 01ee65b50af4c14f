import Glibc

/// A debugger between a script or standard input and standard output.
public final class DebugConsole {
    private let plan: DebugPlan
    private let session: MachineSession
    private let debugger: Debugger
    private let front: (any FrontEnd)?
    private let signals: SignalWatch?
    private let script: [String]
    private let input = LineInput()
    private let isTerminal = isatty(STDIN_FILENO) == 1
    private var pacer: Pacer
    /// A signal that is to end the program.
    private var signal: Int32?
    /// Something that was expected did not come.
    private var isUnmet = false

    private static let prompt = "> "

    /// - Parameters:
    ///   - front: shows the machine while it runs and while the user thinks.
    ///   - signals: SIGINT stops the guest, the others end the program.
    public init(
        _ plan: DebugPlan, _ session: MachineSession, front: (any FrontEnd)? = nil, signals: SignalWatch? = nil
    ) throws(BadInput) {
        self.plan = plan
        self.session = session
        self.front = front
        self.signals = signals
        script = try plan.script.map { (path) throws(BadInput) in try Self.lines(path) } ?? []
        pacer = Pacer(clock: .system, seconds: session.seconds, now: session.pc.now)
        debugger = Debugger(DebugTarget(session)) { Self.write($0 + "\n") }
        debugger.saveState = { (path) throws(BadInput) in try session.save(to: path) }
        debugger.loadState = { (path) throws(BadInput) in try session.load(from: path) }
        debugger.isInterrupted = { [unowned self] in turn() }
        debugger.isBackInterrupted = { [unowned self] in takesSignal() }
    }

    /// Runs script and prompt, and gives what the shell is to be told.
    public func run() -> ExitStatus {
        let status = runScript() ?? (plan.hasPrompt && !debugger.isDone ? runPrompt() : nil)
        session.end(.closed)
        // It has ended: what is left is to make everything durable.
        let ending = session.run()
        if let status { return status }
        if let signal { return .signal(signal) }
        if case .debugExit(let byte) = ending { return .guest(byte) }
        return isUnmet ? .unmet : .success
    }

    // MARK: The script

    /// The lines of a file, which must be text: what it has else would reach the terminal.
    private static func lines(_ path: String) throws(BadInput) -> [String] {
        var bytes = try HostFile.read(path, limit: 1 << 24)
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
            throw BadInput("--debug-script: \(path) is no text; it must have commands in UTF-8, a line each")
        }
        // Editors of Windows begin with this mark.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        // By bytes: CR and LF are one character.
        return bytes.split(separator: 10, omittingEmptySubsequences: false).map {
            String(decoding: $0.last == 13 ? $0.dropLast() : $0, as: UTF8.self)
        }
    }

    /// Nil where it came to its end.
    private func runScript() -> ExitStatus? {
        for (number, line) in script.enumerated() {
            let line = line.hasSuffix("\r") ? String(line.dropLast()) : line
            var text = CommandText(line)
            guard !text.isAtEnd, !text.take(sign: "#") else { continue }
            Self.write(Self.prompt + line + "\n")
            do {
                try execute(line)
            } catch {
                let message = "swift86: \(plan.script ?? ""):\(number + 1): \(error.message)\n"
                _ = HostFile.writeAll(STDERR_FILENO, message.utf8)
                return debugger.isUnmet ? .unmet : .badInput
            }
            if let signal { return .signal(signal) }
            if debugger.isDone { break }
        }
        return nil
    }

    // MARK: The prompt

    private func runPrompt() -> ExitStatus? {
        var isShown = false
        while signal == nil, !debugger.isDone {
            if isTerminal, !isShown {
                Self.write(Self.prompt)
                isShown = true
            }
            switch input.next(milliseconds: front == nil ? 200 : 15) {
            case .nothing:
                if let front, !front.turn(session) { return nil }
                if takesSignal(), signal == nil {
                    Self.write("\n")
                    isShown = false
                }
            case .end:
                if isTerminal { Self.write("\n") }
                return nil
            case .line(let line):
                isShown = false
                if !isTerminal { Self.write(Self.prompt + line + "\n") }
                do {
                    try execute(line)
                } catch {
                    Self.write("error: \(error.message)\n")
                    isUnmet = isUnmet || debugger.isUnmet
                }
            }
        }
        return nil
    }

    private func execute(_ line: String) throws(BadInput) {
        pacer.restart(at: session.pc.now)
        try debugger.execute(line)
    }

    // MARK: While the guest runs

    /// Shows the machine, keeps it to the host's clock, and says whether it is to stop.
    private func turn() -> Bool {
        if let front, !front.turn(session) {
            session.end(.closed)
            debugger.isDone = true
            return true
        }
        if takesSignal() { return true }
        if session.plan.isPaced { pacer.wait(for: session.pc.now) }
        return false
    }

    /// SIGINT, or one that ends the program.
    private func takesSignal() -> Bool {
        guard let number = signals?.take() else { return false }
        if number != SIGINT || !plan.hasPrompt { signal = number }
        return true
    }

    private static func write(_ text: String) {
        _ = HostFile.writeAll(STDOUT_FILENO, text.utf8)
    }
}

/// Lines from standard input, waited for no longer than is asked.
private final class LineInput {
    enum Next {
        case line(String)
        case nothing
        case end
    }

    private var bytes: [UInt8] = []
    private var isAtEnd = false

    func next(milliseconds: Int32) -> Next {
        if let line = takeLine() { return .line(line) }
        if isAtEnd {
            guard !bytes.isEmpty else { return .end }
            defer { bytes = [] }
            return .line(String(decoding: bytes, as: UTF8.self))
        }
        var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, milliseconds) > 0 else { return .nothing }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return .nothing }
        if count <= 0 { isAtEnd = true } else { bytes += buffer[..<count] }
        return next(milliseconds: 0)
    }

    private func takeLine() -> String? {
        guard let end = bytes.firstIndex(of: 10) else { return nil }
        var line = bytes[..<end]
        bytes.removeFirst(end + 1)
        if line.last == 13 { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }
}
