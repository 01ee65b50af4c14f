extension PC {
    /// From now on every instruction is written to `trace`; nil ends that. It changes nothing for the guest.
    ///
    /// Who ends a trace calls its `finish`, which writes the line that may still be in the making.
    public func trace(to trace: InstructionTrace?) { cpu.observe(by: trace) }
}
