/// A command of the debugger: what it is called and what it does.
struct DebugCommand: Sendable {
    /// What an empty line after it does.
    enum Repetition {
        case none
        /// The same line again.
        case whole
        /// The command without what followed it: it goes on where it was.
        case bare
    }

    let name: String
    let shortNames: [String]
    /// What may follow the name.
    let usage: String
    let summary: String
    let repetition: Repetition
    let action: @Sendable (Debugger) -> (inout CommandText) throws(BadInput) -> Void

    init(
        _ name: String, _ shortNames: String = "", _ usage: String = "", _ summary: String,
        repetition: Repetition = .none,
        _ action: @escaping @Sendable (Debugger) -> (inout CommandText) throws(BadInput) -> Void
    ) {
        self.name = name
        self.shortNames = shortNames.split(separator: " ").map(String.init)
        self.usage = usage
        self.summary = summary
        self.repetition = repetition
        self.action = action
    }

    /// The command of this name or short name, or the only one that begins so.
    static func find(_ word: String) throws(BadInput) -> DebugCommand {
        if let command = all.first(where: { $0.name == word || $0.shortNames.contains(word) }) { return command }
        let candidates = all.filter { $0.name.hasPrefix(word) }
        guard let first = candidates.first else {
            throw BadInput("\(CommandText.shown(word)): no command; see help")
        }
        guard candidates.count == 1 else {
            throw BadInput("\(word): may be \(candidates.map(\.name).joined(separator: ", "))")
        }
        return first
    }

    static let all: [DebugCommand] = moving + stopping + looking + changing + others

    private static let moving: [DebugCommand] = [
        .init("step", "s si t", "[N]", "one instruction, or N", repetition: .whole, Debugger.stepCommand),
        .init(
            "over", "n next p ni", "[N]", "the same; what is called runs as part", repetition: .whole,
            Debugger.overCommand),
        .init("out", "finish fin", "", "up to the return of the function that runs", Debugger.outCommand),
        .init(
            "continue", "c g cont", "[TIME]", "up to the next stop, or for a time such as 5ms",
            Debugger.continueCommand),
        .init("until", "to", "ADDRESS", "up to this address, or to a stop before", Debugger.untilCommand),
        .init(
            "back", "rs rsi reverse-step", "[N]", "one instruction back, or N", repetition: .whole,
            Debugger.backCommand),
        .init("rcontinue", "rc reverse-continue", "", "back to the last stop", Debugger.backContinueCommand),
        .init(
            "last-writer", "lw", "ADDRESS [phys] | port N | sector DRIVE N", "who wrote it last",
            Debugger.lastWriterCommand),
    ]

    private static let stopping: [DebugCommand] = [
        .init("break", "b bp", "[ADDRESS] [if CONDITION]", "stop before the instruction there", Debugger.breakCommand),
        .init("tbreak", "tb", "[ADDRESS] [if CONDITION]", "the same, once", Debugger.breakOnceCommand),
        .init(
            "watch", "w", "ADDRESS[,COUNT] [phys] [if CONDITION]", "stop when it is written",
            Debugger.watchCommand),
        .init("rwatch", "", "ADDRESS[,COUNT] [phys] [if CONDITION]", "when it is read", Debugger.readWatchCommand),
        .init(
            "awatch", "", "ADDRESS[,COUNT] [phys] [if CONDITION]", "when it is read or written",
            Debugger.accessWatchCommand),
        .init(
            "port", "iow", "[in|out] N[,COUNT] [if CONDITION]", "stop when a port is read or written",
            Debugger.portCommand),
        .init(
            "int", "", "N [if CONDITION]", "stop at the delivery of an interrupt or exception",
            Debugger.interruptCommand),
        .init("catch", "", "reset [if CONDITION]", "stop when the guest resets the CPU", Debugger.catchCommand),
        .init("delete", "d del bc", "[N…]", "forget stops; all without a number", Debugger.deleteCommand),
        .init("disable", "bpd", "N…", "keep stops but pass them by", Debugger.disableCommand),
        .init("enable", "bpe", "N…", "stop there again", Debugger.enableCommand),
        .init("ignore", "", "N COUNT", "pass stop N by so many times", Debugger.ignoreCommand),
        .init("info", "i", "breaks|symbols|displays|history", "what there is", Debugger.infoCommand),
    ]

    private static let looking: [DebugCommand] = [
        .init("display", "", "[VALUE]", "print it after each move; without one, now", Debugger.displayCommand),
        .init("undisplay", "", "[N…]", "no more; all without a number", Debugger.undisplayCommand),
        .init("history", "hist", "[N]", "the last instructions that ran", Debugger.historyCommand),
        .init("print", "pr ?", "VALUE", "an expression in hexadecimal, decimal, binary", Debugger.printCommand),
        .init(
            "registers", "r regs reg", "", "all registers; * marks what the last move changed",
            Debugger.registersCommand),
        .init("flags", "", "", "EFLAGS by names", Debugger.flagsCommand),
        .init("fpu", "", "", "the x87 and MMX", Debugger.fpuCommand),
        .init("sregs", "", "", "segment and table registers with their hidden parts", Debugger.segmentsCommand),
        .init("gdt", "", "[SELECTOR]", "the global descriptor table", Debugger.gdtCommand),
        .init("ldt", "", "[SELECTOR]", "the local one", Debugger.ldtCommand),
        .init("idt", "ivt", "[VECTOR]", "gates, or vectors of real mode", Debugger.idtCommand),
        .init("tss", "", "", "the current task-state segment", Debugger.taskCommand),
        .init("page", "pg", "ADDRESS", "how a linear address is translated", Debugger.pageCommand),
        .init("tlb", "", "[ADDRESS]", "the translations that the CPU holds", Debugger.tlbCommand),
        .init(
            "x", "dump", "/[N][b|w|d|s|i] ADDRESS [phys]", "memory: bytes, words, dwords, text, instructions",
            repetition: .bare, Debugger.dumpCommand),
        .init("find", "", "ADDRESS,COUNT HEX… | \"TEXT\"", "where these bytes stand", Debugger.findCommand),
        .init("stack", "k", "[N]", "the top of the stack, with return addresses", Debugger.stackCommand),
        .init(
            "disassemble", "u dis", "[ADDRESS] [N]", "instructions", repetition: .bare,
            Debugger.disassembleCommand),
        .init("device", "dev", "[NAME]", "a device's registers; all names without one", Debugger.deviceCommand),
        .init("screen", "", "", "the text screen", Debugger.screenCommand),
        .init("time", "", "", "instructions and guest time", Debugger.timeCommand),
    ]

    private static let changing: [DebugCommand] = [
        .init("set", "", "REGISTER VALUE | byte|word|dword ADDRESS VALUE[,VALUE…]", "change it", Debugger.setCommand),
        .init("input", "type", "TEXT", "type on the guest's keyboard; \\n is Enter", Debugger.inputCommand),
        .init("symbols", "sym", "FILE [at BASE]", "names from a map or an ELF file", Debugger.symbolsCommand),
        .init("save", "", "FILE", "the whole machine", Debugger.saveCommand),
        .init("load", "", "FILE", "the same back", Debugger.loadCommand),
    ]

    private static let others: [DebugCommand] = [
        .init("echo", "", "TEXT", "print it", Debugger.echoCommand),
        .init("expect", "", "TEXT | re:EXPRESSION", "what the last command must have printed", Debugger.expectCommand),
        .init("help", "h", "[COMMAND]", "what there is", Debugger.helpCommand),
        .init("quit", "q exit", "", "the end", Debugger.quitCommand),
    ]

    var helpLines: [String] {
        [([name] + shortNames).joined(separator: ", ") + (usage.isEmpty ? "" : "  \(usage)"), "    \(summary)"]
    }
}
