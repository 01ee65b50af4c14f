import PCCore

/// One machine's link to the world outside: its output and its messages.
public final class HostLink: Host {
    /// A change of the speaker's tone: silent at 0 mHz.
    public struct Tone: Equatable, Sendable {
        public var time: GuestTime
        public var millihertz: UInt64

        public init(time: GuestTime, millihertz: UInt64) {
            self.time = time
            self.millihertz = millihertz
        }
    }

    /// What COM1 is kept of for `control`, in bytes.
    static let serialLimit = 16 << 20
    private static let toneLimit = 100_000

    private let debugSink: ByteSink
    private let serialSink: ByteSink
    private let printerSink: ByteSink?
    private let logger: (String) -> Void
    private let keepsSerial: Bool
    private let keepsTones: Bool
    /// What came out of COM1, if it is kept.
    public private(set) var serialOutput: [UInt8] = []
    private var tones: [Tone] = []
    public private(set) var keyboardLEDs: UInt8 = 0
    private var lastMessage = ""

    public init(
        debugConsole: ByteSink, serial: ByteSink, printer: ByteSink? = nil, keepsSerial: Bool = false,
        keepsTones: Bool = false,
        log: @escaping (String) -> Void
    ) {
        debugSink = debugConsole
        serialSink = serial
        printerSink = printer
        self.keepsSerial = keepsSerial
        self.keepsTones = keepsTones
        logger = log
    }

    public func debugConsole(_ byte: UInt8) {
        debugSink.write(byte)
    }

    public func serial(_ port: Int, _ byte: UInt8) {
        guard port == 0 else { return }
        serialSink.write(byte)
        if keepsSerial, serialOutput.count < Self.serialLimit { serialOutput.append(byte) }
    }

    public func printer(_ port: Int, _ byte: UInt8) {
        printerSink?.write(byte)
    }

    public func speaker(millihertz: UInt64, at time: GuestTime) {
        guard keepsTones, tones.count < Self.toneLimit else { return }
        tones.append(Tone(time: time, millihertz: millihertz))
    }

    public func keyboardLEDs(_ lit: UInt8) {
        keyboardLEDs = lit
    }

    /// A guest can make the same trouble a million times; it is told once until something else happens.
    public func log(_ message: String) {
        guard message != lastMessage else { return }
        lastMessage = message
        logger(message)
    }

    /// The changes of tone since the last call.
    public func takeTones() -> [Tone] {
        defer { tones.removeAll(keepingCapacity: true) }
        return tones
    }

    /// Writes out what was collected.
    public func flush() {
        for case (let sink?, let name) in [
            (debugSink, "--debug-console"), (serialSink, "--serial"), (printerSink, "--parallel"),
        ] where !sink.flush() {
            log("\(name): the host does not take the guest's output any more")
        }
    }
}
