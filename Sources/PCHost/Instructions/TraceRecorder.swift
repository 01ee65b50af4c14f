import PCCore

/// Writes the trace of a machine: waits until the run has come to where it begins, and writes in blocks.
final class TraceRecorder {
    private let plan: TracePlan
    private let sink: ByteSink
    private var trace: InstructionTrace?
    /// The machine was put somewhere else, where the trace has to begin again.
    private var isAway = false

    /// Opens the file, which must not be a disk of the machine.
    init(_ plan: TracePlan, keepingOff disks: Set<FileIdentity>) throws(BadInput) {
        self.plan = plan
        sink = try ByteSink(plan.target, keepingOff: disks)
    }

    /// How many instructions the machine may run before it has to be asked again.
    func instructionsLeft(_ pc: PC) -> UInt64 {
        (trace == nil || isAway) && pc.instructionCount < plan.from - 1 ? plan.from - 1 - pc.instructionCount : .max
    }

    /// Begins the trace if the next instruction is its first; ends it once the host takes no more.
    func turn(_ pc: PC) {
        if !sink.isGood { pc.trace(to: nil) }
        guard trace == nil || isAway, pc.instructionCount >= plan.from - 1 else { return }
        isAway = false
        if let trace {
            trace.goOn(at: pc.instructionCount)
            if trace.lineCount < plan.limit { pc.trace(to: trace) }
            return
        }
        let new = InstructionTrace(
            model: pc.configuration.cpu, ranges: plan.ranges, limit: plan.limit, startingAt: pc.instructionCount
        ) { [sink] in sink.write($0) }
        trace = new
        pc.trace(to: new)
    }

    /// A state was loaded: instructions count from somewhere else.
    func jumped(_ pc: PC) {
        pc.trace(to: nil)
        isAway = trace != nil
    }

    /// Writes what is left. False if the host did not take all of it.
    func finish(_ pc: PC) -> Bool {
        turn(pc)
        pc.trace(to: nil)
        trace?.finish()
        return sink.flush()
    }
}
