/// Digital output register, offset 2. [82077AA 2.1.3]
struct FloppyDigitalOutput: OptionSet {
    let rawValue: UInt8
    /// Low holds the controller in reset.
    static let notReset = Self(rawValue: 0x04)
    /// Lets INT and DRQ out to the bus.
    static let gate = Self(rawValue: 0x08)
}

/// Main status register, offset 4. Its low four bits say which drives are seeking. [82077AA 2.1.5]
struct FloppyMainStatus: OptionSet {
    let rawValue: UInt8
    /// CMD BSY
    static let commandBusy = Self(rawValue: 0x10)
    /// NON DMA
    static let notDMA = Self(rawValue: 0x20)
    /// DIO: the host is to read.
    static let toHost = Self(rawValue: 0x40)
    /// RQM: the FIFO can be accessed.
    static let request = Self(rawValue: 0x80)
}

/// Status register 0; bits 1-0 are the drive, bit 2 the head. [82077AA 6.1]
struct FloppyStatus0: OptionSet {
    let rawValue: UInt8
    /// EC: track 0 was not found, or the drive reported a fault.
    static let equipmentCheck = Self(rawValue: 0x10)
    /// SE
    static let seekEnd = Self(rawValue: 0x20)
    /// IC = 1
    static let abnormal = Self(rawValue: 0x40)
    /// IC = 2
    static let invalidCommand = Self(rawValue: 0x80)
    /// IC = 3: the drive's ready line changed, which reset makes it seem.
    static let readyChanged = Self(rawValue: 0xC0)
}

/// Status register 1. [82077AA 6.2]
struct FloppyStatus1: OptionSet {
    let rawValue: UInt8
    /// MA
    static let missingAddressMark = Self(rawValue: 0x01)
    /// NW
    static let notWritable = Self(rawValue: 0x02)
    /// ND
    static let noData = Self(rawValue: 0x04)
    /// OR
    static let overrun = Self(rawValue: 0x10)
    /// DE: a CRC does not match.
    static let dataError = Self(rawValue: 0x20)
    /// EN
    static let endOfCylinder = Self(rawValue: 0x80)
}

/// Status register 2. [82077AA 6.3]
struct FloppyStatus2: OptionSet {
    let rawValue: UInt8
    /// WC
    static let wrongCylinder = Self(rawValue: 0x10)
    /// DD: the CRC of a data field does not match.
    static let dataErrorInData = Self(rawValue: 0x20)
    /// CM: a sector has the other kind of data mark than the command asks for.
    static let controlMark = Self(rawValue: 0x40)
}

/// Status register 3; bits 1-0 are the drive, bit 2 the head. [82077AA 6.4]
struct FloppyStatus3: OptionSet {
    let rawValue: UInt8
    static let trackZero = Self(rawValue: 0x10)
    static let writeProtected = Self(rawValue: 0x40)
    /// Bits 3 and 5, which are always set.
    static let always = Self(rawValue: 0x28)
}

/// What a command byte asks for. [82077AA Table 5-1]
enum FloppyCommand {
    case readData, readDeletedData, writeData, writeDeletedData, readTrack, verify, formatTrack, readID
    case recalibrate, seek, relativeSeek
    case senseInterruptStatus, senseDriveStatus
    case specify, configure, perpendicularMode, lock
    case dumpRegisters, version
    /// Whatever the 82077AA does not know, the scan commands of the 765A and the 82078's PART ID among it.
    case invalid

    init(_ byte: UInt8) {
        switch byte {
        case 0x03: self = .specify
        case 0x04: self = .senseDriveStatus
        case 0x07: self = .recalibrate
        case 0x08: self = .senseInterruptStatus
        case 0x0E: self = .dumpRegisters
        case 0x0F: self = .seek
        case 0x10: self = .version
        case 0x12: self = .perpendicularMode
        case 0x13: self = .configure
        case 0x14, 0x94: self = .lock
        case 0x8F, 0xCF: self = .relativeSeek
        case 0x02, 0x42: self = .readTrack
        case 0x0A, 0x4A: self = .readID
        case 0x0D, 0x4D: self = .formatTrack
        default:
            switch byte & 0x1F {
            case 0x06: self = .readData
            case 0x0C: self = .readDeletedData
            case 0x16: self = .verify
            // Bit 5 (skip) means nothing to a write and is 0. [82077AA Table 5-1]
            case 0x05 where byte & 0x20 == 0: self = .writeData
            case 0x09 where byte & 0x20 == 0: self = .writeDeletedData
            default: self = .invalid
            }
        }
    }

    /// Bytes of the command phase, the command byte counted.
    var length: UInt8 {
        switch self {
        case .readData, .readDeletedData, .writeData, .writeDeletedData, .readTrack, .verify: 9
        case .formatTrack: 6
        case .configure: 4
        case .seek, .relativeSeek, .specify: 3
        case .readID, .recalibrate, .senseDriveStatus, .perpendicularMode: 2
        case .senseInterruptStatus, .lock, .dumpRegisters, .version, .invalid: 1
        }
    }
}
