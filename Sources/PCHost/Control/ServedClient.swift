import Glibc

/// What the bytes of one client mean.
protocol ClientLanguage: AnyObject {
    /// What it is sent before it asks for anything.
    var greeting: [UInt8] { get }
    /// Events that a request leads to are told before its answer.
    var putsEventsFirst: Bool { get }
    /// Takes bytes in.
    func take(_ bytes: ArraySlice<UInt8>)
    /// Answers the next request; nil where none is complete.
    func answerNext() -> [UInt8]?
    /// An event as this client is told of it; nil where it is not.
    func told(_ event: ControlEvent) -> [UInt8]?
    /// The client is gone.
    func leave()
}

/// One client of a server: its file descriptors and what it has not taken yet.
final class ServedClient {
    let input: Int32
    let output: Int32
    let language: any ClientLanguage
    /// Otherwise they are two files that are not ours.
    let isSocket: Bool
    private var outgoing: [UInt8] = []
    private var sent = 0
    /// Bytes of events since the client took the last byte that there was.
    private var unreadEvents = 0
    /// No more requests will come.
    private(set) var isAtEnd = false
    /// It takes no answers any more.
    private(set) var isGone = false
    /// It does not read what it asked to be told.
    private(set) var isOverrun = false
    private var mayHaveRequests = false

    /// With more than this to be taken, its requests wait.
    private static let answerLimit = 1 << 16
    /// With more than this, the client is given up.
    static let eventLimit = 1 << 20

    init(input: Int32, output: Int32, isSocket: Bool, _ language: any ClientLanguage) {
        self.input = input
        self.output = output
        self.isSocket = isSocket
        self.language = language
        send(language.greeting)
    }

    /// Bytes that wait to be taken.
    var backlog: Int { outgoing.count - sent }
    /// Whether it is to be listened to.
    var isHeard: Bool { !isAtEnd && backlog < Self.answerLimit && !mayHaveRequests }
    var hasRequests: Bool { mayHaveRequests && backlog < Self.answerLimit }
    /// Everything was answered and taken, or will never be.
    var isDone: Bool { isGone || isOverrun || isAtEnd && !mayHaveRequests && backlog == 0 }

    /// Reads what is there, up to 64 KB.
    func receive() {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = read(input, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return }
        guard count > 0 else {
            isAtEnd = true
            return
        }
        language.take(buffer[..<count])
        mayHaveRequests = true
    }

    /// The answer to one request; nil where there is none to answer.
    func answerNext() -> [UInt8]? {
        guard hasRequests, !isGone, !isOverrun else { return nil }
        let answer = language.answerNext()
        if answer == nil { mayHaveRequests = false }
        return answer
    }

    func send(_ bytes: [UInt8]) {
        guard !isGone else { return }
        outgoing += bytes
        flush()
    }

    func tell(_ event: ControlEvent) {
        guard !isGone, !isOverrun, let bytes = language.told(event) else { return }
        unreadEvents += bytes.count
        if backlog > 0, unreadEvents > Self.eventLimit {
            isOverrun = true
        } else {
            send(bytes)
        }
    }

    /// Writes what the client takes now; never waits for it.
    func flush() {
        while backlog > 0 {
            let count = write()
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { break }
            guard count > 0 else {
                isGone = true
                return
            }
            sent += count
        }
        if backlog == 0 {
            outgoing.removeAll(keepingCapacity: outgoing.count <= Self.answerLimit)
            sent = 0
            unreadEvents = 0
        } else if sent > Self.answerLimit {
            outgoing.removeFirst(sent)
            sent = 0
        }
    }

    private func write() -> Int {
        var count = backlog
        if !isSocket {
            // Standard output may be shared with others, so it stays as it is: a pipe that is ready takes this much.
            var ready = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
            guard poll(&ready, 1, 0) > 0 else {
                errno = EAGAIN
                return -1
            }
            count = min(count, 4096)
        }
        // SAFETY: `sent` and `count` lie within the bytes.
        return outgoing.withUnsafeBytes { bytes in
            let start = bytes.baseAddress?.advanced(by: sent)
            return isSocket
                ? Glibc.send(output, start, count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
                : Glibc.write(output, start, count)
        }
    }

    func markGone() { isGone = true }

    func close() {
        language.leave()
        guard isSocket else { return }
        Glibc.close(input)
    }
}
