import Glibc

/// Serves a `ControlSession` to programs: on two file descriptors, on Unix sockets, or on both, in one thread.
///
/// Requests are served one at a time in the order in which they arrive. A client that goes away, sends garbage or does not
/// read harms nobody but itself.
public final class ControlServer {
    /// What is spoken on a socket.
    public enum Language: Sendable {
        /// The line protocol.
        case lines
        /// The QEMU Machine Protocol.
        case qmp
    }

    /// The most clients at once.
    public static let clientLimit = 32

    private let session: ControlSession
    private let messages: Messages
    private var listeners: [(socket: SocketListener, language: Language)] = []
    private var clients: [ServedClient] = []

    /// A server that no client can reach yet: see `listen`.
    public init(_ session: ControlSession, messages: Messages = Messages()) {
        self.session = session
        self.messages = messages
    }

    /// A server of the line protocol on two file descriptors, which stay open.
    public convenience init(
        _ session: ControlSession, input: Int32, output: Int32, messages: Messages = Messages()
    ) {
        self.init(session, messages: messages)
        clients.append(ServedClient(input: input, output: output, isSocket: false, LineLanguage(session)))
    }

    deinit { closeFiles() }

    /// Takes clients on a Unix socket at `path` from now on, which is there until the server is gone.
    public func listen(at path: String, _ language: Language = .lines) throws(BadInput) {
        listeners.append((try SocketListener(path), language))
    }

    /// Answers requests and runs the guest between them, until a request `quit`, a signal that `signals` holds back, or,
    /// without sockets, the end of the input. The session is closed then.
    public func serve(signals: SignalWatch? = nil) {
        let pipes = PipeSignal()
        defer { pipes.end() }
        var reason = QuitReason.request
        while !session.isQuitting, !listeners.isEmpty || !clients.isEmpty {
            if signals?.take() != nil {
                reason = .signal
                break
            }
            let pause = session.catchUp()
            tellEvents()
            // A pause is rounded up to whole milliseconds: the guest lags by that, and never runs ahead.
            var timeout = pause.map { Int32(clamping: ($0 + 999_999) / 1_000_000) } ?? -1
            if signals != nil { timeout = timeout < 0 ? Self.signalPause : min(timeout, Self.signalPause) }
            turn(waiting: timeout)
        }
        close(reason)
        session.close()
    }

    /// How long a signal may wait, in milliseconds.
    private static let signalPause: Int32 = 200

    /// For a session that somebody else runs: answers what has come, and waits for `timeout` milliseconds at most.
    public func turn(waiting timeout: Int32 = 0) {
        tellEvents()
        let isBusy = clients.contains { $0.hasRequests }
        var files = listeners.map { pollfd(fd: $0.socket.file, events: Int16(POLLIN), revents: 0) }
        files += clients.flatMap { client in
            [
                pollfd(fd: client.isHeard ? client.input : -1, events: Int16(POLLIN), revents: 0),
                pollfd(
                    fd: client.isSocket || client.backlog > 0 ? client.output : -1,
                    events: client.backlog > 0 ? Int16(POLLOUT) : 0, revents: 0),
            ]
        }
        if poll(&files, nfds_t(files.count), isBusy ? 0 : timeout) > 0 {
            for (i, client) in clients.enumerated() {
                let (input, output) = (files[listeners.count + 2 * i], files[listeners.count + 2 * i + 1])
                if input.revents != 0 { client.receive() }
                if output.revents & Int16(POLLOUT) != 0 { client.flush() }
                let isDead = output.revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
                // Nobody is there to take an answer. What a socket's client sent before it went is read first.
                if isDead, !client.isSocket || !client.isHeard && !client.hasRequests { client.markGone() }
            }
            for (i, listener) in listeners.enumerated() where files[i].revents != 0 { admit(listener) }
        }
        answer()
        dropClients()
    }

    /// Ends all connections and takes the sockets away.
    public func close(_ reason: QuitReason) {
        session.tell(.quit(reason))
        tellEvents()
        closeFiles()
    }

    private func closeFiles() {
        for client in clients { client.close() }
        clients = []
        for listener in listeners { listener.socket.close() }
        listeners = []
    }

    // MARK: Clients

    private func admit(_ listener: (socket: SocketListener, language: Language)) {
        while let file = listener.socket.accept() {
            guard clients.count < Self.clientLimit else {
                let refusal = Self.refusal(listener.language)
                _ = send(file, refusal, refusal.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
                Glibc.close(file)
                continue
            }
            let language: any ClientLanguage =
                switch listener.language {
                case .lines: LineLanguage(session)
                case .qmp: QMPLanguage(session)
                }
            clients.append(ServedClient(input: file, output: file, isSocket: true, language))
        }
    }

    private static func refusal(_ language: Language) -> [UInt8] {
        let reason = "too many clients: at most \(clientLimit)"
        switch language {
        case .lines: return Array("error \(reason)\n".utf8)
        case .qmp: return QMPLanguage.line(.object([("error", QMPError(reason).json)]))
        }
    }

    /// Answers requests, one of each client in turn; after some the guest has its turn.
    private func answer() {
        for _ in 0..<64 {
            var isIdle = true
            for client in clients {
                guard !session.isQuitting, let answer = client.answerNext() else { continue }
                isIdle = false
                if client.language.putsEventsFirst { tellEvents() }
                client.send(answer)
                tellEvents()
            }
            if isIdle { return }
        }
    }

    private func tellEvents() {
        for event in session.takeEvents() {
            for client in clients { client.tell(event) }
        }
    }

    private func dropClients() {
        for client in clients where client.isOverrun {
            messages.warning("a client of the control socket does not read its events; it was disconnected")
        }
        for client in clients where client.isDone { client.close() }
        clients.removeAll { $0.isDone }
    }
}

/// Holds back the signal of a pipe that nobody reads: the write fails, and that is enough.
private final class PipeSignal {
    private var held = sigset_t()
    private var before = sigset_t()

    init() {
        sigemptyset(&held)
        sigaddset(&held, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &held, &before)
    }

    func end() {
        var none = timespec(tv_sec: 0, tv_nsec: 0)
        while sigtimedwait(&held, nil, &none) > 0 {}
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
}
