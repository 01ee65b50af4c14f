/// Why a sector could not be read or written.
public enum BlockError: Error, Equatable, Sendable {
    /// The sector number is beyond the end.
    case outOfRange
    case writeProtected
    /// The host could not do it; the text is for the user.
    case failed(String)
}

/// Sectors in, sectors out. The machine does not know where they are kept.
public protocol BlockDevice: AnyObject {
    /// Bytes in a sector: 512, or 2,048 for a CD.
    var sectorSize: Int { get }
    var sectorCount: Int { get }
    var isReadOnly: Bool { get }
    /// The content of one sector, `sectorSize` bytes.
    func read(sector: Int) throws(BlockError) -> [UInt8]
    /// Writes one sector of `sectorSize` bytes.
    func write(sector: Int, _ bytes: [UInt8]) throws(BlockError)
    /// Makes earlier writes durable.
    func flush() throws(BlockError)
}
