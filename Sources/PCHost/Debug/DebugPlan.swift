/// How a run is debugged: what `--debug` and `--debug-script` say.
public struct DebugPlan: Equatable, Sendable {
    /// Commands are read from standard input.
    public var hasPrompt: Bool
    /// A file of commands that come before.
    public var script: String?

    init(hasPrompt: Bool, script: String?) {
        self.hasPrompt = hasPrompt
        self.script = script
    }

    /// Nil where nobody asked for a debugger.
    init?(_ options: BootOptions) {
        guard options.debug || options.debugScript != nil else { return nil }
        self.init(hasPrompt: options.debug, script: options.debugScript)
    }

    /// The terminal is the debugger's.
    func check(_ plan: BootPlan) throws(BadInput) {
        let option = hasPrompt ? "--debug" : "--debug-script"
        if plan.gdbPort != nil { throw BadInput("\(option) and --gdb: only one of them can drive the machine") }
        if plan.display == .terminal {
            throw BadInput("\(option): --display terminal takes the terminal; use --display window or --headless")
        }
        if hasPrompt, plan.serial == .standardOutput {
            throw BadInput("--debug: --serial stdio takes standard input; use --serial file:PATH")
        }
        if plan.trace?.target == .standardOutput {
            throw BadInput("\(option): --trace - takes standard output; give the trace a file")
        }
    }
}
