import Glibc

/// What became of scenarios, as the XML that CI servers read.
public enum JUnitReport {
    public static func xml(_ outcomes: [ScenarioOutcome]) -> String {
        let failures = outcomes.filter { if case .failed = $0.verdict { true } else { false } }.count
        let errors = outcomes.filter { if case .unusable = $0.verdict { true } else { false } }.count
        let time = outcomes.reduce(UInt64(0)) { $0 &+ $1.hostTime }
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
            "<testsuite name=\"swift86\" tests=\"\(outcomes.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
                + " time=\"\(seconds(time))\">",
        ]
        for outcome in outcomes { lines += testcase(outcome) }
        return (lines + ["</testsuite>"]).map { $0 + "\n" }.joined()
    }

    /// Whether a report could be written to `path` now: before scenarios are run. Nothing is overwritten but XML.
    public static func check(_ path: String) throws(BadInput) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard access(folder, W_OK | X_OK) == 0 else { throw BadInput("\(path): cannot be written: \(HostError.text)") }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else { return }
        guard HostFile.head(of: path, count: 5) == Array("<?xml".utf8) else {
            throw BadInput("\(path): is there already and is no report in XML; choose another name")
        }
    }

    /// Writes the report to a file.
    public static func write(_ outcomes: [ScenarioOutcome], to path: String) throws(BadInput) {
        try check(path)
        try HostFile.write(Array(xml(outcomes).utf8), to: path)
    }

    private static func testcase(_ outcome: ScenarioOutcome) -> [String] {
        var body: [String] = []
        switch outcome.verdict {
        case .passed: break
        case .failed(let line, let why):
            let first = why.prefix { $0 != "\n" }
            body.append("    <failure message=\"line \(line): \(escaped(first))\">\(escaped(why[...]))</failure>")
        case .unusable(let why): body.append("    <error message=\"\(escaped(why[...]))\"/>")
        }
        if !outcome.notes.isEmpty {
            body.append("    <system-out>\(escaped(outcome.notes.joined(separator: "\n")[...]))</system-out>")
        }
        let head =
            "  <testcase classname=\"scenario\" name=\"\(escaped(outcome.name[...]))\" time=\"\(seconds(outcome.hostTime))\""
        return body.isEmpty ? [head + "/>"] : [head + ">"] + body + ["  </testcase>"]
    }

    private static func seconds(_ nanoseconds: UInt64) -> String {
        MachineSession.decimal(nanoseconds / 1_000_000, places: 3)
    }

    /// Text for XML; characters that XML 1.0 cannot hold become question marks.
    private static func escaped(_ text: Substring) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\t": result += "\t"
            case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
