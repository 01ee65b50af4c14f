import PCCore

extension GDBMonitorCommand {
    /// Those that every session has.
    static var own: [GDBMonitorCommand] {
        [
            GDBMonitorCommand("help", "", "this list") { session, _ in help(session) },
            GDBMonitorCommand("info registers", "", "registers as the CPU has them") { session, _ in
                registers(session.target)
            },
            GDBMonitorCommand("info segments", "", "segment registers with base and limit, and the tables") {
                session, _ in
                segments(session.target.pc.cpu)
            },
            GDBMonitorCommand("info time", "", "guest time and instructions") { session, _ in time(session.target) },
            GDBMonitorCommand("instructions", "", "how many instructions were retired") { session, _ in
                "\(session.target.pc.instructionCount)\n"
            },
            GDBMonitorCommand(
                "last-writer", "[physical] ADDRESS | port N | sector DRIVE N",
                "the instruction that wrote there last", run: lastWriter),
            GDBMonitorCommand(
                "stop-on", "int N | port N | reset | nothing", "stop also there", run: stopOn),
            GDBMonitorCommand("info history", "", "how far back there is a way", run: history),
            GDBMonitorCommand("save", "FILE", "the whole machine, into a file of swift86's host", run: save),
            GDBMonitorCommand("load", "FILE", "the same back; then: maintenance flush register-cache", run: load),
            GDBMonitorCommand("screen", "", "the text on the screen") { session, _ in session.target.session.screenText
            },
            GDBMonitorCommand(
                "arch", "i8086 | i386 | auto", "what the next client is told to disassemble", run: architecture),
            GDBMonitorCommand("reset", "", "the reset button; then: maintenance flush register-cache") { session, _ in
                session.target.session.reset()
                return "the machine stands at its reset vector\n"
            },
            GDBMonitorCommand("quit", "", "end the machine") { session, _ in
                session.leave(.killed)
                return ""
            },
        ]
    }

    private static func help(_ session: GDBSession) -> String {
        let usages = session.commands.map { $0.arguments.isEmpty ? $0.name : "\($0.name) \($0.arguments)" }
        let width = usages.map(\.count).max() ?? 0
        return zip(usages, session.commands).map { usage, command in
            usage + String(repeating: " ", count: width + 2 - usage.count) + command.help + "\n"
        }.joined()
    }

    private static func history(_ session: GDBSession, _ words: [Substring]) throws(BadInput) -> String {
        guard words.isEmpty else { throw BadInput("info history: stands alone") }
        return session.target.historyLines.map { $0 + "\n" }.joined()
    }

    private static func save(_ session: GDBSession, _ words: [Substring]) throws(BadInput) -> String {
        try session.target.session.save(to: file(words, "save"))
        return ""
    }

    private static func load(_ session: GDBSession, _ words: [Substring]) throws(BadInput) -> String {
        try session.target.session.load(from: file(words, "load"))
        return "the machine stands where it was saved\n"
    }

    private static func registers(_ target: DebugTarget) -> String {
        let rows: [[Register]] = [
            [.eax, .ebx, .ecx, .edx], [.esi, .edi, .ebp, .esp], [.eip, .eflags], [.cs, .ss, .ds, .es, .fs, .gs],
            [.cr0, .cr2, .cr3, .cr4], [.dr0, .dr1, .dr2, .dr3, .dr6, .dr7],
        ]
        let model = target.pc.cpu.model
        return rows.map { row in
            row.filter { $0.since <= model || $0.bits == 32 && !$0.isSystem }.map { register in
                "\(register.rawValue) \(hex(target.register(register), digits: register.isSegment ? 4 : 8))"
            }.joined(separator: "  ")
        }.filter { !$0.isEmpty }.map { $0 + "\n" }.joined()
    }

    private static func segments(_ cpu: CPU) -> String {
        let rows = [Register.cs, .ss, .ds, .es, .fs, .gs, .ldtr, .tr].map { register in
            guard let segment = cpu.segment(register) else { return "" }
            let name = register.rawValue + String(repeating: " ", count: 4 - register.rawValue.count)
            return "\(name)  \(hex(UInt32(segment.selector), digits: 4))  base \(hex(segment.base, digits: 8))"
                + "  limit \(hex(segment.limit, digits: 8))  access \(hex(UInt32(segment.access), digits: 2))"
                + (segment.isBig ? "  32-bit\n" : "  16-bit\n")
        }
        let tables = [("gdtr", cpu.gdtr), ("idtr", cpu.idtr)].map { name, table in
            "\(name)        base \(hex(table.base, digits: 8))  limit \(hex(table.limit, digits: 8))\n"
        }
        return (rows + tables).joined()
    }

    private static func time(_ target: DebugTarget) -> String {
        let seconds = target.session.seconds.nanoseconds(slots: target.pc.now)
        return """
            instructions \(target.pc.instructionCount)
            guest time   \(MachineSession.decimal(seconds / 1000, places: 6)) s

            """
    }

    private static func lastWriter(_ session: GDBSession, _ words: [Substring]) throws(BadInput) -> String {
        let place = try place(words, session)
        guard let hit = session.target.lastWriter(of: place, isInterrupted: { session.isInterrupted(.backwards) })
        else {
            return "nobody, as far back as is known\n"
        }
        let values =
            switch hit.cause {
            case .memory(let address, _, let width, _, let old, let new, _):
                "  [\(hex(address, digits: 8))] was \(hex(old, digits: width * 2)), became \(hex(new, digits: width * 2))"
            case .port(let port, let width, _, let value, _):
                "  port \(hex(UInt32(port), digits: 4)) got \(hex(value, digits: width * 2))"
            case .dma: "  a device wrote"
            case .sector(let drive, let number): "  drive \(drive) wrote sector \(number)"
            case .breakpoint, .interrupt, .reset: ""
            }
        return """
            \(hex(UInt32(hit.selector), digits: 4)):\(hex(hit.offset, digits: 4)), linear 0x\(hex(hit.linear, digits: 8)), \
            after \(hit.instruction) instructions\(values)

            """
    }

    private static func place(_ words: [Substring], _ session: GDBSession) throws(BadInput) -> DebugTarget.Place {
        switch (words.first, words.count) {
        case ("physical", 2): return .physical(try address(words[1]))
        case ("port", 2): return .port(try port(words[1]))
        case (let text?, 1): return .linear(try address(text))
        case ("sector", 3):
            return try session.target.sector(
                drive: try integer(words[1], "the number of a drive"),
                number: try integer(words[2], "the number of a sector"))
        default: throw BadInput("last-writer: needs an address, physical ADDRESS, port N or sector DRIVE N")
        }
    }

    private static func stopOn(_ session: GDBSession, _ words: [Substring]) throws(BadInput) -> String {
        switch (words.first, words.count) {
        case ("int", 2):
            session.points.interrupts.insert(UInt8(truncatingIfNeeded: try number(words[1], .vector)))
        case ("reset", 1): session.points.resets = true
        case ("port", 2):
            let port = try port(words[1])
            let watch = PortWatch(ports: port...port, kinds: [.read, .write])
            if session.points.ports.count < GDBPoints.limit { session.points.ports.append(watch) }
        case ("nothing", 1): (session.points.interrupts, session.points.ports, session.points.resets) = ([], [], false)
        default: throw BadInput("stop-on: needs int N, port N, reset or nothing")
        }
        session.target.stops = session.points.stopSet
        return ""
    }

    private static func architecture(_ session: GDBSession, _ words: [Substring]) throws(BadInput) -> String {
        guard words.count == 1 else { throw BadInput("arch: must be i8086, i386 or auto") }
        let chosen = GDBTargetDescription.Architecture(rawValue: String(words[0]))
        guard chosen != nil || words[0] == "auto" else {
            throw BadInput("arch \(words[0]): must be i8086, i386 or auto")
        }
        session.architecture = chosen
        return ""
    }

    private static func address(_ text: Substring) throws(BadInput) -> UInt32 {
        switch OptionValue.address(text) {
        case .linear(let address): return address
        case .segmented(let selector, let offset): return UInt32(selector) << 4 &+ offset
        case nil:
            throw BadInput(
                "\(CommandText.shown(String(text))): must be an address from 0 to 0xFFFFFFFF, or such as 07C0:0010")
        }
    }

    private static func port(_ text: Substring) throws(BadInput) -> UInt16 {
        UInt16(truncatingIfNeeded: try number(text, .port))
    }

    private static func number(_ text: Substring, _ what: DebugNumber) throws(BadInput) -> Int64 {
        guard let number = OptionValue.integer(text) else { throw what.complaint(String(text)) }
        return try what.check(number, String(text))
    }

    private static func integer(_ text: Substring, _ what: String) throws(BadInput) -> Int64 {
        guard let number = OptionValue.integer(text) else {
            throw BadInput("\(CommandText.shown(String(text))): must be \(what)")
        }
        return number
    }

    /// A file's name, which may have blanks.
    private static func file(_ words: [Substring], _ command: String) throws(BadInput) -> String {
        guard !words.isEmpty else { throw BadInput("\(command): needs a file") }
        return words.joined(separator: " ")
    }

    private static func hex(_ value: UInt32, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

extension Register {
    /// A control or debug register.
    fileprivate var isSystem: Bool { rawValue.hasPrefix("cr") || rawValue.hasPrefix("dr") }
}
