import PCCore

/// What `swift86 exec` prints. Documentation/CommandLine.md describes both forms; they are a contract.
extension ExecRun {
    /// The report as text or as JSON, as the plan says.
    public var report: String { plan.isJSON ? json + "\n" : text.map { $0 + "\n" }.joined() }

    // MARK: Text

    private var text: [String] {
        var lines = traceLines
        lines.append(line("end", ending.name))
        lines.append(line("steps", String(steps)))
        if case .caught(let event) = ending {
            var value = event.name
            if let code = event.errorCode { value += "(\(HexText.number(code, digits: 4)))" }
            value += " at \(place)"
            if let linear = event.linear { value += ", address \(HexText.number(linear, digits: 8))" }
            lines.append(line("exception", value))
        }
        let changes = machine.registerChanges
        for change in changes where !isAlwaysTold(change.name) { lines.append(line(change.name, arrow(change))) }
        for name in isWide ? ["eip", "eflags"] : ["ip", "flags"] {
            let change = changes.first { $0.name == name }
            var value = change.map(arrow) ?? HexText.number(current(name), digits: isWide ? 8 : 4)
            if name.hasSuffix("flags") { value += "  " + (flags.isEmpty ? "-" : flags.joined(separator: " ")) }
            lines.append(line(name, value))
        }
        for change in memoryChanges {
            lines.append(
                line(
                    "memory",
                    "\(HexText.number(change.address, digits: 8))  "
                        + "\(HexText.bytes(change.before)) -> \(HexText.bytes(change.after))"))
        }
        for show in plan.shows {
            for (name, value) in shown(show) { lines.append(line("show", "\(name) \(value.text)")) }
        }
        return lines
    }

    private func line(_ name: String, _ value: String) -> String {
        name + String(repeating: " ", count: max(1, 12 - name.utf8.count)) + value
    }

    private func arrow(_ change: RegisterState.Change) -> String {
        "\(HexText.number(change.before, digits: change.digits)) -> \(HexText.number(change.after, digits: change.digits))"
    }

    private func isAlwaysTold(_ name: String) -> Bool { ["ip", "eip", "flags", "eflags"].contains(name) }
    private var isWide: Bool { plan.cpu >= .i80386 }
    private func current(_ name: String) -> UInt32 { Register(rawValue: name).map { machine[$0] } ?? 0 }
    private var flags: [String] { FlagNames.list(machine, model: plan.cpu) }

    /// CS:EIP, as a trace writes it.
    private var place: String {
        let cs = machine[segment: .cs]
        let eip = machine[.eip]
        return HexText.number(cs.selector, digits: 4) + ":"
            + HexText.number(eip, digits: cs.is32Bit || eip > 0xFFFF ? 8 : 4)
    }

    /// Lines of at most 16 bytes.
    private var memoryChanges: [BareMachine.MemoryChange] {
        machine.memoryChanges.flatMap { change in
            stride(from: 0, to: change.after.count, by: 16).map { start in
                let end = min(start + 16, change.after.count)
                return BareMachine.MemoryChange(
                    address: change.address &+ UInt32(start), before: Array(change.before[start..<end]),
                    after: Array(change.after[start..<end]))
            }
        }
    }

    // MARK: What --show asks for

    /// A value in both forms.
    private struct Shown {
        var text: String
        var json: JSONValue
    }

    private func shown(_ show: ExecPlan.Show) -> [(String, Shown)] {
        switch show {
        case .register(let register):
            let value = register.read(machine)
            return [(register.name, Shown(text: register.text(value), json: number(value, register.digits)))]
        case .allRegisters:
            return machine.registers.all().map {
                ($0.name, Shown(text: HexText.number($0.value, digits: $0.digits), json: number($0.value, $0.digits)))
            }
        case .memory(let address, let count, let text):
            let start: UInt32 =
                switch address {
                case .linear(let address): address
                case .segmented(let selector, let offset): (machine.base(of: selector) ?? 0) &+ offset
                }
            let bytes = HexText.bytes(machine.bytes(at: start, count: count))
            return [(text, Shown(text: bytes, json: .text(bytes)))]
        }
    }

    // MARK: JSON

    private var json: String {
        var members: [(String, JSONValue)] = [
            ("cpu", .text(plan.cpu.rawValue)), ("mode", .text(plan.mode.rawValue)), ("end", .text(ending.name)),
            ("steps", .number(UInt64(steps))), ("exception", exception),
            ("registers", .object(machine.registers.all().map { ($0.name, number($0.value, $0.digits)) })),
            ("flags", .list(flags.map { .text($0) })),
            (
                "changed",
                .object(
                    machine.registerChanges.map {
                        (
                            $0.name,
                            .object([
                                ("before", number($0.before, $0.digits)), ("after", number($0.after, $0.digits)),
                            ])
                        )
                    })
            ),
            (
                "memory",
                .list(
                    machine.memoryChanges.map {
                        .object([
                            ("address", .number(UInt64($0.address))), ("before", .text(HexText.bytes($0.before))),
                            ("after", .text(HexText.bytes($0.after))),
                        ])
                    })
            ),
        ]
        if !plan.shows.isEmpty {
            members.append(("show", .object(plan.shows.flatMap(shown).map { ($0, $1.json) })))
        }
        if plan.traces { members.append(("trace", .list(traceLines.map { .text($0) }))) }
        return JSONValue.object(members).description
    }

    /// A register's value: a number up to 32 bits; wider ones are text, which no reader of JSON rounds.
    private func number(_ value: UInt128, _ digits: Int) -> JSONValue {
        digits <= 8
            ? .number(UInt64(truncatingIfNeeded: value)) : .text("0x" + HexText.number(value, digits: digits))
    }

    private var exception: JSONValue {
        guard case .caught(let event) = ending else { return .null }
        return .object([
            ("name", .text(event.name)), ("vector", .number(UInt64(event.vector))),
            ("errorCode", event.errorCode.map { .number(UInt64($0)) } ?? .null),
            ("address", event.linear.map { .number(UInt64($0)) } ?? .null), ("at", .text(place)),
        ])
    }
}
