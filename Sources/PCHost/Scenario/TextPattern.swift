/// A text to look for on the screen: as it is, or with `re:` in front a regular expression over all lines, in which `^` and
/// `$` stand for the ends of a line.
struct TextPattern: Sendable {
    let source: String
    private let literal: [UInt8]
    private let expression: TextExpression?

    init(_ source: String) throws(BadInput) {
        self.source = source
        literal = Array(source.utf8)
        guard source.hasPrefix("re:") else {
            guard !source.isEmpty else { throw BadInput("the text is empty") }
            expression = nil
            return
        }
        guard source != "re:" else { throw BadInput("the expression behind re: is empty") }
        expression = try TextExpression(String(source.dropFirst(3)))
    }

    /// Whether it stands among `lines`.
    func isThere(in lines: [String]) -> Bool {
        let text = lines.joined(separator: "\n")
        return expression?.isThere(in: text) ?? TextWatch.contains(Array(text.utf8), literal)
    }
}
