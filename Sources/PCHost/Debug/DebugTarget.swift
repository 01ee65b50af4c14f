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

    /// A sector of a disk that is there.
    func sector(drive: Int64, number: Int64) throws(BadInput) -> Place {
        guard let drive = Int(exactly: drive), pc.disks.indices.contains(drive), let disk = pc.disks[drive] else {
            throw BadInput("last-writer sector: needs a drive from 0 to 5 with a disk, and a sector of it")
        }
        guard let number = Int(exactly: number), (0..<disk.sectorCount).contains(number) else {
            throw BadInput("\(number): drive \(drive) has sectors 0 to \(disk.sectorCount - 1)")
        }
        return .sector(drive: drive, number: number)
    }

    public let session: MachineSession
    public var pc: PC { session.pc }
    public var timeline: Timeline { session.timeline }
    /// Where to stop, forwards and backwards.
    public var stops = StopSet()

    /// History begins here, if the session has not kept any before.
    public init(_ session: MachineSession) {
        self.session = session
        session.keepHistory()
    }

    // MARK: Forwards

    /// One whole instruction; while the CPU sleeps, the time up to the next event.
    public func step() -> Outcome {
        if let ending = session.ending { return .ended(ending) }
        setStops(stops)
        pc.passBreakpoint()
        let outcome = outcome(of: session.step())
        session.link.flush()
        return outcome
    }

    /// One instruction; what it calls (CALL, INT, a LOOP that repeats) runs as part of it.
    public func stepOver(isInterrupted: () -> Bool = { false }) -> Outcome {
        guard let next = callReturn else { return step() }
        return run(to: next, isInterrupted: isInterrupted)
    }

    /// Up to the return of the function that runs: until something returns to above where the stack is now.
    public func stepOut(isInterrupted: () -> Bool = { false }) -> Outcome {
        let stack = stackPointer
        while true {
            let isReturn = returns
            let outcome = stepOver(isInterrupted: isInterrupted)
            guard outcome == .stepped else { return outcome }
            if isReturn, stackPointer > stack { return .stepped }
            if isInterrupted() { return .interrupted }
        }
    }

    /// Runs, in slices of a few milliseconds, up to a stop, guest time `limit` or until `isInterrupted`.
    public func resume(until limit: GuestTime = .max, isInterrupted: () -> Bool) -> Outcome {
        setStops(stops)
        return proceed(until: limit, isInterrupted)
    }

    private func proceed(until limit: GuestTime, _ isInterrupted: () -> Bool) -> Outcome {
        pc.passBreakpoint()
        while true {
            if let ending = session.ending { return .ended(ending) }
            guard pc.now < limit, !isInterrupted() else { return .interrupted }
            let before = timeline.position
            session.advance(to: limit)
            if let hit = session.takeStop() { return .stopped(hit) }
            // A CPU that sleeps for ever.
            if timeline.position == before, session.ending == nil { return .interrupted }
        }
    }

    /// Runs up to a linear address at this height of the stack or above it.
    private func run(to address: UInt32, isInterrupted: () -> Bool) -> Outcome {
        let stack = stackPointer
        var own = stops
        own.breakpoints.insert(address)
        setStops(own)
        defer { setStops(stops) }
        while true {
            let outcome = proceed(until: .max, isInterrupted)
            guard case .stopped(let hit) = outcome, hit.cause == .breakpoint(address) else { return outcome }
            if stops.breakpoints.contains(address) { return outcome }
            if stackPointer >= stack { return .stepped }
        }
    }

    private func outcome(of reason: StopReason) -> Outcome {
        if case .stopped(let hit) = reason { return .stopped(hit) }
        session.note(reason)
        return session.ending.map { .ended($0) } ?? .stepped
    }

    private func setStops(_ new: StopSet) {
        if pc.stops != new { pc.stops = new }
    }

    // MARK: The instruction that comes next

    private var nextBytes: [UInt8] {
        read(linear: pc.cpu.codeAddress, count: Disassembler.longest).prefix { $0 != nil }.compactMap { $0 }
    }

    /// The first byte of the opcode, behind prefixes, and the byte after it.
    private var opcode: (first: UInt8, second: UInt8)? {
        let prefixes: Set<UInt8> = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF2, 0xF3]
        let bytes = nextBytes.drop { prefixes.contains($0) }
        guard let first = bytes.first else { return nil }
        return (first, bytes.dropFirst().first ?? 0)
    }

    /// Where a call, an interrupt or a loop goes on; nil for every other instruction.
    private var callReturn: UInt32? {
        guard let (first, second) = opcode else { return nil }
        switch first {
        case 0xE8, 0x9A, 0xCC...0xCE, 0xE0...0xE2: break
        case 0xFF where second >> 3 & 7 == 2 || second >> 3 & 7 == 3: break
        default: return nil
        }
        let here = pc.cpu.codeAddress
        let text = Disassembler(is32Bit: pc.cpu.isCode32, model: pc.cpu.model).disassemble(nextBytes, at: here)
        return pc.cpu.wrapped(here &+ UInt32(truncatingIfNeeded: text.length))
    }

    private var returns: Bool {
        guard let (first, _) = opcode else { return false }
        return [0xC2, 0xC3, 0xCA, 0xCB, 0xCF].contains(first)
    }

    private var stackPointer: UInt32 { pc.cpu.stackTop }

    // MARK: Memory and registers

    /// Where `linear` leads, without side effects; nil where nothing is mapped.
    public func translate(_ linear: UInt32) -> UInt32? { pc.walk(linear).physical }

    /// Bytes of memory, without side effects: nil where no memory answers, or where a device would be asked.
    public func read(linear: UInt32, count: Int) -> [UInt8?] {
        var page: (number: UInt32, physical: UInt32?)?
        return (0..<max(0, count)).map { i in
            let address = linear &+ UInt32(truncatingIfNeeded: i)
            if page?.number != address >> 12 { page = (address >> 12, translate(address & 0xFFFF_F000)) }
            return page?.physical.flatMap { pc.peek($0 | (address & 0xFFF)) }
        }
    }

    public func read(physical: UInt32, count: Int) -> [UInt8?] {
        (0..<max(0, count)).map { pc.peek(physical &+ UInt32(truncatingIfNeeded: $0)) }
    }

    /// Changes memory; false where no RAM is. It is recorded, like every input.
    public func write(linear: UInt32, _ bytes: [UInt8]) -> Bool {
        var places: [UInt32] = []
        for i in bytes.indices {
            guard let physical = translate(linear &+ UInt32(truncatingIfNeeded: i)) else { return false }
            places.append(physical)
        }
        // A run for each page.
        var start = 0
        while start < places.count {
            var end = start + 1
            while end < places.count, places[end] == places[end - 1] &+ 1 { end += 1 }
            guard pc.take(.poke(physical: places[start], Array(bytes[start..<end]))) else { return false }
            start = end
        }
        return true
    }

    public func write(physical: UInt32, _ bytes: [UInt8]) -> Bool { pc.take(.poke(physical: physical, bytes)) }

    public func register(_ register: Register) -> UInt32 { pc.cpu[register] }

    /// It is recorded.
    public func set(_ register: Register, _ value: UInt32) { pc.take(.set(register, value)) }
}
