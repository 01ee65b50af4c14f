import PCCore

/// The commands by their names.
extension QMPLanguage {
    static let commands = [
        "blockdev-change-medium", "cont", "eject", "human-monitor-command", "input-send-event", "qmp_capabilities",
        "query-block", "query-commands", "query-name", "query-status", "query-version", "quit", "screendump",
        "send-key", "stop", "system_powerdown", "system_reset",
    ]

    /// What a command returns.
    func perform(_ command: String, _ arguments: QMPArguments) throws(QMPError) -> JSONValue {
        switch command {
        case "send-key": try sendKey(arguments)
        case "input-send-event": try sendEvents(arguments)
        case "screendump": try dumpScreen(arguments)
        case "eject": try eject(arguments)
        case "blockdev-change-medium": try changeMedium(arguments)
        case "human-monitor-command": return try askMonitor(arguments)
        default:
            guard Self.commands.contains(command) else {
                throw QMPError("The command \(command) has not been found", .commandNotFound)
            }
            try arguments.end()
            return try perform(command)
        }
        return .object([])
    }

    /// What a command without arguments returns.
    private func perform(_ command: String) throws(QMPError) -> JSONValue {
        switch command {
        case "query-version": return Self.version
        case "query-status": return status
        case "query-name": return .object([("name", .text(session.plan.name))])
        case "query-commands": return .list(Self.commands.map { .object([("name", .text($0))]) })
        case "query-block": return try drives()
        default: break
        }
        do throws(BadInput) {
            switch command {
            case "stop": try session.pause()
            case "cont": if session.session == nil { try session.start() } else { try session.resume() }
            case "system_reset": try session.reset()
            case "system_powerdown": try session.pressPowerButton()
            default: session.isQuitting = true
            }
        } catch {
            throw QMPError(error.message)
        }
        return .object([])
    }

    private func askMonitor(_ arguments: QMPArguments) throws(QMPError) -> JSONValue {
        var arguments = arguments
        let line = try arguments.text("command-line")
        _ = try arguments.optionalInteger("cpu-index")
        try arguments.end()
        return .text(HumanMonitor(session).answer(line))
    }

    /// What the machine refuses is a GenericError.
    func bad<T>(_ body: () throws(BadInput) -> T) throws(QMPError) -> T {
        do throws(BadInput) { return try body() } catch { throw QMPError(error.message) }
    }

    private var status: JSONValue {
        let name =
            switch session.session?.ending {
            case _ where session.session == nil: "prelaunch"
            // QEMU's machine runs on while its CPU sleeps.
            case nil, .haltedForEver?: session.isPaused ? "paused" : "running"
            default: "shutdown"
            }
        return .object([
            ("status", .text(name)), ("singlestep", .bool(false)), ("running", .bool(name == "running")),
        ])
    }

    // MARK: Input

    private func sendKey(_ arguments: QMPArguments) throws(QMPError) {
        var arguments = arguments
        let values = try arguments.list("keys")
        let hold = try arguments.optionalInteger("hold-time") ?? 100
        try arguments.end()
        guard values.count <= 16 else { throw QMPError("Too many keys: at most 16") }
        var keys: [Key] = []
        for value in values { keys.append(try Self.key(value)) }
        guard (0...60000).contains(hold) else { throw QMPArguments.wrongValue("hold-time", String(hold)) }
        let machine = try bad { () throws(BadInput) in try session.running() }
        machine.typist.type(keys, hold: UInt64(hold) * 1_000_000)
    }

    /// A key by its QKeyCode, which is what `sendkey` calls it.
    private static func key(_ value: JSONValue) throws(QMPError) -> Key {
        var union = try QMPArguments.object(value, "keys")
        let type = try union.text("type")
        guard type == "qcode" else {
            guard type == "number" else { throw QMPArguments.wrongValue("type", type) }
            throw QMPError("Parameter 'type' does not accept value 'number'; use qcode")
        }
        let name = try union.text("data")
        try union.end()
        // QEMU calls the key between the right Windows and control keys so.
        guard let key = name == "compose" ? Key.menu : Key(named: name) else {
            throw QMPArguments.wrongValue("data", name)
        }
        return key
    }

    private enum InputEvent {
        case key(Key, Bool)
        case move(dx: Int, dy: Int, wheel: Int)
        case button(MouseButtons, Bool)
    }

    /// All events are checked before the first one happens.
    private func sendEvents(_ arguments: QMPArguments) throws(QMPError) {
        var arguments = arguments
        let values = try arguments.list("events")
        _ = try arguments.optionalText("device")
        _ = try arguments.optionalInteger("head")
        try arguments.end()
        guard values.count <= 1024 else { throw QMPError("Too many events: at most 1024") }
        let pc = try bad { () throws(BadInput) in try session.running() }.pc
        var events: [InputEvent] = []
        for value in values { events += try Self.inputEvent(value) }
        for event in events {
            switch event {
            case .key(let key, true): pc.press(key)
            case .key(let key, false): pc.release(key)
            case .move(let dx, let dy, let wheel): pc.moveMouse(dx: dx, dy: dy, wheel: wheel)
            case .button(let button, let isDown):
                if isDown { session.buttons.insert(button) } else { session.buttons.remove(button) }
                pc.setMouseButtons(session.buttons)
            }
        }
    }

    private static func inputEvent(_ value: JSONValue) throws(QMPError) -> [InputEvent] {
        var union = try QMPArguments.object(value, "events")
        let type = try union.text("type")
        var data = try union.object("data")
        switch type {
        case "key":
            guard let name = data.take("key") else { throw QMPArguments.missing("key") }
            return [.key(try key(name), try data.bool("down"))]
        case "rel":
            let (axis, way) = (try data.text("axis"), try data.integer("value"))
            guard axis == "x" || axis == "y" else { throw QMPArguments.wrongValue("axis", axis) }
            let distance = Int(max(-10000, min(10000, way)))
            return [.move(dx: axis == "x" ? distance : 0, dy: axis == "y" ? distance : 0, wheel: 0)]
        case "btn":
            let (name, isDown) = (try data.text("button"), try data.bool("down"))
            switch name {
            case "left": return [.button(.left, isDown)]
            case "right": return [.button(.right, isDown)]
            case "middle": return [.button(.middle, isDown)]
            case "side": return [.button(.fourth, isDown)]
            case "extra": return [.button(.fifth, isDown)]
            case "wheel-up", "wheel-down":
                return isDown ? [.move(dx: 0, dy: 0, wheel: name == "wheel-up" ? -1 : 1)] : []
            default: throw QMPArguments.wrongValue("button", name)
            }
        default: throw QMPArguments.wrongValue("type", type)
        }
    }

    // MARK: Screen and disks

    private func dumpScreen(_ arguments: QMPArguments) throws(QMPError) {
        var arguments = arguments
        let path = try arguments.text("filename")
        let format = try arguments.optionalText("format") ?? "ppm"
        _ = try arguments.optionalText("device")
        _ = try arguments.optionalInteger("head")
        try arguments.end()
        guard format == "ppm" || format == "png" else { throw QMPArguments.wrongValue("format", format) }
        try bad { () throws(BadInput) in try session.dumpScreen(isPNG: format == "png", to: path) }
    }

    private func drives() throws(QMPError) -> JSONValue {
        let media = try bad { () throws(BadInput) in try session.running() }.media
        return .list(
            MediaChanger.Drive.allCases.filter { $0 != .cd || media.hasCDROM }.map { drive in
                var members: [(String, JSONValue)] = [
                    ("device", .text(QMPDrive.name(of: drive))), ("locked", .bool(false)),
                    ("removable", .bool(true)), ("type", .text("unknown")),
                ]
                if let path = media.path(in: drive) {
                    members.append(
                        (
                            "inserted",
                            .object([
                                ("file", .text(path)), ("drv", .text("raw")), ("ro", .bool(drive == .cd)),
                                ("encrypted", .bool(false)),
                            ])
                        ))
                }
                return .object(members)
            })
    }

    private func eject(_ arguments: QMPArguments) throws(QMPError) {
        var arguments = arguments
        let drive = try Self.drive(&arguments)
        // The guest's lock is not asked, so there is nothing to force.
        if let force = arguments.take("force") {
            guard case .bool = force else { throw QMPArguments.wrongType("force", "boolean") }
        }
        try arguments.end()
        try bad { () throws(BadInput) in try session.change(drive, to: nil) }
    }

    private func changeMedium(_ arguments: QMPArguments) throws(QMPError) {
        var arguments = arguments
        let drive = try Self.drive(&arguments)
        let path = try arguments.text("filename")
        _ = try arguments.optionalText("format")
        _ = try arguments.optionalText("read-only-mode")
        try arguments.end()
        try bad { () throws(BadInput) in try session.change(drive, to: path) }
    }

    private static func drive(_ arguments: inout QMPArguments) throws(QMPError) -> MediaChanger.Drive {
        let device = try arguments.optionalText("device")
        let id = try arguments.optionalText("id")
        guard let name = device ?? id else { throw QMPArguments.missing("device") }
        guard let drive = QMPDrive.named(name) else { throw QMPError("Device '\(name)' not found", .deviceNotFound) }
        return drive
    }
}
