import PCCore

/// What became of a scenario.
public struct ScenarioOutcome: Sendable {
    public enum Verdict: Equatable, Sendable {
        case passed
        /// A step was not met: its line in the file, and why.
        case failed(line: Int, String)
        /// It could not be run: one line that says why.
        case unusable(String)
    }

    public let name: String
    public let title: String
    public internal(set) var verdict = Verdict.passed
    /// Nanoseconds of guest time that it took.
    public internal(set) var guestTime: UInt64 = 0
    /// Nanoseconds of the host's time; differs from run to run.
    public internal(set) var hostTime: UInt64 = 0
    /// What the steps had to say, in their order.
    public internal(set) var notes: [String] = []

    init(_ scenario: Scenario) {
        name = scenario.name
        title = scenario.title
    }
}

/// Why a step is not met.
struct StepFailure: Error {
    let message: String
    /// A file that the step names cannot be used: nothing is known about the machine.
    private(set) var isInput = false

    init(_ message: String) { self.message = message }

    init(_ input: BadInput) { (message, isInput) = (input.message, true) }
}

/// One run of a scenario on a machine of its own. What happens, and when, depends on guest time alone.
final class ScenarioRun {
    let scenario: Scenario
    let settings: ScenarioSettings
    let session: MachineSession
    private let clock: HostClock
    private var turn: () -> Bool = { true }
    private var pacer: Pacer
    /// What is in the drives, as the machine has it: drives A and B, then the disks.
    private var disks: [(any BlockDevice)?]
    private var marks: [String: FrameBuffer] = [:]
    private var states: [String: SessionState] = [:]
    private var notes: [String] = []

    /// Guest time between two looks at the screen, in nanoseconds: a person does not see faster either.
    private static let glance: UInt64 = 100_000_000

    var pc: PC { session.pc }

    /// Opens what the scenario names and switches the machine on.
    private init(_ scenario: Scenario, _ settings: ScenarioSettings, clock: HostClock) throws(BadInput) {
        self.scenario = scenario
        self.settings = settings
        self.clock = clock
        let (plan, assembly) = try scenario.machine.assembly(settings)
        session = try MachineSession(
            plan, assembly: assembly, clock: clock, messages: Messages(), keepsSerial: true)
        disks = session.pc.configuration.floppies + session.pc.configuration.disks
        pacer = Pacer(clock: clock, seconds: session.seconds, now: session.pc.now)
    }

    /// Performs the steps on a machine that is there.
    ///
    /// - Parameter turn: is called between two slices; false ends the machine.
    init(
        _ scenario: Scenario, _ settings: ScenarioSettings, on session: MachineSession, turn: @escaping () -> Bool
    ) {
        self.scenario = scenario
        self.settings = settings
        self.session = session
        self.turn = turn
        clock = .system
        disks = session.disks
        pacer = Pacer(clock: clock, seconds: session.seconds, now: session.pc.now)
    }

    /// What became of the steps on this machine.
    func outcome() -> ScenarioOutcome {
        var outcome = ScenarioOutcome(scenario)
        outcome.verdict = verdict()
        outcome.guestTime = guestTime
        outcome.notes = notes
        return outcome
    }

    /// Runs `scenario` up to its end or to the first step that is not met.
    static func outcome(
        of scenario: Scenario, _ settings: ScenarioSettings, clock: HostClock = .system
    ) -> ScenarioOutcome {
        var outcome = ScenarioOutcome(scenario)
        let start = clock.now()
        do throws(BadInput) {
            let run = try ScenarioRun(scenario, settings, clock: clock)
            outcome.verdict = run.verdict()
            outcome.guestTime = run.guestTime
            outcome.notes = run.notes
        } catch {
            outcome.verdict = .unusable(error.message)
        }
        outcome.hostTime = clock.now() &- start
        return outcome
    }

    private func verdict() -> ScenarioOutcome.Verdict {
        for step in scenario.steps {
            if settings.tellsSteps {
                notes.append("\(MachineSession.decimal(guestTime / 1_000_000, places: 3)) \(step.text)")
            }
            do throws(StepFailure) {
                try perform(step.step)
            } catch {
                try? keep("failed")
                let why = "\(step.text): \(error.message)"
                guard error.isInput else { return .failed(line: step.line, why) }
                return .unusable("\(scenario.path):\(step.line): \(why)")
            }
        }
        return .passed
    }

    private var guestTime: UInt64 { session.seconds.nanoseconds(slots: pc.now) }

    // MARK: Steps

    private func perform(_ step: ScenarioStep) throws(StepFailure) {
        switch step {
        case .waitText(let pattern, let isGone, let limit):
            try waitForScreen(limit) { pattern.isThere(in: $0) != isGone }
        case .expectNoText(let pattern):
            if pattern.isThere(in: lines) { throw StepFailure("it is there;" + shown) }
        case .expectLastLine(let text, let limit):
            let wanted = Self.trimmed(text)
            try waitForScreen(limit) { lines in lines.last { !Self.trimmed($0).isEmpty }.map(Self.trimmed) == wanted }
        case .waitSerial(let text, let limit):
            let wanted = Array(text.utf8)
            try wait(limit) { TextWatch.contains(session.link.serialOutput, wanted) }
        case .waitGraphics(let width, let height, let limit):
            try wait(limit) { pc.textScreen == nil && (width == 0 || Self.fits(picture, width, height)) }
        case .waitColours(let count, let limit):
            try wait(limit) { PictureComparison.colours(picture) >= count }
        case .settle(let hold, let limit): try settle(hold: hold, limit: limit)
        case .sleep(let time): run(for: time)
        case .keys(let chords): press(chords)
        case .moveMouse(let dx, let dy): moveMouse(dx, dy)
        case .clickMouse(let button):
            moveMouse(0, 0, buttons: button)
            run(for: Self.click)
            moveMouse(0, 0, buttons: [])
        case .insert(let drive, let file): try insert(file, drive)
        case .goldenText(let name, let start, let first): try compareText(name, from: start, first: first)
        case .goldenScreen(let golden): try comparePicture(golden)
        case .markScreen(let name): marks[name] = picture
        case .expectMoved(let name, let limit):
            guard let mark = marks[name] else { throw StepFailure("no step mark-screen \(name) came before") }
            try wait(limit) { PictureComparison.difference(picture, mark, slack: 0) != 0 }
        case .expectStopped(let limit):
            try wait(limit, whileOff: true) { session.ending.map { $0 != .haltedForEver } ?? false }
        case .mask: break
        case .hash(let expected): try hash(expected)
        case .reset: try reset()
        case .save(let name): try save(name)
        case .load(let name): try load(name)
        case .typeSerial(let text): pc.receive(Array(text.utf8), port: 0)
        case .expectMemory(let address, let bytes): try expectMemory(address, bytes)
        case .expectRegister(let register, let value):
            let found = pc.cpu[register]
            guard found == value else { throw StepFailure("it holds \(HexText.number(UInt128(found), digits: 8))") }
        }
    }

    /// How long a button of the mouse is held, in nanoseconds.
    private static let click: UInt64 = 100_000_000

    private static func trimmed(_ text: String) -> String {
        String(text.withoutBlanksAtEnd.drop { $0.isWhitespace })
    }

    /// Whether a picture has a size or a whole multiple of it, or the other way round.
    private static func fits(_ picture: FrameBuffer, _ width: Int, _ height: Int) -> Bool {
        guard picture.width > 0, picture.height > 0 else { return false }
        return picture.width % width == 0 && picture.height % height == 0
            || width % picture.width == 0 && height % picture.height == 0
    }

    private func settle(hold: UInt64, limit: UInt64) throws(StepFailure) {
        var seen: (lines: [String]?, picture: FrameBuffer)?
        var since = pc.now
        try wait(limit) {
            let text = pc.textScreen?.lines
            let now = (lines: text, picture: text == nil ? picture : FrameBuffer())
            if let last = seen, last.lines == now.lines, last.picture == now.picture {
                return pc.now &- since >= session.seconds.slots(nanoseconds: hold)
            }
            (seen, since) = (now, pc.now)
            return false
        }
    }

    private func press(_ chords: [[Key]]) {
        for chord in chords { session.typist.type(chord) }
        while session.ending == nil {
            session.typist.turn(pc)
            guard let next = session.typist.deadline else { break }
            advance(to: next)
        }
    }

    /// Moves in steps that a PS/2 mouse can tell, each with the time to be seen.
    private func moveMouse(_ dx: Int, _ dy: Int, buttons: MouseButtons? = nil) {
        var (dx, dy) = (dx, dy)
        if let buttons { pc.setMouseButtons(buttons) }
        repeat {
            let (x, y) = (max(-40, min(40, dx)), max(-40, min(40, dy)))
            pc.moveMouse(dx: x, dy: y)
            (dx, dy) = (dx - x, dy - y)
            run(for: 50_000_000)
        } while dx != 0 || dy != 0
    }

    private func insert(_ file: String?, _ drive: Int?) throws(StepFailure) {
        do throws(BadInput) {
            let path = file.map { scenario.machine.path($0) }
            guard let drive else {
                guard let place = pc.configuration.cdroms.firstIndex(where: { $0 != nil }) else {
                    throw BadInput("the machine has no CD-ROM drive")
                }
                if let path { pc.insert(try CDImage(path: path), cdrom: place) } else { pc.insert(nil, cdrom: place) }
                return
            }
            if let path {
                let image = try DiskImage(path: path, access: .discarded)
                try image.shape.checkFloppy(path)
                disks[drive] = image.tracked
            } else {
                disks[drive] = nil
            }
            pc.insert(disks[drive], floppy: drive)
        } catch {
            throw StepFailure(error)
        }
    }

    private func hash(_ expected: String?) throws(StepFailure) {
        let found = MachineHash.hex(pc, disks: disks)
        guard let expected else { return notes.append("hash \(found)") }
        guard found.hasPrefix(expected) else { throw StepFailure("it is \(found)") }
    }

    private func reset() throws(StepFailure) {
        session.reset()
        if session.ending != nil { throw StepFailure("the machine is off") }
    }

    private func save(_ name: String) throws(StepFailure) {
        switch session.ending {
        case nil, .haltedForEver: states[name] = session.save(after: states[name])
        default: throw StepFailure("the machine is off")
        }
    }

    /// Guest time goes back; marks and what was written to COM1 stay.
    private func load(_ name: String) throws(StepFailure) {
        guard let state = states[name] else { throw StepFailure("no step save \(name) came before") }
        do throws(BadInput) {
            try session.load(state)
        } catch {
            throw StepFailure(error.message)
        }
        disks = session.disks
        pacer.restart(at: pc.now)
    }

    private func expectMemory(_ address: OptionValue.Address, _ bytes: [UInt8]) throws(StepFailure) {
        let start: UInt32 =
            switch address {
            case .linear(let physical): physical
            case .segmented(let selector, let offset): UInt32(selector) << 4 &+ offset
            }
        let found = (0..<bytes.count).map { pc.bus.memory.peek(start &+ UInt32(truncatingIfNeeded: $0)) ?? 0xFF }
        guard found == bytes else {
            throw StepFailure(
                "there stands " + found.map { HexText.number(UInt128($0), digits: 2) }.joined(separator: " "))
        }
    }

    // MARK: Time

    /// Runs for nanoseconds of guest time, or up to the machine's end.
    func run(for time: UInt64) {
        let end = after(time)
        while session.ending == nil, pc.now < end { advance(to: end) }
    }

    private func advance(to end: GuestTime) {
        session.advance(to: end)
        if !turn() { session.end(.closed) }
        if settings.isPaced { pacer.wait(for: pc.now) }
    }

    private func after(_ time: UInt64) -> GuestTime {
        let (end, overflow) = pc.now.addingReportingOverflow(session.seconds.slots(nanoseconds: time))
        return overflow ? .max : end
    }

    /// Runs until `test` is true. What a machine that went off showed last still counts.
    func wait(_ limit: UInt64, whileOff: Bool = false, until test: () -> Bool) throws(StepFailure) {
        let end = after(limit)
        while !test() {
            guard session.ending == nil else {
                throw StepFailure(
                    "the machine \(session.ending == .haltedForEver ? "halted for ever" : "went off");" + shown)
            }
            guard pc.now < end else {
                throw StepFailure(
                    "waited \(MachineSession.decimal(limit / 1_000_000, places: 3)) s of guest time;" + shown)
            }
            run(for: min(Self.glance, session.seconds.nanoseconds(slots: end &- pc.now) &+ 1))
        }
    }

    /// Runs until `test` is true for the lines of the screen, which are looked at when they may have changed.
    private func waitForScreen(_ limit: UInt64, until test: ([String]) -> Bool) throws(StepFailure) {
        var seen: UInt64?
        try wait(limit) {
            let generation = pc.frameGeneration
            guard generation != seen || session.ending != nil else { return false }
            seen = generation
            return test(lines)
        }
    }

    // MARK: What is seen

    /// The lines of the screen; in a graphics mode those that can be read by the guest's fonts.
    var lines: [String] { pc.textScreen?.lines ?? GlyphReader(pc).lines(on: picture) }

    var picture: FrameBuffer { pc.frame(blinkVisible: true) }

    /// What the screen shows, for a message.
    var shown: String {
        let isGraphics = pc.textScreen == nil
        var lines = lines[...]
        while lines.last?.isEmpty == true { lines.removeLast() }
        while lines.first?.isEmpty == true { lines.removeFirst() }
        let screen = isGraphics ? "a graphics screen of \(picture.width)x\(picture.height)" : "the screen"
        return lines.isEmpty ? " \(screen) shows no text" : " \(screen) shows\n" + lines.joined(separator: "\n")
    }
}
