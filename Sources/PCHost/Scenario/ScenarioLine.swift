/// One line of a scenario as words. Blanks part words; what stands in double quotes is one word, or a part of one.
struct ScenarioLine: Equatable, Sendable {
    /// Counted from 1.
    let number: Int
    let words: [String]

    /// Nil for an empty line and for a comment.
    ///
    /// - Throws: where a quotation does not end, or has a `\x` without its digits.
    init?(_ text: some StringProtocol, number: Int) throws(BadInput) {
        self.number = number
        var words: [String] = []
        var word: String?
        var rest = Substring(text)
        if rest.first(where: { !$0.isWhitespace }) == "#" { return nil }
        while let character = rest.popFirst() {
            if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else if character == "\"" {
                word = try (word ?? "") + Self.quotation(&rest)
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let done = word { words.append(done) }
        guard !words.isEmpty else { return nil }
        self.words = words
    }

    /// Takes what stands up to the closing quote. A backslash before anything that it does not change stands for itself.
    private static func quotation(_ rest: inout Substring) throws(BadInput) -> String {
        var text = ""
        while let character = rest.popFirst() {
            if character == "\"" { return text }
            guard character == "\\", let next = rest.first else {
                text.append(character)
                continue
            }
            switch next {
            case "n": text.append("\n")
            case "t": text.append("\t")
            case "e": text.append("\u{1B}")
            case "b": text.append("\u{8}")
            case "\\", "\"": text.append(next)
            case "x":
                let digits = rest.dropFirst().prefix(2)
                guard digits.count == 2, let code = OptionValue.hexBytes(digits)?.first else {
                    throw BadInput(
                        "\\x\(digits): \\x needs two hexadecimal digits; write \\\\x for a backslash and an x")
                }
                text.unicodeScalars.append(Unicode.Scalar(code))
                rest.removeFirst(2)
            default:
                text.append("\\")
                continue
            }
            rest.removeFirst()
        }
        throw BadInput("a quotation does not end")
    }
}
