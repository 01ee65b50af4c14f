import PCCore

/// Takes what a DOS program writes to the console, and makes of it what a terminal of today expects.
final class DosConsole: Host {
    /// As it came, or with characters of code page 437 as UTF-8 and line ends without carriage returns.
    private let isRaw: Bool
    private let output: Int32
    private var pending: [UInt8] = []
    /// A carriage return came, and it is open whether a line feed follows.
    private var holdsReturn = false
    /// Whether anything is taken: the program runs.
    var isOpen = false

    init(output: Int32, isRaw: Bool) {
        self.output = output
        self.isRaw = isRaw
    }

    func debugConsole(_ byte: UInt8) {
        guard isOpen else { return }
        guard !isRaw else { return pending.append(byte) }
        if holdsReturn, byte != 10 { pending.append(13) }
        holdsReturn = byte == 13
        if holdsReturn { return }
        if byte < 0x80 {
            pending.append(byte)
        } else {
            pending += Array(String(Character(CodePage437.unicode(byte))).utf8)
        }
    }

    /// Writes out what came. False where the host does not take it.
    func flush(atEnd: Bool = false) -> Bool {
        if atEnd, holdsReturn { pending.append(13) }
        defer { pending.removeAll(keepingCapacity: true) }
        return HostFile.writeAll(output, pending)
    }
}
