import ArgumentParser
import PCCore
import PCHost

extension Swift86 {
    struct Vectors: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "vectors",
            abstract: "Runs CPU test vectors (.sst); ends with 1 if any failed.")

        @Option(help: "The CPU to run on; without it each file's own. 8086, 186, 286, 386, 486, 586 or 686.")
        var cpu: String?
        @Option(help: "Run only the forms whose names match this regular expression.") var filter: String?
        @Flag(help: "Run every instruction in its plain form, not by the handlers of the hot path.") var plain = false
        @Argument(help: "Files of vectors, or folders of them.") var paths: [String]

        func run() throws {
            var batch = try VectorBatch(paths: paths)
            batch.usesTraces = !plain
            if let cpu {
                guard let model = CPUModel(rawValue: cpu) else {
                    let names = CPUModel.allCases.map(\.rawValue).joined(separator: ", ")
                    throw BadInput("--cpu \(cpu): must be one of \(names)")
                }
                batch.model = model
            }
            if let filter {
                guard let pattern = try? Regex(filter) else {
                    throw BadInput("--filter \(filter): is no regular expression")
                }
                batch.keep { $0.firstMatch(of: pattern) != nil }
                guard !batch.files.isEmpty else {
                    throw BadInput("--filter \(filter): no form of these vectors has such a name")
                }
            }
            var (passed, failed, known) = (0, 0, 0)
            try batch.run { report in
                passed += report.passed
                failed += report.failed
                known += report.known
                if let line = report.line { print(line) }
            }
            if known > 0 { print("\(known) known") }
            print("\(passed) passed, \(failed) failed")
            if failed > 0 { throw ExitCode(ExitStatus.unmet.code) }
        }
    }
}
