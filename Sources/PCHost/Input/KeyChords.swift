import PCCore

/// Keys by name and by character. All that this module knows about the names of keys stands here.
public enum KeyChords {
    /// The keys of a chord such as `ctrl-alt-delete`, in the order in which they go down; nil if a name is unknown.
    public static func named(_ chord: String) -> [Key]? {
        let keys = chord.split(separator: "-", omittingEmptySubsequences: false).map { Key(rawValue: String($0)) }
        return keys.contains(nil) ? nil : keys.compactMap { $0 }
    }

    /// The keys that type `character` on a US keyboard; nil where it has none.
    public static func typing(_ character: Character) -> [Key]? {
        if let name = plain[character] { return named(name) }
        if let name = shifted[character] { return named("shift-" + name) }
        guard character.isASCII, character.isLetter || character.isNumber else { return nil }
        return named((character.isUppercase ? "shift-" : "") + character.lowercased())
    }

    private static let plain: [Character: String] = [
        "`": "grave_accent", "-": "minus", "=": "equal", "[": "bracket_left", "]": "bracket_right",
        "\\": "backslash", ";": "semicolon", "'": "apostrophe", ",": "comma", ".": "dot", "/": "slash", " ": "spc",
        "\n": "ret", "\r": "ret", "\r\n": "ret", "\t": "tab", "\u{8}": "backspace", "\u{1B}": "esc",
    ]

    private static let shifted: [Character: String] = [
        "~": "grave_accent", "!": "1", "@": "2", "#": "3", "$": "4", "%": "5", "^": "6", "&": "7", "*": "8",
        "(": "9", ")": "0", "_": "minus", "+": "equal", "{": "bracket_left", "}": "bracket_right", "|": "backslash",
        ":": "semicolon", "\"": "apostrophe", "<": "comma", ">": "dot", "?": "slash",
    ]
}
