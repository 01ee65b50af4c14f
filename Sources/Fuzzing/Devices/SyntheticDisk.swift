import PCCore

/// A disk of any size whose content follows from the sectors' numbers. It keeps some of what is written, and fails on
/// request.
final class SyntheticDisk: BlockDevice {
    let sectorSize: Int
    let sectorCount: Int
    let isReadOnly: Bool
    /// Sectors whose number has these as its low bits cannot be read or written; nil for none.
    private let bad: Int?
    private var written: [Int: [UInt8]] = [:]
    /// No guest makes the host keep more.
    private static let room = 256

    init(sectorSize: Int = 512, sectorCount: Int, isReadOnly: Bool = false, bad: Int? = nil) {
        self.sectorSize = sectorSize
        self.sectorCount = sectorCount
        self.isReadOnly = isReadOnly
        self.bad = bad
    }

    /// Kind 0 is no disk.
    static func floppy(kind: Int) -> SyntheticDisk? {
        switch kind % 10 {
        case 0: nil
        case 1: SyntheticDisk(sectorCount: 2880)
        case 2: SyntheticDisk(sectorCount: 720)
        case 3: SyntheticDisk(sectorCount: 320, isReadOnly: true)
        case 4: SyntheticDisk(sectorCount: 5760)
        case 5: SyntheticDisk(sectorCount: 2400, bad: 5)
        case 6: SyntheticDisk(sectorCount: 1)
        case 7: SyntheticDisk(sectorCount: .max)
        case 8: SyntheticDisk(sectorSize: 2048, sectorCount: 720)
        default: SyntheticDisk(sectorCount: 3360)
        }
    }

    static func hardDisk(kind: Int) -> SyntheticDisk? {
        switch kind % 8 {
        case 0: SyntheticDisk(sectorCount: 20_000)
        case 1: SyntheticDisk(sectorCount: 1)
        case 2: SyntheticDisk(sectorCount: 0x1000_0001, bad: 9)
        case 3: SyntheticDisk(sectorCount: .max)
        case 4: SyntheticDisk(sectorCount: 300, isReadOnly: true)
        case 5: SyntheticDisk(sectorCount: 1 << 33)
        case 6: nil
        default: SyntheticDisk(sectorCount: 1008, bad: 3)
        }
    }

    static func disc(kind: Int) -> SyntheticDisk? {
        switch kind % 6 {
        case 0: nil
        case 1: SyntheticDisk(sectorSize: 2048, sectorCount: 3000, isReadOnly: true)
        case 2: SyntheticDisk(sectorSize: 2048, sectorCount: 1, isReadOnly: true)
        case 3: SyntheticDisk(sectorSize: 2048, sectorCount: .max, isReadOnly: true)
        case 4: SyntheticDisk(sectorSize: 2048, sectorCount: 0x1_0000_0000, isReadOnly: true, bad: 6)
        default: SyntheticDisk(sectorCount: 100)
        }
    }

    private func check(_ sector: Int) throws(BlockError) {
        guard sector >= 0, sector < sectorCount else { throw .outOfRange }
        if let bad, sector & 15 == bad { throw .failed("a bad sector") }
    }

    func read(sector: Int) throws(BlockError) -> [UInt8] {
        try check(sector)
        if let bytes = written[sector] { return bytes }
        return (0..<sectorSize).map { UInt8(truncatingIfNeeded: sector &+ $0) }
    }

    func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        guard !isReadOnly else { throw .writeProtected }
        try check(sector)
        guard bytes.count == sectorSize else { throw .failed("a sector of \(bytes.count) bytes") }
        if written.count < Self.room || written[sector] != nil { written[sector] = bytes }
    }

    func flush() throws(BlockError) {
        if let bad, bad == 9 { throw .failed("no flush") }
    }
}
