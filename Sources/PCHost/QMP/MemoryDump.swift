import PCCore

/// The monitor's `x /FMT ADDRESS` (linear addresses) and `xp /FMT ADDRESS` (physical ones): a count, a format of
/// x, d, u, o and c, a size of b, h, w and g.
struct MemoryDump {
    private enum Format: String { case x, d, u, o, c }

    private var isPhysical: Bool
    private var count = 1
    private var format = Format.x
    private var size = 4
    private var address: UInt32 = 0

    private static let limit = 65536

    init(_ verb: String, _ rest: String) throws(BadInput) {
        isPhysical = verb.hasPrefix("xp")
        var words = rest.split(separator: " ").map(String.init)
        if let slash = verb.firstIndex(of: "/") { words.insert(String(verb[slash...]), at: 0) }
        if let options = words.first, options.hasPrefix("/") {
            words.removeFirst()
            try read(options.dropFirst())
        }
        guard words.count == 1, let address = OptionValue.integer(words[0]), let place = UInt32(exactly: address) else {
            throw BadInput("\(isPhysical ? "xp" : "x"): an address such as 0x7c00 is expected")
        }
        self.address = place
        if format == .c { size = 1 }
        guard count * size <= Self.limit else { throw BadInput("at most \(Self.limit) bytes at once") }
    }

    private mutating func read(_ options: Substring) throws(BadInput) {
        let digits = options.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty {
            guard let asked = Int(digits), (1...Self.limit).contains(asked) else {
                throw BadInput("the count must be from 1 to \(Self.limit)")
            }
            count = asked
        }
        for letter in options.dropFirst(digits.count) {
            switch letter {
            case "b": size = 1
            case "h": size = 2
            case "w": size = 4
            case "g": size = 8
            default:
                guard let known = Format(rawValue: String(letter)) else {
                    throw BadInput("invalid char in format: '\(letter)'")
                }
                format = known
            }
        }
    }

    /// Sixteen bytes a line behind their address, single bytes eight a line, as QEMU has them.
    func lines(_ pc: PC) -> [String] {
        let perLine = format == .c || size == 1 ? 8 : 16 / size
        return stride(from: 0, to: count, by: perLine).map { first in
            let start = address &+ UInt32(truncatingIfNeeded: first * size)
            let items = (first..<min(count, first + perLine)).map { index in
                text(value(pc, at: address &+ UInt32(truncatingIfNeeded: index * size)))
            }
            let digits = isPhysical ? 16 : 8
            return HexText.number(start, digits: digits).lowercased() + ": " + items.joined(separator: " ")
        }
    }

    private func value(_ pc: PC, at start: UInt32) -> UInt64 {
        (0..<size).reduce(0) { value, index in
            let place = start &+ UInt32(truncatingIfNeeded: index)
            let physical = isPhysical ? place : PageWalk.physical(place, pc)
            return value | UInt64(physical.flatMap { pc.bus.memory.peek($0) } ?? 0xFF) << UInt64(8 * index)
        }
    }

    private func text(_ value: UInt64) -> String {
        switch format {
        case .x: "0x" + HexText.number(value, digits: 2 * size).lowercased()
        case .u: String(value)
        case .o: "0" + String(value, radix: 8)
        case .d: String(Int64(truncatingIfNeeded: value << UInt64(64 - 8 * size)) >> Int64(64 - 8 * size))
        case .c:
            (32..<127).contains(value)
                ? "'\(Character(Unicode.Scalar(UInt8(value))))'"
                : "'\\x" + HexText.number(value, digits: 2).lowercased() + "'"
        }
    }
}

/// Looks a linear address up in the guest's page tables, without the marks that the CPU would leave there.
enum PageWalk {
    /// Nil where no page is present. [386 PRM: Page translation]
    static func physical(_ linear: UInt32, _ pc: PC) -> UInt32? {
        guard pc.cpu[.cr0] >> 31 == 1 else { return linear }
        guard let directory = entry(pc, pc.cpu[.cr3] & 0xFFFF_F000 | (linear >> 22) << 2) else { return nil }
        // A page of 4 MB, where CR4.PSE allows them.
        if directory & 0x80 != 0, pc.cpu[.cr4] & 0x10 != 0 { return directory & 0xFFC0_0000 | linear & 0x3F_FFFF }
        guard let page = entry(pc, directory & 0xFFFF_F000 | (linear >> 12 & 0x3FF) << 2) else { return nil }
        return page & 0xFFFF_F000 | linear & 0xFFF
    }

    private static func entry(_ pc: PC, _ place: UInt32) -> UInt32? {
        let entry = (0..<4).reduce(UInt32(0)) { entry, index in
            entry | UInt32(pc.bus.memory.peek(place &+ UInt32(index)) ?? 0) << UInt32(8 * index)
        }
        return entry & 1 == 1 ? entry : nil
    }
}
