/// Everything on a board that decides a machine's future: CPU, chips and pending events, RAM and video memory. A value: states
/// made one after the other share the pages that did not change.
///
/// It fits machines of the same configuration. The disks are not in it: `DiskChanges` has what the guest wrote to each.
public struct MachineState: Sendable {
    /// What the parts hold, in the order of their walk.
    public var board: [UInt8]
    public var memory: MemoryCopy
    public var video: MemoryCopy

    public init(board: [UInt8], memory: MemoryCopy, video: MemoryCopy) {
        self.board = board
        self.memory = memory
        self.video = video
    }

    /// Bytes that it takes beside those that it shares with `other`.
    public func size(after other: MachineState?) -> Int {
        let pages = memory.ownPageCount(after: other?.memory) + video.ownPageCount(after: other?.video)
        return board.count + pages * MemoryCopy.pageSize + (memory.pageCount + video.pageCount) * 8
    }
}

extension PC {
    /// The machine as it stands between two calls of `run`.
    ///
    /// - Parameter previous: an earlier state of this machine; what did not change since is shared with it.
    public func save(after previous: MachineState? = nil) -> MachineState {
        MachineState(
            board: boardState(), memory: memory.copy(after: previous?.memory),
            video: vga.memory.copy(after: previous?.video))
    }

    /// Goes on from `state`, which a machine of the same configuration gave. Where it fails, the machine is as it was.
    public func load(_ state: MachineState) throws(StateError) {
        guard state.memory.pageCount == memory.pageCount, state.video.pageCount == vga.memory.pageCount else {
            throw .otherMachine
        }
        try restoreBoard(state.board) {
            memory.take(state.memory)
            vga.memory.take(state.video)
        }
    }

    /// Pages of RAM, and of video memory, that `MachineState` has for a machine like this.
    public var statePageCounts: (memory: Int, video: Int) { (memory.pageCount, vga.memory.pageCount) }
}

extension MachineState {
    /// Pages of RAM, and of video memory, in the states of a machine of this configuration.
    public static func pageCounts(_ configuration: PCConfiguration) -> (memory: Int, video: Int) {
        (
            max(configuration.memory, PhysicalMemory.megabyte) / PhysicalMemory.pageSize,
            configuration.displayMemory / PhysicalMemory.pageSize
        )
    }
}

extension PhysicalMemory {
    /// RAM, and behind less than a megabyte of it what shadow RAM there is.
    var pageCount: Int { max(size, Self.megabyte) / Self.pageSize }

    func copy(after previous: MemoryCopy?) -> MemoryCopy {
        MemoryCopy(start, pageCount: pageCount, after: previous)
    }

    /// The CPU forgets what it has decoded by itself.
    func take(_ copy: MemoryCopy) { copy.write(to: start) }
}

extension VideoMemory {
    var pageCount: Int { size / PhysicalMemory.pageSize }

    func copy(after previous: MemoryCopy?) -> MemoryCopy {
        MemoryCopy(start, pageCount: pageCount, after: previous)
    }

    func take(_ copy: MemoryCopy) { copy.write(to: start) }
}

/// What clones of a machine share, as bytes: for an allocator that gives each of them the same pages.
extension PC {
    /// CPU, chips and pending events.
    public var boardBytes: [UInt8] { boardState() }

    /// Makes a machine, whose memories its allocator has filled, go on where the one stood that `boardBytes` came from.
    public func takeBoard(_ bytes: [UInt8]) throws(StateError) { try restoreBoard(bytes) {} }

    /// RAM with the ROM images behind it, and video memory. The pointers are good during the call.
    // SAFETY: the caller's closure does not keep them.
    public func withMemories<R>(_ action: (_ ram: UnsafeRawBufferPointer, _ video: UnsafeRawBufferPointer) -> R) -> R {
        // SAFETY: both have the length that is given.
        action(UnsafeRawBufferPointer(start: memory.start, count: memory.length), vga.memory.linear)
    }
}
