import PCCore

/// Commands that show how addresses are translated: by the tables in memory, and by what the CPU holds of them.
extension Debugger {
    func tlbCommand(_ text: inout CommandText) throws(BadInput) {
        let page = try text.takeOptionalExpression()?.address(in: self).linear
        try text.finish()
        guard pc.cpu.hasPaging else { return print("paging is off: linear addresses are physical ones") }
        let all = pc.cpu.tlb.filter { page == nil || $0.linear == page.map { $0 & 0xFFFF_F000 } }
        for entry in all {
            print(
                "\(entry.table.rawValue)  \(entry.isUser ? "user      " : "supervisor")  "
                    + "\(HexText.number(entry.linear, digits: 8)) -> \(HexText.number(entry.physical, digits: 8))"
                    + (entry.isWritten ? "  written" : ""))
        }
        guard all.isEmpty else { return }
        print(page.map { "nothing is held for \(HexText.number($0, digits: 8))" } ?? "nothing is held")
    }

    func pageCommand(_ text: inout CommandText) throws(BadInput) {
        let linear = try takeAddress(&text).linear
        try text.finish()
        print("linear \(HexText.number(linear, digits: 8))")
        let walk = pc.walk(linear)
        if let (address, entry) = walk.directory {
            print("directory entry at \(HexText.number(address, digits: 8)): \(Self.pageEntry(entry, isTable: true))")
        } else {
            print(pc.cpu.hasPaging ? "the directory cannot be read" : "paging is off")
        }
        if let (address, entry) = walk.table {
            print("table entry at \(HexText.number(address, digits: 8)): \(Self.pageEntry(entry, isTable: false))")
        }
        print(walk.physical.map { "physical \(HexText.number($0, digits: 8))" } ?? "not mapped")
    }

    private static func pageEntry(_ entry: UInt32, isTable: Bool) -> String {
        guard entry & 1 != 0 else { return "\(HexText.number(entry, digits: 8)), not present" }
        let isLarge = isTable && entry & 0x80 != 0
        var words = ["\(HexText.number(entry, digits: 8))"]
        words.append(
            (isLarge ? "4 MB page " : isTable ? "table " : "page ")
                + HexText.number(entry & (isLarge ? 0xFFC0_0000 : 0xFFFF_F000), digits: 8))
        words.append(entry & 2 != 0 ? "writable" : "read only")
        words.append(entry & 4 != 0 ? "user" : "supervisor")
        if entry & 8 != 0 { words.append("write through") }
        if entry & 0x10 != 0 { words.append("not cached") }
        if entry & 0x20 != 0 { words.append("accessed") }
        if entry & 0x40 != 0, !isTable || isLarge { words.append("dirty") }
        if entry & 0x100 != 0, !isTable || isLarge { words.append("global") }
        return words.joined(separator: ", ")
    }
}
