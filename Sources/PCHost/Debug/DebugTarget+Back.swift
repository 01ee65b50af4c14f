import PCCore

/// The ways back: a state from before is taken up again, and the machine runs from there to the place that is wanted.
extension DebugTarget {
    /// One whole instruction.
    public func stepBack() -> Outcome {
        let here = pc.instructionCount
        guard let start = timeline.start, here > start.instruction else { return .startOfHistory }
        session.revive()
        return withoutStops {
            timeline.seek(instruction: here - 1)
            guard pc.isMidRepeat else { return .stepped }
            goBeforeRepeat(here, start.instruction)
            return .stepped
        }
    }

    /// Finds the REP instruction whose element `here - 1` is: all of its elements are one step.
    private func goBeforeRepeat(_ here: UInt64, _ start: UInt64) {
        var distance: UInt64 = 2
        while pc.isMidRepeat {
            guard here >= start + distance else {
                timeline.seek(instruction: start)
                break
            }
            timeline.seek(instruction: here - distance)
            distance &*= 2
        }
        while true {
            let before = pc.instructionCount
            guard timeline.step() == .sliceEnd, pc.instructionCount < here else {
                timeline.seek(instruction: before)
                return
            }
        }
    }

    /// To the last stop before here: a breakpoint's instruction comes next then, and so does the one that met a watch.
    ///
    /// - Parameter accepts: asked where the machine stands at a stop; false: the stop before that is looked for.
    public func resumeBack(isInterrupted: () -> Bool, accepts: (StopHit) -> Bool = { _ in true }) -> Outcome {
        while true {
            let here = timeline.mark()
            switch search(stops, before: here.position, isInterrupted) {
            case .found(let hits, let state):
                session.revive()
                withoutStops {
                    timeline.go(to: state)
                    _ = timeline.run(until: .max, atMost: hits[0].instruction &- state.position.instruction)
                }
                // A condition of one that is met at the same instruction says nothing of the others.
                if let hit = hits.last(where: accepts) { return .stopped(hit) }
            case .nowhere:
                session.revive()
                if let start = timeline.start { withoutStops { timeline.seek(instruction: start.instruction) } }
                return .startOfHistory
            case .interrupted:
                timeline.go(to: here)
                return .interrupted
            }
        }
    }

    /// Who wrote last before here; the machine stays where it is. Nil where nobody has, as far as history goes.
    public func lastWriter(of place: Place, isInterrupted: () -> Bool) -> StopHit? {
        let here = timeline.mark()
        defer { withoutStops { timeline.go(to: here) } }
        var wanted = StopSet()
        switch place {
        case .physical(let address):
            wanted.memory = [MemoryWatch(first: address, count: 1, isPhysical: true, kinds: .write)]
        case .linear(let address):
            guard let physical = translate(address) else { return nil }
            wanted.memory = [MemoryWatch(first: physical, count: 1, isPhysical: true, kinds: .write)]
        case .port(let port): wanted.ports = [PortWatch(ports: port...port, kinds: .write)]
        case .sector(let drive, let number): return lastWriter(drive, number, before: here.position, isInterrupted)
        }
        guard case .found(let hits, _) = search(wanted, before: here.position, isInterrupted) else { return nil }
        return hits.last
    }

    private enum Search {
        /// What was met at one count of instructions, and the state before it; at least one.
        case found([StopHit], Checkpoint)
        case nowhere
        case interrupted
    }

    /// Runs from state to state, the latest first, and keeps the last stop of each stretch.
    private func search(_ wanted: StopSet, before here: Timeline.Position, _ isInterrupted: () -> Bool) -> Search {
        var end = here
        let before = pc.stops
        defer {
            pc.keepsRunningAtStops = false
            pc.keepsHitsBefore = .max
            pc.lastHit = nil
            pc.stops = before
        }
        pc.keepsHitsBefore = here.instruction
        for state in timeline.statesBefore(here) {
            if isInterrupted() { return .interrupted }
            pc.stops = StopSet()
            timeline.go(to: state)
            pc.stops = wanted
            pc.keepsRunningAtStops = true
            pc.lastHit = nil
            _ = timeline.run(until: end.time, atMost: end.instruction &- state.position.instruction)
            if !pc.lastHits.isEmpty { return .found(pc.lastHits, state) }
            end = state.position
        }
        return .nowhere
    }

    /// The CPU is where it was when the controller wrote the sector, a short time after it was told to.
    private func lastWriter(
        _ drive: Int, _ number: Int, before here: Timeline.Position, _ isInterrupted: () -> Bool
    ) -> StopHit? {
        guard pc.disks.indices.contains(drive) else { return nil }
        var end = here
        for state in timeline.statesBefore(here) {
            if isInterrupted() { return nil }
            var hit: StopHit?
            timeline.go(to: state)
            let disk = pc.disks[drive] as? ChangeTrackingDisk
            disk?.written = { [pc] sector in
                guard sector == number else { return }
                hit = StopHit(
                    cause: .sector(drive: drive, number: number), selector: UInt16(truncatingIfNeeded: pc.cpu[.cs]),
                    offset: pc.cpu[.eip], linear: pc.cpu.codeAddress, instruction: pc.instructionCount, time: pc.now)
            }
            defer { disk?.written = nil }
            withoutStops {
                _ = timeline.run(until: end.time, atMost: end.instruction &- state.position.instruction)
            }
            if let hit { return hit }
            end = state.position
        }
        return nil
    }

    @discardableResult
    func withoutStops<R>(_ action: () -> R) -> R {
        let before = pc.stops
        if !before.isEmpty { pc.stops = StopSet() }
        defer { if !before.isEmpty { pc.stops = before } }
        return action()
    }
}
