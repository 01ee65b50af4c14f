/// A text to look for on the screen: as it is, or with `re:` in front a regular expression over all lines, in which `^` and
/// `$` stand for the ends of a line.
// SAFETY: a compiled expression is a value that nothing changes; the library has not marked it so.
struct TextPattern: @unchecked Sendable {
    let source: String
    private let literal: [UInt8]
    private let expression: Regex<AnyRegexOutput>?

    init(_ source: String) throws(BadInput) {
        self.source = source
        literal = Array(source.utf8)
        guard source.hasPrefix("re:") else {
            guard !source.isEmpty else { throw BadInput("the text is empty") }
            expression = nil
            return
        }
        expression = try Self.compile(String(source.dropFirst(3))).anchorsMatchLineEndings()
    }

    /// A regular expression over Unicode scalars.
    static func compile(_ text: String) throws(BadInput) -> Regex<AnyRegexOutput> {
        do {
            return try Regex(text).matchingSemantics(.unicodeScalar)
        } catch {
            throw BadInput("\(text): is no regular expression")
        }
    }

    /// Whether it stands among `lines`.
    func isThere(in lines: [String]) -> Bool {
        let text = lines.joined(separator: "\n")
        guard let expression else { return TextWatch.contains(Array(text.utf8), literal) }
        return text.firstMatch(of: expression) != nil
    }
}
