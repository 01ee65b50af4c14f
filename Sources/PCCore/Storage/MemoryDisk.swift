/// A disk that is kept in memory.
public final class MemoryDisk: BlockDevice {
    public let sectorSize: Int
    public let sectorCount: Int
    public let isReadOnly: Bool
    /// The whole content.
    public private(set) var bytes: [UInt8]

    /// A disk with the content `bytes`; a last sector that is not whole is filled up with zeroes.
    public init(_ bytes: [UInt8], sectorSize: Int = 512, isReadOnly: Bool = false) {
        self.sectorSize = sectorSize
        sectorCount = (bytes.count + sectorSize - 1) / sectorSize
        self.isReadOnly = isReadOnly
        self.bytes = bytes
        self.bytes.append(contentsOf: repeatElement(0, count: sectorCount * sectorSize - bytes.count))
    }

    /// A disk of zeroes.
    public convenience init(sectorCount: Int) {
        self.init([UInt8](repeating: 0, count: sectorCount * 512))
    }

    public func read(sector: Int) throws(BlockError) -> [UInt8] {
        guard sector >= 0, sector < sectorCount else { throw .outOfRange }
        return Array(bytes[sector * sectorSize..<(sector + 1) * sectorSize])
    }

    public func read(sectors: Range<Int>) throws(BlockError) -> [UInt8] {
        guard sectors.lowerBound >= 0, sectors.upperBound <= sectorCount else { throw .outOfRange }
        return Array(bytes[sectors.lowerBound * sectorSize..<sectors.upperBound * sectorSize])
    }

    public func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        guard !isReadOnly else { throw .writeProtected }
        guard sector >= 0, sector < sectorCount else { throw .outOfRange }
        guard bytes.count == sectorSize else { throw .failed("a sector of \(bytes.count) bytes") }
        self.bytes.replaceSubrange(sector * sectorSize..<(sector + 1) * sectorSize, with: bytes)
    }

    public func flush() throws(BlockError) {}
}
