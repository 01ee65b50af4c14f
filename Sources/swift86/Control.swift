import ArgumentParser
import Glibc
import PCHost

extension Swift86 {
    struct Control: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "control",
            abstract: "Drives a machine by lines on standard input and output, or on sockets.",
            discussion: "Documentation/Control.md lists the requests.")

        @Option(help: "Serve the same requests on a Unix socket at this path; repeatable.") var socket: [String] = []
        @Option(help: "Serve the QEMU Machine Protocol on a Unix socket at this path; repeatable.")
        var qmp: [String] = []
        @Option(help: "The folder of the states that QMP's savevm and loadvm name.") var states: String?
        @Flag(help: "Where a state needs it, write over what its disks hold now.") var rewindDisks = false
        @Option(help: "The least that is told: trace, debug, info, notice, warning, error or critical.")
        var logLevel = "notice"

        func run() throws {
            let messages = try Console.messages(level: logLevel)
            if let states { try ControlSession.checkStates(states, isServed: !qmp.isEmpty) }
            let session = ControlSession(messages: messages)
            session.statesFolder = states
            session.rewindsDisks = rewindDisks
            let server = ControlServer(session, input: STDIN_FILENO, output: STDOUT_FILENO, messages: messages)
            guard !socket.isEmpty || !qmp.isEmpty else { return server.serve() }
            let signals = SignalWatch()
            for path in socket { try server.listen(at: path) }
            for path in qmp { try server.listen(at: path, .qmp) }
            server.serve(signals: signals)
        }
    }
}
