/// A disk that is kept in memory, in sectors of 512 bytes.
public final class MemoryDisk: BlockDevice {
    public let sectorSize = 512
    public let sectorCount: Int
    public let isReadOnly: Bool
    /// The whole content.
    public private(set) var bytes: [UInt8]

    /// A disk with the content `bytes`; a last sector that is not whole is filled up with zeroes.
    public init(_ bytes: [UInt8], isReadOnly: Bool = false) {
        sectorCount = (bytes.count + 511) / 512
        self.isReadOnly = isReadOnly
        self.bytes = bytes
        self.bytes.append(contentsOf: repeatElement(0, count: sectorCount * 512 - bytes.count))
    }

    /// A disk of zeroes.
    public convenience init(sectorCount: Int) {
        self.init([UInt8](repeating: 0, count: sectorCount * 512))
    }

    public func read(sector: Int) throws(BlockError) -> [UInt8] {
        guard sector >= 0, sector < sectorCount else { throw .outOfRange }
        return Array(bytes[sector * 512..<(sector + 1) * 512])
    }

    public func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        guard !isReadOnly else { throw .writeProtected }
        guard sector >= 0, sector < sectorCount else { throw .outOfRange }
        guard bytes.count == 512 else { throw .failed("a sector of \(bytes.count) bytes") }
        self.bytes.replaceSubrange(sector * 512..<(sector + 1) * 512, with: bytes)
    }

    public func flush() throws(BlockError) {}
}
