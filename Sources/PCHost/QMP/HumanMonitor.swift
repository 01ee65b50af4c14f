import PCCore

/// The commands of QEMU's human monitor that tools send by `human-monitor-command`. An answer is text with `\r\n` at the
/// end of each line, errors included.
struct HumanMonitor {
    let session: ControlSession

    init(_ session: ControlSession) { self.session = session }

    /// What the monitor prints for one line.
    func answer(_ line: String) -> String {
        let (verb, rest) = ControlSession.cut(line)
        do throws(BadInput) {
            return try perform(verb, rest).map { $0 + "\r\n" }.joined()
        } catch {
            return error.message + "\r\n"
        }
    }

    private func perform(_ verb: String, _ rest: String) throws(BadInput) -> [String] {
        switch verb {
        case "": break
        case "stop", "s": try session.pause()
        case "cont", "c": try session.resume()
        case "system_reset": try session.reset()
        case "system_powerdown": try session.pressPowerButton()
        case "quit", "q": session.isQuitting = true
        case "sendkey": try sendKey(rest)
        case "screendump": try dumpScreen(rest)
        case "savevm": try save(rest)
        case "loadvm": try load(rest)
        case "eject": try change(rest, needsFile: false)
        case "change": try change(rest, needsFile: true)
        case "info": return try info(rest)
        default:
            guard verb == "x" || verb == "xp" || verb.hasPrefix("x/") || verb.hasPrefix("xp/") else {
                throw BadInput("unknown command: '\(verb.prefix(40))'")
            }
            return try MemoryDump(verb, rest).lines(try session.running().pc)
        }
        return []
    }

    private func info(_ name: String) throws(BadInput) -> [String] {
        switch name {
        case "status":
            let session = try session.running()
            let isOff = session.ending.map { $0 != .haltedForEver } ?? false
            return ["VM status: " + (isOff ? "paused (shutdown)" : self.session.isPaused ? "paused" : "running")]
        case "name": return [session.plan.name]
        case "version": return ["7.2.0swift86"]
        case "registers": return registers(try session.running().pc)
        default: throw BadInput("unknown command: 'info \(name.prefix(40))'")
        }
    }

    // MARK: Input, screen and disks

    private func sendKey(_ line: String) throws(BadInput) {
        let machine = try session.running()
        let words = line.split(separator: " ")
        guard let chord = words.first, words.count <= 2 else { throw BadInput("sendkey: a chord such as ctrl-c") }
        var hold: UInt64 = 100
        if words.count == 2 {
            guard let asked = UInt64(words[1]), asked <= 60000 else {
                throw BadInput("sendkey: the time is in milliseconds, at most 60000")
            }
            hold = asked
        }
        guard let keys = Key.chord(named: String(chord)) else { throw BadInput("invalid parameter: \(chord)") }
        machine.typist.type(keys, hold: hold * 1_000_000)
    }

    /// As QEMU: PPM unless `-f png` is asked for.
    private func dumpScreen(_ line: String) throws(BadInput) {
        var words = line.split(separator: " ").map(String.init)
        var isPNG = false
        if let flag = words.firstIndex(of: "-f"), flag + 1 < words.count {
            guard words[flag + 1] == "png" || words[flag + 1] == "ppm" else {
                throw BadInput("screendump: the format is png or ppm")
            }
            isPNG = words[flag + 1] == "png"
            words.removeSubrange(flag...flag + 1)
        }
        guard let path = words.first, words.count == 1 else { throw BadInput("screendump: filename expected") }
        try session.dumpScreen(isPNG: isPNG, to: path)
    }

    private func save(_ name: String) throws(BadInput) {
        let path = try session.statePath(name)
        try session.save(path)
    }

    private func load(_ name: String) throws(BadInput) { try session.load(session.statePath(name)) }

    private func change(_ line: String, needsFile: Bool) throws(BadInput) {
        let words = line.split(separator: " ", maxSplits: 1).map(String.init).filter { $0 != "-f" }
        guard let name = words.first, let drive = QMPDrive.named(name) else {
            throw BadInput("Error: Device '\(words.first ?? "")' not found")
        }
        guard needsFile == (words.count == 2) else {
            throw BadInput("a device\(needsFile ? " and a file" : "") expected")
        }
        try session.change(drive, to: needsFile ? words[1] : nil)
    }

    // MARK: Registers

    /// The general, segment, control and debug registers in QEMU's order. Segments show their selector alone.
    private func registers(_ pc: PC) -> [String] {
        let hex = { (register: Register) in HexText.number(pc.cpu[register], digits: 8).lowercased() }
        let row = { (registers: [Register]) in
            registers.map { $0.rawValue.uppercased() + "=" + hex($0) }.joined(separator: " ")
        }
        let segments: [Register] = [.es, .cs, .ss, .ds, .fs, .gs]
        return ["", "CPU#0", row([.eax, .ebx, .ecx, .edx]), row([.esi, .edi, .ebp, .esp])]
            + ["EIP=\(hex(.eip)) EFL=\(hex(.eflags)) HLT=\(pc.cpu.isHalted ? 1 : 0)"]
            + segments.map { "\($0.rawValue.uppercased()) =\(hex($0).suffix(4))" }
            + ["LDT=\(hex(.ldtr).suffix(4))", "TR =\(hex(.tr).suffix(4))"]
            + [row([.cr0, .cr2, .cr3, .cr4]), row([.dr0, .dr1, .dr2, .dr3]), row([.dr6, .dr7])]
    }
}
