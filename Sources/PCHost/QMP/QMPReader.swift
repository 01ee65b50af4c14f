/// Cuts a stream of bytes into JSON values, however they are spread over lines. After an error it goes on with the next
/// line.
struct QMPReader {
    /// The longest request, in bytes.
    static let longest = 1 << 20
    /// Up to here an unfinished request is looked through at each line end, so that garbage is told of early.
    private static let early = 4096

    private var received: [UInt8] = []
    /// Where the value begins, and how far it was looked through.
    private var start = 0
    private var position = 0
    private var depth = 0
    private var isInText = false
    private var isEscaped = false
    /// The rest of a line that was not understood.
    private var isDropping = false

    mutating func take(_ bytes: ArraySlice<UInt8>) {
        received.removeFirst(start)
        position -= start
        start = 0
        received += bytes
    }

    /// The next value, or what is wrong with it; nil where none is complete.
    mutating func next() -> Result<JSONValue, QMPError>? {
        while position < received.count {
            let byte = received[position]
            if isDropping {
                position += 1
                start = position
                isDropping = byte != 10
                continue
            }
            if position == start, [32, 9, 10, 13].contains(byte) {
                position += 1
                start = position
                continue
            }
            guard position - start < Self.longest else { return .failure(fail("it is longer than 1 MB")) }
            if isInText {
                if byte < 32 { return .failure(fail("a control character stands in a text")) }
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInText = false
                }
                position += 1
                continue
            }
            position += 1
            switch byte {
            case UInt8(ascii: "\""): isInText = true
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth > JSONParser.deepest + 1 { return .failure(fail("it is nested too deeply")) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth <= 0 { return finish() }
            case 10 where depth == 0: return finish()
            case 10 where position - start <= Self.early:
                if case .failure(.bad(let text)) = parsed() { return .failure(fail(text)) }
            default: break
            }
        }
        return nil
    }

    private func parsed() -> Result<JSONValue, JSONParser.Failure> {
        Result { () throws(JSONParser.Failure) in try JSONParser.value(of: Array(received[start..<position])) }
    }

    private mutating func finish() -> Result<JSONValue, QMPError> {
        switch parsed() {
        case .success(let value):
            begin()
            return .success(value)
        case .failure(.incomplete): return .failure(fail("it ends too early"))
        case .failure(.bad(let text)): return .failure(fail(text))
        }
    }

    /// Gives up the value, and the rest of its line.
    private mutating func fail(_ text: String) -> QMPError {
        isDropping = position == start || received[position - 1] != 10
        begin()
        return QMPError("JSON parse error, \(text)")
    }

    private mutating func begin() {
        start = position
        depth = 0
        isInText = false
        isEscaped = false
    }
}
