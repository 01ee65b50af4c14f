import PCCore

/// Answers one gdb, from its first packet to its last [GDB manual, Remote Protocol].
///
/// There is one thread, number 1: the CPU. Addresses are linear in every mode.
public final class GDBSession {
    enum State {
        case attached
        /// The client is gone, and the machine goes on.
        case detached
        /// The machine is over.
        case killed
    }

    /// Which way the machine goes.
    enum Direction {
        case forwards, backwards
    }

    public let target: DebugTarget
    /// What `monitor` knows.
    let commands: [GDBMonitorCommand]
    /// Asked while the machine runs: whether it is to stop.
    let isInterrupted: (Direction) -> Bool
    /// Takes text for the client's screen while the machine runs.
    let say: (String) -> Void

    var state = State.attached
    /// Each packet is answered by `+` or `-` first.
    var acknowledges = true
    var points = GDBPoints()
    /// The client knows what `swbreak` and `hwbreak` mean.
    var knowsBreakFields = false
    /// What `monitor arch` has chosen, if not the code that the machine runs.
    var architecture: GDBTargetDescription.Architecture?
    /// The description while the client reads it, so that its parts fit together.
    var description: [UInt8] = []

    init(
        _ target: DebugTarget, commands: [GDBMonitorCommand] = [],
        isInterrupted: @escaping (Direction) -> Bool = { _ in false },
        say: @escaping (String) -> Void = { _ in }
    ) {
        self.target = target
        self.commands = GDBMonitorCommand.own + commands
        self.isInterrupted = isInterrupted
        self.say = say
    }

    enum Answer: Equatable {
        /// Nothing is sent.
        case none
        case data([UInt8])

        static func text(_ text: String) -> Answer { .data(Array(text.utf8)) }
        static let ok = text("OK")
        /// The packet is not known: the client does without.
        static let unknown = text("")
        /// EINVAL: the packet makes no sense, or asks for what cannot be.
        static let invalid = text("E22")
        /// EFAULT, as QEMU tells it: no memory answers there.
        static let noMemory = text("E14")
        /// Too many breakpoints and watchpoints.
        static let noSpace = text("E28")
    }

    func answer(_ packet: [UInt8]) -> Answer {
        var text = GDBPacketText(packet.dropFirst())
        switch packet.first.map(Unicode.Scalar.init) {
        case "?": return .text(Self.stop(5))
        case "g":
            return text.isAtEnd ? .text(GDBRegister.all.map { GDBPacket.hex($0.read(target)) }.joined()) : .invalid
        case "G": return writeAll(&text)
        case "p": return readRegister(&text)
        case "P": return writeRegister(&text)
        case "m": return readMemory(&text)
        case "M": return writeMemory(&text, isBinary: false)
        case "X": return writeMemory(&text, isBinary: true)
        case "c": return go(&text) { $0.resume() }
        case "s": return go(&text) { $0.step() }
        case "C": return text.number(UInt8.self) == nil ? .invalid : resume()
        case "S": return text.number(UInt8.self) == nil ? .invalid : step()
        case "b": return back(text.text)
        case "Z": return change(&text) { points, point in points.insert(point) }
        case "z":
            return change(&text) { points, point in
                points.remove(point)
                return true
            }
        case "H", "T": return .ok
        case "q", "Q": return query(GDBPacketText(packet))
        case "v": return verb(GDBPacketText(packet))
        case "D":
            leave(.detached)
            return .ok
        case "k":
            leave(.killed)
            return .none
        default: return .unknown
        }
    }

    /// The client is gone: nothing stops the machine any more.
    func leave(_ state: State) {
        self.state = state
        points = GDBPoints()
        target.stops = StopSet()
    }

    // MARK: Registers

    private func readRegister(_ text: inout GDBPacketText) -> Answer {
        guard let number = text.number(), number < GDBRegister.all.count else { return .invalid }
        return .text(GDBPacket.hex(GDBRegister.all[Int(number)].read(target)))
    }

    private func writeRegister(_ text: inout GDBPacketText) -> Answer {
        guard let number = text.number(), number < GDBRegister.all.count, text.skip("="),
            let bytes = text.hexBytes(), GDBRegister.all[Int(number)].write(bytes, target)
        else { return .invalid }
        return .ok
    }

    /// Segment registers come before EIP and ESP, which are told as linear addresses.
    private func writeAll(_ text: inout GDBPacketText) -> Answer {
        guard let bytes = text.hexBytes(), bytes.count == GDBRegister.all.map(\.size).reduce(0, +) else {
            return .invalid
        }
        var values: [(register: GDBRegister, bytes: [UInt8])] = []
        var start = 0
        for register in GDBRegister.core {
            values.append((register, Array(bytes[start..<start + register.size])))
            start += register.size
        }
        let isAddress = { (register: GDBRegister) in
            switch register.place {
            case .codeAddress, .stackAddress: true
            default: false
            }
        }
        let ordered = values.filter { !isAddress($0.register) } + values.filter { isAddress($0.register) }
        let isDone = ordered.map { $0.register.write($0.bytes, target) }
        return isDone.contains(false) ? .invalid : .ok
    }

    // MARK: Memory

    private func readMemory(_ text: inout GDBPacketText) -> Answer {
        guard let address = text.number(), text.skip(","), let count = text.number(), text.isAtEnd else {
            return .invalid
        }
        guard count > 0 else { return .text("") }
        let bytes = target.read(linear: address, count: Int(min(count, UInt32(GDBPacket.limit / 2))))
        // What can be read is what stands before the first gap.
        let there = bytes.prefix { $0 != nil }.compactMap { $0 }
        return there.isEmpty ? .noMemory : .text(GDBPacket.hex(there))
    }

    private func writeMemory(_ text: inout GDBPacketText, isBinary: Bool) -> Answer {
        guard let address = text.number(), text.skip(","), let count = text.number(), text.skip(":"),
            let bytes = isBinary ? GDBPacket.unescaped(text.bytes) : text.hexBytes(), bytes.count == count
        else { return .invalid }
        guard count > 0 else { return .ok }
        return target.write(linear: address, bytes) ? .ok : .noMemory
    }

    // MARK: Breakpoints and watchpoints

    private func change(_ text: inout GDBPacketText, _ action: (inout GDBPoints, GDBPoint) -> Bool) -> Answer {
        // A type that there is not gets the empty answer, by which gdb learns so.
        var type = text
        guard let number = type.number(), number <= 4 else { return .unknown }
        guard let point = GDBPoint(&text), text.isAtEnd else { return .invalid }
        guard action(&points, point) else { return .noSpace }
        target.stops = points.stopSet
        return .ok
    }
}
