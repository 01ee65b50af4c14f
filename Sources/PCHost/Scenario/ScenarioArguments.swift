import PCCore

/// The words behind a step's name, read one after the other.
struct ScenarioArguments {
    private let step: String
    private var words: ArraySlice<String>

    init(_ line: ScenarioLine) {
        step = line.words[0]
        words = line.words.dropFirst()
    }

    mutating func next() -> String? { words.popFirst() }

    /// - Throws: where words are left over.
    func end() throws(BadInput) {
        if let word = words.first { throw BadInput("\(step): \(word) is one word too many") }
    }

    mutating func word(_ what: String) throws(BadInput) -> String {
        guard let word = next() else { throw BadInput("\(step): needs \(what)") }
        return word
    }

    /// The name of a golden, which is in the golden folder and nowhere else.
    mutating func goldenName() throws(BadInput) -> String {
        let name = try word("a name")
        guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("\0"),
            name.split(separator: "/").allSatisfy({ $0 != ".." })
        else { throw BadInput("\(step): \(name) must be a name in the folder golden, without a .. in it") }
        return name
    }

    /// What a hash begins with, if that is asked for.
    mutating func hash() throws(BadInput) -> String? {
        guard let word = next()?.lowercased() else { return nil }
        guard (1...64).contains(word.utf8.count), word.allSatisfy(\.isHexDigit), word.allSatisfy(\.isASCII) else {
            throw BadInput("\(step): \(word) must be hexadecimal digits, at most 64")
        }
        return word
    }

    mutating func pattern() throws(BadInput) -> TextPattern {
        let text = try word("a text")
        do {
            return try TextPattern(text)
        } catch {
            throw BadInput("\(step): \(error.message)")
        }
    }

    /// A time in nanoseconds; `seconds` where none is given.
    mutating func limit(_ seconds: UInt64) throws(BadInput) -> UInt64 {
        guard let word = next() else { return seconds * 1_000_000_000 }
        return try time(word)
    }

    private func time(_ word: String) throws(BadInput) -> UInt64 {
        guard let time = OptionValue.nanoseconds(word) else {
            throw BadInput("\(step): \(word) must be a time such as 500ms, 20s or 2m")
        }
        return time
    }

    mutating func number(_ what: String, _ range: ClosedRange<Int>) throws(BadInput) -> Int {
        let word = try word(what)
        guard let number = Int(word), range.contains(number) else {
            throw BadInput("\(step): \(word) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// `WxH`, if that is what comes next.
    mutating func size() throws(BadInput) -> (Int, Int)? {
        guard let word = words.first, word.contains("x") else { return nil }
        _ = next()
        let parts = word.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], width > 0, height > 0 else {
            throw BadInput("\(step): \(word) must be a size such as 320x200")
        }
        return (width, height)
    }

    mutating func typedText() throws(BadInput) -> [[Key]] {
        var chords: [[Key]] = []
        for character in try word("a text") {
            guard let chord = Key.chord(for: character) else {
                throw BadInput("\(step): the keyboard has no key for \"\(character)\"")
            }
            chords.append(chord)
        }
        return chords
    }

    mutating func chords() throws(BadInput) -> [[Key]] {
        var chords: [[Key]] = []
        repeat {
            let name = try word("a key")
            guard let chord = Key.chord(named: name) else { throw BadInput("\(step): \(name): no such key") }
            chords.append(chord)
        } while !words.isEmpty
        return chords
    }

    mutating func button() throws(BadInput) -> MouseButtons {
        switch next() {
        case nil, "left"?: return .left
        case "right"?: return .right
        case "middle"?: return .middle
        case let name?: throw BadInput("\(step): \(name) must be left, right or middle")
        }
    }

    /// Drive 0 or 1; nil for the CD.
    mutating func drive() throws(BadInput) -> Int? {
        switch try word("a, b or cd") {
        case "a": return 0
        case "b": return 1
        case "cd": return nil
        case let name: throw BadInput("\(step): \(name) must be a, b or cd")
        }
    }

    mutating func insertion() throws(BadInput) -> ScenarioStep {
        let drive = try drive()
        return .insert(drive: drive, file: try word("a file"))
    }

    mutating func goldenTextOptions() throws(BadInput) -> (from: String?, first: Bool) {
        var (start, first): (String?, Bool) = (nil, false)
        while let word = next() {
            if word == "first" {
                first = true
            } else if word.hasPrefix("from=") {
                start = String(word.dropFirst(5))
            } else {
                throw BadInput("\(step): \(word) must be from=TEXT or first")
            }
        }
        return (start, first)
    }

    mutating func goldenPicture() throws(BadInput) -> ScenarioStep.GoldenPicture {
        var golden = ScenarioStep.GoldenPicture(name: try goldenName())
        while let word = next() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            switch parts.first {
            case "differ" where parts.count == 2: golden.differ = try share(parts[1])
            case "slack" where parts.count == 2:
                guard let slack = Int(parts[1]), (0...255).contains(slack) else {
                    throw BadInput("\(step): \(word) must be from 0 to 255")
                }
                golden.slack = slack
            case "box" where parts.count == 2:
                let numbers = parts[1].split(separator: ",").compactMap { Int($0) }
                guard numbers.count == 4, numbers.allSatisfy({ (0...65536).contains($0) }) else {
                    throw BadInput("\(step): \(word) must be box=x,y,w,h")
                }
                golden.box = .init(x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3])
            case "within" where parts.count == 2: golden.within = try time(parts[1])
            default: throw BadInput("\(step): \(word) must be differ=P%, slack=N, box=x,y,w,h or within=T")
            }
        }
        return golden
    }

    /// A percentage as parts of a thousand million.
    private func share(_ text: String) throws(BadInput) -> Int {
        let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
        // A time in seconds is a number with at most nine places, which is what is needed here.
        guard let billionths = OptionValue.nanoseconds(digits + "s"), billionths <= 100_000_000_000 else {
            throw BadInput("\(step): differ=\(text) must be from 0% to 100%")
        }
        return Int(billionths / 100)
    }

    mutating func address() throws(BadInput) -> OptionValue.Address {
        let word = try word("an address")
        guard let address = OptionValue.address(word) else {
            throw BadInput("\(step): \(word) must be an address such as 0040:0017 or 0x417")
        }
        return address
    }

    /// All words that are left, as bytes.
    mutating func bytes() throws(BadInput) -> [UInt8] {
        let text = words.joined()
        words = []
        guard let bytes = OptionValue.hexBytes(text), !bytes.isEmpty else {
            throw BadInput("\(step): needs bytes as pairs of hexadecimal digits")
        }
        return bytes
    }

    mutating func register() throws(BadInput) -> Register {
        let word = try word("a register")
        guard let register = Register(rawValue: word.lowercased()) else {
            throw BadInput("\(step): \(word): no such register")
        }
        return register
    }

    mutating func value(of register: Register) throws(BadInput) -> UInt32 {
        let word = try word("a value")
        guard let number = OptionValue.integer(word) else { throw BadInput("\(step): \(word) must be a number") }
        let top = Int64(1) << Int64(register.bits)
        guard (-top / 2..<top).contains(number) else {
            throw BadInput("\(step): \(word) has more than the \(register.bits) bits of \(register.rawValue)")
        }
        return UInt32(truncatingIfNeeded: number & (top - 1))
    }
}
