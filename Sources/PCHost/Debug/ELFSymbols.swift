/// The symbol table of a 32-bit ELF file [ELF 1.2 Book I, chapter 1].
enum ELFSymbols {
    private enum Section {
        static let symbolTable: UInt32 = 2
        static let dynamicSymbols: UInt32 = 11
    }

    /// Section numbers of symbols.
    private static let undefined: UInt16 = 0
    private static let absolute: UInt16 = 0xFFF1
    private static let common: UInt16 = 0xFFF2

    static func isELF(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) }

    /// Functions, objects and labels with their addresses from `base` on. Where the file is damaged, what can be read.
    static func read(_ bytes: [UInt8], base: UInt32, path: String) throws(BadInput) -> [SymbolTable.Symbol] {
        guard bytes.count > 0x34, bytes[4] == 1, bytes[5] == 1 else {
            throw BadInput("\(path): must be an ELF file of 32 bits, the low byte first")
        }
        let sections = sections(bytes)
        let table =
            sections.first { $0.type == Section.symbolTable }
            ?? sections.first {
                $0.type == Section.dynamicSymbols
            }
        guard let table, sections.indices.contains(Int(table.link)) else {
            throw BadInput("\(path): has no symbol table; it was stripped")
        }
        let names = sections[Int(table.link)]
        var symbols: [SymbolTable.Symbol] = []
        var place = Int(table.offset)
        let end = min(Int(table.offset) + Int(table.size), bytes.count)
        var text = 0
        while place + 16 <= end, symbols.count < SymbolFile.most, text < SymbolFile.mostText - 1024 {
            defer { place += 16 }
            guard let nameOffset = word(bytes, place), let value = word(bytes, place + 4),
                let section = half(bytes, place + 14), section != undefined, section != common,
                bytes[place + 12] & 15 <= 2,
                let name = name(bytes, names, nameOffset)
            else { continue }
            text += name.utf8.count
            symbols.append(.init(name, section == absolute ? value : value &+ base))
        }
        return symbols
    }

    private struct Header {
        var type: UInt32
        var offset: UInt32
        var size: UInt32
        var link: UInt32
    }

    private static func sections(_ bytes: [UInt8]) -> [Header] {
        guard let start = word(bytes, 0x20), let size = half(bytes, 0x2E), size >= 40, let count = half(bytes, 0x30)
        else { return [] }
        var headers: [Header] = []
        for number in 0..<Int(count) {
            let place = Int(start) + number * Int(size)
            guard let type = word(bytes, place + 4), let offset = word(bytes, place + 16),
                let length = word(bytes, place + 20), let link = word(bytes, place + 24)
            else { break }
            headers.append(Header(type: type, offset: offset, size: length, link: link))
        }
        return headers
    }

    private static func name(_ bytes: [UInt8], _ section: Header, _ offset: UInt32) -> String? {
        guard offset > 0, offset < section.size else { return nil }
        let start = Int(section.offset) + Int(offset)
        let end = min(Int(section.offset) + Int(section.size), bytes.count, start + 1025)
        guard start < end else { return nil }
        return SymbolFile.name(bytes[start..<end].prefix { $0 != 0 })
    }

    private static func half(_ bytes: [UInt8], _ place: Int) -> UInt16? {
        guard place >= 0, place + 2 <= bytes.count else { return nil }
        return UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
    }

    private static func word(_ bytes: [UInt8], _ place: Int) -> UInt32? {
        guard let low = half(bytes, place), let high = half(bytes, place + 2) else { return nil }
        return UInt32(low) | UInt32(high) << 16
    }
}
