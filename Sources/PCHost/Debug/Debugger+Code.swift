import PCCore

/// Instructions as text.
extension Debugger {
    /// More than anyone reads.
    static let mostInstructions = 10_000

    func disassembleCommand(_ text: inout CommandText) throws(BadInput) {
        var place = nextCode ?? here
        var count = 10
        if let expression = try text.takeOptionalExpression() {
            place = try expression.address(in: self)
            count = Int(try takeNumber(&text, .count(1...Int64(Self.mostInstructions)), else: 10))
        }
        try text.finish()
        list(count, from: place)
    }

    func list(_ count: Int, from start: DumpPlace) {
        var place = start
        for _ in 0..<count {
            let (line, length) = instruction(at: place)
            print("\(text(place))  \(line)")
            place.advance(length)
        }
        nextCode = place
    }

    /// The instruction that comes next, with the count of those before it.
    func printHere() {
        let state = pc.cpu.isShutDown ? "  ; shut down" : pc.cpu.isHalted ? "  ; halted" : ""
        print(hereLine + state)
    }

    func historyCommand(_ text: inout CommandText) throws(BadInput) {
        let count = try takeNumber(&text, .count(1...100_000), else: 10)
        try text.finish()
        var isEmpty = true
        target.visitLast(Int(count)) {
            print(hereLine)
            isEmpty = false
        }
        if isEmpty { print("nothing ran before") }
    }

    /// The count of the instructions before the next one, its place, and what it is.
    private var hereLine: String {
        let count = String(pc.instructionCount)
        let blanks = String(repeating: " ", count: max(0, 10 - count.count))
        return "\(blanks)\(count)  \(text(here))  \(instruction(at: here).line)"
    }

    /// Bytes, text, and the names of the place and of where it jumps to.
    private func instruction(at place: DumpPlace) -> (line: String, length: Int) {
        let bytes = read(place.linear, count: Disassembler.longest).prefix { $0 != nil }.compactMap { $0 }
        guard !bytes.isEmpty else { return ("??              (no memory)", 1) }
        let disassembler = Disassembler(is32Bit: pc.cpu.isCode32, model: pc.cpu.model)
        let found = disassembler.disassemble(bytes, at: place.far?.offset ?? place.linear)
        let digits = HexText.bytes(found.bytes)
        var line = digits + String(repeating: " ", count: max(0, 16 - digits.count)) + "  " + found.text
        let base = place.far.map { place.linear &- $0.offset } ?? 0
        let goal = target(of: found).flatMap { symbols.name(of: base &+ $0) }.map { "-> \($0)" }
        let comment = [symbols.name(of: place.linear), goal].compactMap { $0 }.joined(separator: " ")
        if !comment.isEmpty { line += "  ; \(comment)" }
        return (line, found.length)
    }

    /// The offset that a jump, call or loop names.
    private func target(of instruction: Disassembly) -> UInt32? {
        guard let first = instruction.mnemonic.first, first == "j" || first == "c" || first == "l",
            instruction.mnemonic.hasPrefix("j") || instruction.mnemonic.hasPrefix("call")
                || instruction.mnemonic.hasPrefix("loop"),
            instruction.operands.hasPrefix("0x")
        else { return nil }
        return UInt32(instruction.operands.dropFirst(2), radix: 16)
    }
}
