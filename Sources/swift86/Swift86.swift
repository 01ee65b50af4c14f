import ArgumentParser
import Glibc
import PCHost

@main
struct Swift86: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "swift86",
        abstract: "A PC from the 8086 to the Pentium II, in Swift.",
        discussion: "swift86 IMAGE… is short for swift86 boot IMAGE…; without an image the demo disk boots.",
        version: version,
        subcommands: [
            Boot.self, Control.self, Info.self, Version.self, Test.self, Vectors.self, Exec.self, Disassemble.self,
            Compare.self, Run.self, Overlay.self,
        ],
        defaultSubcommand: Boot.self
    )

    /// The parser's own exit codes are not ours: bad usage is 2, told in one line.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let input as BadInput {
            fail(input.message)
        } catch {
            guard exitCode(for: error).isSuccess else {
                if let code = error as? ExitCode { Glibc.exit(code.rawValue) }
                fail(message(for: error).split(separator: "\n").joined(separator: " "))
            }
            exit(withError: error)
        }
    }

    /// One line on standard error, and status 2. Every status of `run` but a few is the program's own.
    private static func fail(_ message: String) -> Never {
        Console.write("swift86: \(message)")
        let isRun = CommandLine.arguments.dropFirst().first == Run.configuration.commandName
        Glibc.exit((isRun ? ExitStatus.unable : .badInput).code)
    }
}
