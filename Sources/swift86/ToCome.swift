import ArgumentParser
import PCHost

/// A command that a later version brings: it takes any arguments and says so.
protocol CommandToCome: ParsableCommand {}

extension CommandToCome {
    func run() throws {
        throw BadInput("\(Self._commandName): not there yet")
    }
}

extension Swift86 {
    struct Run: CommandToCome {
        static let configuration = CommandConfiguration(
            commandName: "run", abstract: "Runs a DOS program (not there yet).")
        @Argument(parsing: .captureForPassthrough) var rest: [String] = []
    }
}
