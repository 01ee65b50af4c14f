import PCCore

/// A debugger's command line over a machine: takes lines, gives lines. Documentation/Debugger.md describes the commands.
///
/// What it prints depends on the machine and the commands alone, so that transcripts can be compared.
public final class Debugger {
    public let target: DebugTarget
    var session: MachineSession { target.session }
    var pc: PC { target.pc }

    /// Is asked between two slices while the guest runs; the machine may be shown then, and take input.
    public var isInterrupted: () -> Bool = { false }
    /// Is asked while the machine is here and there in its history, and must leave it alone.
    public var isBackInterrupted: () -> Bool = { false }
    /// Saves and loads whole machines by file; nil where that is not there.
    public var saveState: ((String) throws(BadInput) -> Void)?
    public var loadState: ((String) throws(BadInput) -> Void)?
    /// The user has had enough.
    public internal(set) var isDone = false
    /// An `expect` has failed.
    public internal(set) var isUnmet = false

    var stops = StopList()
    /// The numbers of those that the last stop was accepted for.
    var met: Set<Int> = []
    var symbols = SymbolTable()
    var displays: [Display] = []
    var lastDisplay = 0
    /// Registers as they were before the machine moved last.
    var before: [Register: UInt32] = [:]
    /// Where `x` and `disassemble` go on without an address.
    var nextDump: DumpPlace?
    var nextCode: DumpPlace?
    /// What an empty line does again.
    private var again: String?
    /// What the last command printed, for `expect`.
    private(set) var lastOutput: [String] = []
    private let output: (String) -> Void

    /// An address to go on from, in the way it was written.
    struct DumpPlace {
        var linear: UInt32
        var far: FarAddress?

        mutating func advance(_ count: Int) {
            let count = UInt32(truncatingIfNeeded: count)
            linear &+= count
            far?.offset &+= count
        }
    }

    /// - Parameter output: takes one line at a time, without its line feed.
    public init(_ target: DebugTarget, output: @escaping (String) -> Void) {
        self.target = target
        self.output = output
        noteRegisters()
    }

    func print(_ line: String) {
        lastOutput.append(line)
        output(line)
    }

    /// Does what one line says. An empty one repeats what can be repeated.
    public func execute(_ line: String) throws(BadInput) {
        var text = CommandText(line)
        if text.isAtEnd {
            if let again { try execute(again) }
            return
        }
        if text.take(sign: "#") { return }
        guard let word = text.takeName()?.lowercased() else { throw BadInput("\(text.rest): no command; see help") }
        // `rest` keeps a name that goes on with a sign, such as last-writer.
        var name = word
        while text.byte() == 0x2D, let next = text.byte(1), CommandText.isName(next) {
            text.position += 1
            name += "-" + (text.takeName() ?? "").lowercased()
        }
        let command = try DebugCommand.find(name)
        // What was printed stays for several `expect`s.
        if command.name != "expect" { lastOutput = [] }
        try command.action(self)(&text)
        switch command.repetition {
        case .none: again = nil
        case .whole: again = line
        case .bare: again = command.name
        }
    }

    func noteRegisters() {
        before = [:]
        for register in Register.allCases where register.since <= pc.cpu.model { before[register] = pc.cpu[register] }
    }

    // MARK: Names of places

    /// Where the next instruction is.
    var here: DumpPlace {
        DumpPlace(
            linear: pc.cpu.codeAddress, far: FarAddress(UInt16(truncatingIfNeeded: pc.cpu[.cs]), pc.cpu[.eip]))
    }

    /// `SEG:OFF`, or the linear address where it was written so.
    func text(_ place: DumpPlace) -> String {
        guard let far = place.far else { return HexText.number(place.linear, digits: 8) }
        return text(far)
    }

    func text(_ far: FarAddress) -> String {
        "\(HexText.number(far.selector, digits: 4)):" + HexText.number(far.offset, digits: far.offset > 0xFFFF ? 8 : 4)
    }
}
