import PCCore

/// Commands that show memory.
extension Debugger {
    /// What `x/…` asks for.
    private struct Form {
        var count: Int?
        var letter: Character = "b"

        var width: Int { letter == "w" ? 2 : letter == "d" ? 4 : 1 }

        var most: Int {
            switch letter {
            case "i": Debugger.mostInstructions
            case "s": 1000
            default: Debugger.mostBytes / width
            }
        }
    }

    private static let mostBytes = 1 << 20

    func dumpCommand(_ text: inout CommandText) throws(BadInput) {
        let form = try takeForm(&text)
        var place = nextDump ?? here
        var isPhysical = false
        if let expression = try text.takeOptionalExpression() {
            place = try expression.address(in: self)
            isPhysical = text.take("phys")
        }
        try text.finish()
        switch form.letter {
        case "i": return list(form.count ?? 10, from: place)
        case "s": return dumpText(form.count ?? 1, from: place)
        default: break
        }
        let count = (form.count ?? 128 / form.width) * form.width
        let bytes =
            isPhysical ? target.read(physical: place.linear, count: count) : read(place.linear, count: count)
        if isPhysical { place.far = nil }
        for start in stride(from: 0, to: count, by: 16) {
            print(line(place, Array(bytes[start..<min(start + 16, count)]), width: form.width))
            place.advance(min(16, count - start))
        }
        nextDump = place
    }

    private func takeForm(_ text: inout CommandText) throws(BadInput) -> Form {
        var form = Form()
        guard text.take(sign: "/") else { return form }
        let word = text.takeName() ?? ""
        let digits = word.prefix { $0.isASCII && $0.isNumber }
        let letters = word.dropFirst(digits.count)
        guard letters.count <= 1, let letter = letters.isEmpty ? "b" : letters.first, "bwdsi".contains(letter) else {
            throw BadInput("/\(CommandText.shown(word)): must be a count and one of b, w, d, s, i")
        }
        form.letter = letter
        guard !digits.isEmpty else { return form }
        guard let count = Int(digits), (1...form.most).contains(count) else {
            throw BadInput("/\(CommandText.shown(word)): the count must be from 1 to \(form.most)")
        }
        form.count = count
        return form
    }

    /// Up to 16 bytes: the address, the units, and bytes as characters.
    private func line(_ place: DumpPlace, _ bytes: [UInt8?], width: Int) -> String {
        var units: [String] = []
        for start in stride(from: 0, to: bytes.count, by: width) {
            let unit = bytes[start..<min(start + width, bytes.count)]
            units.append(unit.reversed().map { $0.map { HexText.number($0, digits: 2) } ?? "??" }.joined())
        }
        let column = units.joined(separator: " ")
        guard width == 1 else { return "\(text(place))  \(column)" }
        let blanks = String(repeating: " ", count: max(0, 47 - column.count))
        return "\(text(place))  \(column)\(blanks)  \(Self.characters(bytes))"
    }

    private static func characters(_ bytes: [UInt8?]) -> String {
        let codes = bytes.map { byte -> UInt8 in
            guard let byte, byte >= 0x20, byte < 0x7F else { return 0x2E }
            return byte
        }
        return String(decoding: codes, as: UTF8.self)
    }

    /// Strings that end with a zero or `$`.
    private func dumpText(_ count: Int, from start: DumpPlace) {
        var place = start
        for _ in 0..<count {
            let bytes = read(place.linear, count: 256)
            let string = bytes.prefix { $0 != nil && $0 != 0 }
            print("\(text(place))  \"\(Self.characters(Array(string)))\"")
            place.advance(string.count + 1)
        }
        nextDump = place
    }

    func findCommand(_ text: inout CommandText) throws(BadInput) {
        let start = try takeAddress(&text)
        guard text.take(sign: ",") else { throw BadInput("find: ADDRESS,COUNT and what to look for must follow") }
        let length = try takeNumber(&text, .bytes(upTo: 256 << 20))
        let wanted = try Self.pattern(text.takeRest())
        var found = 0
        var known: [UInt8?] = []
        var place = start
        // By pages, each with the end of the one before.
        var left = Int(length)
        var knownStart = place
        while left > 0, found < 100 {
            let count = min(left, 4096)
            known += read(place.linear, count: count)
            place.advance(count)
            left -= count
            var i = 0
            while i + wanted.count <= known.count, found < 100 {
                if zip(known[i...], wanted).allSatisfy({ $0 == $1 }) {
                    var hit = knownStart
                    hit.advance(i)
                    print(self.text(hit))
                    found += 1
                }
                i += 1
            }
            knownStart.advance(i)
            known.removeFirst(i)
        }
        if found == 0 { print("not there") }
        if found == 100 { print("there may be more") }
    }

    /// Text in quotation marks, or bytes in hexadecimal.
    private static func pattern(_ text: String) throws(BadInput) -> [UInt8] {
        if text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count > 2 {
            return Array(text.utf8.dropFirst().dropLast())
        }
        let bytes = text.split(separator: " ").map { UInt8($0, radix: 16) }
        guard !bytes.isEmpty, !bytes.contains(nil) else {
            throw BadInput("\(CommandText.shown(text)): must be \"text\" or bytes such as 55 AA")
        }
        return bytes.compactMap { $0 }
    }

    func stackCommand(_ text: inout CommandText) throws(BadInput) {
        let count = try takeNumber(&text, .count(1...4096), else: 16)
        try text.finish()
        guard let stack = pc.cpu.segment(.ss) else { return }
        let width = width
        var offset = stack.isBig ? pc.cpu[.esp] : pc.cpu[.esp] & 0xFFFF
        for _ in 0..<count {
            let bytes = read(stack.base &+ offset, count: width)
            let place = self.text(FarAddress(stack.selector, offset))
            guard !bytes.contains(nil) else { return print("\(place)  cannot be read") }
            let value = bytes.reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1 ?? 0) }
            print("\(place)  \(HexText.number(value, digits: width * 2))\(returnText(value))")
            offset = offset &+ UInt32(width)
            if !stack.isBig { offset &= 0xFFFF }
        }
    }

    /// Where a value of the stack would return to, if a call stands before that.
    private func returnText(_ value: UInt32) -> String {
        guard let code = pc.cpu.segment(.cs) else { return "" }
        let linear = code.base &+ value
        let bytes = read(linear &- 7, count: 7).map { $0 ?? 0 }
        let near = width == 4 ? bytes[2] == 0xE8 : bytes[4] == 0xE8
        let far = width == 4 ? bytes[0] == 0x9A : bytes[2] == 0x9A
        let indirect = [5, 4, 3, 1].contains { bytes[$0] == 0xFF && [2, 3].contains(bytes[$0 + 1] >> 3 & 7) }
        guard near || far || indirect else { return "" }
        return "  return" + (symbols.name(of: linear).map { " to \($0)" } ?? "")
    }
}
