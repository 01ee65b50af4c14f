import PCCore

/// An input as it stands in a recording: a kind, three numbers and two runs of bytes, whatever it needs of them.
struct StoredInput: Stateful {
    enum Kind: UInt8 {
        case press, release, mouse, buttons, joystick, serial, floppy, disc, reset, power, poke, register
    }

    var time: GuestTime = 0
    var isTogether = false
    var kind = Kind.press
    var numbers: (Int64, Int64, Int64) = (0, 0, 0)
    /// The name of a key or register, bytes for a port or memory, the path of a disk.
    var text: [UInt8] = []
    /// Of a disk: sector size and count, and the sum of its content; empty where none is put in.
    var digest: [UInt8] = []

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&time)
        visitor.visit(&isTogether)
        visitor.visit(&kind)
        visitor.visit(&numbers.0)
        visitor.visit(&numbers.1)
        visitor.visit(&numbers.2)
        visitor.visit(&text)
        visitor.visit(&digest)
    }
}

extension StoredInput {
    /// - Throws: where a disk is in no file, so that no replay could have it.
    init(_ recorded: RecordedInput) throws(StateFault) {
        time = recorded.time
        isTogether = recorded.isTogether
        switch recorded.input {
        case .press(let key): (kind, text) = (.press, Array(key.rawValue.utf8))
        case .release(let key): (kind, text) = (.release, Array(key.rawValue.utf8))
        case .moveMouse(let dx, let dy, let wheel): (kind, numbers) = (.mouse, (Int64(dx), Int64(dy), Int64(wheel)))
        case .holdMouseButtons(let buttons): (kind, numbers.0) = (.buttons, Int64(buttons.rawValue))
        case .joystick(let joystick, let number):
            kind = .joystick
            let buttons = joystick.map { ($0.firstButton ? 1 : 0) | ($0.secondButton ? 2 : 0) | 4 } ?? 0
            numbers = (Int64(number), Int64(buttons), Int64(joystick?.x ?? 0) << 16 | Int64(joystick?.y ?? 0) & 0xFFFF)
        case .serial(let bytes, let port): (kind, numbers.0, text) = (.serial, Int64(port), bytes)
        case .insertFloppy(let disk, let drive): try insert(disk, .floppy, drive)
        case .insertDisc(let disc, let place): try insert(disc, .disc, place)
        case .reset: kind = .reset
        case .powerButton: kind = .power
        case .poke(let physical, let bytes): (kind, numbers.0, text) = (.poke, Int64(physical), bytes)
        case .set(let register, let value):
            (kind, numbers.0, text) = (.register, Int64(value), Array(register.rawValue.utf8))
        }
    }

    private mutating func insert(_ device: (any BlockDevice)?, _ kind: Kind, _ place: Int) throws(StateFault) {
        (self.kind, numbers.0) = (kind, Int64(place))
        guard let device else { return }
        guard let path = device.imagePath else { throw StateFault("has a disk that is in no file") }
        text = Array(path.utf8)
        do throws(BlockError) {
            digest = try device.digestAtPowerOn(excluding: DiskChanges()).bytes
        } catch {
            throw StateFault("has a disk that cannot be read: \(path)")
        }
    }

    /// The input again; `open` gives the disk at a path.
    func input(
        open: (_ path: String, DiskKind, _ place: Int) throws(StateFault) -> any BlockDevice
    ) throws(StateFault) -> MachineInput {
        switch kind {
        case .press: return .press(try key)
        case .release: return .release(try key)
        case .mouse: return .moveMouse(dx: Int(numbers.0), dy: Int(numbers.1), wheel: Int(numbers.2))
        case .buttons: return .holdMouseButtons(MouseButtons(rawValue: UInt8(truncatingIfNeeded: numbers.0)))
        case .joystick:
            let stick = Joystick(
                x: Int16(truncatingIfNeeded: numbers.2 >> 16), y: Int16(truncatingIfNeeded: numbers.2),
                firstButton: numbers.1 & 1 != 0, secondButton: numbers.1 & 2 != 0)
            return .joystick(numbers.1 & 4 != 0 ? stick : nil, number: try place(below: 2))
        case .serial: return .serial(text, port: try place(below: 2))
        case .floppy: return .insertFloppy(try disk(.floppy, try place(below: 2), open), drive: try place(below: 2))
        case .disc: return .insertDisc(try disk(.cdrom, try place(below: 4), open), place: try place(below: 4))
        case .reset: return .reset
        case .power: return .powerButton
        case .poke: return .poke(physical: UInt32(truncatingIfNeeded: numbers.0), text)
        case .register:
            guard let register = Register(rawValue: String(decoding: text, as: UTF8.self)) else { throw .damaged }
            return .set(register, UInt32(truncatingIfNeeded: numbers.0))
        }
    }

    private var key: Key {
        get throws(StateFault) {
            guard let key = Key(rawValue: String(decoding: text, as: UTF8.self)) else { throw .damaged }
            return key
        }
    }

    private func place(below limit: Int64) throws(StateFault) -> Int {
        guard (0..<limit).contains(numbers.0) else { throw .damaged }
        return Int(numbers.0)
    }

    private func disk(
        _ kind: DiskKind, _ place: Int,
        _ open: (_ path: String, DiskKind, _ place: Int) throws(StateFault) -> any BlockDevice
    ) throws(StateFault) -> (any BlockDevice)? {
        if digest.isEmpty { return nil }
        let path = String(decoding: text, as: UTF8.self)
        let device = try open(path, kind, place)
        let found = try? device.digestAtPowerOn(excluding: DiskChanges()).bytes
        guard found == digest else { throw StateFault("needs \(path) as it was, and it has changed") }
        return device
    }
}

extension DiskDigest {
    fileprivate var bytes: [UInt8] {
        LittleEndian.bytes(UInt64(sectorSize)) + LittleEndian.bytes(UInt64(sectorCount)) + LittleEndian.bytes(sum.low)
            + LittleEndian.bytes(sum.high)
    }
}
