extension PC {
    /// From now on every instruction is written to `trace`; nil ends that. It changes nothing for the guest.
    ///
    /// Who ends a trace calls its `finish`, which writes the line that may still be in the making.
    public func trace(to trace: InstructionTrace?) {
        if pausesTrace { cpu.pausedTrace = trace } else { cpu.observe(by: trace) }
    }

    /// While it is set nothing is traced: the machine does again what was traced before. The trace goes on by the machine's
    /// count, wherever that is then.
    public var pausesTrace: Bool {
        get { cpu.pausesTrace }
        set {
            guard newValue != cpu.pausesTrace else { return }
            cpu.pausesTrace = newValue
            if newValue {
                cpu.pausedTrace = cpu.observer as? InstructionTrace
                cpu.observe(by: nil)
            } else {
                let trace = cpu.pausedTrace
                cpu.pausedTrace = nil
                trace?.goOn(at: instructionCount)
                cpu.observe(by: trace)
            }
        }
    }
}
