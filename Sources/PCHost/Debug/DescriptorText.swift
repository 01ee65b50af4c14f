/// A descriptor as its eight bytes stand in a table, for people [SDM 3A 3.4.5, 5.8.3, 6.11].
struct DescriptorText: Equatable {
    let low: UInt32
    let high: UInt32

    /// - Parameter bytes: exactly eight, the lowest first.
    init(_ bytes: [UInt8]) {
        low = bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
        high = bytes.dropFirst(4).prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    var access: UInt8 { UInt8(truncatingIfNeeded: high >> 8) }
    var flags: UInt8 { UInt8(truncatingIfNeeded: high >> 16) & 0xF0 }
    var isPresent: Bool { access & 0x80 != 0 }
    /// Code, data, an LDT or a TSS: it has a base and a limit.
    var isSegment: Bool { access & 0x10 != 0 || [1, 2, 3, 9, 11].contains(access & 15) }
    var base: UInt32 { low >> 16 | (high & 0xFF) << 16 | high & 0xFF00_0000 }
    var limit: UInt32 {
        let field = low & 0xFFFF | high & 0xF_0000
        return flags & 0x80 != 0 ? field << 12 | 0xFFF : field
    }
    var isEmpty: Bool { low == 0 && high == 0 }

    var text: String {
        let kind = Self.kind(access: access, flags: flags)
        if isSegment {
            return "base \(HexText.number(base, digits: 8))  limit \(HexText.number(limit, digits: 8))  \(kind)"
        }
        let selector = HexText.number(UInt16(truncatingIfNeeded: low >> 16), digits: 4)
        let offset = low & 0xFFFF | (access & 8 != 0 ? high & 0xFFFF_0000 : 0)
        let place = HexText.number(offset, digits: access & 8 != 0 ? 8 : 4)
        let target = access & 15 == 5 ? selector : "\(selector):\(place)"
        return "\(target)  \(kind)"
    }

    /// What the access byte and the flags say.
    static func kind(access: UInt8, flags: UInt8) -> String {
        let level = "DPL \(access >> 5 & 3)"
        let presence = access & 0x80 != 0 ? "" : ", not present"
        guard access & 0x10 != 0 else { return "\(systemKinds[Int(access & 15)]), \(level)\(presence)" }
        let size = flags & 0x40 != 0 ? "32-bit" : "16-bit"
        let name: String
        if access & 8 != 0 {
            name = "code \(size)" + (access & 2 != 0 ? "" : ", execute only") + (access & 4 != 0 ? ", conforming" : "")
        } else {
            name = "data \(size)" + (access & 2 != 0 ? "" : ", read only") + (access & 4 != 0 ? ", expand down" : "")
        }
        return "\(name), \(level)\(access & 1 != 0 ? ", accessed" : "")\(presence)"
    }

    private static let systemKinds = [
        "reserved", "TSS 16-bit", "LDT", "TSS 16-bit busy", "call gate 16-bit", "task gate", "interrupt gate 16-bit",
        "trap gate 16-bit", "reserved", "TSS 32-bit", "reserved", "TSS 32-bit busy", "call gate 32-bit", "reserved",
        "interrupt gate 32-bit", "trap gate 32-bit",
    ]
}
