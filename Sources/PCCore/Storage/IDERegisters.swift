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
    /// HOB: until the next write to a register, the registers show what they held before the last. [ATA-6 6.8]
    static let highOrderByte = Self(rawValue: 0x80)
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
