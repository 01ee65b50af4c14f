import PCCore

/// A disk that lives in memory and is gone with the machine.
public final class MemoryDisk: ChangedSectors {
    public let sectorSize: Int
    public let isReadOnly: Bool
    public private(set) var bytes: [UInt8]
    public private(set) var changed = SectorSet()

    /// - Parameter bytes: the content; a sector that is begun is filled up with zeros.
    public init(_ bytes: [UInt8], size: Int = 0, sectorSize: Int = 512, isReadOnly: Bool = false) {
        self.sectorSize = sectorSize
        self.isReadOnly = isReadOnly
        let length = (max(size, bytes.count) + sectorSize - 1) / sectorSize * sectorSize
        self.bytes = bytes + [UInt8](repeating: 0, count: length - bytes.count)
    }

    public var sectorCount: Int { bytes.count / sectorSize }

    public func read(sector: Int) throws(BlockError) -> [UInt8] {
        guard sector >= 0, sector < sectorCount else { throw .outOfRange }
        return Array(bytes[sector * sectorSize..<(sector + 1) * sectorSize])
    }

    public func write(sector: Int, _ content: [UInt8]) throws(BlockError) {
        guard !isReadOnly else { throw .writeProtected }
        guard sector >= 0, sector < sectorCount, content.count == sectorSize else { throw .outOfRange }
        bytes.replaceSubrange(sector * sectorSize..<(sector + 1) * sectorSize, with: content)
        changed.insert(sector)
    }

    public func flush() throws(BlockError) {}
}
