import PCCore

/// One thing that happens to a machine's devices.
enum DeviceOperation: Equatable, Sendable {
    case output(port: UInt16, AccessWidth, UInt32)
    case input(port: UInt16, AccessWidth)
    /// Many writes to one port, of values that follow from `seed`.
    case outputs(port: UInt16, AccessWidth, count: UInt16, seed: UInt8)
    case inputs(port: UInt16, AccessWidth, count: UInt16)
    case write(address: UInt32, AccessWidth, UInt32)
    case read(address: UInt32, AccessWidth)
    /// Many writes from an address on, `stride` bytes apart.
    case sweep(address: UInt32, AccessWidth, count: UInt16, stride: UInt16, seed: UInt8)
    /// These bytes into RAM: descriptors, packets, tables.
    case fill(address: UInt32, [UInt8])
    /// Guest time passes: the first number times two to the power of the second.
    case run(UInt8, UInt8)
    case key(UInt8, isDown: Bool)
    case mouse(dx: Int8, dy: Int8, wheel: Int8, buttons: UInt8)
    /// Another disk of this kind in a drive, or none: 0 and 1 are floppy drives, 2 to 5 CD-ROM drives.
    case disk(drive: UInt8, kind: UInt8)
    case serial(port: UInt8, [UInt8])
    /// What a front-end asks for: the frame, the text screen, the state.
    case picture
    case state
    case reset

    /// How many accesses or slots of guest time it is, as far as that is bounded.
    var cost: Int {
        switch self {
        case .outputs(_, _, let count, _), .inputs(_, _, let count), .sweep(_, _, let count, _, _): Int(count)
        case .run(let slots, let shift): (Int(slots) << Int(shift & Self.mostShift)) >> 3
        case .picture, .state, .reset: 20_000
        default: 1
        }
    }

    /// A second of guest time at the machine's rate.
    static let mostShift: UInt8 = 12
}

/// Operations on a machine of some configuration, and how they are kept in a file. Every sequence of bytes means some
/// traffic, so that libFuzzer and mutations of bytes get somewhere.
struct Traffic: Equatable, Sendable {
    /// What the machine is: see `TrafficMachine`.
    var configuration: UInt16 = 0
    var operations: [DeviceOperation] = []
}

/// What stands in an operation's first byte: the kind in the low four bits, the width in the next two.
private enum Tag {
    static let width: UInt8 = 0x30
    /// The port or address is one of those that the board has, by a number; only mutations write that.
    static let isNumbered: UInt8 = 0x40
    /// The value has one byte.
    static let isShort: UInt8 = 0x80
}

extension Traffic {
    /// Where the devices of a machine are, for numbered ports and addresses.
    struct Places {
        var ports: [ClosedRange<UInt16>] = [0...0xFFFF]
        var memory: [ClosedRange<UInt32>] = [0...0xFFFF_FFFF]
    }

    var bytes: [UInt8] {
        var writer = TrafficWriter()
        writer.number(UInt32(configuration), 2)
        for operation in operations { writer.write(operation) }
        return writer.bytes
    }

    /// - Parameter places: is asked once the configuration is known.
    init(_ bytes: [UInt8], places: (UInt16) -> Places) {
        var reader = TrafficReader(bytes)
        configuration = UInt16(truncatingIfNeeded: reader.number(2))
        let places = places(configuration)
        while !reader.isAtEnd { operations.append(reader.operation(places)) }
    }
}

private struct TrafficWriter {
    var bytes: [UInt8] = []

    mutating func number(_ value: UInt32, _ size: Int) {
        for i in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(i * 8))) }
    }

    private mutating func tag(_ kind: UInt8, _ width: AccessWidth = .byte, isShort: Bool = false) {
        let number: UInt8 = width == .byte ? 0 : width == .word ? 1 : 2
        bytes.append(kind | number << 4 | (isShort ? Tag.isShort : 0))
    }

    private mutating func list(_ list: [UInt8]) {
        bytes.append(UInt8(clamping: list.count))
        bytes += list.prefix(255)
    }

    mutating func write(_ operation: DeviceOperation) {
        switch operation {
        case .output(let port, let width, let wide):
            let value = wide & width.ones
            tag(0, width, isShort: value < 0x100)
            number(UInt32(port), 2)
            number(value, value < 0x100 ? 1 : width.rawValue)
        case .input(let port, let width):
            tag(1, width)
            number(UInt32(port), 2)
        case .outputs(let port, let width, let count, let seed):
            tag(2, width)
            number(UInt32(port), 2)
            number(UInt32(count), 2)
            bytes.append(seed)
        case .inputs(let port, let width, let count):
            tag(3, width)
            number(UInt32(port), 2)
            number(UInt32(count), 2)
        case .write(let address, let width, let wide):
            let value = wide & width.ones
            tag(4, width, isShort: value < 0x100)
            number(address, 4)
            number(value, value < 0x100 ? 1 : width.rawValue)
        case .read(let address, let width):
            tag(5, width)
            number(address, 4)
        case .sweep(let address, let width, let count, let stride, let seed):
            tag(6, width)
            number(address, 4)
            number(UInt32(count), 2)
            number(UInt32(stride), 2)
            bytes.append(seed)
        case .fill(let address, let content):
            tag(7)
            number(address, 4)
            list(content)
        case .run(let slots, let shift):
            tag(8)
            bytes += [slots, shift]
        case .key(let key, let isDown):
            tag(9, isShort: isDown)
            bytes.append(key)
        case .mouse(let dx, let dy, let wheel, let buttons):
            tag(10)
            bytes += [dx, dy, wheel].map { UInt8(bitPattern: $0) } + [buttons]
        case .disk(let drive, let kind):
            tag(11)
            bytes += [drive, kind]
        case .serial(let port, let content):
            tag(12)
            bytes.append(port)
            list(content)
        case .picture: tag(13)
        case .state: tag(14)
        case .reset: tag(15)
        }
    }
}

private struct TrafficReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    /// Little endian; what is beyond the end is zeroes.
    mutating func number(_ size: Int) -> UInt32 {
        (0..<size).reduce(0) { $0 | UInt32(byte()) << UInt32($1 * 8) }
    }

    private mutating func byte() -> UInt8 {
        defer { position += 1 }
        return position < bytes.count ? bytes[position] : 0
    }

    private mutating func list() -> [UInt8] {
        let count = min(Int(byte()), bytes.count - min(position, bytes.count))
        defer { position += count }
        return Array(bytes[min(position, bytes.count)...].prefix(count))
    }

    private mutating func port(_ tag: UInt8, _ places: Traffic.Places) -> UInt16 {
        guard tag & Tag.isNumbered != 0, !places.ports.isEmpty else { return UInt16(truncatingIfNeeded: number(2)) }
        let range = places.ports[Int(byte()) % places.ports.count]
        return range.lowerBound &+ UInt16(Int(byte()) % range.count)
    }

    private mutating func address(_ tag: UInt8, _ places: Traffic.Places) -> UInt32 {
        guard tag & Tag.isNumbered != 0, !places.memory.isEmpty else { return number(4) }
        let range = places.memory[Int(byte()) % places.memory.count]
        return range.lowerBound &+ UInt32(truncatingIfNeeded: UInt64(number(3)) % UInt64(range.count))
    }

    private mutating func value(_ tag: UInt8, _ width: AccessWidth) -> UInt32 {
        number(tag & Tag.isShort != 0 ? 1 : width.rawValue)
    }

    mutating func operation(_ places: Traffic.Places) -> DeviceOperation {
        let tag = byte()
        let width: AccessWidth = [.byte, .word, .dword, .byte][Int(tag & Tag.width) >> 4]
        func word(_ value: UInt32) -> UInt16 { UInt16(truncatingIfNeeded: value) }
        switch tag & 0x0F {
        case 0: return .output(port: port(tag, places), width, value(tag, width))
        case 1: return .input(port: port(tag, places), width)
        case 2: return .outputs(port: port(tag, places), width, count: word(number(2)), seed: byte())
        case 3: return .inputs(port: port(tag, places), width, count: word(number(2)))
        case 4: return .write(address: address(tag, places), width, value(tag, width))
        case 5: return .read(address: address(tag, places), width)
        case 6:
            return .sweep(
                address: address(tag, places), width, count: word(number(2)), stride: word(number(2)), seed: byte())
        case 7: return .fill(address: address(tag, places), list())
        case 8: return .run(byte(), byte())
        case 9: return .key(byte(), isDown: tag & Tag.isShort != 0)
        case 10:
            let (dx, dy, wheel) = (byte(), byte(), byte())
            return .mouse(
                dx: Int8(bitPattern: dx), dy: Int8(bitPattern: dy), wheel: Int8(bitPattern: wheel), buttons: byte())
        case 11: return .disk(drive: byte(), kind: byte())
        case 12: return .serial(port: byte(), list())
        case 13: return .picture
        case 14: return .state
        default: return .reset
        }
    }
}
