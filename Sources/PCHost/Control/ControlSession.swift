import PCCore

/// A machine that programs drive, and the line protocol for it: each request is a line, each answer some lines and then
/// `ok`, or `error WHY`.
///
/// Documentation/Control.md lists the requests. Between them the guest keeps pace with the host's clock. A session belongs
/// to one thread; it knows nothing of sockets, which `ControlServer` serves.
public final class ControlSession {
    let clock: HostClock
    let messages: Messages
    /// The folder that states go to which are known by a name alone.
    public var statesFolder: String?
    /// A state may write over what its disks hold now.
    public var rewindsDisks: Bool {
        get { plan.rewindsDisks }
        set { plan.rewindsDisks = newValue }
    }
    var plan: BootPlan
    var bay = DriveBay()
    /// The machine's run; nil before the start.
    public internal(set) var session: MachineSession?
    var pacer: Pacer?
    /// Guest time keeps to the host's clock.
    var isPaced = true
    /// Nobody else runs the session.
    let drives: Bool
    /// A client has asked for a pause.
    public internal(set) var isPaused = false
    /// A client has asked for the end.
    public internal(set) var isQuitting = false
    /// Buttons of the mouse that are held.
    var buttons: MouseButtons = []

    private var events: [ControlEvent] = []
    private var hasToldEnding = false
    private var resetsTold: UInt64 = 0
    var watches: [ScreenWatch] = []
    private let own: ControlClient
    private var clientCount = 0

    /// A machine that is yet to be described and started.
    public init(
        clock: HostClock = .system, messages: Messages = Messages()
    ) {
        self.clock = clock
        self.messages = messages
        plan = BootPlan()
        plan.isPaced = true
        drives = true
        own = ControlClient(number: 0)
    }

    /// A machine that somebody else runs, such as `boot`: `catchUp` leaves it alone.
    public init(of session: MachineSession, messages: Messages = Messages()) {
        clock = .system
        self.messages = messages
        plan = session.plan
        drives = false
        own = ControlClient(number: 0)
        self.session = session
        hear(session)
    }

    /// Hears of what happens to the machine from now on, whoever does it.
    func hear(_ session: MachineSession) {
        session.media.changed = { [weak self] drive, path in self?.tell(.disk(drive, path: path)) }
        resetsTold = session.pc.guestResets
    }

    /// The machine, once it was started.
    public var pc: PC? { session?.pc }

    // MARK: Clients

    /// Somebody else who sends requests, with events and watches of their own.
    public func addClient() -> ControlClient {
        clientCount &+= 1
        return ControlClient(number: clientCount)
    }

    /// Forgets a client and what it watches for.
    public func remove(_ client: ControlClient) {
        watches.removeAll { $0.client == client.number }
    }

    /// The answer to one request of `client`; nil stands for the only one.
    public func answer(_ request: String, for client: ControlClient? = nil) -> [String] {
        let (verb, rest) = Self.cut(request)
        do throws(BadInput) {
            return try perform(verb, rest, client ?? own) + ["ok"]
        } catch {
            return ["error \(error.message)"]
        }
    }

    // MARK: Time

    /// Runs the guest if the host's clock is ahead of it: a slice at most.
    ///
    /// - Returns: how long there is nothing to do, in nanoseconds; nil: until the next request.
    public func catchUp() -> UInt64? {
        guard drives, let session, session.ending == nil, !isPaused, pacer != nil else { return nil }
        if isPaced, let lead = pacer?.lead(at: session.pc.now), lead > 0 { return lead }
        advance(session)
        guard session.ending == nil else { return nil }
        return isPaced ? pacer?.lead(at: session.pc.now) : 0
    }

    /// Runs a slice, no further than to the next look at the screen.
    func advance(_ session: MachineSession) {
        let next = watches.isEmpty ? GuestTime.max : ScreenWatch.next(after: session.pc.now, session.seconds)
        session.advance(to: next)
        if session.pc.now >= next { look(at: session) }
        noteEnding()
    }

    /// Runs until the keys that wait have been typed, at the pace of the host's clock.
    func finishTyping(_ session: MachineSession) {
        while session.ending == nil {
            session.typist.turn(session.pc)
            if session.typist.isIdle { break }
            advance(session)
            if isPaced { pacer?.wait(for: session.pc.now) }
        }
    }

    /// Runs for nanoseconds of guest time, at the pace of the host's clock.
    func run(_ session: MachineSession, for time: UInt64) {
        let end = session.pc.now &+ session.seconds.slots(nanoseconds: time)
        while session.ending == nil, session.pc.now < end {
            advance(session)
            if isPaced { pacer?.wait(for: session.pc.now) }
        }
    }

    // MARK: Events

    /// What has happened since the last call.
    public func takeEvents() -> [ControlEvent] {
        noteReset()
        noteEnding()
        defer { events.removeAll() }
        return events
    }

    /// A library user who never asks for events costs no memory.
    func tell(_ event: ControlEvent) {
        if events.count < 4096 { events.append(event) }
    }

    /// A guest may reset itself many times in a slice; that is told once.
    private func noteReset() {
        guard let count = session?.pc.guestResets, count != resetsTold else { return }
        resetsTold = count
        tell(.reset(isGuest: true))
    }

    private func noteEnding() {
        guard let ending = session?.ending else {
            hasToldEnding = false
            return
        }
        guard !hasToldEnding else { return }
        hasToldEnding = true
        tell(.stopped(ending))
    }

    /// Why a server of this session ends, as far as the machine knows.
    var quitReason: QuitReason {
        switch session?.ending {
        case .signal?: .signal
        case nil, .closed?: .request
        default: .guest
        }
    }

    // MARK: The end

    /// Makes what the guest wrote durable; the session is over.
    public func close() {
        session?.media.close()
        for image in bay.images { close(image) }
    }

    private func close(_ image: DiskImage) {
        do throws(BlockError) {
            try image.close()
        } catch .failed(let reason) {
            messages.warning(reason)
        } catch {
            messages.warning("\(image.path): cannot be made durable")
        }
    }
}

/// One of those who send requests to a `ControlSession`.
public final class ControlClient {
    let number: Int
    /// It wants to hear of events.
    public internal(set) var hearsEvents = false

    init(number: Int) { self.number = number }

    /// Whether `event` is for this client.
    public func hears(_ event: ControlEvent) -> Bool {
        if case .text(_, let client) = event, client != number { return false }
        return hearsEvents
    }
}
