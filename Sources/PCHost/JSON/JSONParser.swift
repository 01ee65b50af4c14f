/// Reads JSON strictly [RFC 8259] from bytes that may be anything.
struct JSONParser {
    enum Failure: Error, Equatable {
        /// The bytes end before the value does.
        case incomplete
        /// What is wrong, without a full stop.
        case bad(String)
    }

    /// How many lists and objects may stand inside of each other.
    static let deepest = 64

    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The one value that `bytes` hold, with nothing but blanks around it.
    static func value(of bytes: [UInt8]) throws(Failure) -> JSONValue {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .bad("it is not UTF-8") }
        var parser = JSONParser(bytes)
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.position == bytes.count else { throw .bad("something follows the value") }
        return value
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        guard depth <= Self.deepest else { throw .bad("it is nested too deeply: at most \(Self.deepest) levels") }
        skipBlanks()
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "-"), 48...57: return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw .bad("a value is expected")
        }
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONValue {
        position += 1
        var members: [(String, JSONValue)] = []
        var names: Set<String> = []
        skipBlanks()
        if try take("}") { return .object([]) }
        while true {
            skipBlanks()
            guard try peek() == UInt8(ascii: "\"") else { throw .bad("a member's name is expected") }
            let name = try text()
            guard names.insert(name).inserted else { throw .bad("a member stands twice") }
            skipBlanks()
            guard try take(":") else { throw .bad("a colon is expected") }
            members.append((name, try value(depth: depth + 1)))
            skipBlanks()
            if try take("}") { return .object(members) }
            guard try take(",") else { throw .bad("a comma or } is expected") }
        }
    }

    private mutating func list(depth: Int) throws(Failure) -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        skipBlanks()
        if try take("]") { return .list([]) }
        while true {
            items.append(try value(depth: depth + 1))
            skipBlanks()
            if try take("]") { return .list(items) }
            guard try take(",") else { throw .bad("a comma or ] is expected") }
        }
    }

    // MARK: Text

    private mutating func text() throws(Failure) -> String {
        position += 1
        var text: [UInt8] = []
        while true {
            let byte = try next()
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): text += try escape()
            case 0..<32: throw .bad("a control character stands in a text")
            default: text.append(byte)
            }
        }
    }

    private mutating func escape() throws(Failure) -> [UInt8] {
        switch try next() {
        case UInt8(ascii: "\""): return [34]
        case UInt8(ascii: "\\"): return [92]
        case UInt8(ascii: "/"): return [47]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            var code = try unit()
            if (0xD800..<0xDC00).contains(code) {
                guard try next() == UInt8(ascii: "\\"), try next() == UInt8(ascii: "u") else {
                    throw .bad("half of a surrogate pair is missing")
                }
                let low = try unit()
                guard (0xDC00..<0xE000).contains(low) else { throw .bad("half of a surrogate pair is missing") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw .bad("half of a surrogate pair is missing") }
            return Array(String(Character(scalar)).utf8)
        default: throw .bad("no such escape")
        }
    }

    /// Four hexadecimal digits.
    private mutating func unit() throws(Failure) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let byte = try next()
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 128 else {
                throw .bad("four hexadecimal digits are expected")
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    // MARK: Numbers and words

    private mutating func number() throws(Failure) -> JSONValue {
        let start = position
        let isNegative = try take("-")
        let whole = digits()
        if whole.isEmpty {
            _ = try peek()
            throw .bad("a digit is expected")
        }
        guard whole.count == 1 || whole.first != 48 else { throw .bad("a number begins with 0") }
        var isWhole = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            isWhole = false
            if digits().isEmpty { throw .bad("a digit is expected") }
        }
        if position < bytes.count, bytes[position] | 32 == UInt8(ascii: "e") {
            position += 1
            isWhole = false
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") {
                position += 1
            }
            if digits().isEmpty { throw .bad("a digit is expected") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole {
            if !isNegative, let value = UInt64(text) { return .number(value) }
            if isNegative, let value = Int64(text) { return value == 0 ? .number(0) : .negative(value) }
        } else if text.utf8.count <= 400, let value = Double(text), value.isFinite {
            return .real(value)
        }
        throw .bad("a number is too large")
    }

    private mutating func digits() -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, (48...57).contains(bytes[position]) { position += 1 }
        return bytes[start..<position]
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(Failure) -> JSONValue {
        for wanted in word.utf8 where try next() != wanted { throw .bad("a value is expected") }
        return value
    }

    // MARK: Bytes

    private mutating func skipBlanks() {
        while position < bytes.count, [32, 9, 10, 13].contains(bytes[position]) { position += 1 }
    }

    private func peek() throws(Failure) -> UInt8 {
        guard position < bytes.count else { throw .incomplete }
        return bytes[position]
    }

    private mutating func next() throws(Failure) -> UInt8 {
        let byte = try peek()
        position += 1
        return byte
    }

    private mutating func take(_ wanted: Unicode.Scalar) throws(Failure) -> Bool {
        guard try peek() == UInt8(ascii: wanted) else { return false }
        position += 1
        return true
    }
}
