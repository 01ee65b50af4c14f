import Glibc
import PCCore

/// What was written over on a state's disks since it was saved: the way back for `load`.
struct UndoFile {
    let path: String
    /// The checksum of the state's file.
    let state: [UInt8]
    /// Whether a disk may be taken back, which loses what it holds now.
    let mayRewind: Bool

    /// - Parameter path: of the state.
    init(beside path: String, of state: [UInt8], mayRewind: Bool) {
        self.path = UndoFormat.path(beside: path)
        self.state = state
        self.mayRewind = mayRewind
    }

    /// What the disk that was at `place` held in the sectors that were written over; nothing where there is no such file.
    func sectors(of place: MediaPlace) throws(StateFault) -> DiskChanges {
        var sectors = DiskChanges()
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return sectors }
        defer { close(file) }
        _ = try Self.scan(file, path, of: state) { record in
            // What came first is what the state knew.
            if record.place == place, sectors[record.sector] == nil { sectors[record.sector] = record.content }
        }
        return sectors
    }

    private static let recordsAtOnce = 1024

    /// Gives `body` every record of an undo file.
    ///
    /// - Returns: where the next record belongs; nil where the file is not that of this state.
    static func scan(
        _ file: Int32, _ path: String, of state: [UInt8], _ body: (UndoRecord) -> Void
    ) throws(StateFault) -> Int? {
        var status = stat()
        fstat(file, &status)
        let size = Int(status.st_size)
        let headBytes = min(size, UndoFormat.headBytes)
        switch UndoFormat.Kind(try read(file, path, at: 0, count: headBytes), of: state) {
        case .own: break
        case .stale: return nil
        case .foreign: throw StateFault("\(path) is no undo file that this program knows; move it away")
        case .damaged: throw damaged(path, at: 0)
        }
        let length = UndoFormat.recordBytes
        var offset = UndoFormat.headBytes
        while offset + length <= size {
            let count = min(Self.recordsAtOnce, (size - offset) / length)
            let bytes = try read(file, path, at: offset, count: count * length)
            for first in stride(from: 0, to: bytes.count, by: length) {
                if let record = UndoRecord(bytes[first..<first + length], of: state) {
                    body(record)
                } else if OverlayScan.isUnwritten(file, from: offset + first + length - 8, to: size) {
                    return offset + first
                } else {
                    throw damaged(path, at: offset + first)
                }
            }
            offset += bytes.count
        }
        // A record that was not written to its end: the disk has not been written then.
        return offset
    }

    private static func read(_ file: Int32, _ path: String, at offset: Int, count: Int) throws(StateFault) -> [UInt8] {
        guard let bytes = OverlayFile.read(file, at: offset, count: count) else {
            throw StateFault("\(path) cannot be read: \(HostError.text)")
        }
        return bytes
    }

    private static func damaged(_ path: String, at offset: Int) -> StateFault {
        StateFault("\(path) is damaged at byte \(offset); use a copy of it, or another state")
    }
}
