import PCCore

/// Commands that say where to stop.
extension Debugger {
    func breakCommand(_ text: inout CommandText) throws(BadInput) { try addBreak(&text, isTemporary: false) }
    func breakOnceCommand(_ text: inout CommandText) throws(BadInput) { try addBreak(&text, isTemporary: true) }
    func watchCommand(_ text: inout CommandText) throws(BadInput) { try addWatch(&text, .write) }
    func readWatchCommand(_ text: inout CommandText) throws(BadInput) { try addWatch(&text, .read) }
    func accessWatchCommand(_ text: inout CommandText) throws(BadInput) { try addWatch(&text, [.read, .write]) }

    private func addBreak(_ text: inout CommandText, isTemporary: Bool) throws(BadInput) {
        var place = here
        var written = self.text(place)
        if !text.isAtEnd, !startsCondition(text) {
            let expression = try text.takeExpression()
            place = try expression.address(in: self)
            written = expression.text
        }
        let condition = try takeCondition(&text)
        let point = stops.add(
            .address(pc.cpu.wrapped(place.linear)), text: written, condition: condition, isTemporary: isTemporary)
        tell(point, at: self.text(place))
    }

    private func addWatch(_ text: inout CommandText, _ kinds: AccessKinds) throws(BadInput) {
        let expression = try text.takeExpression()
        let first = try expression.address(in: self).linear
        let count = UInt32(truncatingIfNeeded: try takeCount(&text, .bytes(upTo: 0xFFFF_FFFF)))
        let isPhysical = text.take("phys")
        let condition = try takeCondition(&text)
        let watch = MemoryWatch(first: first, count: count, isPhysical: isPhysical, kinds: kinds)
        let written = expression.text + (count == 1 ? "" : ",\(count)")
        tell(stops.add(.memory(watch), text: written, condition: condition), at: HexText.number(first, digits: 8))
    }

    func portCommand(_ text: inout CommandText) throws(BadInput) {
        let kinds: AccessKinds = text.take("in") ? .read : text.take("out") ? .write : [.read, .write]
        let expression = try text.takeExpression()
        let first = try expression.number(.port, in: self)
        let count = try takeCount(&text, .count(1...0x1_0000))
        let written = expression.text + (count == 1 ? "" : ",\(count)")
        let last = first + count - 1
        guard last <= 0xFFFF else {
            throw BadInput(
                "\(CommandText.shown(written)): the last port would be 0x\(HexText.number(UInt32(last), digits: 4)); "
                    + "ports end at 0xFFFF")
        }
        let condition = try takeCondition(&text)
        let ports = UInt16(first)...UInt16(last)
        tell(
            stops.add(.port(PortWatch(ports: ports, kinds: kinds)), text: written, condition: condition),
            at: HexText.number(UInt16(first), digits: 4))
    }

    func interruptCommand(_ text: inout CommandText) throws(BadInput) {
        let expression = try text.takeExpression()
        let vector = UInt8(truncatingIfNeeded: try expression.number(.vector, in: self))
        let condition = try takeCondition(&text)
        tell(
            stops.add(.interrupt(vector), text: expression.text, condition: condition),
            at: HexText.number(vector, digits: 2))
    }

    func catchCommand(_ text: inout CommandText) throws(BadInput) {
        guard text.take("reset") else { throw BadInput("catch: must be followed by reset") }
        let condition = try takeCondition(&text)
        print("stop \(stops.add(.reset, text: "reset", condition: condition).number) at a reset by the guest")
    }

    private func tell(_ point: StopPoint, at place: String) {
        print("stop \(point.number) at \(place)")
    }

    private func startsCondition(_ text: CommandText) -> Bool {
        var copy = text
        return copy.take("if")
    }

    /// What follows `if`; the rest of the line.
    private func takeCondition(_ text: inout CommandText) throws(BadInput) -> DebugExpression? {
        guard text.take("if") else {
            try text.finish()
            return nil
        }
        let condition = try text.takeExpression()
        try text.finish()
        try condition.check(in: self)
        return condition
    }

    /// What follows a comma; 1 without one.
    private func takeCount(_ text: inout CommandText, _ what: DebugNumber) throws(BadInput) -> Int64 {
        text.take(sign: ",") ? try takeNumber(&text, what) : 1
    }

    // MARK: By number

    func deleteCommand(_ text: inout CommandText) throws(BadInput) {
        guard !text.isAtEnd else { return stops.removeAll() }
        try forEachNumber(&text) { stops.remove($0) }
    }

    func disableCommand(_ text: inout CommandText) throws(BadInput) {
        try forEachNumber(&text) { stops.change($0) { $0.isEnabled = false } }
    }

    func enableCommand(_ text: inout CommandText) throws(BadInput) {
        try forEachNumber(&text) { stops.change($0) { $0.isEnabled = true } }
    }

    func ignoreCommand(_ text: inout CommandText) throws(BadInput) {
        let number = try text.takeExpression().value(in: self).number
        let count = try takeNumber(&text, .count(0...Int64.max))
        try text.finish()
        guard stops.change(Int(clamping: number), { $0.ignored = Int(count) }) else { throw noStop(number) }
    }

    private func forEachNumber(_ text: inout CommandText, _ action: (Int) -> Bool) throws(BadInput) {
        repeat {
            let number = try text.takeExpression().value(in: self).number
            guard action(Int(clamping: number)) else { throw noStop(number) }
        } while !text.isAtEnd
    }

    private func noStop(_ number: Int64) -> BadInput { BadInput("\(number): no stop has this number; see info breaks") }

    func infoCommand(_ text: inout CommandText) throws(BadInput) {
        guard let subject = text.takeName()?.lowercased() else {
            throw BadInput("info: must be followed by breaks, symbols, displays or history")
        }
        try text.finish()
        switch subject {
        case let word where "breaks".hasPrefix(word) || "stops".hasPrefix(word) || word == "breakpoints":
            if stops.points.isEmpty { print("no stops") }
            for point in stops.points { print(point.line) }
        case let word where "symbols".hasPrefix(word):
            print("\(symbols.count) symbols")
            for symbol in symbols.symbols.prefix(1000) {
                print("\(HexText.number(symbol.address, digits: 8))  \(symbol.name)")
            }
        case let word where "displays".hasPrefix(word): printDisplays()
        case let word where "history".hasPrefix(word): for line in target.historyLines { print(line) }
        default: throw BadInput("info \(CommandText.shown(subject)): must be breaks, symbols, displays or history")
        }
    }
}
