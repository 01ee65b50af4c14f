import ArgumentParser
import Glibc
import PCCore
import PCHost

extension Swift86 {
    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "run",
            abstract: "Runs a DOS program; its ERRORLEVEL is the exit status.",
            discussion:
                "The program and the folder it stands in are copied to a fresh disk; only --out writes files here.")

        @Option(help: "A bootable DOS floppy; without it what SWIFT86_DOS names.") var dos: String?
        @Option(help: "A folder for the files that the program makes or changes.") var out: String?
        @Option(help: "8086, 186, 286, 386, 486, 586 or 686.") var cpu = "486"
        @Option(help: "Memory, such as 640K or 16M.") var memory: String?
        @Option(help: "Million instructions in a second of guest time.") var mips: String?
        @Option(help: "Guest time after which to end, such as 30s.") var maxTime: String?
        @Flag(help: "The program's output as it is: code page 437, CR and LF.") var raw = false
        @Argument(parsing: .captureForPassthrough, help: "The program, and its arguments.") var program: [String]

        func run() throws {
            guard let path = program.first else { throw BadInput("run: needs a program (.EXE, .COM or .BAT)") }
            guard let dos = dos ?? getenv("SWIFT86_DOS").map({ String(cString: $0) }), !dos.isEmpty else {
                throw BadInput("run: needs a bootable DOS floppy; name an image by --dos or in SWIFT86_DOS")
            }
            var options = DosRunOptions(program: path, dos: dos)
            options.arguments = Array(program.dropFirst())
            options.output = out
            options.isRaw = raw
            try options.setMachine(cpu: cpu, memory: memory, mips: mips, maxTime: maxTime)
            var run = try DosRun(options)
            let status = try run.run()
            if status == .limit { Console.write("swift86: --max-time was reached before the program ended") }
            throw ExitCode(status.code)
        }
    }
}
