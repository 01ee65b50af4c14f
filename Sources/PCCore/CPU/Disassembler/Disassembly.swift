/// One instruction as text.
public struct Disassembly: Equatable, Sendable {
    /// The bytes of the instruction, prefixes included.
    public var bytes: [UInt8]
    /// The mnemonic with its prefixes, such as `rep movsb`.
    public var mnemonic: String
    public var operands: String
    /// The bytes are an instruction of the CPU; otherwise the text is `db` and the one byte.
    public var isValid: Bool

    public var length: Int { bytes.count }
    public var text: String { operands.isEmpty ? mnemonic : "\(mnemonic) \(operands)" }
}
