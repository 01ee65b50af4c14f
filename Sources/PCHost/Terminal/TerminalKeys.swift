import PCCore

/// What a user at a terminal wants.
enum TerminalInput: Equatable {
    /// A chord by its name, such as `shift-up`.
    case chord(String)
    /// A character of the keyboard.
    case character(Character)
    /// Text that was pasted.
    case paste(String)
    case quit, reset
}

/// Makes keys of the bytes that a terminal sends: characters, control characters and escape sequences.
///
/// `Ctrl-]` is the escape to the emulator: q quits, r resets, d is Ctrl-Alt-Del, a second `Ctrl-]` is itself.
struct TerminalKeys {
    static let hint = "Ctrl-] q quits, Ctrl-] r resets, Ctrl-] d is Ctrl-Alt-Del"
    private static let escape: UInt8 = 0x1B
    private static let command: UInt8 = 0x1D
    private static let pasteLimit = 1 << 20

    private var pending: [UInt8] = []
    private var isCommand = false
    private var pasted: [UInt8]?

    /// Whether bytes wait for others that make them whole.
    var isWaiting: Bool { !pending.isEmpty && pasted == nil }

    /// The keys in `bytes`, together with what waited. With `isComplete` nothing waits any longer: an escape byte on its
    /// own is the Esc key.
    mutating func decode(_ bytes: [UInt8], isComplete: Bool = false) -> [TerminalInput] {
        pending += bytes
        var inputs: [TerminalInput] = []
        while !pending.isEmpty {
            if pasted != nil {
                guard let text = takePaste() else { break }
                inputs.append(.paste(text))
                continue
            }
            guard let (input, count) = first(isComplete) else { break }
            pending.removeFirst(min(count, pending.count))
            if let input { inputs.append(input) }
        }
        return inputs
    }

    /// The first key of what is pending and the bytes it takes; nil where more bytes are needed.
    private mutating func first(_ isComplete: Bool) -> (TerminalInput?, Int)? {
        let byte = pending[0]
        if isCommand {
            isCommand = false
            return (Self.commands[byte], 1)
        }
        switch byte {
        case Self.command:
            isCommand = true
            return (nil, 1)
        case Self.escape: return sequence(isComplete)
        case 0x80...: return unicode(isComplete)
        default: return (Self.plain(byte), 1)
        }
    }

    private static let commands: [UInt8: TerminalInput] = [
        0x71: .quit, 0x51: .quit, 0x72: .reset, 0x52: .reset, 0x64: .chord("ctrl-alt-delete"),
        0x44: .chord("ctrl-alt-delete"), 0x5D: .chord("ctrl-bracket_right"), 0x1D: .chord("ctrl-bracket_right"),
    ]

    private static func plain(_ byte: UInt8) -> TerminalInput {
        switch byte {
        case 0: .chord("ctrl-spc")
        case 0x08, 0x7F: .chord("backspace")
        case 0x09: .chord("tab")
        case 0x0D: .chord("ret")
        case 0x1C: .chord("ctrl-backslash")
        case 0x1E: .chord("ctrl-6")
        case 0x1F: .chord("ctrl-minus")
        case 0x01...0x1A: .chord("ctrl-\(Character(Unicode.Scalar(byte + 0x60)))")
        default: .character(Character(Unicode.Scalar(byte)))
        }
    }

    /// A character of more than one byte.
    private func unicode(_ isComplete: Bool) -> (TerminalInput?, Int)? {
        let length = pending[0] >= 0xF0 ? 4 : pending[0] >= 0xE0 ? 3 : 2
        guard pending.count >= length || isComplete else { return nil }
        let text = String(decoding: pending.prefix(length), as: UTF8.self)
        guard let character = text.first, text.count == 1, character != "\u{FFFD}" else { return (nil, 1) }
        return (.character(character), length)
    }

    // MARK: Escape sequences

    private mutating func sequence(_ isComplete: Bool) -> (TerminalInput?, Int)? {
        guard pending.count > 1 else { return isComplete ? (.chord("esc"), 1) : nil }
        switch pending[1] {
        case 0x5B: return controlSequence(isComplete)
        case 0x4F where pending.count == 2: return isComplete ? (.chord("alt-shift-o"), 2) : nil
        case 0x4F: return (Self.final(pending[2], "").map { .chord($0) }, 3)
        case Self.escape, Self.command: return (.chord("esc"), 1)
        default:
            // Alt sends an escape byte before the character.
            guard case .character(let character) = Self.plain(pending[1]) else {
                if case .chord(let name) = Self.plain(pending[1]) { return (.chord("alt-" + name), 2) }
                return (nil, 2)
            }
            guard let keys = Key.chord(for: character) else { return (nil, 2) }
            return (.chord("alt-" + keys.map(\.rawValue).joined(separator: "-")), 2)
        }
    }

    /// ESC [ parameters final.
    private mutating func controlSequence(_ isComplete: Bool) -> (TerminalInput?, Int)? {
        if pending.count > 2, pending[2] == 0x5B {
            // The Linux console's F1 to F5.
            guard pending.count > 3 else { return isComplete ? (nil, 3) : nil }
            let names: [UInt8: String] = [0x41: "f1", 0x42: "f2", 0x43: "f3", 0x44: "f4", 0x45: "f5"]
            return (names[pending[3]].map { .chord($0) }, 4)
        }
        guard let end = pending.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else {
            if pending.count > 32 { return (nil, pending.count) }
            return isComplete ? (pending.count == 2 ? .chord("alt-bracket_left") : nil, pending.count) : nil
        }
        let parameters = String(decoding: pending[2..<end], as: UTF8.self).split(
            separator: ";", omittingEmptySubsequences: false
        ).map { Int($0) ?? 0 }
        let number = parameters.first ?? 0
        if pending[end] == 0x7E, number == 200 {
            pasted = []
            return (nil, end + 1)
        }
        let modifiers = Self.modifiers(parameters.count > 1 ? parameters[1] : 1)
        let name =
            pending[end] == 0x7E ? Self.numbered[number].map { modifiers + $0 } : Self.final(pending[end], modifiers)
        return (name.map { .chord($0) }, end + 1)
    }

    private static func modifiers(_ parameter: Int) -> String {
        let bits = max(0, parameter &- 1)
        return (bits & 4 != 0 ? "ctrl-" : "") + (bits & 2 != 0 ? "alt-" : "") + (bits & 1 != 0 ? "shift-" : "")
    }

    private static func final(_ byte: UInt8, _ modifiers: String) -> String? {
        let names: [UInt8: String] = [
            0x41: "up", 0x42: "down", 0x43: "right", 0x44: "left", 0x45: "kp_5", 0x46: "end", 0x48: "home",
            0x4D: "kp_enter", 0x50: "f1", 0x51: "f2", 0x52: "f3", 0x53: "f4", 0x5A: "shift-tab",
        ]
        return names[byte].map { modifiers + $0 }
    }

    private static let numbered: [Int: String] = [
        1: "home", 2: "insert", 3: "delete", 4: "end", 5: "pgup", 6: "pgdn", 7: "home", 8: "end", 11: "f1", 12: "f2",
        13: "f3", 14: "f4", 15: "f5", 17: "f6", 18: "f7", 19: "f8", 20: "f9", 21: "f10", 23: "f11", 24: "f12",
    ]

    /// What was pasted, once its closing sequence has come.
    private mutating func takePaste() -> String? {
        let closing: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]
        let text = (pasted ?? []) + pending
        pending = []
        guard let end = text.indices.first(where: { text[$0...].starts(with: closing) }) else {
            pasted = Array(text.suffix(Self.pasteLimit))
            return nil
        }
        pending = Array(text[(end + closing.count)...])
        pasted = nil
        return String(decoding: text[..<end], as: UTF8.self)
    }
}
