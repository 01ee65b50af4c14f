import Glibc
import Logging
import PCHost

/// Messages on standard error, a line each.
enum Console {
    static func write(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        // SAFETY: the bytes are not kept.
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Lines on standard output, at once.
    static func print(_ lines: [String]) {
        let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
        var done = 0
        while done < bytes.count {
            // SAFETY: `done` is below `bytes.count`, and no more than the rest is written.
            let count = bytes.withUnsafeBytes {
                Glibc.write(STDOUT_FILENO, $0.baseAddress?.advanced(by: done), bytes.count - done)
            }
            guard count > 0 else { return }
            done += count
        }
    }

    /// The program's messages, from `level` on.
    static func messages(level: String) throws -> Messages {
        guard let level = Logger.Level(rawValue: level) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw BadInput("--log-level \(level): must be one of \(names)")
        }
        LoggingSystem.bootstrap { _ in LineLogHandler(logLevel: level) }
        let logger = Logger(label: "swift86")
        return Messages(
            warning: { logger.warning("\($0)") },
            notice: { logger.notice("\($0)") })
    }
}

/// Writes a message as `swift86: LEVEL: TEXT`.
private struct LineLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        Console.write("swift86: \(event.level): \(event.message)")
    }
}
