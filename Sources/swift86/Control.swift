import ArgumentParser
import PCHost

extension Swift86 {
    struct Control: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "control",
            abstract: "Drives a machine by lines on standard input and output.",
            discussion: "Documentation/CommandLine.md lists the requests.")

        @Option(help: "The least that is told: trace, debug, info, notice, warning, error or critical.")
        var logLevel = "notice"

        func run() throws {
            ControlServer(ControlSession(messages: try Console.messages(level: logLevel))).serve()
        }
    }
}
