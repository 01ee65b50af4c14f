import PCCore

/// The states that a session has saved or loaded, which stay good while it writes to their disks.
final class StateGuards {
    private(set) var logs: [UndoLog] = []
    private let messages: Messages

    /// Each state in a file takes a file handle, and makes the first write to a sector dearer.
    static let limit = 32

    init(messages: Messages) { self.messages = messages }

    /// The machine's state has been written to the file at `path`.
    ///
    /// - Parameters:
    ///   - bytes: what was written.
    ///   - changes: the sectors of the disks in `pc` that the state holds.
    func saved(_ path: String, _ bytes: [UInt8], _ changes: [MediaPlace: DiskChanges], in pc: PC) {
        let log = add(path, of: Array(bytes.suffix(StateContainer.checksumSize)), changes, in: pc)
        for (place, changes) in changes {
            guard let disk = pc.device(at: place) as? ChangeTrackingDisk else { continue }
            log.keepWhatDiffers(on: disk, place, from: changes)
        }
        log.flush()
    }

    /// From now on the disks in `pc` are guarded for the state in the file at `path`.
    ///
    /// - Parameters:
    ///   - state: the checksum of the state's file.
    ///   - changes: the sectors that it holds.
    @discardableResult
    func add(_ path: String, of state: [UInt8], _ changes: [MediaPlace: DiskChanges], in pc: PC) -> UndoLog {
        let name = HostFile.resolved(path)
        let old = logs.firstIndex { $0.statePath == name }.map { logs.remove(at: $0) }
        let log = old.flatMap { $0.state == state ? $0 : nil } ?? UndoLog(path, of: state, warn: messages.warning)
        if log !== old { UndoLog.remove(beside: path, replacedBy: state) }
        for (place, changes) in changes {
            if let image = (pc.device(at: place) as? ChangeTrackingDisk)?.image {
                log.watch(image, at: place, holding: changes)
            }
        }
        logs.append(log)
        if logs.count > Self.limit {
            let oldest = logs.removeFirst()
            messages.notice("\(oldest.statePath): cannot be loaded any more when its disk is written to, as the oldest")
        }
        for place in MediaPlace.allCases { attach(to: pc.device(at: place)) }
        return log
    }

    /// Guards a disk that is to be put into a drive.
    func attach(to device: (any BlockDevice)?) {
        guard let disk = device as? ChangeTrackingDisk, let image = disk.image, image.access == .written else { return }
        disk.guards = logs.compactMap { $0.keeper(of: image) }
    }

    /// Makes durable what was kept.
    func flush() {
        for log in logs { log.flush() }
    }

    /// The same, and others may have the files; the machine is over.
    func close() {
        for log in logs { log.close() }
    }
}

extension ChangeTrackingDisk {
    fileprivate var image: DiskImage? { base as? DiskImage }
}
