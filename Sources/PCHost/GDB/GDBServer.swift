import PCCore

/// `--gdb`: lets gdb drive a machine, one client after the other.
///
/// The machine waits at its reset vector until the first client lets it go. A client that detaches leaves it running; one
/// that goes away otherwise leaves it standing where it is.
public final class GDBServer {
    private let listener: GDBListener
    private var machine: Machine?
    private var client: Client?
    /// Without a client: the machine runs.
    private var isRunning = false
    /// The user is done.
    private var isOver = false
    private var architecture: GDBTargetDescription.Architecture?
    /// Monitor commands beside those of every session.
    public var commands: [GDBMonitorCommand] = []

    /// What is driven, and what else wants its turn.
    private struct Machine {
        let target: DebugTarget
        let front: (any FrontEnd)?
        let signals: SignalWatch?
        var pacer: Pacer
    }

    /// Who is connected.
    private final class Client {
        let connection: GDBConnection
        var session: GDBSession?
        var reader = GDBPacketReader()
        /// Packets that came while the machine was running.
        var waiting: [[UInt8]] = []
        var lastFrame: [UInt8] = []
        var wantsStop = false
        var isGone = false

        init(_ connection: GDBConnection) { self.connection = connection }
    }

    /// Host time between two looks at the window while the machine stands still, in milliseconds.
    private static let period: Int32 = 10
    /// Packets that a client may send ahead.
    private static let mostWaiting = 64

    /// - Parameter port: 0 is any that is free.
    public init(port: UInt16) throws(BadInput) { listener = try GDBListener(port: port) }

    /// The port on 127.0.0.1.
    public var port: UInt16 { listener.port }

    /// Serves until the machine is over, shows it on `front` and ends at a signal that `signals` holds back.
    public func run(
        _ target: DebugTarget, front: (any FrontEnd)? = nil, signals: SignalWatch? = nil, clock: HostClock = .system,
        messages: Messages = Messages()
    ) -> Ending {
        let session = target.session
        machine = Machine(
            target: target, front: front, signals: signals,
            pacer: Pacer(clock: clock, seconds: session.seconds, now: session.pc.now))
        messages.notice("--gdb: the machine waits for gdb at 127.0.0.1:\(port)")
        while true {
            turn(showing: true)
            if isOver || client == nil && session.ending != nil {
                client = nil
                return session.finish(session.ending ?? .closed)
            }
            if let client { serve(client) } else { runAlone(target) }
        }
    }

    // MARK: The machine

    /// Gives the window and signals their turn.
    private func turn(showing: Bool) {
        guard let machine else { return }
        let session = machine.target.session
        if showing, let front = machine.front, !front.turn(session) {
            session.end(.closed)
            isOver = true
        }
        if let number = machine.signals?.take() {
            session.end(.signal(number))
            isOver = true
        }
    }

    /// Asked while the machine moves: whether to stop.
    private func isInterrupted(_ direction: GDBSession.Direction) -> Bool {
        // What the user types cannot change what was: the window waits.
        turn(showing: direction == .forwards)
        if direction == .forwards, let machine, machine.target.session.plan.isPaced {
            self.machine?.pacer.wait(for: machine.target.pc.now)
        }
        if isOver { return true }
        guard let client else { return listener.hasClient }
        refuseOthers()
        take(client, timeout: 0)
        defer { client.wantsStop = false }
        return client.wantsStop || client.isGone
    }

    /// Without a client.
    private func runAlone(_ target: DebugTarget) {
        if let connection = listener.accept(timeout: isRunning ? 0 : Self.period) { return begin(connection, target) }
        guard isRunning else { return }
        startClock()
        let before = target.pc.now
        _ = target.resume { [self] in isInterrupted(.forwards) }
        // A CPU that can do nothing more is the user's business: the host has better things to do than to ask it.
        guard target.pc.now == before, !isOver, let connection = listener.accept(timeout: Self.period) else { return }
        begin(connection, target)
    }

    private func startClock() {
        guard let now = machine?.target.pc.now else { return }
        machine?.pacer.restart(at: now)
    }

    // MARK: The client

    private func begin(_ connection: GDBConnection, _ target: DebugTarget) {
        let client = Client(connection)
        let session = GDBSession(
            target, commands: commands, isInterrupted: { [unowned self] in isInterrupted($0) },
            say: { [unowned self, unowned client] in send(client, Array(("O" + GDBPacket.hex($0.utf8)).utf8)) })
        session.architecture = architecture
        client.session = session
        self.client = client
        isRunning = false
    }

    private func serve(_ client: Client) {
        refuseOthers()
        if client.waiting.isEmpty { take(client, timeout: Self.period) }
        client.wantsStop = false
        if !client.waiting.isEmpty, let session = client.session {
            startClock()
            if case .data(let data) = session.answer(client.waiting.removeFirst()) { send(client, data) }
        }
        if let session = client.session, client.isGone || session.state != .attached { end(session) }
    }

    private func end(_ session: GDBSession) {
        architecture = session.architecture
        if session.state == .attached { session.leave(.detached) } else { isRunning = true }
        if session.state == .killed {
            session.target.session.end(.closed)
            isOver = true
        }
        client = nil
    }

    /// One debugger is enough. Where it has gone away just now, whoever comes is its successor.
    private func refuseOthers() {
        guard let client else { return }
        while listener.hasClient {
            // What it has sent comes before its end.
            for _ in 0..<4 where !client.isGone { take(client, timeout: 0) }
            if client.isGone { return }
            _ = listener.accept(timeout: 0)
        }
    }

    /// Takes what the client has sent.
    private func take(_ client: Client, timeout: Int32) {
        guard let bytes = client.connection.receive(timeout: timeout) else {
            client.isGone = true
            return
        }
        let acknowledges = client.session?.acknowledges ?? true
        for byte in bytes {
            switch client.reader.take(byte) {
            case nil: break
            case .packet(let packet):
                if acknowledges { transmit(client, [UInt8(ascii: "+")]) }
                client.waiting.append(packet)
            case .damaged: if acknowledges { transmit(client, [UInt8(ascii: "-")]) }
            case .rejected: transmit(client, client.lastFrame)
            case .interrupt: client.wantsStop = true
            }
        }
        if client.waiting.count > Self.mostWaiting { client.isGone = true }
    }

    private func send(_ client: Client, _ data: [UInt8]) {
        client.lastFrame = GDBPacket.frame(data)
        transmit(client, client.lastFrame)
    }

    private func transmit(_ client: Client, _ bytes: [UInt8]) {
        if !client.isGone, !client.connection.send(bytes) { client.isGone = true }
    }
}
