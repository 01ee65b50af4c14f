import Glibc
import PCCore

/// Keeps a saved state good while its disks are written to: what a sector held that the state does not hold goes into the
/// undo file beside the state before it is written over for the first time.
///
/// The file is made when there is something to keep. What goes wrong with it does not stop the guest: then the state cannot
/// be loaded any more, and the user is told so once.
final class UndoLog {
    /// The state's file, behind links.
    let statePath: String
    /// The checksum of the state's file.
    let state: [UInt8]
    private let path: String
    private let warn: (String) -> Void
    /// The state's disks, and the sectors of them that the state holds.
    private var disks: [MediaPlace: (file: FileIdentity, held: SectorSet)] = [:]
    /// The sectors that the undo file has.
    private var kept: [MediaPlace: SectorSet] = [:]
    private(set) var file: Int32 = -1
    private var end = 0
    private var isDirty = false
    private var isNew = false
    /// Nothing is kept any more.
    private var isOver = false

    init(_ statePath: String, of state: [UInt8], warn: @escaping (String) -> Void) {
        self.statePath = HostFile.resolved(statePath)
        self.state = state
        self.warn = warn
        path = UndoFormat.path(beside: statePath)
    }

    deinit { close() }

    /// Lets others have the undo file; what is still to be kept opens it again.
    func close() {
        flush()
        if file >= 0 { Glibc.close(file) }
        file = -1
    }

    /// Removes the undo file at `path` if it is one, of whatever state: the state it was for is no more.
    static func remove(beside statePath: String, replacedBy state: [UInt8]) {
        let path = UndoFormat.path(beside: statePath)
        let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard file >= 0 else { return }
        defer { Glibc.close(file) }
        let head = OverlayFile.read(file, at: 0, count: UndoFormat.headBytes) ?? []
        if UndoFormat.Kind(head, of: state) == .stale, !head.isEmpty { unlink(path) }
    }

    // MARK: Disks

    /// The state's disk at `place` is in `image`.
    func watch(_ image: DiskImage, at place: MediaPlace, holding changes: DiskChanges) {
        disks[place] = (image.identity, SectorSet(of: changes))
    }

    /// What guards the disk in `image`; nil where that is none of the state's.
    func keeper(of image: DiskImage) -> (any DiskGuard)? {
        disks.first { $0.value.file == image.identity }.map { Keeper(log: self, place: $0.key) }
    }

    private final class Keeper: DiskGuard {
        private let log: UndoLog
        private let place: MediaPlace

        init(log: UndoLog, place: MediaPlace) {
            self.log = log
            self.place = place
        }

        func wants(_ sector: Int) -> Bool { log.wants(sector, place) }
        func keep(_ sector: Int, _ content: [UInt8]?) { log.keep(sector, place, content) }
        func flush() { log.flush() }
    }

    // MARK: Sectors

    /// Keeps what the file of a disk does not hold, although the state needs it: what was written over before the state's
    /// file was there, or was undone in memory alone.
    func keepWhatDiffers(on disk: ChangeTrackingDisk, _ place: MediaPlace, from changes: DiskChanges) {
        (disk.discardsWrites ? disk.undone : disk.changes).visit { sector, _ in
            guard changes[sector] == nil else { return }
            keep(sector, place, disk.undone[sector] ?? (try? disk.atPowerOn(sector)))
        }
    }

    private func wants(_ sector: Int, _ place: MediaPlace) -> Bool {
        !isOver && disks[place]?.held.contains(sector) == false && kept[place]?.contains(sector) != true
    }

    private func keep(_ sector: Int, _ place: MediaPlace, _ content: [UInt8]?) {
        guard wants(sector, place) else { return }
        if file < 0 {
            isOver = !isOfState
            guard !isOver else { return }
            do throws(StateFault) {
                try open()
            } catch {
                return giveUp(error.reason)
            }
        }
        guard wants(sector, place) else { return }
        guard let content else { return giveUp("sector \(sector) of \(place.name) cannot be read") }
        let record = UndoRecord(sector: sector, place: place, content: content).bytes(of: state)
        guard OverlayFile.write(file, record, at: end) else {
            return giveUp("\(path) cannot be written: \(HostError.text)")
        }
        end += record.count
        isDirty = true
        kept[place, default: SectorSet()].insert(sector)
    }

    /// What was kept is durable before the disk is.
    func flush() {
        guard isDirty, file >= 0 else { return }
        guard fsync(file) == 0 else { return giveUp("\(path) cannot be made durable: \(HostError.text)") }
        if isNew { HostFile.syncFolder(of: path) }
        (isDirty, isNew) = (false, false)
    }

    /// A file that lacks a sector is of no use to anybody, and a host's disk that is full needs the room.
    private func giveUp(_ reason: String) {
        (isOver, isDirty) = (true, false)
        var status = stat()
        if file >= 0, fstat(file, &status) == 0, FileIdentity(status) == FileIdentity(path: path) { unlink(path) }
        close()
        warn("\(statePath): cannot be loaded any more when its disk is written to: \(reason)")
    }

    // MARK: The file

    /// Whether the state's file is still there: without it, or with another one in its place, nobody needs the undo file.
    private var isOfState: Bool {
        let file = Glibc.open(statePath, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return false }
        defer { Glibc.close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, Int(status.st_size) >= state.count else { return false }
        return OverlayFile.read(file, at: Int(status.st_size) - state.count, count: state.count) == state
    }

    /// Opens the undo file, for this log alone, and goes on behind what it has.
    private func open() throws(StateFault) {
        file = try openLocked()
        do throws(StateFault) {
            let end = try UndoFile.scan(file, path, of: state) {
                kept[$0.place, default: SectorSet()].insert($0.sector)
            }
            if let found = end {
                guard ftruncate(file, off_t(found)) == 0 else { throw unusable }
                self.end = found
            } else {
                let head = UndoFormat.head(of: state)
                guard ftruncate(file, 0) == 0, OverlayFile.write(file, head, at: 0) else { throw unusable }
                (self.end, isNew) = (head.count, true)
            }
        } catch {
            close()
            throw error
        }
    }

    private var unusable: StateFault { StateFault("\(path) cannot be written: \(HostError.text)") }

    private func openLocked() throws(StateFault) -> Int32 {
        while true {
            let file = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
            guard file >= 0 else { throw unusable }
            var status = stat()
            guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
                Glibc.close(file)
                throw StateFault("\(path) is no undo file that this program knows; move it away")
            }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                Glibc.close(file)
                throw StateFault("\(path) is in use by another machine")
            }
            // Whoever had it may have put a new file in its place.
            if FileIdentity(status) == FileIdentity(path: path) { return file }
            Glibc.close(file)
        }
    }
}
