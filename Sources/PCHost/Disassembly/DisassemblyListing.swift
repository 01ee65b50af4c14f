import PCCore

/// What `swift86 disassemble` prints: a line an instruction, with its address and its bytes.
public struct DisassemblyListing {
    /// More than any machine of the time had; a listing of it has gigabytes.
    private static let limit = 256 << 20

    private let bytes: ArraySlice<UInt8>
    private let disassembler: Disassembler
    private let origin: UInt32
    private let count: Int

    /// Reads the options as they were given.
    ///
    /// - Parameters:
    ///   - path: a file, or `-` for standard input.
    ///   - origin: the address of the first instruction.
    ///   - offset: where the first instruction stands in the file.
    ///   - count: how many instructions at most; nil for all.
    public init(
        path: String, bits: String, origin: String, cpu: String, offset: String, count: String?
    ) throws(BadInput) {
        guard bits == "16" || bits == "32" else { throw BadInput("--bits \(bits): must be 16 or 32") }
        guard let model = CPUModel(rawValue: cpu) else {
            let names = CPUModel.allCases.map(\.rawValue).joined(separator: ", ")
            throw BadInput("--cpu \(cpu): must be one of \(names)")
        }
        guard bits == "16" || model >= .i80386 else {
            throw BadInput("--bits 32: a \(cpu) has no 32-bit code; 386 and later have")
        }
        disassembler = Disassembler(is32Bit: bits == "32", model: model)
        self.origin = try Self.number(origin, "--origin")
        let start = Int(try Self.number(offset, "--offset"))
        self.count = try count.map { (text) throws(BadInput) in Int(try Self.number(text, "--count")) } ?? .max
        let content =
            path == "-"
            ? try HostFile.readStandardInput(limit: Self.limit) : try HostFile.read(path, limit: Self.limit)
        guard start <= content.count else {
            throw BadInput("--offset \(offset): is past the end of \(path), which has \(content.count) bytes")
        }
        bytes = content[start...]
    }

    /// The lines one after the other, each with its line feed.
    public func write(to output: (String) -> Void) {
        var rest = bytes
        var left = count
        while !rest.isEmpty, left > 0 {
            let address = origin &+ UInt32(truncatingIfNeeded: rest.startIndex - bytes.startIndex)
            let instruction = disassembler.disassemble(rest.prefix(Disassembler.longest), at: address)
            output(Self.line(address, instruction))
            rest = rest.dropFirst(instruction.length)
            left -= 1
        }
    }

    /// The address, the bytes in a column of 16 digits, the text.
    private static func line(_ address: UInt32, _ instruction: Disassembly) -> String {
        let bytes = HexText.bytes(instruction.bytes)
        let blanks = String(repeating: " ", count: max(0, 16 - bytes.count) + 1)
        return "\(HexText.number(address, digits: 8))  \(bytes)\(blanks)\(instruction.text)\n"
    }

    /// Decimal, or hexadecimal as `0x7C00` or `7C00h`.
    private static func number(_ text: String, _ option: String) throws(BadInput) -> UInt32 {
        let lower = text.lowercased()
        let value: UInt32? =
            if lower.hasPrefix("0x") {
                UInt32(digits: lower.dropFirst(2), radix: 16)
            } else if lower.hasSuffix("h") {
                UInt32(digits: lower.dropLast(), radix: 16)
            } else {
                UInt32(digits: lower[...], radix: 10)
            }
        guard let value else {
            throw BadInput("\(option) \(text): must be a number below 2^32, such as 31744, 0x7C00 or 7C00h")
        }
        return value
    }
}

extension UInt32 {
    /// A number without a sign.
    fileprivate init?(digits: Substring, radix: Int) {
        guard digits.first != "+" else { return nil }
        self.init(digits, radix: radix)
    }
}
