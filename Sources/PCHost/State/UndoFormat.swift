import PCCore

/// How the undo file of a state lies: a head that names the state, then records, one behind the other. See
/// Documentation/States.md.
enum UndoFormat {
    static let magic = Array("swift86 undo\n\0\0\0".utf8)
    static let version: UInt32 = 1
    static let headBytes = 64
    static let sectorBytes = 512
    /// Sector number, place, content, checksum.
    static let recordBytes = 8 + 8 + sectorBytes + 8

    /// Where the undo file of the state at `path` is, behind links.
    static func path(beside path: String) -> String { HostFile.resolved(path) + ".undo" }

    /// - Parameter state: the checksum at the end of the state's file.
    static func head(of state: [UInt8]) -> [UInt8] {
        let head = magic + LittleEndian.bytes(version) + LittleEndian.bytes(UInt32(sectorBytes)) + state
        return head + LittleEndian.bytes(OverlayFormat.checksum(head, seed: 0))
    }

    /// What a file is by its first bytes.
    enum Kind: Equatable {
        /// The undo file of the state that was asked for.
        case own
        /// That of another state, or one whose head was never written to its end: nobody needs it.
        case stale
        case damaged
        /// Something else.
        case foreign

        /// - Parameter head: the first `headBytes` of the file, if it has so many.
        init(_ head: [UInt8], of state: [UInt8]) {
            let start = UndoFormat.head(of: state).prefix(24)
            if head == UndoFormat.head(of: state) {
                self = .own
            } else if !head.starts(with: start.prefix(head.count)) {
                self = .foreign
            } else if head.count < headBytes {
                self = .stale
            } else {
                self = head == UndoFormat.head(of: Array(head[24..<56])) ? .stale : .damaged
            }
        }
    }
}

/// What a sector held when the state was saved.
struct UndoRecord: Equatable {
    var sector: Int
    /// Where the disk was.
    var place: MediaPlace
    var content: [UInt8]

    init(sector: Int, place: MediaPlace, content: [UInt8]) {
        self.sector = sector
        self.place = place
        self.content = content
    }

    /// - Parameter state: its checksum makes sure that records of another state do not fit.
    func bytes(of state: [UInt8]) -> [UInt8] {
        let bytes =
            LittleEndian.bytes(UInt64(sector)) + LittleEndian.bytes(UInt64(place.rawValue)) + content
        return bytes + LittleEndian.bytes(OverlayFormat.checksum(bytes, seed: Self.seed(state)))
    }

    /// Nil where the checksum says that this is none.
    init?(_ bytes: ArraySlice<UInt8>, of state: [UInt8]) {
        guard bytes.count == UndoFormat.recordBytes,
            LittleEndian.number(bytes.suffix(8)) == OverlayFormat.checksum(bytes.dropLast(8), seed: Self.seed(state)),
            let sector = Int(exactly: LittleEndian.number(bytes.prefix(8))), sector < DiskChanges.sectorLimit,
            let number = Int(exactly: LittleEndian.number(bytes.dropFirst(8).prefix(8))),
            let place = MediaPlace(rawValue: number)
        else { return nil }
        self.init(sector: sector, place: place, content: Array(bytes.dropFirst(16).dropLast(8)))
    }

    private static func seed(_ state: [UInt8]) -> UInt64 { LittleEndian.number(state.prefix(8)) }
}
