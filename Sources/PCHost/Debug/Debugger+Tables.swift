import PCCore

/// Commands that show descriptor tables and tasks.
extension Debugger {
    func gdtCommand(_ text: inout CommandText) throws(BadInput) {
        try table(&text, base: pc.cpu.gdtr.base, limit: pc.cpu.gdtr.limit, bits: 0)
    }

    func ldtCommand(_ text: inout CommandText) throws(BadInput) {
        guard let segment = pc.cpu.segment(.ldtr), segment.access & 0x80 != 0, segment.selector & 0xFFFC != 0 else {
            return print("there is no LDT")
        }
        try table(&text, base: segment.base, limit: segment.limit, bits: 4)
    }

    /// The descriptor that a selector chooses; nil where there is none.
    func descriptor(_ selector: UInt16) -> DescriptorText? {
        var table = (base: pc.cpu.gdtr.base, limit: pc.cpu.gdtr.limit)
        if selector & 4 != 0 {
            guard let segment = pc.cpu.segment(.ldtr) else { return nil }
            table = (segment.base, segment.limit)
        }
        return entry(table.base, table.limit, UInt32(selector >> 3))
    }

    private func entry(_ base: UInt32, _ limit: UInt32, _ number: UInt32) -> DescriptorText? {
        guard UInt64(number) * 8 + 7 <= UInt64(limit) else { return nil }
        let bytes = read(base &+ number &* 8, count: 8).compactMap { $0 }
        return bytes.count == 8 ? DescriptorText(bytes) : nil
    }

    private func table(_ text: inout CommandText, base: UInt32, limit: UInt32, bits: UInt16) throws(BadInput) {
        if let selector = try text.takeOptionalExpression()?.number(.selector, in: self) {
            try text.finish()
            let number = UInt32(UInt16(truncatingIfNeeded: selector) >> 3)
            guard let entry = entry(base, limit, number) else {
                return print("the table has no such descriptor, or it cannot be read")
            }
            return print("\(HexText.number(UInt16(number << 3) | bits, digits: 4))  \(entry.text)")
        }
        var count = 0
        for number in 0...min(limit >> 3, 0x1FFF) {
            guard let entry = entry(base, limit, number), !entry.isEmpty else { continue }
            print("\(HexText.number(UInt16(truncatingIfNeeded: number << 3) | bits, digits: 4))  \(entry.text)")
            count += 1
        }
        if count == 0 { print("the table is empty, or it cannot be read") }
    }

    func idtCommand(_ text: inout CommandText) throws(BadInput) {
        var vectors: ClosedRange<UInt32> = 0...255
        var isOne = false
        if let expression = try text.takeOptionalExpression() {
            let vector = try expression.number(.vector, in: self)
            vectors = UInt32(vector)...UInt32(vector)
            isOne = true
        }
        try text.finish()
        let table = pc.cpu.idtr
        for vector in vectors {
            let name = HexText.number(UInt8(vector), digits: 2)
            if pc.cpu.isProtected || pc.cpu.isVirtual8086 {
                guard let entry = entry(table.base, table.limit, vector), isOne || !entry.isEmpty else { continue }
                print("\(name)  \(entry.text)")
            } else {
                let bytes = read(table.base &+ vector &* 4, count: 4).compactMap { $0 }
                guard bytes.count == 4, UInt64(vector) * 4 + 3 <= UInt64(table.limit) else { continue }
                let far = FarAddress(UInt16(bytes[3]) << 8 | UInt16(bytes[2]), UInt32(bytes[1]) << 8 | UInt32(bytes[0]))
                guard isOne || far != FarAddress(0, 0) else { continue }
                let symbol = symbols.name(of: UInt32(far.selector) << 4 &+ far.offset).map { "  \($0)" } ?? ""
                print("\(name)  \(self.text(far))\(symbol)")
            }
        }
    }

    func taskCommand(_ text: inout CommandText) throws(BadInput) {
        try text.finish()
        guard let task = pc.cpu.segment(.tr), task.access & 0x80 != 0, task.selector & 0xFFFC != 0 else {
            return print("there is no TSS")
        }
        let isWide = task.access & 8 != 0
        let kind = DescriptorText.kind(access: task.access, flags: task.flags)
        print(
            "\(HexText.number(task.selector, digits: 4))  base \(HexText.number(task.base, digits: 8))  limit "
                + "\(HexText.number(task.limit, digits: 8))  \(kind)")
        let fields = isWide ? Self.taskFields32 : Self.taskFields16
        let slot = isWide ? 4 : 2
        let shown = fields.enumerated().compactMap { number, name -> String? in
            let bytes = read(task.base &+ UInt32(number * slot), count: slot)
            guard !bytes.contains(nil) else { return "\(name) ??" }
            let value = bytes.reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1 ?? 0) }
            return "\(name) \(HexText.number(value, digits: slot * 2))"
        }
        for start in stride(from: 0, to: shown.count, by: 4) {
            print("  " + shown[start..<min(start + 4, shown.count)].joined(separator: "  "))
        }
    }

    private static let taskFields32 = [
        "link", "esp0", "ss0", "esp1", "ss1", "esp2", "ss2", "cr3", "eip", "eflags", "eax", "ecx", "edx", "ebx", "esp",
        "ebp", "esi", "edi", "es", "cs", "ss", "ds", "fs", "gs", "ldt", "iomap",
    ]
    private static let taskFields16 = [
        "link", "sp0", "ss0", "sp1", "ss1", "sp2", "ss2", "ip", "flags", "ax", "cx", "dx", "bx", "sp", "bp", "si", "di",
        "es", "cs", "ss", "ds", "ldt",
    ]
}
