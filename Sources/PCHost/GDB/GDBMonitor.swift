import PCCore

/// A command of `monitor`.
public struct GDBMonitorCommand {
    /// The words that it begins with, such as `info time`.
    public var name: String
    /// What follows them.
    public var arguments: String
    public var help: String
    /// Given the words after the name, gives the text that the user sees.
    public var run: (GDBSession, [Substring]) throws(BadInput) -> String

    public init(
        _ name: String, _ arguments: String = "", _ help: String,
        run: @escaping (GDBSession, [Substring]) throws(BadInput) -> String
    ) {
        self.name = name
        self.arguments = arguments
        self.help = help
        self.run = run
    }
}

extension GDBSession {
    /// What `monitor LINE` prints.
    func monitor(_ line: String) -> String {
        let words = line.split { $0 == " " || $0 == "\t" }
        for command in commands {
            let name = command.name.split(separator: " ")
            guard words.starts(with: name) else { continue }
            do throws(BadInput) {
                return try command.run(self, Array(words.dropFirst(name.count)))
            } catch {
                return error.message + "\n"
            }
        }
        return words.isEmpty ? monitor("help") : "\(line): no such command; monitor help lists them\n"
    }
}
