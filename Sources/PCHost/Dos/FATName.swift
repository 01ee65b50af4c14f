import PCCore

/// A file's name as FAT directories hold it: eight characters and three, upper case, of code page 437.
struct FATName: Hashable, Sendable {
    /// Eleven bytes, filled up with blanks.
    let bytes: [UInt8]

    /// The bytes of a directory entry; nil where they are no name of a file.
    init?(entry: [UInt8]) {
        guard entry.count == 11, let first = entry.first, first != 0x20 else { return nil }
        let name = (first == 0x05 ? [0xE5] : [first]) + entry.dropFirst()
        guard name.allSatisfy({ Self.isAllowed($0) || $0 == 0x20 }) else { return nil }
        bytes = name
    }

    /// `NAME.EXT` in any case; nil where it does not fit.
    init?(_ text: String) {
        let parts = text.uppercased().split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let base = Self.codes(parts[0]), (1...8).contains(base.count),
            let ext = parts.count == 2 ? Self.codes(parts[1]) : [], ext.count <= 3
        else { return nil }
        bytes = Self.filled(base, to: 8) + Self.filled(ext, to: 3)
    }

    /// A name for a file of the host whose own does not fit: as much of it as there is room for, and a number.
    init(shortening text: String, number: Int) {
        let parts = text.uppercased().split(separator: ".")
        let known = { (part: Substring) in part.compactMap { Self.codes(Substring(String($0)))?.first } }
        let suffix = Array("~\(number)".utf8)
        let base = Array((parts.first.map(known) ?? []).prefix(8 - suffix.count)) + suffix
        let ext = parts.count > 1 ? Array((parts.last.map(known) ?? []).prefix(3)) : []
        bytes = Self.filled(base, to: 8) + Self.filled(ext, to: 3)
    }

    /// `NAME.EXT`.
    var text: String {
        let base = Self.text(bytes[..<8])
        let ext = Self.text(bytes[8...])
        return ext.isEmpty ? base : "\(base).\(ext)"
    }

    /// The bytes as a directory holds them.
    var entry: [UInt8] { (bytes[0] == 0xE5 ? [0x05] : [bytes[0]]) + bytes.dropFirst() }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var codes = bytes
        while codes.last == 0x20 { codes.removeLast() }
        return String(String.UnicodeScalarView(codes.map { CodePage437.unicode($0) }))
    }

    private static func codes(_ text: Substring) -> [UInt8]? {
        var codes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let code = CodePage437.code(scalar), isAllowed(code) else { return nil }
            codes.append(code)
        }
        return codes
    }

    private static func filled(_ codes: [UInt8], to count: Int) -> [UInt8] {
        codes + [UInt8](repeating: 0x20, count: max(0, count - codes.count))
    }

    /// Letters, digits, some signs, and everything beyond ASCII. [MS FAT, naming]
    private static func isAllowed(_ code: UInt8) -> Bool {
        switch code {
        case 0x30...0x39, 0x41...0x5A: true
        case 0x80...0xFE: true
        default: "!#$%&'()-@^_`{}~".utf8.contains(code)
        }
    }
}
