/// Reads the symbols of a program: ELF files of 32 bits, and the lists that linkers and assemblers write.
public enum SymbolFile {
    /// More than any program of the time had.
    private static let largest = 256 << 20
    static let most = 1 << 20
    /// Bytes of all names; in an ELF file they may lie over each other.
    static let mostText = 64 << 20

    /// - Parameter base: the linear address that the program's own addresses are counted from.
    public static func read(_ path: String, base: UInt32) throws(BadInput) -> [SymbolTable.Symbol] {
        let bytes = try HostFile.read(path, limit: largest)
        let symbols =
            ELFSymbols.isELF(bytes)
            ? try ELFSymbols.read(bytes, base: base, path: path) : MapSymbols.read(bytes, base: base)
        guard !symbols.isEmpty else {
            throw BadInput("\(path): has no symbols; it must be an ELF file with a symbol table or a linker's map")
        }
        return symbols
    }

    /// A name fit to be shown; nil for what is none.
    static func name(_ bytes: some Collection<UInt8>) -> String? {
        guard !bytes.isEmpty, bytes.count <= 1024 else { return nil }
        return String(decoding: bytes.map { $0 > 0x20 && $0 < 0x7F ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
