/// Stops for a debugger. Nothing that a guest could see depends on them, nor does the machine's state.
extension PC {
    /// What `run` stops at from now on, exact to the instruction; an empty set runs at full speed. Not to be set while
    /// the machine runs.
    ///
    /// - A breakpoint stops before its instruction. `run` steps over a breakpoint that it has just reported; a run that
    ///   ends at one by its own limit reports it.
    /// - A watch stops after the instruction, or between two elements of a REP, with EIP on itself and each element counted
    ///   as an instruction. Of several that one instruction meets, the first is reported.
    /// - An interrupt stops before the first instruction of its handler.
    ///
    /// Code at the same place of its page as a breakpoint, and instructions that access a watched page, run one by one in
    /// their plain form; everything else runs at full speed.
    public var stops: StopSet {
        get { cpu.detector.stops }
        set { cpu.setStops(newValue) }
    }

    /// True: a stop does not end `run`, and the last one is kept in `lastHit`. A breakpoint counts once its instruction is
    /// about to run, so not where the run ends. False: `run` returns `.stopped`.
    public var keepsRunningAtStops: Bool {
        get { cpu.detector.keepsRunning }
        set { cpu.detector.keepsRunning = newValue }
    }

    /// A breakpoint at the next instruction has been seen: who moves on from there does not stop there again. Where the
    /// machine has come there by a way back, no run has reported it.
    public func passBreakpoint() { cpu.detector.passed = (now, cpu.codeAddress) }

    /// Who looks for the last stop before an instruction sets this to its count: an interrupt that is delivered where such a
    /// run ends is met there, and would take the place of the one before.
    public var keepsHitsBefore: UInt64 {
        get { cpu.detector.keptBefore }
        set { cpu.detector.keptBefore = newValue }
    }

    /// What was met last.
    public var lastHit: StopHit? {
        get { cpu.detector.lastHits.last }
        set { cpu.detector.lastHits = newValue.map { [$0] } ?? [] }
    }

    /// The same with what was met before it at the same count of instructions: a breakpoint, and what its instruction does.
    public var lastHits: [StopHit] { cpu.detector.lastHits }

    /// What was met, if `run` is to end with it.
    func takeStop() -> StopHit? {
        guard var hit = cpu.detector.pending else { return nil }
        cpu.detector.pending = nil
        hit.instruction = hit.time &- haltedTime
        if !cpu.detector.keepsRunning || hit.instruction < cpu.detector.keptBefore { cpu.detector.keep(hit) }
        return cpu.detector.keepsRunning ? nil : hit
    }

    /// How a run ends that has come to its limit.
    func endOfSlice() -> StopReason {
        guard !cpu.detector.keepsRunning, cpu.meetsBreakpointAtEnd(), let hit = takeStop() else { return .sliceEnd }
        return .stopped(hit)
    }
}
