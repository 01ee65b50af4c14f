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
    /// The content of several sectors, one behind the other.
    func read(sectors: Range<Int>) throws(BlockError) -> [UInt8]
    /// The first sector from `sector` on that can hold anything but zeroes; `sectorCount` or more where there is none.
    /// Where that is not known without reading it is `sector` itself.
    func firstData(from sector: Int) -> Int
    /// Writes one sector of `sectorSize` bytes.
    func write(sector: Int, _ bytes: [UInt8]) throws(BlockError)
    /// Makes earlier writes durable.
    func flush() throws(BlockError)
}

extension BlockDevice {
    public func read(sectors: Range<Int>) throws(BlockError) -> [UInt8] {
        guard sectors.lowerBound >= 0, sectors.upperBound <= sectorCount else { throw .outOfRange }
        var all: [UInt8] = []
        all.reserveCapacity(sectors.count * sectorSize)
        for sector in sectors { all += try read(sector: sector) }
        return all
    }

    public func firstData(from sector: Int) -> Int { sector }
}
