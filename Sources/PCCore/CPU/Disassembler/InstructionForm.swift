/// A name and its operands: one cell of the opcode map.
struct InstructionForm {
    /// The name; where there are two, for 16 and for 32 bits.
    private let names: [String]
    /// The two names differ by address size, not by operand size.
    private let followsAddressSize: Bool
    let operands: [Operand]
    /// The generations of the CPUs that have it.
    let generations: ClosedRange<Int>

    /// Reads a cell: `name operand,operand @first-last`.
    ///
    /// `name/name` are those for 16-bit and 32-bit operands, `name&name` for addresses. `@4` is a generation (0 for the
    /// 8086 to 6 for the Pentium II) that has it first, `@2-2` one with a last as well; `first` is what holds without.
    /// Nil for an empty cell.
    init?(_ cell: Substring, first: Int) {
        let words = cell.split(separator: " ")
        guard let name = words.first else { return nil }
        followsAddressSize = name.contains("&")
        names = name.split(whereSeparator: { $0 == "/" || $0 == "&" }).map(String.init)
        let range = words.last { $0.first == "@" }?.dropFirst().split(separator: "-").compactMap { Int($0) } ?? []
        let from = range.first ?? first
        generations = from...max(from, range.count > 1 ? range[1] : CPUModel.pentiumII.generation)
        let list = words.dropFirst().first { $0.first != "@" } ?? ""
        operands = list.split(separator: ",").map { Operand($0) }
    }

    func name(operand32: Bool, address32: Bool) -> String {
        let isLong = followsAddressSize ? address32 : operand32
        return (isLong ? names.last : names.first) ?? ""
    }

    /// Takes a REP prefix.
    var isString: Bool { operands.contains { $0.method == .source || $0.method == .destination } }
    /// Both strings are read: a REP prefix is REPE. So is SCAS, which has its accumulator first.
    var comparesStrings: Bool { isString && operands.last?.method == .destination }
}

/// An operand by the manual's codes for it [SDM 2D A.2]: an addressing method and a size, such as `Ev`.
struct Operand {
    enum Method: Character {
        /// A far pointer in the instruction.
        case pointer = "A"
        case control = "C"
        case debug = "D"
        /// A general register or memory, by r/m.
        case registerOrMemory = "E"
        /// ST(i), by r/m.
        case stack = "F"
        /// A general register, by reg.
        case register = "G"
        case immediate = "I"
        /// A jump's target.
        case jump = "J"
        /// ENTER's second immediate.
        case level = "L"
        case memory = "M"
        /// An MMX register, by r/m.
        case onlyMMX = "N"
        case offset = "O"
        /// An MMX register, by reg.
        case mmx = "P"
        /// An MMX register or memory, by r/m.
        case mmxOrMemory = "Q"
        /// A general register, by r/m.
        case onlyRegister = "R"
        case segment = "S"
        case test = "T"
        /// DS:SI.
        case source = "X"
        /// ES:DI.
        case destination = "Y"
        /// A general register, by the opcode's low three bits.
        case numbered = "Z"
        /// The accumulator, as large as the operand.
        case accumulator = "r"
        /// What stands in the map stands in the text.
        case literal = "="
    }

    /// `b`, `w`, `d`, `q` for 8 to 64 bits, `v` for the operand size, and some that belong to one instruction each.
    typealias Size = Character

    let method: Method
    let size: Size
    let text: String

    init(_ code: Substring) {
        let isCode = code.first == "r" || code.first?.isUppercase == true
        method = isCode ? code.first.flatMap(Method.init(rawValue:)) ?? .literal : .literal
        size = code.dropFirst().first ?? " "
        text = String(code)
    }
}
