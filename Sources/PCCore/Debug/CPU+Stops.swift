/// The run loop with a debugger's stops.
extension CPU {
    /// Between two runs only.
    func setStops(_ stops: StopSet) {
        detector.stops = stops
        s.pointee.hasStops = !stops.isEmpty
        s.pointee.watchesMemory = !stops.memory.isEmpty
        // A reset is asked for by a port, by an instruction that has to be known then.
        s.pointee.watchesPorts = !stops.ports.isEmpty || stops.resets
        bus.memory.stored = stops.memory.isEmpty ? nil : { [unowned self] in core.noteDMA($0, $1) }
        // What was met of the old set, and nobody has taken, says nothing any more.
        detector.pending = nil
        // Decoded code depends on breakpoints, and on who has to see ports and interrupts.
        forgetTraces()
        tlbs.dropFastPaths()
        core.updateMode()
    }

    /// A turn of the run loop: takes interrupts and runs until something wants a look. False where it met a stop.
    func runToStop() -> Bool {
        let now = core.now
        if detector.passed?.time != now { detector.passed = nil }
        let resumes = detector.resumes == now
        detector.resumes = nil
        if !resumes {
            takeInterrupt()
            guard detector.pending == nil else {
                detector.resumes = now
                return false
            }
        }
        // A breakpoint at a REP stops before its first element.
        if core.stopsRepeating { detector.passed = (now, codeAddress) }
        s.pointee.isRepeating = false
        if isHalted { return false }
        detector.isBetween = false
        defer { detector.isBetween = true }
        if resumes {
            // Interrupts have been taken before this instruction, and are again behind it.
            if !meetsBreakpoint(at: now) { stepOne() }
        } else {
            runSlice()
        }
        return detector.pending == nil
    }

    /// Whether a breakpoint that was not met yet stands at the next instruction.
    func meetsBreakpoint(at now: GuestTime) -> Bool {
        guard !detector.stops.breakpoints.isEmpty else { return false }
        let linear = codeAddress
        guard detector.stops.breakpoints.contains(linear) else { return false }
        if let passed = detector.passed, passed == (now, linear) { return false }
        detector.pending = StopHit(
            cause: .breakpoint(linear), selector: s.segment(SegmentNumber.cs).pointee.selector,
            offset: model <= .i80186 ? s.pointee.eip & 0xFFFF : s.pointee.eip, linear: linear, instruction: 0, time: now
        )
        detector.passed = (now, linear)
        detector.resumes = now
        return true
    }

    /// The same where a run is over: nothing is taken before that instruction.
    func meetsBreakpointAtEnd() -> Bool {
        let now = scheduler.now
        let isShadowed = s.pointee.shadowTime == now
        let takesInterrupt = !isShadowed && interruptsEnabled && bus.interruptRequested
        guard s.pointee.hasStops, !isHalted, !takesInterrupt, !hasNMI, s.pointee.pendingDebug == 0,
            !s.pointee.isRepeating
        else { return false }
        return meetsBreakpoint(at: now)
    }

    /// The delivery of an interrupt is over once its instruction is counted.
    func finishStop() {
        if case .interrupt? = detector.pending?.cause { detector.pending?.time = core.now }
    }
}
