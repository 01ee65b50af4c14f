import Glibc
import PCCore

/// What an overlay's file holds, read from its beginning to its end.
struct OverlayScan {
    let header: OverlayHeader
    private(set) var index = OverlayIndex()
    private(set) var recordCount = 0
    /// The sum of the hashes of what the base had where the overlay has something.
    private(set) var originals = SectorHash.zero
    /// Bytes behind the last record: what is left of a write that did not come to its end.
    private(set) var tornBytes = 0

    private static let recordsAtOnce = 1024

    /// - Parameter file: open for reading.
    init(_ file: Int32, path: String) throws(BadInput) {
        var status = stat()
        fstat(file, &status)
        let size = Int(status.st_size)
        guard let head = OverlayFile.read(file, at: 0, count: min(size, OverlayFormat.headerBytes)) else {
            throw BadInput("\(path): cannot be read: \(HostError.text)")
        }
        header = try OverlayHeader(head, path: path)
        let total = (size - OverlayFormat.headerBytes) / OverlayFormat.recordBytes
        var isTorn = false
        guard total < Int(UInt32.max) else { throw BadInput("\(path): the overlay is too large") }
        while recordCount < total, !isTorn {
            let offset = OverlayFormat.offset(ofRecord: recordCount)
            let count = min(Self.recordsAtOnce, total - recordCount) * OverlayFormat.recordBytes
            guard let bytes = OverlayFile.read(file, at: offset, count: count) else {
                throw BadInput("\(path): cannot be read: \(HostError.text)")
            }
            for first in stride(from: 0, to: count, by: OverlayFormat.recordBytes) {
                if let record = OverlayRecord(bytes[first..<first + OverlayFormat.recordBytes], header: header) {
                    add(record)
                } else if Self.isUnwritten(file, from: offset + first + OverlayFormat.recordBytes - 8, to: size) {
                    isTorn = true
                    break
                } else {
                    throw BadInput(
                        "\(path): the overlay is damaged at byte \(offset + first); use a copy of it, "
                            + "or remove it to start from the image again")
                }
            }
        }
        tornBytes = size - OverlayFormat.offset(ofRecord: recordCount)
    }

    private mutating func add(_ record: OverlayRecord) {
        if index[record.sector] == nil { originals += record.original }
        index[record.sector] = recordCount
        recordCount += 1
    }

    /// Whether there are only zeroes from `start` to the end: when a host loses its power, a file can be longer than what
    /// was written. A whole record ends in a checksum that is not zero.
    static func isUnwritten(_ file: Int32, from start: Int, to end: Int) -> Bool {
        var at = start
        while at < end {
            guard let bytes = OverlayFile.read(file, at: at, count: min(end - at, 1 << 20)) else { return false }
            guard bytes.allSatisfy({ $0 == 0 }) else { return false }
            at += bytes.count
        }
        return true
    }
}
