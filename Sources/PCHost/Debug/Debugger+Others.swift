import PCCore

/// Commands that change the machine or show the rest of it.
extension Debugger {
    func printCommand(_ text: inout CommandText) throws(BadInput) {
        let value = try text.takeExpression().value(in: self)
        try text.finish()
        print(line(value))
    }

    /// A value in all ways.
    func line(_ value: DebugValue) -> String {
        let bits = UInt64(bitPattern: value.number)
        var line = "\(HexText.number(bits, digits: 1))h  \(value.number)"
        if bits <= 0xFFFF { line += "  \(String(bits, radix: 2))b" }
        if bits >= 0x20, bits < 0x7F { line += "  '\(Character(UnicodeScalar(UInt8(bits))))'" }
        if let far = value.far { line = "\(self.text(far)) = " + line }
        if let linear = UInt32(exactly: value.number), let name = symbols.name(of: linear) { line += "  \(name)" }
        return line
    }

    func setCommand(_ text: inout CommandText) throws(BadInput) {
        if let width = text.takeWidth() { return try setMemory(&text, width) }
        guard let name = text.takeName(), let register = Register(rawValue: name.lowercased()) else {
            throw BadInput("set: a register, or byte, word or dword and an address must follow")
        }
        guard register.since <= pc.cpu.model else {
            throw BadInput("\(name): a \(pc.cpu.model.rawValue) has no such register")
        }
        _ = text.take(sign: "=")
        let value = try takeNumber(&text, .value(of: register))
        try text.finish()
        target.set(register, UInt32(truncatingIfNeeded: value))
    }

    private func setMemory(_ text: inout CommandText, _ width: Int) throws(BadInput) {
        let place = try takeAddress(&text).linear
        let unit = DebugNumber.value(width == 1 ? "a byte" : width == 2 ? "a word" : "a dword", bits: width * 8)
        _ = text.take(sign: "=")
        var bytes: [UInt8] = []
        repeat {
            let value = try takeNumber(&text, unit)
            for i in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> Int64(i * 8))) }
        } while text.take(sign: ",")
        try text.finish()
        guard target.write(linear: place, bytes) else {
            throw BadInput("\(HexText.number(place, digits: 8)): there is no RAM")
        }
    }

    func inputCommand(_ text: inout CommandText) throws(BadInput) {
        let typed = text.takeRest()
        guard !typed.isEmpty else { throw BadInput("input: the text to type must follow") }
        session.typist.paste(Self.unescaped(typed))
    }

    /// `\n` is Enter, `\t` Tab, `\\` a backslash.
    private static func unescaped(_ text: String) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                result.append(character == "n" ? "\n" : character == "t" ? "\t" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return isEscaped ? result + "\\" : result
    }

    func symbolsCommand(_ text: inout CommandText) throws(BadInput) {
        guard let path = text.takeWord() else { throw BadInput("symbols: a file must follow") }
        var base: UInt32 = 0
        if text.take("at") { base = try takeAddress(&text).linear }
        try text.finish()
        let more = try SymbolFile.read(path, base: base)
        symbols.add(more)
        print("\(more.count) symbols")
    }

    func deviceCommand(_ text: inout CommandText) throws(BadInput) {
        guard let name = text.takeName()?.lowercased() else {
            return print(pc.deviceNames.joined(separator: " "))
        }
        try text.finish()
        guard let lines = pc.describe(device: name) else {
            let names = pc.deviceNames.joined(separator: ", ")
            throw BadInput("device \(CommandText.shown(name)): must be one of \(names)")
        }
        for line in lines { print(line) }
    }

    func screenCommand(_ text: inout CommandText) throws(BadInput) {
        try text.finish()
        var lines = session.screenText.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines { print(line) }
    }

    func timeCommand(_ text: inout CommandText) throws(BadInput) {
        try text.finish()
        let microseconds = session.seconds.nanoseconds(slots: pc.now) / 1000
        print("\(pc.instructionCount) instructions, \(MachineSession.decimal(microseconds, places: 6)) s")
    }

    func saveCommand(_ text: inout CommandText) throws(BadInput) { try useState(&text, saveState) }
    func loadCommand(_ text: inout CommandText) throws(BadInput) {
        noteRegisters()
        try useState(&text, loadState)
        arrive()
    }

    private func useState(
        _ text: inout CommandText, _ action: ((String) throws(BadInput) -> Void)?
    ) throws(BadInput) {
        // Names of files may have blanks.
        let path = text.takeRest()
        guard !path.isEmpty else { throw BadInput("a file must follow") }
        guard let action else { throw BadInput("save and load: not there yet") }
        try action(path)
    }

    func echoCommand(_ text: inout CommandText) throws(BadInput) { print(text.takeRest()) }

    func expectCommand(_ text: inout CommandText) throws(BadInput) {
        let pattern = try TextPattern(text.takeRest())
        guard pattern.isThere(in: lastOutput) else {
            isUnmet = true
            throw BadInput("expected: \(pattern.source)")
        }
    }

    func helpCommand(_ text: inout CommandText) throws(BadInput) {
        if let word = text.takeWord() {
            for line in try DebugCommand.find(word.lowercased()).helpLines { print(line) }
            return
        }
        for command in DebugCommand.all {
            let names = ([command.name] + command.shortNames).joined(separator: ", ")
            print(names + String(repeating: " ", count: max(1, 30 - names.count)) + command.summary)
        }
        print("Values: 4096, 0x1000, 1000h, 'A', registers, symbols, SEG:OFF (hexadecimal), [byte|word|dword ADDRESS]")
    }

    func quitCommand(_ text: inout CommandText) throws(BadInput) {
        try text.finish()
        isDone = true
    }
}
