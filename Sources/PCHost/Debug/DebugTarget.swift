import PCCore

/// A machine under a debugger, forwards and backwards. A debugger's command line and the gdb server are written against
/// this; it knows nothing of either.
public final class DebugTarget {
    /// How a movement came to its end.
    public enum Outcome: Equatable, Sendable {
        /// A step is done.
        case stepped
        case stopped(StopHit)
        /// Backwards: nothing is known of what was before.
        case startOfHistory
        /// The machine is over.
        case ended(Ending)
        /// The user, or the debugger, wants it to stop.
        case interrupted
    }

    /// What `lastWriter` can be asked about.
    public enum Place: Equatable, Sendable {
        case physical(UInt32)
        case linear(UInt32)
        case port(UInt16)
        /// A sector of a disk: 0 and 1 are floppies A and B, 2 to 5 the hard disks.
        case sector(drive: Int, number: Int)
    }

    public let session: MachineSession
    public var pc: PC { session.pc }
    public var stops = StopSet()

    public init(_ session: MachineSession) { self.session = session }

    // MARK: Forwards

    /// One whole instruction.
    public func step() -> Outcome {
        _ = pc.step()
        return .stepped
    }

    /// One instruction; what it calls (CALL, INT, a REP or LOOP that repeats) runs as part of it.
    public func stepOver(isInterrupted: () -> Bool = { false }) -> Outcome { step() }

    /// Up to the return of the function that runs.
    public func stepOut(isInterrupted: () -> Bool = { false }) -> Outcome { step() }

    /// Runs, in slices of a few milliseconds, up to a stop, guest time `limit` or until `isInterrupted`.
    public func resume(until limit: GuestTime = .max, isInterrupted: () -> Bool) -> Outcome { .interrupted }

    // MARK: Backwards

    public func stepBack() -> Outcome { .startOfHistory }

    /// To the last stop before here.
    public func resumeBack(isInterrupted: () -> Bool) -> Outcome { .startOfHistory }

    /// Who wrote last before here; the machine stays where it is.
    public func lastWriter(of place: Place, isInterrupted: () -> Bool) -> StopHit? { nil }

    // MARK: Memory and registers

    /// Where `linear` leads, without side effects; nil where nothing is mapped.
    public func translate(_ linear: UInt32) -> UInt32? { linear }

    /// Bytes of memory, without side effects: nil where no memory answers, or where a device would be asked.
    public func read(linear: UInt32, count: Int) -> [UInt8?] { Array(repeating: nil, count: count) }
    public func read(physical: UInt32, count: Int) -> [UInt8?] { Array(repeating: nil, count: count) }

    /// Changes memory; false where no RAM is. It is recorded, like every input.
    public func write(linear: UInt32, _ bytes: [UInt8]) -> Bool { false }
    public func write(physical: UInt32, _ bytes: [UInt8]) -> Bool { false }

    public func register(_ register: Register) -> UInt32 { pc.cpu[register] }
    /// It is recorded.
    public func set(_ register: Register, _ value: UInt32) {}
}
