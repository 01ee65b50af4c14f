/// The names of all instructions, by opcode and by what chooses among those that share one.
///
/// The rows are in `OpcodeMap+Rows.swift`; here they are read, once.
struct OpcodeMap: Sendable {
    static let shared = OpcodeMap()

    private enum Cell {
        case forms([InstructionForm])
        /// A group, by the reg field of ModRM; where it has 16 cells, the second half is for registers.
        case byReg(Substring)
        /// A group, by the r/m field.
        case byRM(Substring)
    }

    private let opcodes: [Cell]
    private let groups: [Substring: [Cell]]

    private init() {
        opcodes = (Self.rows(Self.oneByte) + Self.rows(Self.twoByte)).flatMap(\.cells)
        groups = Dictionary(uniqueKeysWithValues: Self.rows(Self.groups) + Self.rows(Self.escapes))
    }

    private static func rows(_ text: String) -> [(label: Substring, cells: [Cell])] {
        var rows: [Substring] = []
        for line in text.split(separator: "\n") {
            if line.first == " ", let row = rows.popLast() { rows.append(row + line) } else { rows.append(line) }
        }
        return rows.map { row in
            let label = row.prefix { $0 != " " }
            let parts = label.split(separator: "@")
            let first = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
            let cells = row.dropFirst(label.count).split(separator: "|", omittingEmptySubsequences: false).map {
                cell($0.drop { $0 == " " }, first: first)
            }
            return (parts[0], cells.count == 1 ? Array(repeating: cells[0], count: 8) : cells)
        }
    }

    private static func cell(_ text: Substring, first: Int) -> Cell {
        switch text.first {
        case "*": .byReg(text.dropFirst().prefix { $0 != " " })
        case "%": .byRM(text.dropFirst().prefix { $0 != " " })
        default: .forms(text.split(separator: ";").compactMap { InstructionForm($0, first: first) })
        }
    }

    /// The forms of a decoded instruction that the CPU has. The first whose operands its bytes give is the one.
    func forms(of i: Instruction, model: CPUModel) -> [InstructionForm] {
        var cell = opcodes[Int(i.opcode & 0x1FF)]
        while true {
            let group: [Cell]
            var number: Int
            switch cell {
            case .forms(let forms):
                return forms.filter { $0.generations.contains(model.generation) }
            case .byReg(let name):
                group = groups[name] ?? []
                number = Int(i.reg)
            case .byRM(let name):
                group = groups[name] ?? []
                number = Int(i.rm)
            }
            if group.count == 16, i.isRegisterForm { number += 8 }
            guard number < group.count else { return [] }
            cell = group[number]
        }
    }
}
