import PCCore

/// A machine as it stood, from which any number of others start in the same process. They share the pages of memory that they
/// do not write and the disks that they only read; what each of them writes to a disk stays its own and is dropped with it.
///
/// The template may be used by many threads at once; every machine belongs to one.
// SAFETY: nothing in it changes, and its disks are only read, which they allow to several machines at once.
public final class MachineTemplate: @unchecked Sendable {
    private let configuration: PCConfiguration
    private let board: [UInt8]
    private let ram: SharedMemory
    private let video: SharedMemory
    private let floppies: [Medium?]
    private let disks: [Medium?]
    private let discs: [(any BlockDevice)?]

    /// A disk below the guest's changes, and these.
    private struct Medium {
        let base: any BlockDevice
        let changes: DiskChanges
        let undone: DiskChanges

        init?(_ disk: (any BlockDevice)?) {
            guard let disk else { return nil }
            base = (disk as? ChangeTrackingDisk)?.base ?? disk
            changes = (disk as? ChangeTrackingDisk)?.changes ?? DiskChanges()
            undone = (disk as? ChangeTrackingDisk)?.undone ?? DiskChanges()
        }

        /// A disk of a machine of its own.
        func copy() -> ChangeTrackingDisk {
            let disk = ChangeTrackingDisk(base, discardsWrites: true)
            // It has room for everything that a disk of this size can have.
            try? disk.restore(changes, over: undone)
            return disk
        }
    }

    /// Takes `pc` as it stands between two calls of `run`. It must not write to the files of its disks any more, if it does:
    /// `ChangeTrackingDisk.discardsWrites`.
    ///
    /// - Throws: where the host has no memory for another copy.
    public init(_ pc: PC) throws(BadInput) {
        configuration = pc.configuration
        board = pc.boardBytes
        let memories = pc.withMemories { (SharedMemory($0), SharedMemory($1)) }
        guard let ram = memories.0, let video = memories.1 else {
            throw BadInput("the host has no memory for a copy of the machine")
        }
        (self.ram, self.video) = (ram, video)
        floppies = pc.media.floppies.map { Medium($0) }
        disks = pc.configuration.disks.map { Medium($0) }
        discs = pc.media.discs
    }

    /// Another machine that stands where the first one stood. It has no `host`.
    ///
    /// - Throws: where the host has no address space left.
    public func machine() throws(BadInput) -> PC {
        var copy = configuration
        copy.floppies = floppies.map { $0?.copy() }
        copy.disks = disks.map { $0?.copy() }
        guard MemoryAllocator.canMap(ram.count + video.count) else {
            throw BadInput("the host has no address space for another machine")
        }
        let pc = PC(copy, allocator: .sharing(ram, video))
        var media = pc.media
        media.discs = discs
        pc.media = media
        do {
            try pc.takeBoard(board)
        } catch {
            throw BadInput("the machine cannot be copied: \(error)")
        }
        return pc
    }
}

extension MemoryAllocator {
    /// RAM and video memory that begin with these contents.
    fileprivate static func sharing(_ ram: SharedMemory, _ video: SharedMemory) -> MemoryAllocator {
        MemoryAllocator(
            allocate: { count, use in
                let shared: SharedMemory? =
                    switch use {
                    case .ram: ram
                    case .video: video
                    case .notes: nil
                    }
                guard let shared, shared.count == count else { return mapped.allocate(count, use) }
                // As in `mapped`: it was asked before.
                guard let start = shared.map() else { fatalError("the host has no address space left") }
                return start
            },
            free: mapped.free)
    }
}
