import PCCore

/// A scripted session with a machine: what the machine is, and the steps. A text file `*.scn`, whose format
/// Documentation/Scenarios.md describes.
public struct Scenario: Sendable {
    struct NumberedStep: Sendable {
        let line: Int
        /// The line's words, for messages.
        let text: String
        let step: ScenarioStep
    }

    let path: String
    /// The file's name without folders and extension.
    public let name: String
    public var title: String { machine.title }
    /// Where the file stands; names of other files count from here.
    let folder: String
    private(set) var machine = ScenarioMachine()
    private(set) var steps: [NumberedStep] = []
    private(set) var masks: [(pattern: TextExpression, replacement: String)] = []

    /// Reads the file at `path`; the files that it names are not looked at.
    public init(path: String) throws(BadInput) {
        let bytes = try HostFile.read(path, limit: 1 << 20)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw BadInput("\(path): is no text in UTF-8")
        }
        try self.init(text, path: path)
    }

    /// - Parameter path: for messages, and for where other files are.
    init(_ text: String, path: String) throws(BadInput) {
        self.path = path
        let file = HostFile.name(path)
        name = file.hasSuffix(".scn") ? String(file.dropLast(4)) : file
        folder = path.contains("/") ? String(path.dropLast(file.count)) : ""
        machine.folder = folder
        for (index, text) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            do {
                if let line = try ScenarioLine(text, number: index + 1) { try add(line) }
            } catch {
                throw BadInput("\(path):\(index + 1): \(error.message)")
            }
        }
    }

    private mutating func add(_ line: ScenarioLine) throws(BadInput) {
        let words = line.words
        if steps.isEmpty, try machine.add(words) { return }
        let step = try ScenarioStep(line)
        switch step {
        case .mask(let pattern, let replacement): masks.append((try TextExpression(pattern), replacement))
        case .load(let name):
            let isSaved = steps.contains { if case .save(name) = $0.step { true } else { false } }
            guard isSaved else { throw BadInput("load \(name): no step save \(name) comes before") }
        case .expectMoved(let name, _):
            let isMarked = steps.contains { if case .markScreen(name) = $0.step { true } else { false } }
            guard isMarked else { throw BadInput("expect-moved \(name): no step mark-screen \(name) comes before") }
        default: break
        }
        steps.append(NumberedStep(line: line.number, text: words.map(Self.quoted).joined(separator: " "), step: step))
    }

    /// A word as it may have stood in the file.
    private static func quoted(_ word: String) -> String {
        guard word.isEmpty || word.contains(where: { $0.isWhitespace || $0 == "\"" }) else { return word }
        let escapes: [Character: String] = ["\n": "\\n", "\t": "\\t", "\"": "\\\""]
        return "\"" + word.map { escapes[$0] ?? String($0) }.joined() + "\""
    }
}
