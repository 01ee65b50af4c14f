/// A kind of floppy drive. The raw value is the code that the CMOS byte 10h has for it.
public enum FloppyDriveType: UInt8, CaseIterable, Sendable {
    case none = 0
    /// 5.25 inch, 40 tracks.
    case kilobytes360 = 1
    /// 5.25 inch, 80 tracks, 360 turns a minute.
    case megabytes12 = 2
    /// 3.5 inch, 80 tracks, double density.
    case kilobytes720 = 3
    /// 3.5 inch, 80 tracks, high density.
    case megabytes144 = 4
    /// 3.5 inch, 80 tracks, perpendicular recording.
    case megabytes288 = 5

    /// Tracks that the drive was made for.
    public var tracks: Int {
        switch self {
        case .none: 0
        case .kilobytes360: 40
        default: 80
        }
    }

    /// The innermost track that the head reaches before it meets the stop.
    var lastTrack: UInt8 { self == .none ? 0 : UInt8(truncatingIfNeeded: tracks + 2) }

    /// One turn of the disk in microseconds.
    var turn: UInt64 { self == .megabytes12 ? 166_667 : 200_000 }
}

/// A data rate, as the low bits of DSR and CCR have it. [82077AA 2.1.6]
public enum FloppyDataRate: UInt8, Sendable {
    case kilobits500 = 0
    case kilobits300 = 1
    case kilobits250 = 2
    case megabits1 = 3

    var kilobits: UInt64 {
        switch self {
        case .kilobits500: 500
        case .kilobits300: 300
        case .kilobits250: 250
        case .megabits1: 1000
        }
    }
}

/// One of the standard formats of a floppy disk. The size of an image says which one it has.
public struct FloppyFormat: Equatable, Sendable {
    public let geometry: DiskGeometry
    /// The drive that the format was made for.
    public let driveType: FloppyDriveType
    /// Gap 3 as the BIOS gives it for reading and writing.
    public let gap: UInt8
    /// Gap 3 for formatting.
    public let formatGap: UInt8

    private init(
        _ cylinders: Int, _ heads: Int, _ sectors: Int, _ driveType: FloppyDriveType, gap: UInt8, formatGap: UInt8
    ) {
        geometry = DiskGeometry(cylinders: cylinders, heads: heads, sectors: sectors)
        self.driveType = driveType
        self.gap = gap
        self.formatGap = formatGap
    }

    /// Every format, smallest first: 160, 180, 320, 360, 640 and 720 KB, 1.2, 1.44 and 2.88 MB.
    public static let all = [
        FloppyFormat(40, 1, 8, .kilobytes360, gap: 0x2A, formatGap: 0x50),
        FloppyFormat(40, 1, 9, .kilobytes360, gap: 0x2A, formatGap: 0x50),
        FloppyFormat(40, 2, 8, .kilobytes360, gap: 0x2A, formatGap: 0x50),
        FloppyFormat(40, 2, 9, .kilobytes360, gap: 0x2A, formatGap: 0x50),
        FloppyFormat(80, 2, 8, .kilobytes720, gap: 0x2A, formatGap: 0x50),
        FloppyFormat(80, 2, 9, .kilobytes720, gap: 0x2A, formatGap: 0x50),
        FloppyFormat(80, 2, 15, .megabytes12, gap: 0x1B, formatGap: 0x54),
        FloppyFormat(80, 2, 18, .megabytes144, gap: 0x1B, formatGap: 0x6C),
        FloppyFormat(80, 2, 36, .megabytes288, gap: 0x1B, formatGap: 0x53),
    ]

    /// The format of an image of `size` bytes, nil where there is none.
    public init?(size: Int) {
        guard let format = Self.all.first(where: { $0.size == size }) else { return nil }
        self = format
    }

    /// Bytes of an image.
    public var size: Int { geometry.sectorCount * 512 }

    /// The data rate at which a drive of the type `drive` reads this format, nil where it cannot.
    ///
    /// A 3.5-inch drive reads every layout of its density, 40 tracks and 15 sectors too. The 1.2 MB drive turns faster,
    /// so double density comes at 300 kbit/s in it.
    public func dataRate(in drive: FloppyDriveType) -> FloppyDataRate? {
        switch (drive, geometry.sectors) {
        case (.none, _): nil
        case (.kilobytes360, ...9): geometry.cylinders == 40 ? .kilobits250 : nil
        case (.megabytes12, ...9): .kilobits300
        case (.megabytes12, 15): .kilobits500
        case (.kilobytes720, ...9), (.megabytes144, ...9), (.megabytes288, ...9): .kilobits250
        case (.megabytes144, 15...18), (.megabytes288, 15...18): .kilobits500
        case (.megabytes288, 36): .megabits1
        default: nil
        }
    }
}
