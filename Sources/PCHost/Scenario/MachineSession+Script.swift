extension MachineSession {
    /// Performs the steps of the plan's script, showing the machine on `front` and ending at a signal that `signals` holds
    /// back. Where all were met and somebody looks, the machine goes on from there.
    ///
    /// - Returns: what became of the steps.
    public func run(
        script: Scenario, _ front: (any FrontEnd)? = nil, signals: SignalWatch? = nil
    ) -> ScenarioOutcome {
        var settings = ScenarioSettings()
        settings.isPaced = plan.isPaced
        let run = ScenarioRun(script, settings, on: self) { [self] in
            if let number = signals?.take() { end(.signal(number)) }
            return front?.turn(self) ?? true
        }
        let outcome = run.outcome()
        if outcome.verdict != .passed || front == nil { end(.closed) }
        _ = self.run(front, signals: signals)
        return outcome
    }
}
