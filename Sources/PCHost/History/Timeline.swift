import PCCore

/// A machine's history: what reached it from outside, and states to go back to. The machine runs by it, forwards, and where
/// it has been before it does the same again, inputs and all.
///
/// The past ends where the user touches the machine while it is there: what came after is forgotten then.
public final class Timeline {
    public let pc: PC
    /// What reached the machine, in the order in which it came.
    public private(set) var inputs: [RecordedInput] = []
    /// The first input that is still to come.
    private var next = 0
    private var checkpoints = Checkpoints()
    /// The furthest that the machine has been.
    public private(set) var end: Position
    /// Instructions from one checkpoint to the next; nil: none are kept.
    let interval: UInt64?
    /// The most guest time between two checkpoints: a CPU that sleeps retires nothing, but its timers take the host's time.
    private let longest: GuestTime
    /// The digest of every disk that is put in is looked for at once: a recording needs it.
    var knowsDisks = false
    private var isReplaying = false
    /// Who hears the machine while it is where it has never been.
    private weak var host: (any Host)?

    /// A place in a history. Instructions alone do not tell where it is while the CPU sleeps.
    public struct Position: Comparable, Sendable {
        public var time: GuestTime
        public var instruction: UInt64

        public init(time: GuestTime, instruction: UInt64) {
            self.time = time
            self.instruction = instruction
        }

        public static func < (a: Position, b: Position) -> Bool {
            a.time != b.time ? a.time < b.time : a.instruction < b.instruction
        }
    }

    /// Instructions that take a tenth of a second of the host, or somewhat more.
    public static let usualInterval: UInt64 = 20_000_000

    /// Records from now on.
    ///
    /// - Parameter interval: instructions between two states that are kept for the ways back; nil: inputs alone.
    public init(_ pc: PC, interval: UInt64? = nil) {
        self.pc = pc
        self.interval = interval
        longest = 4 &* pc.slotsPerSecond
        end = Position(time: pc.now, instruction: pc.instructionCount)
        pc.inputTaken = { [unowned self] in note($0) }
        if interval != nil { keep() }
    }

    /// Does again what a machine of the same parts has done: `inputs` come at their times, up to `end`.
    public convenience init(_ pc: PC, replaying inputs: [RecordedInput], to end: Position, interval: UInt64? = nil) {
        self.init(pc, interval: interval)
        self.inputs = inputs
        self.end = max(end, position)
    }

    public var position: Position { Position(time: pc.now, instruction: pc.instructionCount) }
    /// Nothing that is known is still to come.
    public var isAtEnd: Bool { next >= inputs.count && position >= end }
    /// The earliest place that there is a way back to; nil where no states are kept.
    public var start: Position? { checkpoints.first?.position }

    // MARK: Forwards

    /// `PC.run`, by the history: what has been before comes again at its time.
    public func run(until time: GuestTime, atMost count: UInt64 = .max) -> StopReason {
        let (sum, overflow) = pc.instructionCount.addingReportingOverflow(count)
        let limit = overflow ? .max : sum
        while true {
            giveDue()
            let here = position
            guard here.time < time, here.instruction < limit else { return pc.run(until: time, atMost: 0) }
            mute(here < end)
            var left = limit - here.instruction
            var until = min(time, next < inputs.count ? inputs[next].time : .max)
            if here < end {
                // The host hears the machine again from the end on.
                until = min(until, end.time > here.time ? end.time : .max)
                if end.instruction > here.instruction { left = min(left, end.instruction - here.instruction) }
            } else if let interval, let last = checkpoints.last {
                let done = here.instruction &- last.position.instruction
                let isDue = done >= interval || here.time &- last.position.time >= longest
                if isDue { keep() }
                left = min(left, isDue ? interval : interval - done)
                until = min(until, (isDue ? here.time : last.position.time) &+ longest)
            }
            let reason = pc.run(until: until, atMost: left)
            end = max(end, position)
            if reason != .sliceEnd {
                mute(position < end)
                if next < inputs.count, inputs[next].time <= pc.now, !reason.isStop { continue }
                return reason
            }
            // The machine waits for an input and there is none.
            if position == here { return reason }
        }
    }

    /// One whole instruction, or the time up to the next event while the CPU sleeps.
    public func step() -> StopReason {
        giveDue()
        if pc.isAsleep {
            guard pc.nextEvent != .max || next < inputs.count else { return .sliceEnd }
            return run(until: pc.nextEvent)
        }
        var reason = run(until: .max, atMost: 1)
        while reason == .sliceEnd, pc.isMidRepeat { reason = run(until: .max, atMost: 1) }
        return reason
    }

    /// Gives the machine what it got at this time.
    private func giveDue() {
        while next < inputs.count, inputs[next].time <= pc.now {
            if !inputs[next].isTogether { _ = pc.run(until: pc.now) }
            isReplaying = true
            pc.take(inputs[next].input)
            isReplaying = false
            next += 1
        }
    }

    private func note(_ input: RecordedInput) {
        guard !isReplaying else { return }
        if next < inputs.count || position < end { forgetFuture() }
        inputs.append(input)
        next = inputs.count
        // A disk that is taken out later can be closed by then: it remembers its digest.
        guard knowsDisks else { return }
        switch input.input {
        case .insertFloppy(let disk?, _), .insertDisc(let disk?, _):
            _ = try? disk.digestAtPowerOn(excluding: DiskChanges())
        default: break
        }
    }

    /// What comes is no longer what was.
    private func forgetFuture() {
        inputs.removeLast(inputs.count - next)
        checkpoints.removeAll(after: position)
        end = position
        mute(false)
    }

    private func mute(_ isMuted: Bool) {
        pc.pausesTrace = isMuted
        if isMuted, let current = pc.host {
            host = current
            pc.host = nil
        } else if !isMuted, pc.host == nil {
            pc.host = host
        }
    }

    // MARK: States

    private func keep() {
        let last = checkpoints.last
        guard last.map({ $0.position < position }) ?? true else { return }
        checkpoints.append(
            Checkpoint(position: position, state: SessionState(pc, after: last?.machine), nextInput: next))
    }

    /// The machine as it stands, to come back to.
    func mark() -> Checkpoint {
        Checkpoint(
            position: position, state: SessionState(pc, after: checkpoints.last?.machine), nextInput: next)
    }

    /// Goes to a state of this history.
    func go(to checkpoint: Checkpoint) {
        do throws(StateFault) {
            try checkpoint.state.put(on: pc)
        } catch {
            // It is this machine's own: only a disk of the host can have failed.
            (pc.host ?? host)?.log("going back in time, the state \(error.reason)")
        }
        next = checkpoint.nextInput
        mute(position < end)
    }

    /// The states from the last one before `position` back to the first.
    func statesBefore(_ position: Position) -> [Checkpoint] { checkpoints.before(position) }

    /// Goes to where `instruction` instructions are retired. False where the machine has not been there, as far as is known.
    @discardableResult
    public func seek(instruction: UInt64) -> Bool {
        guard instruction <= end.instruction, let state = checkpoints.last(at: instruction) else { return false }
        go(to: state)
        _ = run(until: .max, atMost: instruction - state.position.instruction)
        mute(position < end)
        return true
    }

    /// Bytes, about, that the states take.
    public var memory: Int { checkpoints.memory }
}

extension StopReason {
    /// A debugger's stop, not an end.
    var isStop: Bool {
        if case .stopped = self { true } else { false }
    }
}
