extension ScenarioOutcome {
    /// What it says on standard output: a line, and below it what there is to add. The same in every run.
    public var lines: [String] {
        let seconds = MachineSession.decimal(guestTime / 100_000_000, places: 1)
        let word: String
        var details = notes
        switch verdict {
        case .passed: word = "pass"
        case .failed(let line, let why):
            word = "FAIL"
            details += "line \(line): \(why)".split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        case .unusable(let why):
            word = "FAIL"
            details.append(why)
        }
        let head = "\(word) \(Self.padded(name, to: 24)) \(Self.padded(seconds, to: -7)) s  \(title)"
        return [head.withoutBlanksAtEnd] + details.map { "     " + $0 }
    }

    /// `text` with blanks behind it, or before it where `width` is negative.
    private static func padded(_ text: String, to width: Int) -> String {
        let blanks = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? blanks + text : text + blanks
    }
}
