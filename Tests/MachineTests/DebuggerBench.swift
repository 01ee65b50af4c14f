import PCCore
import PCHost
import Testing

/// A machine with a debugger, and what it has printed.
final class DebuggerBench {
    let session: MachineSession
    let debugger: Debugger
    let folder: Folder
    private var lines: [String] = []

    init(_ program: [UInt8], _ change: (inout BootOptions) -> Void = { _ in }) throws {
        folder = try Folder()
        var options = BootOptions()
        options.bios = try folder.file("tiny.bin", TinyBIOS(program).image)
        options.headless = true
        options.cpu = "486"
        options.memory = "1M"
        change(&options)
        let none = DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false)
        session = try MachineSession(try BootPlan(options, surroundings: none))
        var take: (String) -> Void = { _ in }
        debugger = Debugger(DebugTarget(session)) { take($0) }
        take = { [unowned self] in lines.append($0) }
    }

    var hash: String { MachineHash.hex(session.pc, disks: []) }

    /// The lines of a transcript that begin with `> ` are done; the rest is what they must print.
    func replay(_ transcript: String) throws {
        let commands = transcript.split(separator: "\n").filter { $0.hasPrefix("> ") }.map { $0.dropFirst(2) }
        lines = []
        for command in commands {
            lines.append("> \(command)")
            do { try debugger.execute(String(command)) } catch { lines.append("error: \(error.message)") }
        }
        let text = lines.map { $0.hasSuffix(" ") ? "\($0)|" : $0 }.joined(separator: "\n")
        #expect(text == transcript)
    }

    func print(_ commands: [String]) throws -> [String] {
        lines = []
        for command in commands { try debugger.execute(command) }
        return lines
    }

    /// What is wrong with a line; nil where it is done.
    func complaint(_ line: String) -> String? {
        do throws(BadInput) {
            try debugger.execute(line)
            return nil
        } catch {
            return error.message
        }
    }
}
