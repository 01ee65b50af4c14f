/// Turns machine code into Intel syntax, in the spelling of Capstone 4.
///
/// The CPU's own decoder finds length, addressing form, displacement and immediate; `OpcodeMap` has the names.
public struct Disassembler: Sendable {
    /// The code segment's default: 32-bit operands and addresses, or 16-bit ones.
    public let is32Bit: Bool
    /// What this CPU does not have is no instruction.
    public let model: CPUModel

    public init(is32Bit: Bool, model: CPUModel = .pentiumII) {
        self.is32Bit = is32Bit
        self.model = model
    }

    /// The longest instruction; more bytes are never looked at.
    public static let longest = 15

    /// The instruction that `bytes` begin with, as if it stood at `address`, which jump targets are relative to.
    ///
    /// Bytes that are no instruction, or end in the middle of one, give `db` with the first of them.
    public func disassemble(_ bytes: some Collection<UInt8>, at address: UInt32) -> Disassembly {
        let bytes = Array(bytes.prefix(Self.longest))
        var decoder = Decoder(ByteSource(bytes: bytes), model: model, code32: is32Bit)
        guard let instruction = try? decoder.decode() else { return data(bytes) }
        let formatter = OperandFormatter(
            instruction: instruction, model: model, segmentOverride: decoder.segmentOverride, address: address)
        for form in OpcodeMap.shared.forms(of: instruction, model: model) {
            guard let operands = formatter.text(form.operands) else { continue }
            return Disassembly(
                bytes: Array(bytes.prefix(Int(instruction.length))), mnemonic: mnemonic(form, instruction),
                operands: operands, isValid: true)
        }
        return data(bytes)
    }

    private func data(_ bytes: [UInt8]) -> Disassembly {
        let operand = bytes.first.map { OperandFormatter.hexadecimal(UInt32($0), digits: 2) } ?? ""
        return Disassembly(bytes: Array(bytes.prefix(1)), mnemonic: "db", operands: operand, isValid: false)
    }

    /// The name for the operand or address size, after the prefixes that mean something to it.
    private func mnemonic(_ form: InstructionForm, _ i: Instruction) -> String {
        let name = form.name(operand32: i.operand32, address32: i.address32)
        let lock = i.lock ? "lock " : ""
        guard i.repeatPrefix != 0 else { return lock + name }
        // F3h 90h is PAUSE from the Pentium 4 on, and said so because older chips take it as the NOP that it is there.
        if i.opcode == 0x90, i.repeatPrefix == 0xF3 { return lock + "pause" }
        guard form.isString else { return lock + name }
        return lock + (i.repeatPrefix == 0xF2 ? "repne " : form.comparesStrings ? "repe " : "rep ") + name
    }
}

/// Bytes that stand by themselves; past their end no instruction goes on.
private struct ByteSource: CodeSource {
    let bytes: [UInt8]
    var position = 0

    mutating func next() throws(Fault) -> UInt8 {
        guard position < bytes.count else { throw PageSource.leavesPage }
        defer { position += 1 }
        return bytes[position]
    }
}
