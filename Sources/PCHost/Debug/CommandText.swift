/// One line that a user gave a debugger, taken apart from left to right.
struct CommandText {
    let bytes: [UInt8]
    var position = 0

    init(_ line: String) {
        bytes = Array(line.utf8)
    }

    /// The byte `distance` after the position; nil past the end, or before the start.
    func byte(_ distance: Int = 0) -> UInt8? {
        let place = position + distance
        return bytes.indices.contains(place) ? bytes[place] : nil
    }

    mutating func skipBlanks() {
        while let byte = byte(), Self.isBlank(byte) { position += 1 }
    }

    var isAtEnd: Bool {
        var copy = self
        copy.skipBlanks()
        return copy.byte() == nil
    }

    /// What has not been taken yet, without blanks around it.
    var rest: String {
        var text = bytes[position...]
        while let first = text.first, Self.isBlank(first) { text.removeFirst() }
        while let last = text.last, Self.isBlank(last) { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    mutating func takeRest() -> String {
        defer { position = bytes.count }
        return rest
    }

    /// Letters, digits and what names have beside them; nil where none is.
    mutating func takeName() -> String? {
        skipBlanks()
        let start = position
        while let byte = byte(), Self.isName(byte) { position += 1 }
        return start == position ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Everything up to the next blank.
    mutating func takeWord() -> String? {
        skipBlanks()
        let start = position
        while let byte = byte(), !Self.isBlank(byte) { position += 1 }
        return start == position ? nil : String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Takes `word` in either case, if it comes next as a whole.
    mutating func take(_ word: String) -> Bool {
        let before = position
        if let name = takeName(), name.lowercased() == word { return true }
        position = before
        return false
    }

    /// Takes one sign, if it comes next.
    mutating func take(sign: Character) -> Bool {
        skipBlanks()
        guard let code = sign.asciiValue, byte() == code else { return false }
        position += 1
        return true
    }

    /// Nothing more may come.
    func finish() throws(BadInput) {
        guard isAtEnd else { throw BadInput("\(Self.shown(rest)): one thing too many; see help") }
    }

    /// Text from a user or a file, fit for one line of output.
    static func shown(_ text: String) -> String {
        let characters = text.unicodeScalars.prefix(80).map {
            $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) ? "?" : String($0)
        }
        return characters.joined()
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 9 || byte == 13 }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    static func isName(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte >= 0x80
            || [0x5F, 0x2E, 0x24, 0x3F].contains(byte)
    }
}
