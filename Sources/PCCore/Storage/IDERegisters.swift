/// The status register. [ATA-4 7.15]
struct IDEStatus: OptionSet, Sendable {
    let rawValue: UInt8
    /// ERR
    static let error = Self(rawValue: 0x01)
    /// DRQ
    static let dataRequest = Self(rawValue: 0x08)
    /// DSC: the heads are on the track.
    static let seekComplete = Self(rawValue: 0x10)
    /// DF
    static let deviceFault = Self(rawValue: 0x20)
    /// DRDY
    static let ready = Self(rawValue: 0x40)
    /// BSY
    static let busy = Self(rawValue: 0x80)
}

/// The error register. [ATA-4 7.9]
struct IDEError: OptionSet, Sendable {
    let rawValue: UInt8
    /// ABRT: the command is unknown, its parameters are wrong, or it could not be done.
    static let aborted = Self(rawValue: 0x04)
    /// IDNF: the disk has no such sector.
    static let idNotFound = Self(rawValue: 0x10)
    /// UNC for a command that reads: the data could not be read.
    static let uncorrectable = Self(rawValue: 0x40)
    /// WP for a command that writes: the same bit as UNC.
    static let writeProtected = Self(rawValue: 0x40)
    /// What a diagnosis without a finding leaves in the register.
    static let passed = Self(rawValue: 0x01)
}

/// The device control register. [ATA-4 7.8]
struct IDEControl: OptionSet, Sendable {
    let rawValue: UInt8
    /// nIEN: keeps INTRQ from the bus.
    static let interruptOff = Self(rawValue: 0x02)
    /// SRST
    static let softwareReset = Self(rawValue: 0x04)
}

/// Bits of the device/head register. [ATA-4 7.7]
enum IDEDeviceHead {
    static let head: UInt8 = 0x0F
    /// DEV
    static let second: UInt8 = 0x10
    /// L: the address is a sector number, not cylinder, head and sector.
    static let isLBA: UInt8 = 0x40
    /// Two bits that were always set up to ATA-3.
    static let obsolete: UInt8 = 0xA0
}

/// The commands that a disk knows. [ATA-4 8]
enum ATACommand {
    case recalibrate, seek
    case readSectors, readMultiple, writeSectors, writeMultiple, verifySectors
    case diagnose, initializeParameters, identify
    case setMultiple, setFeatures, flushCache, readBuffer, writeBuffer
    case standby, standbyImmediate, idle, idleImmediate, sleep, checkPowerMode
    /// NOP, IDENTIFY PACKET DEVICE, SMART, security and whatever else a disk aborts.
    case unknown

    init(_ byte: UInt8) {
        switch byte {
        case 0x10...0x1F: self = .recalibrate
        case 0x20, 0x21: self = .readSectors
        case 0x30, 0x31: self = .writeSectors
        case 0x40, 0x41: self = .verifySectors
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
        case 0xC4: self = .readMultiple
        case 0xC5: self = .writeMultiple
        case 0xC6: self = .setMultiple
        case 0xE4: self = .readBuffer
        case 0xE7: self = .flushCache
        case 0xE8: self = .writeBuffer
        case 0xEC: self = .identify
        case 0xEF: self = .setFeatures
        default: self = .unknown
        }
    }
}
