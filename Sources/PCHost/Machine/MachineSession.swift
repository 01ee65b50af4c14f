import PCCore

/// One machine from power-on to its end: runs it in slices, holds it to its limits and to the host's clock.
///
/// A session and its machine belong to one thread.
public final class MachineSession {
    public let plan: BootPlan
    public let pc: PC
    public let link: HostLink
    public let seconds: GuestSeconds
    /// Changes floppies and CDs.
    public let media: MediaChanger
    /// What reached the machine, and where it has been if that is kept.
    public private(set) var timeline: Timeline
    /// Types for the user: what was pasted, and the keys of a terminal.
    public var typist: Typist
    /// Why the run is over; nil while it goes on.
    public private(set) var ending: Ending?
    /// The CPU cannot go on, and only the user can see to that.
    public private(set) var isDead = false
    /// Changes when guest time jumps, because a state was loaded: whoever keeps it to a clock starts anew.
    public private(set) var jumps: UInt64 = 0

    /// The machine where the recording that was asked for begins.
    var recordingStart: StateFile?
    /// What the machine does again.
    private var replay: Recording?
    /// What a debugger wanted to stop at, and has not taken yet.
    private var stop: StopHit?
    private let messages: Messages
    private let clock: HostClock
    private let input = StandardInput()
    private var watch: TextWatch?
    private let recorder: TraceRecorder?
    private let timeLimit: GuestTime
    /// Nobody can give the machine input: headless, without `control`, and with no line from standard input.
    private let isAlone: Bool
    private let started: UInt64
    private var inputCredit: GuestTime = 0
    private var slice: UInt64

    /// Slices of guest time, in nanoseconds: as long as a picture of a 60 Hz screen, and shorter where the host is slow.
    private static let picture: UInt64 = 16_666_667
    private static let shortestSlice: UInt64 = 1_000_000

    /// Opens everything that `plan` names and switches the machine on.
    public convenience init(
        _ plan: BootPlan, clock: HostClock = .system, messages: Messages = Messages()
    ) throws(BadInput) {
        if let path = plan.load ?? plan.replay {
            let recording: Recording? = plan.replay != nil ? try Recording(path: path) : nil
            var file: StateFile
            if let recording { file = recording.start } else { file = try StateFile(StateContainer(path: path), path) }
            var plan = try plan.machine(of: file, path)
            // What the guest writes has been written.
            if recording != nil, plan.access == .written { plan.access = .discarded }
            try self.init(plan, assembly: Assembly(plan, file, path), clock: clock, messages: messages)
            // Images that were named stand for those that the state had.
            for (number, medium) in file.description.media.enumerated() {
                guard medium.content != nil, let named = pc.device(at: medium.place)?.imagePath else { continue }
                file.description.media[number].content?.path = named
            }
            try load(file, path)
            if let recording { try replay(recording, path) }
        } else if let script = plan.script, plan.images.isEmpty, plan.kernel == nil {
            let (plan, assembly) = try Scenario(path: script).machine.assembly(shown: plan)
            try self.init(plan, assembly: assembly, clock: clock, messages: messages)
        } else {
            try self.init(plan, assembly: Assembly(plan), clock: clock, messages: messages)
        }
        if let path = plan.screen?.path { try HostFile.checkOutput(path, keepingOff: media.files) }
        if let path = plan.save { try StateStorage.check(path, as: .state, keepingOff: media.files) }
        if let path = plan.record {
            try StateStorage.check(path, as: .recording, keepingOff: media.files)
            try record(path)
            if let file = media.grownOverlay {
                messages.warning(
                    "--record: the guest may write to \(file), and a replay needs it as it is now; "
                        + "use --discard-writes or a new --overlay")
            }
        }
    }

    /// Switches on a machine of parts that are at hand; `plan` says how it is run.
    ///
    /// - Parameter keepsSerial: what comes out of COM1 is kept for `HostLink.serialOutput`.
    init(
        _ plan: BootPlan, assembly: Assembly, clock: HostClock, messages: Messages, keepsSerial: Bool = false
    ) throws(BadInput) {
        self.plan = plan
        isAlone = plan.display == .none && !keepsSerial && !plan.isControlled && plan.serial != .standardOutput
        self.clock = clock
        self.messages = messages
        started = clock.now()
        link = HostLink(
            debugConsole: try ByteSink(plan.debugConsole, keepingOff: assembly.files),
            serial: try ByteSink(plan.serial, keepingOff: assembly.files),
            printer: try ByteSink(plan.parallel, keepingOff: assembly.files),
            keepsSerial: keepsSerial || plan.script != nil, keepsTones: plan.display == .window, log: messages.warning)
        if let trace = plan.trace {
            recorder = try TraceRecorder(trace, keepingOff: assembly.files)
        } else {
            recorder = nil
        }
        pc = assembly.build()
        pc.host = link
        timeline = Timeline(pc)
        media = MediaChanger(pc, bay: assembly.bay, access: plan.access, messages: messages)
        seconds = GuestSeconds(slotsPerSecond: pc.slotsPerSecond)
        typist = Typist(seconds: seconds)
        watch = plan.untilText.map { TextWatch($0) }
        timeLimit = plan.maxTime.map { [seconds] in seconds.slots(nanoseconds: $0) } ?? .max
        slice = Self.picture
        for case let warning? in assembly.bay.images.map({ $0.overlay?.warning }) { messages.warning(warning) }
    }

    /// Runs until the end, showing the machine on `front` and ending at a signal that `signals` holds back.
    public func run(_ front: (any FrontEnd)? = nil, signals: SignalWatch? = nil) -> Ending {
        var pacer = Pacer(clock: clock, seconds: seconds, now: pc.now)
        while true {
            advance()
            let jumps = jumps
            if let front, !front.turn(self) { end(.closed) }
            if jumps != self.jumps { pacer.restart(at: pc.now) }
            if let number = signals?.take() { end(.signal(number)) }
            if let ending { return finish(ending) }
            if isDead {
                clock.sleep(Self.picture)
                pacer.restart(at: pc.now)
            } else if plan.isPaced {
                pacer.wait(for: pc.now)
            }
        }
    }

    /// Runs one slice, no further than to guest time `limit`, and looks whether that was the end.
    public func advance(to limit: GuestTime = .max) {
        guard ending == nil, !isDead else { return }
        let before = clock.now()
        // In the past the keys are those that were pressed then.
        if timeline.isAtEnd { typist.turn(pc) }
        let start = pc.now
        var end = sum(start, seconds.slots(nanoseconds: min(slice, sliceLimit)))
        end = min(end, limit, timeLimit)
        if timeline.isAtEnd { end = min(end, max(typist.deadline ?? .max, start &+ 1)) }
        if let replay { end = min(end, max(replay.end.time, start &+ 1)) }
        let left = plan.maxInstructions.map { $0 - min($0, pc.instructionCount) } ?? .max
        recorder?.turn(pc)
        let reason = timeline.run(until: end, atMost: min(left, recorder?.instructionsLeft(pc) ?? .max))
        note(reason)
        if let replay { compare(with: replay) }
        if ending == nil, watch?.isThere(on: pc) == true { ending = .textCame }
        if ending == nil, pc.now >= timeLimit { ending = .timeLimit }
        // With a time limit it sleeps up to that; without one it would sleep for ever.
        if ending == nil, isAlone, plan.maxTime == nil, typist.isIdle, timeline.isAtEnd, pc.waitsForInputOnly {
            ending = .haltedForEver
        }
        if ending == nil, let limit = plan.maxInstructions, pc.instructionCount >= limit { ending = .instructionLimit }
        if timeline.isAtEnd { feedSerial(after: pc.now &- start) }
        link.flush()
        adapt(to: clock.now() &- before)
    }

    /// Does again what was recorded, from where the machine stands.
    private func replay(_ recording: Recording, _ path: String) throws(BadInput) {
        do throws(StateFault) {
            timeline = Timeline(pc, replaying: try recording.inputs(open: media.disk), to: recording.end)
        } catch {
            throw error.input(path)
        }
        replay = recording
        let length = seconds.nanoseconds(slots: recording.end.time - min(recording.end.time, pc.now))
        messages.notice("\(path): \(Self.decimal(length / 1_000_000, places: 3)) s of guest time are done again")
    }

    /// At the end of a replay the machine has to be what it was.
    private func compare(with replay: Recording) {
        if timeline.position >= replay.end {
            self.replay = nil
            ending = .replayed(isSame: MachineHash.hex(pc, disks: disks) == replay.hash)
        } else if timeline.isAtEnd {
            self.replay = nil
            messages.notice("the machine has left the recording, and goes on by itself")
        }
    }

    /// One whole instruction, for a debugger.
    func step() -> StopReason {
        recorder?.turn(pc)
        return timeline.step()
    }

    /// Keeps states from now on, for the ways back.
    public func keepHistory() {
        if timeline.start == nil { timeline = Timeline(pc, interval: Timeline.usualInterval) }
    }

    /// What a debugger wanted to stop at, once.
    func takeStop() -> StopHit? {
        defer { stop = nil }
        return stop
    }

    /// The machine is somewhere else in its history: what has ended it there has not happened.
    func revive() {
        isDead = false
        ending = nil
    }

    /// The reset button.
    public func reset() {
        pc.reset()
        isDead = false
        if ending == .haltedForEver || ending == .shutdown { ending = nil }
    }

    /// A state was loaded: what belonged to the time that is gone is forgotten.
    func hasJumped() {
        jumps &+= 1
        recorder?.jumped(pc)
        ending = nil
        isDead = false
        typist = Typist(seconds: seconds)
        watch = plan.untilText.map { TextWatch($0) }
        inputCredit = 0
        timeline = Timeline(pc, interval: timeline.interval)
        replay = nil
        // What was before cannot be had from the state.
        guard recordingStart != nil else { return }
        timeline.knowsDisks = true
        recordingStart = try? stateFile()
    }

    /// The disks in the machine's drives, as `MachineHash` takes them.
    public var disks: [(any BlockDevice)?] { pc.disks }

    /// Ends the run unless it has ended.
    public func end(_ reason: Ending) {
        if ending == nil { ending = reason }
    }

    /// How the run ended, as the shell is to see it.
    public var status: ExitStatus { ending?.status(wasAwaited: plan.untilText != nil) ?? .success }

    /// Nanoseconds of the host's time since the session began.
    public var hostTime: UInt64 { clock.now() &- started }

    private var sliceLimit: UInt64 {
        if watch != nil { return 5_000_000 }
        return plan.isPaced || plan.isControlled || plan.display != .none ? Self.picture : 250_000_000
    }

    func note(_ reason: StopReason) {
        switch reason {
        case .sliceEnd: break
        case .stopped(let hit): stop = hit
        case .poweredOff: end(.poweredOff)
        case .debugExit(let byte): end(.debugExit(byte))
        case .haltedForEver:
            isDead = true
            if plan.display == .none { end(.haltedForEver) } else { tellOfDeath(.haltedForEver) }
        case .shutdown:
            isDead = true
            if plan.display == .none { end(.shutdown) } else { tellOfDeath(.shutdown) }
        }
    }

    private func tellOfDeath(_ reason: Ending) {
        if plan.display == .window, let message = reason.message { messages.notice(message) }
    }

    /// Writes out what is left; the run is over.
    func finish(_ ending: Ending) -> Ending {
        if recorder?.finish(pc) == false { messages.warning("--trace: the host did not take all of the trace") }
        link.flush()
        media.flush()
        for case let disk? in disks {
            do {
                try disk.flush()
            } catch .failed(let reason) {
                messages.warning(reason)
            } catch {
                messages.warning("a disk cannot be made durable")
            }
        }
        return ending
    }

    /// Tells the user why the run is over, once the screen is theirs again.
    public func announceEnding() {
        guard let ending else { return }
        if status == .unmet { messages.warning("--until-text: the text did not come") }
        if let message = ending.message { messages.notice(message) }
    }

    /// Keeps a slice between 8 and 25 ms of the host's time where it can.
    private func adapt(to spent: UInt64) {
        if spent > 25_000_000 { slice = max(Self.shortestSlice, slice / 2) }
        if spent < 8_000_000 { slice = min(sliceLimit, slice * 2) }
    }

    /// Hands standard input to COM1, no faster than 115,200 baud: what does not fit waits with the host.
    private func feedSerial(after time: GuestTime) {
        guard plan.serial == .standardOutput, !input.isAtEnd else { return }
        inputCredit = min(4096, inputCredit &+ 1 &+ seconds.nanoseconds(slots: time) / 86_806)
        let bytes = input.read(limit: Int(inputCredit))
        guard !bytes.isEmpty else { return }
        inputCredit -= UInt64(bytes.count)
        pc.receive(bytes, port: 0)
    }

    private func sum(_ a: GuestTime, _ b: GuestTime) -> GuestTime {
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? .max : sum
    }
}
