import ArgumentParser
import PCHost

extension Swift86 {
    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test",
            abstract: "Runs scenarios (.scn); ends with 1 if a step of any was not met.",
            discussion: "Documentation/Scenarios.md describes their format.")

        @Option(help: "How many to run side by side; without it as many as there are cores.") var jobs: Int?
        @Option(help: "max runs as fast as the host can; real keeps to the host's clock.") var speed = "max"
        @Option(help: "Write a report in JUnit's XML.") var junit: String?
        @Option(help: "A folder for what was seen at goldens and at a failing step.") var keep: String?
        @Flag(help: "Make the golden files of what the machine shows.") var bless = false
        @Flag(name: .shortAndLong, help: "Tell each step with its guest time.") var verbose = false
        @Option(help: "A system BIOS to use in place of the built-in one.") var bios: String?
        @Option(help: "A VGA BIOS to use in place of the built-in one.") var vgaBios: String?
        @Argument(help: "Scenarios, or folders of them.") var paths: [String]

        func run() throws {
            var settings = ScenarioSettings()
            guard speed == "max" || speed == "real" else { throw BadInput("--speed \(speed): must be real or max") }
            settings.isPaced = speed == "real"
            settings.blesses = bless
            settings.keepFolder = keep
            settings.tellsSteps = verbose
            settings.bios = bios
            settings.vgaBIOS = vgaBios
            let jobs = jobs ?? ScenarioBatch.cores
            guard (1...1024).contains(jobs) else { throw BadInput("--jobs \(jobs): must be from 1 to 1024") }
            if let junit { try JUnitReport.check(junit) }
            let batch = try ScenarioBatch(paths: paths)
            let outcomes = batch.run(settings, jobs: jobs) { Console.print($0.lines) }
            let passed = outcomes.filter { $0.verdict == .passed }.count
            Console.print(["\(passed) passed, \(outcomes.count - passed) failed"])
            if let junit { try JUnitReport.write(outcomes, to: junit) }
            guard passed == outcomes.count else {
                let isUnusable = outcomes.contains { if case .unusable = $0.verdict { true } else { false } }
                throw ExitCode((isUnusable ? ExitStatus.badInput : .unmet).code)
            }
        }
    }
}
