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
        guard !repeatsRepetition(text) else {
            throw BadInput("\(text): repeats a group with a repetition in it, which may never end; write it without")
        }
        do {
            return try Regex(text).matchingSemantics(.unicodeScalar)
        } catch {
            throw BadInput("\(text): is no regular expression")
        }
    }

    /// Whether a group is repeated that has a repetition in it, as in `(a+)+`: the library tries every way to divide a text
    /// among the two, and nothing would end that.
    private static func repeatsRepetition(_ text: String) -> Bool {
        let characters = Array(text.unicodeScalars)
        var groups = [false]
        var i = 0
        while i < characters.count {
            switch characters[i] {
            case "\\": i += 1
            case "[":
                // A class, in which a bracket that comes first stands for itself.
                var end = i + 1
                while end < characters.count, characters[end] != "]" || end == i + 1 {
                    end += characters[end] == "\\" ? 2 : 1
                }
                i = end
            case "(": groups.append(false)
            case ")":
                let hasRepetition = groups.count > 1 ? groups.removeLast() : false
                let isRepeated = i + 1 < characters.count && ["*", "+", "{"].contains(characters[i + 1])
                if hasRepetition, isRepeated { return true }
                groups[groups.count - 1] = groups[groups.count - 1] || hasRepetition
            case "*", "+", "{": groups[groups.count - 1] = true
            default: break
            }
            i += 1
        }
        return false
    }

    /// Whether it stands among `lines`.
    func isThere(in lines: [String]) -> Bool {
        let text = lines.joined(separator: "\n")
        guard let expression else { return TextWatch.contains(Array(text.utf8), literal) }
        return text.firstMatch(of: expression) != nil
    }
}
