/// The twelve bytes of a packet command, high bytes first. [MMC-1], [SFF-8020i 10]
struct Packet: Stateful, Sendable {
    static let length = 12
    var bytes = [UInt8](repeating: 0, count: length)

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visitBuffer(&bytes, length: Self.length)
    }

    /// Nil for what the drive does not know.
    var command: PacketCommand? { PacketCommand(rawValue: bytes[0]) }

    subscript(_ index: Int) -> UInt8 { bytes[index] }

    func word(_ index: Int) -> Int { Int(bytes[index]) << 8 | Int(bytes[index + 1]) }

    func triple(_ index: Int) -> UInt32 { UInt32(bytes[index]) << 16 | UInt32(word(index + 1)) }

    func long(_ index: Int) -> UInt32 { UInt32(word(index)) << 16 | UInt32(word(index + 2)) }
}

/// What a CD-ROM drive knows, by operation code.
enum PacketCommand: UInt8 {
    case testUnitReady = 0x00
    case requestSense = 0x03
    case inquiry = 0x12
    case modeSelect6 = 0x15
    case modeSense6 = 0x1A
    case startStopUnit = 0x1B
    case preventAllowRemoval = 0x1E
    case readCapacity = 0x25
    case read10 = 0x28
    case seek10 = 0x2B
    case readSubChannel = 0x42
    case readTOC = 0x43
    case readHeader = 0x44
    case playAudio10 = 0x45
    case getConfiguration = 0x46
    case playAudioMSF = 0x47
    case getEventStatus = 0x4A
    case pauseResume = 0x4B
    case stopPlay = 0x4E
    case readDiscInformation = 0x51
    case readTrackInformation = 0x52
    case modeSelect10 = 0x55
    case modeSense10 = 0x5A
    case playAudio12 = 0xA5
    case read12 = 0xA8
    case readCDMSF = 0xB9
    case setCDSpeed = 0xBB
    case mechanismStatus = 0xBD
    case readCD = 0xBE
}

/// What a packet command leads to.
enum PacketOutcome {
    case done
    /// Bytes for the host, cut to what it asked for.
    case bytes([UInt8])
    /// Sectors for the host, or those of their fields that it asked for.
    case sectors(first: UInt32, count: UInt32, CDSectorFields)
    /// This many bytes come from the host.
    case parameters(Int)
}
