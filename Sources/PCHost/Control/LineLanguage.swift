/// The line protocol of `ControlSession` as bytes.
final class LineLanguage: ClientLanguage {
    private let session: ControlSession
    private let client: ControlClient
    private var lines = LineReader()

    init(_ session: ControlSession) {
        self.session = session
        client = session.addClient()
    }

    let greeting: [UInt8] = []
    let putsEventsFirst = false

    func take(_ bytes: ArraySlice<UInt8>) { lines.take(bytes) }

    func answerNext() -> [UInt8]? {
        guard let line = lines.next() else { return nil }
        let answer =
            switch line {
            case .line(let bytes): session.answer(String(decoding: bytes, as: UTF8.self), for: client)
            case .tooLong: ["error the request is too long: at most \(LineReader.longest) bytes"]
            }
        return Array(answer.map { $0 + "\n" }.joined().utf8)
    }

    func told(_ event: ControlEvent) -> [UInt8]? {
        guard client.hears(event), let line = event.line else { return nil }
        return Array((line + "\n").utf8)
    }

    func leave() { session.remove(client) }
}

/// Cuts bytes into lines of bounded length.
struct LineReader {
    enum Piece: Equatable {
        case line([UInt8])
        /// Its bytes were dropped.
        case tooLong
    }

    static let longest = 1 << 20

    private var received: [UInt8] = []
    private var start = 0
    /// Where no line end was found yet.
    private var searched = 0
    private var isDropping = false

    mutating func take(_ bytes: ArraySlice<UInt8>) {
        received.removeFirst(start)
        searched -= start
        start = 0
        received += bytes
    }

    /// The next line without its end, `\n` or `\r\n`.
    mutating func next() -> Piece? {
        guard let end = received[searched...].firstIndex(of: 10) else {
            searched = received.count
            if searched - start > Self.longest || isDropping {
                isDropping = true
                start = searched
            }
            return nil
        }
        let line = received[start..<end]
        start = end + 1
        searched = start
        defer { isDropping = false }
        if isDropping || line.count > Self.longest { return .tooLong }
        return .line(Array(line.last == 13 ? line.dropLast() : line))
    }
}
