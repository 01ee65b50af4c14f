// Chords: keys that are held together, by name and by the character that they type on a US keyboard.

extension Key {
    /// The keys of a chord such as `ctrl-alt-delete`, in the order in which they go down. Nil if a name is unknown or
    /// stands twice.
    public static func chord(named chord: String) -> [Key]? {
        var keys: [Key] = []
        for name in chord.split(separator: "-", omittingEmptySubsequences: false) {
            guard let key = Key(named: String(name)), !keys.contains(key) else { return nil }
            keys.append(key)
        }
        return keys
    }

    /// The keys that type `character` on a US keyboard, in the order in which they go down; nil where it has none.
    /// A line end of any kind is the return key.
    public static func chord(for character: Character) -> [Key]? {
        if let key = unshifted[character] { return [key] }
        if let key = shifted[character] { return [.shift, key] }
        switch character {
        case "a"..."z", "0"..."9":
            return Key(rawValue: String(character)).map { [$0] }
        case "A"..."Z":
            return Key(rawValue: character.lowercased()).map { [.shift, $0] }
        default:
            return nil
        }
    }

    private static let unshifted: [Character: Key] = [
        " ": .spc, "`": .graveAccent, "-": .minus, "=": .equal, "[": .bracketLeft, "]": .bracketRight,
        "\\": .backslash, ";": .semicolon, "'": .apostrophe, ",": .comma, ".": .dot, "/": .slash,
        "\n": .ret, "\r": .ret, "\r\n": .ret, "\t": .tab, "\u{8}": .backspace, "\u{1B}": .esc,
    ]

    private static let shifted: [Character: Key] = [
        "~": .graveAccent, "!": .digit1, "@": .digit2, "#": .digit3, "$": .digit4, "%": .digit5, "^": .digit6,
        "&": .digit7, "*": .digit8, "(": .digit9, ")": .digit0, "_": .minus, "+": .equal, "{": .bracketLeft,
        "}": .bracketRight, "|": .backslash, ":": .semicolon, "\"": .apostrophe, "<": .comma, ">": .dot, "?": .slash,
    ]
}
