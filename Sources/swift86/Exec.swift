import ArgumentParser
import Glibc
import PCHost

extension Swift86 {
    struct Exec: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "exec",
            abstract: "Executes machine code on a bare CPU and prints what changed.",
            discussion: "Documentation/CommandLine.md describes the output, as text and as JSON.")

        @Argument(help: "A file with machine code, or - for standard input.") var file: String?
        @Option(help: "Machine code, such as \"B8 34 12\".") var hex: String?
        @Option(help: "8086, 186, 286, 386, 486, 586 or 686.") var cpu: String?
        @Option(help: "real, v86, protected16 or protected32.") var mode: String?
        @Option(name: .customLong("cpl"), help: "The privilege level in protected mode, 0 to 3.")
        var privilege: String?
        @Option(help: "Memory, such as 1M.") var memory: String?
        @Option(help: "Where the code is: SEG:OFF in hexadecimal, or an address.") var at: String?
        @Option(help: "Registers and flags, such as ax=0x1234,cf=1,ds.base=0x20000.") var set: [String] = []
        @Option(help: "Memory, such as 0x2000=AABB.") var mem: [String] = []
        @Option(help: "How many instructions to execute; otherwise up to the code's end.") var steps: String?
        @Option(help: "The address to run up to.") var until: String?
        @Option(help: "The most instructions to execute without --steps.") var limit: String?
        @Flag(help: "Deliver exceptions and interrupts instead of catching them.") var deliver = false
        @Option(help: "What to print at the end: registers, ADDRESS+COUNT, or all.") var show: [String] = []
        @Flag(help: "Print a line for each instruction, as boot --trace does.") var trace = false
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            var options = ExecOptions()
            options.file = file
            options.hex = hex
            options.cpu = cpu
            options.mode = mode
            options.privilege = privilege
            options.memory = memory
            options.at = at
            options.set = set
            options.mem = mem
            options.steps = steps
            options.until = until
            options.limit = limit
            options.deliver = deliver
            options.show = show
            options.trace = trace
            options.json = json
            let run = try ExecRun(ExecPlan(options))
            print(run.report, terminator: "")
            throw ExitCode(run.status.code)
        }
    }
}
