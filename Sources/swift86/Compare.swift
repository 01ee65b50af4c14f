import ArgumentParser
import PCHost

extension Swift86 {
    struct Compare: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "compare",
            abstract: "Names the first difference between two traces; ends with 1 if there is one.")

        @Argument(help: "A trace that boot --trace wrote, or - for standard input.") var first: String
        @Argument(help: "Another.") var second: String
        @Option(help: "What may differ: count, instruction, changes, or registers such as eax,eflags; repeatable.")
        var ignore: [String] = []
        @Option(help: "How many lines to show before and after the difference.") var context = "3"

        func run() throws {
            guard let lines = Int(context), (0...1000).contains(lines) else {
                throw BadInput("--context \(context): must be a number of lines, 0 to 1000")
            }
            let result = try TraceComparison(first, second, ignoring: ignore, context: lines).run()
            print(result.report, terminator: "")
            if !result.isSame { throw ExitCode(ExitStatus.unmet.code) }
        }
    }
}
