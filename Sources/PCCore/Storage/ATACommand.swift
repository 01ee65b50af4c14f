/// The commands that a disk knows. [ATA-4 8, ATA-6 8]
enum ATACommand {
    case recalibrate, seek
    case readSectors, readMultiple, readDMA, writeSectors, writeMultiple, writeDMA, verifySectors
    case diagnose, initializeParameters, identify, readNativeMax
    case setMultiple, setFeatures, flushCache, readBuffer, writeBuffer
    case standby, standbyImmediate, idle, idleImmediate, sleep, checkPowerMode
    /// NOP, IDENTIFY PACKET DEVICE, SMART, security and whatever else a disk aborts.
    case unknown

    init(_ byte: UInt8) {
        switch byte {
        case 0x10...0x1F: self = .recalibrate
        case 0x20, 0x21, 0x24: self = .readSectors
        case 0x30, 0x31, 0x34: self = .writeSectors
        case 0x40, 0x41, 0x42: self = .verifySectors
        case 0x70...0x7F: self = .seek
        case 0x90: self = .diagnose
        case 0x91: self = .initializeParameters
        // The second code of each is that of ATA-1. [ATA-1 Table 9]
        case 0xE0, 0x94: self = .standbyImmediate
        case 0xE1, 0x95: self = .idleImmediate
        case 0xE2, 0x96: self = .standby
        case 0xE3, 0x97: self = .idle
        case 0xE5, 0x98: self = .checkPowerMode
        case 0xE6, 0x99: self = .sleep
        case 0xC4, 0x29: self = .readMultiple
        case 0xC5, 0x39: self = .writeMultiple
        case 0xC6: self = .setMultiple
        case 0xC8, 0xC9, 0x25: self = .readDMA
        case 0xCA, 0xCB, 0x35: self = .writeDMA
        case 0xE4: self = .readBuffer
        case 0xE7, 0xEA: self = .flushCache
        case 0xE8: self = .writeBuffer
        case 0xEC: self = .identify
        case 0xEF: self = .setFeatures
        case 0xF8, 0x27: self = .readNativeMax
        default: self = .unknown
        }
    }

    /// The commands with 48 bits of address and 16 of count. [ATA-6 Table 15]
    static func isExtended(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x24, 0x25, 0x27, 0x29, 0x34, 0x35, 0x39, 0x42: true
        default: false
        }
    }

    /// The commands that have a place on the disk.
    var hasAddress: Bool {
        switch self {
        case .readSectors, .readMultiple, .readDMA, .writeSectors, .writeMultiple, .writeDMA, .verifySectors, .seek:
            true
        default: false
        }
    }

    var writesSectors: Bool { self == .writeSectors || self == .writeMultiple || self == .writeDMA }
}
