/// Places on a disc by time: 75 sectors a second, the first at two seconds. [MMC-1 4.1.15], [ECMA-130 20]
enum CDTime {
    static let lead: UInt32 = 150

    /// Minute, second and frame; what is beyond 99:59:74 shows as that.
    static func parts(of sector: UInt32) -> [UInt8] {
        let frames = min(UInt64(sector) + UInt64(lead), 100 * 60 * 75 - 1)
        return [UInt8(frames / 4500), UInt8(frames / 75 % 60), UInt8(frames % 75)]
    }

    /// The sector at a time.
    static func sector(_ minute: UInt8, _ second: UInt8, _ frame: UInt8) throws(SenseCode) -> UInt32 {
        guard second < 60, frame < 75 else { throw .invalidField }
        let frames = (UInt32(minute) * 60 + UInt32(second)) * 75 + UInt32(frame)
        guard frames >= lead else { throw .addressOutOfRange }
        return frames - lead
    }

    /// Four bytes as replies have them: a sector number, or zero and a time.
    static func address(_ sector: UInt32, asTime: Bool) -> [UInt8] {
        asTime ? [0] + parts(of: sector) : BigEndian.bytes(sector)
    }
}

/// Numbers in replies stand high bytes first.
enum BigEndian {
    static func bytes(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
    static func bytes(_ value: UInt32) -> [UInt8] {
        bytes(UInt16(value >> 16)) + bytes(UInt16(truncatingIfNeeded: value))
    }
}

/// Which parts of a sector of mode 1 the host wants, as bits 7 to 3 of byte 9 of READ CD. [MMC-1 Table 80]
struct CDSectorFields: Equatable, Stateful, Sendable {
    private static let sync: UInt8 = 0x80
    private static let header: UInt8 = 0x20
    private static let data: UInt8 = 0x10
    private static let checks: UInt8 = 0x08
    /// Sync, header, user data, EDC and ECC, up to the end of the sector.
    private static let ends = [(sync, 12), (header, 16), (data, 2064), (checks, RawSector.size)]

    private(set) var wanted: UInt8

    static let user = Self(wanted: data)

    private init(wanted: UInt8) { self.wanted = wanted }

    /// Nil where the parts do not follow each other. There is no sub-header in mode 1, so that its bit means nothing.
    init?(_ flags: UInt8) {
        wanted = flags & (Self.sync | Self.header | Self.data | Self.checks)
        let order = wanted & 0x38 | wanted >> 1 & 0x40
        let lowest = order & (~order &+ 1)
        guard (order &+ lowest) & order == 0 else { return nil }
    }

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&wanted)
        self = Self(wanted) ?? .user
        // A transfer of nothing never begins.
        if size == 0 { self = .user }
    }

    private var range: Range<Int> {
        var start = 0
        for (field, end) in Self.ends {
            if wanted & field != 0 { break }
            start = end
        }
        let end = Self.ends.last { wanted & $0.0 != 0 }?.1 ?? start
        return start..<max(start, end)
    }

    /// Bytes of one sector.
    var size: Int { range.count }

    /// The wanted bytes of the sector with the user data `user`.
    func bytes(of sector: UInt32, _ user: [UInt8]) -> [UInt8] {
        self == .user ? user : Array(RawSector.mode1(sector, user)[range])
    }
}
