/// Lines that must stand on a text screen as one block, at any height. `{{REGEX}}` in a line stands for whatever the
/// expression matches; blanks at line ends do not count.
struct GoldenText {
    private enum Pattern {
        case literal(String)
        case expression(TextExpression)
    }

    private let patterns: [Pattern]

    /// - Throws: where an expression is none.
    init(_ text: String) throws(BadInput) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else { throw BadInput("holds no line") }
        var patterns: [Pattern] = []
        for line in lines { patterns.append(try Self.pattern(line)) }
        self.patterns = patterns
    }

    func isThere(in screen: [String]) -> Bool {
        guard screen.count >= patterns.count else { return false }
        return (0...screen.count - patterns.count).contains { first in
            zip(patterns, screen[first...]).allSatisfy { Self.matches($0, $1.withoutBlanksAtEnd) }
        }
    }

    private static func matches(_ pattern: Pattern, _ line: String) -> Bool {
        switch pattern {
        case .literal(let text): line == text
        case .expression(let expression): expression.isWhole(line)
        }
    }

    private static func pattern(_ line: String) throws(BadInput) -> Pattern {
        guard line.contains("{{") else { return .literal(line.withoutBlanksAtEnd) }
        var source = ""
        var rest = line[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            source += escaped(rest[..<open.lowerBound]) + "(?:" + rest[open.upperBound..<close.lowerBound] + ")"
            rest = rest[close.upperBound...]
        }
        return .expression(
            try TextExpression(source + escaped(Substring(String(rest).withoutBlanksAtEnd)) + "\\s*"))
    }

    /// `text` as an expression that matches it alone.
    private static func escaped(_ text: Substring) -> String {
        text.map { $0.isASCII && !$0.isLetter && !$0.isNumber ? "\\\($0)" : String($0) }.joined()
    }

    /// What a golden of `screen` holds: from a line with `start` on (the last such line, or the first), without blank
    /// lines at its ends, and with what `masks` match put as they say.
    static func made(
        of screen: [String], from start: String?, first: Bool, masks: [(TextExpression, String)]
    ) -> String {
        var lines = screen[...]
        if let start {
            let found = first ? lines.firstIndex { $0.contains(start) } : lines.lastIndex { $0.contains(start) }
            lines = lines[(found ?? lines.startIndex)...]
        }
        while lines.last?.withoutBlanksAtEnd.isEmpty == true { lines.removeLast() }
        while lines.first?.withoutBlanksAtEnd.isEmpty == true { lines.removeFirst() }
        return lines.map { line in
            masks.reduce(line.withoutBlanksAtEnd) { $1.0.replaced(in: $0, with: $1.1) } + "\n"
        }.joined()
    }
}

extension String {
    var withoutBlanksAtEnd: String {
        var text = self[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
