/// Symbols from the lists of linkers and assemblers, told by the form of their lines:
///
///     0000:0010+     _main                          Watcom, Borland, Microsoft: from the start of the program
///     0000:0010  Abs  limit                         the same, not moved with it
///     0001:00000010  _main  00401010 f  main.obj    Microsoft, 32 bits: the third column counts
///         7C00      7C00  start                     NASM, under the heading "Real  Virtual  Name"
///     00007c00 T start                              nm, System.map
///         0x00007c00      start                     GNU ld
enum MapSymbols {
    static func read(_ bytes: [UInt8], base: UInt32) -> [SymbolTable.Symbol] {
        var symbols: [SymbolTable.Symbol] = []
        var isNASM = false
        for line in bytes.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            guard line.count <= 4096, symbols.count < SymbolFile.most else { continue }
            let fields = line.split(whereSeparator: CommandText.isBlank)
            guard fields.count >= 2, fields.count <= 8 else { continue }
            if fields.count == 3, text(fields[0]) == "Real", text(fields[1]) == "Virtual" { isNASM = true }
            if let symbol = farSymbol(fields, base) ?? listed(fields, base, isNASM) { symbols.append(symbol) }
        }
        return symbols
    }

    /// A line that begins with SEG:OFF.
    private static func farSymbol(_ fields: [ArraySlice<UInt8>], _ base: UInt32) -> SymbolTable.Symbol? {
        let parts = fields[0].split(separator: 0x3A, omittingEmptySubsequences: false)
        guard parts.count == 2, let segment = hex(parts[0], atMost: 5) else { return nil }
        // Watcom marks what is not referenced, and what is local.
        var digits = parts[1]
        while let last = digits.last, [0x2B, 0x2A, 0x73].contains(last) { digits.removeLast() }
        guard digits.count >= 4, let offset = hex(digits, atMost: 8) else { return nil }
        let kinds = ["Abs", "idle", "imp", "res"]
        let kind = fields.count > 2 && kinds.contains(text(fields[1])) ? text(fields[1]) : nil
        let nameField = fields[kind == nil ? 1 : 2]
        guard isName(nameField), let name = SymbolFile.name(nameField) else { return nil }
        // Borland's list of segments: ADDRESS LENGTH C=class.
        if fields.count > 2, fields[2].starts(with: Array("C=".utf8)) { return nil }
        if digits.count == 8 {
            // The segment is a section's number there.
            if fields.count > 2, fields[2].count == 8, let address = hex(fields[2], atMost: 8) {
                return .init(name, address &+ base)
            }
            return .init(name, offset &+ base)
        }
        return .init(name, segment << 4 &+ offset &+ (kind == "Abs" ? 0 : base))
    }

    /// A line that begins with a plain address.
    private static func listed(
        _ fields: [ArraySlice<UInt8>], _ base: UInt32, _ isNASM: Bool
    ) -> SymbolTable.Symbol? {
        guard let last = fields.last, isName(last), let name = SymbolFile.name(last) else { return nil }
        if fields.count == 3, fields[1].count == 1, [8, 16].contains(fields[0].count),
            let address = hex(fields[0], atMost: 16)
        {
            return .init(name, address &+ base)
        }
        if fields.count == 3, isNASM, let address = hex(fields[0], atMost: 16), hex(fields[1], atMost: 16) != nil {
            return .init(name, address &+ base)
        }
        if fields.count == 2, fields[0].starts(with: Array("0x".utf8)),
            let address = hex(fields[0].dropFirst(2), atMost: 16)
        {
            return .init(name, address &+ base)
        }
        return nil
    }

    /// The low 32 bits of a hexadecimal number, such as a chip of 32 bits has.
    private static func hex(_ digits: ArraySlice<UInt8>, atMost most: Int) -> UInt32? {
        guard !digits.isEmpty, digits.count <= most else { return nil }
        guard let first = digits.first, first != 0x2B, first != 0x2D else { return nil }
        return UInt64(text(digits), radix: 16).map { UInt32(truncatingIfNeeded: $0) }
    }

    /// Names begin with a letter or one of `_ . $ ? @`.
    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first else { return false }
        return first == 0x40 || (CommandText.isName(first) && !CommandText.isDigit(first))
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}
