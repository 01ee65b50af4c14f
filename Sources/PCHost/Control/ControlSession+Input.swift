import PCCore

/// Keys, mouse, disks and what else goes into the machine.
extension ControlSession {
    /// Presses a chord for 40 ms and waits for 50 ms more, at the pace of the host's clock.
    func key(_ name: String) throws(BadInput) {
        let session = try going("key")
        guard !name.isEmpty else { throw BadInput("key: needs a key, such as ret or ctrl-c") }
        guard let chord = Key.chord(named: name) else { throw BadInput("key \(name): no such key") }
        session.typist.type(chord)
        finishTyping(session)
    }

    /// Types as fast as the guest takes it, while the guest runs on.
    func type(_ text: String) throws(BadInput) {
        let session = try running()
        guard !text.isEmpty else { throw BadInput("type: needs a text") }
        session.typist.paste(Self.unescaped(text))
    }

    func typeSerial(_ text: String) throws(BadInput) {
        let session = try running()
        guard !text.isEmpty else { throw BadInput("serial-type: needs a text") }
        session.pc.receive(Array(Self.unescaped(text).utf8), port: 0)
    }

    /// `\n`, `\t` and `\\` stand for a line end, a tab and a backslash.
    private static func unescaped(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                switch character {
                case "n": result.append("\n")
                case "t": result.append("\t")
                case "\\": result.append("\\")
                default: result += "\\" + String(character)
                }
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return isEscaped ? result + "\\" : result
    }

    /// Moves the mouse and presses its buttons, and waits for 50 ms at the pace of the host's clock.
    func mouse(_ line: String) throws(BadInput) {
        let session = try going("mouse")
        let words = line.split(separator: " ")
        guard words.count == 3, let dx = Int(words[0]), let dy = Int(words[1]) else {
            throw BadInput("mouse: needs two movements, and buttons as a number or -")
        }
        if words[2] != "-" {
            guard let held = UInt8(words[2]), held < 32 else {
                throw BadInput("mouse: buttons must be a sum of 1 left, 2 right, 4 middle, 8 and 16 at the side, or -")
            }
            buttons = MouseButtons(rawValue: held)
            session.pc.setMouseButtons(buttons)
        }
        session.pc.moveMouse(dx: dx, dy: dy)
        run(session, for: 50_000_000)
    }

    func insert(_ line: String) throws(BadInput) {
        _ = try running()
        let (name, path) = Self.cut(line)
        guard let drive = MediaChanger.Drive(named: name), !path.isEmpty else {
            throw BadInput("insert: needs a, b or cd and the name of a file")
        }
        try change(drive, to: path)
    }

    func eject(_ name: String) throws(BadInput) {
        _ = try running()
        guard let drive = MediaChanger.Drive(named: name) else { throw BadInput("eject: needs a, b or cd") }
        try change(drive, to: nil)
    }

    /// Puts the image at `path` into `drive`, or takes out what is in it.
    func change(_ drive: MediaChanger.Drive, to path: String?) throws(BadInput) {
        let session = try running()
        if let path { try session.media.insert(path, in: drive) } else { try session.media.eject(drive) }
    }

    /// The run, where guest time may pass in the middle of a request.
    private func going(_ verb: String) throws(BadInput) -> MachineSession {
        let session = try running()
        guard !isPaused else { throw BadInput("\(verb): the machine is paused; ask for cont first") }
        return session
    }
}
