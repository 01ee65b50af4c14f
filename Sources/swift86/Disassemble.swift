import ArgumentParser
import PCHost

extension Swift86 {
    struct Disassemble: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "disassemble",
            abstract: "Disassembles machine code, in Intel syntax.",
            discussion: "Numbers are decimal, or hexadecimal as 0x7C00 or 7C00h.")

        @Option(help: "The code's operands and addresses: 16 or 32.") var bits = "16"
        @Option(help: "The address of the first instruction.") var origin = "0"
        @Option(help: "The CPU that the code is for: 8086, 186, 286, 386, 486, 586 or 686.") var cpu = "686"
        @Option(help: "Where the first instruction stands in the file.") var offset = "0"
        @Option(help: "Stop after so many instructions.") var count: String?
        @Argument(help: "A file of machine code; - is standard input.") var file: String

        func run() throws {
            let listing = try DisassemblyListing(
                path: file, bits: bits, origin: origin, cpu: cpu, offset: offset, count: count)
            listing.write { print($0, terminator: "") }
        }
    }
}
