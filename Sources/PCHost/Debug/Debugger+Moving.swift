import PCCore

/// Commands that move the machine.
extension Debugger {
    func stepCommand(_ text: inout CommandText) throws(BadInput) {
        try steps(&text) { $0.target.step() }
    }

    func overCommand(_ text: inout CommandText) throws(BadInput) {
        try steps(&text) { $0.stepOver() }
    }

    func backCommand(_ text: inout CommandText) throws(BadInput) {
        try steps(&text) { $0.target.stepBack() }
    }

    func outCommand(_ text: inout CommandText) throws(BadInput) {
        try text.finish()
        start()
        finish(stepOut(above: pc.cpu.stackTop))
    }

    func continueCommand(_ text: inout CommandText) throws(BadInput) {
        var limit = GuestTime.max
        if let word = text.takeWord() {
            guard let time = OptionValue.nanoseconds(word), time > 0 else {
                throw BadInput("\(CommandText.shown(word)): must be a time such as 500us, 5ms or 2s")
            }
            let (sum, overflow) = pc.now.addingReportingOverflow(session.seconds.slots(nanoseconds: time))
            if !overflow { limit = sum }
        }
        try text.finish()
        start()
        finish(resume(until: limit), reachedTime: limit)
    }

    func untilCommand(_ text: inout CommandText) throws(BadInput) {
        let expression = try text.takeExpression()
        try text.finish()
        let address = pc.cpu.wrapped(try expression.address(in: self).linear)
        let point = stops.add(.address(address), text: expression.text, isTemporary: true)
        start()
        let outcome = resume(until: .max)
        finish(outcome)
        _ = stops.remove(point.number)
    }

    func backContinueCommand(_ text: inout CommandText) throws(BadInput) {
        try text.finish()
        start()
        finish(target.resumeBack(isInterrupted: isBackInterrupted, accepts: accepts))
    }

    // MARK: The ways on

    private func steps(_ text: inout CommandText, _ step: (Debugger) -> DebugTarget.Outcome) throws(BadInput) {
        let count = try takeNumber(&text, .count(1...Int64.max), else: 1)
        try text.finish()
        start()
        var outcome = DebugTarget.Outcome.stepped
        var left = count
        while left > 0, outcome == .stepped {
            outcome = leavingHere { step(self) }
            if case .stopped(let hit) = outcome, !accepts(hit) { outcome = .stepped }
            left -= 1
            if left & 0xFFF == 0, left > 0, isInterrupted() { outcome = .interrupted }
        }
        finish(outcome)
    }

    /// A stop that its condition refuses does not end the step: the function that was called runs on.
    private func stepOver() -> DebugTarget.Outcome {
        let stack = pc.cpu.stackTop
        let outcome = leavingHere { target.stepOver(isInterrupted: isInterrupted) }
        guard case .stopped(let hit) = outcome, !accepts(hit) else { return outcome }
        guard pc.cpu.stackTop < stack else { return .stepped }
        return stepOut(above: stack, isEnough: { $0 >= stack })
    }

    private func stepOut(above stack: UInt32, isEnough: ((UInt32) -> Bool)? = nil) -> DebugTarget.Outcome {
        let isEnough = isEnough ?? { $0 > stack }
        while true {
            let outcome = leavingHere { target.stepOut(isInterrupted: isInterrupted) }
            if case .stopped(let hit) = outcome, !accepts(hit) { continue }
            guard outcome == .stepped, !isEnough(pc.cpu.stackTop) else { return outcome }
        }
    }

    private func resume(until limit: GuestTime) -> DebugTarget.Outcome {
        while true {
            let outcome = leavingHere { target.resume(until: limit, isInterrupted: isInterrupted) }
            if case .stopped(let hit) = outcome, !accepts(hit) { continue }
            return outcome
        }
    }

    /// A breakpoint where the machine stands already does not hold it.
    private func leavingHere(_ move: () -> DebugTarget.Outcome) -> DebugTarget.Outcome {
        let (time, address) = (pc.now, pc.cpu.codeAddress)
        let outcome = move()
        guard case .stopped(let hit) = outcome, hit.cause == .breakpoint(address), pc.now == time else {
            return outcome
        }
        return move()
    }

    private func start() {
        noteRegisters()
        target.stops = stops.set
    }

    /// Whether a stop is one for the user: by its condition, and by what `ignore` said.
    private func accepts(_ hit: StopHit) -> Bool {
        let points = stops.points(of: hit)
        met = []
        guard !points.isEmpty else { return true }
        for point in points {
            if let condition = point.condition {
                do {
                    guard try condition.value(in: self).isTrue else { continue }
                } catch {
                    print("stop \(point.number): the condition cannot be told: \(error.message)")
                }
            }
            if point.ignored > 0 {
                _ = stops.change(point.number) {
                    $0.ignored -= 1
                    $0.hits += 1
                }
                continue
            }
            _ = stops.change(point.number) { $0.hits += 1 }
            met.insert(point.number)
        }
        return !met.isEmpty
    }

    // MARK: What came of it

    private func finish(_ outcome: DebugTarget.Outcome, reachedTime limit: GuestTime = .max) {
        switch outcome {
        case .stepped: break
        case .stopped(let hit): tell(hit)
        case .startOfHistory: print("the start of history")
        case .interrupted: print(pc.now >= limit ? "the time is over" : "interrupted")
        case .ended(let ending): print("the machine is over: \(Self.reason(ending))")
        }
        arrive()
    }

    /// Shows where the machine is now.
    func arrive() {
        nextCode = nil
        printHere()
        for display in displays { show(display) }
    }

    private static func reason(_ ending: Ending) -> String {
        switch ending {
        case .poweredOff: "it switched itself off"
        case .debugExit(let byte): "\(HexText.number(byte, digits: 2)) was written to port F4"
        case .textCame: "the text of --until-text came"
        case .closed: "the window was closed"
        default: ending.message ?? "it ended"
        }
    }

    private func tell(_ hit: StopHit) {
        let points = stops.points(of: hit).filter { met.contains($0.number) }
        let place = text(FarAddress(hit.selector, hit.offset))
        for point in points {
            print("stop \(point.number): \(Self.cause(hit, at: place))")
            if point.isTemporary { _ = stops.remove(point.number) }
        }
        if points.isEmpty { print("stop: \(Self.cause(hit, at: place))") }
    }

    /// What happened, and which instruction did it.
    static func cause(_ hit: StopHit, at place: String) -> String {
        let by = " by \(place), count \(hit.instruction)"
        switch hit.cause {
        case .breakpoint: return "at \(place), count \(hit.instruction)"
        case .memory(let address, let physical, let width, let isWrite, let old, let new, _):
            let digits = width * 2
            let way = address == physical ? "" : " (physical \(HexText.number(physical, digits: 8)))"
            let values =
                isWrite
                ? "\(HexText.number(old, digits: digits)) -> \(HexText.number(new, digits: digits))"
                : HexText.number(new, digits: digits)
            let verb = isWrite ? "write" : "read"
            return "\(verb) of \(width) at \(HexText.number(address, digits: 8))\(way)\(by): \(values)"
        case .port(let port, let width, let isWrite, let value, _):
            return "port \(HexText.number(port, digits: 4)) \(isWrite ? "written" : "read")\(by): "
                + HexText.number(value, digits: width * 2)
        case .interrupt(let vector):
            return "interrupt \(HexText.number(vector, digits: 2)), handler \(place), count \(hit.instruction)"
        case .reset(let cause): return "\(Self.name(cause))\(by)"
        case .dma(let physical, _):
            return "write by a device at physical \(HexText.number(physical, digits: 8)) before \(place), "
                + "count \(hit.instruction)"
        case .sector(let drive, let number):
            return "write of sector \(number) of disk \(drive) before \(place), count \(hit.instruction)"
        }
    }

    static func name(_ cause: StopHit.ResetCause) -> String {
        cause == .tripleFault ? "reset by a triple fault" : "reset asked for"
    }

    func lastWriterCommand(_ text: inout CommandText) throws(BadInput) {
        let place: DebugTarget.Place
        if text.take("port") {
            place = .port(UInt16(truncatingIfNeeded: try takeNumber(&text, .port)))
        } else if text.take("sector") {
            let drive = try text.takeExpression().value(in: self).number
            place = try target.sector(drive: drive, number: try text.takeExpression().value(in: self).number)
        } else {
            let address = try takeAddress(&text).linear
            place = text.take("phys") ? .physical(address) : .linear(address)
        }
        try text.finish()
        guard let hit = target.lastWriter(of: place, isInterrupted: isBackInterrupted) else {
            return print("nobody, as far as history goes back")
        }
        let by = FarAddress(hit.selector, hit.offset)
        print(Self.cause(hit, at: self.text(by)))
        if let name = symbols.name(of: hit.linear) { print("that is \(name)") }
    }
}
