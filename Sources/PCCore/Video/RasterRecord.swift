/// What the beam has drawn with other registers than those of now, and what the CRT controller latches at retrace.
///
/// A guest that changes colours, panning or modes while the beam is inside of the picture gets a picture in sections:
/// from top to bottom, each with the registers that it was drawn with. Changes on one scan line count as one, so a frame
/// has at most a section a line. Two frames are kept, the last complete one and the one that the beam is in.
///
/// Nothing here is state of the machine: the guest cannot read it, and it is a frame old at the most.
struct RasterRecord {
    /// Scan lines from `first` on, down to the next section.
    struct Section {
        var first: Int
        var registers: VGA.Registers
    }

    /// A frame in which registers changed.
    struct Frame {
        var number: UInt64 = 0
        /// The start address that was latched for it.
        var start: UInt16 = 0
        var sections: [Section] = []
    }

    /// Where a frame's sections meet.
    enum Cut {
        /// Above the first line: the whole frame has the new registers.
        case top
        case line(Int)
        /// Below the last line: the frame is complete.
        case bottom
    }

    /// The frame that the beam is in, without sections as long as none is closed.
    private var current = Frame()
    /// The line where the section begins that is not closed yet; nil after the last one.
    private var open: Int? = 0
    /// The last complete frame, if it is in sections.
    private(set) var last: Frame?
    /// Until when changes of registers belong to the cut that was noted last.
    private var coalescing: Range<GuestTime> = 0..<0

    /// The start address that the picture is drawn from.
    private(set) var start: UInt16 = 0
    /// When another start address is latched, `.max` if it is the same.
    private var latching = GuestTime.max

    /// Whether time alone changes nothing.
    var isQuiet: Bool { current.sections.isEmpty && last == nil && latching == .max }

    /// Whether a change of registers at `time` belongs to what is noted already.
    @inline(__always)
    func coalesces(at time: GuestTime) -> Bool { coalescing.contains(time) }

    /// Forgets all: the counters have begun anew.
    mutating func reset(start: UInt16) {
        self = RasterRecord()
        self.start = start
    }

    /// Registers changed that were `before`; it is seen from `cut` on, and so is what changes until `end`.
    mutating func note(_ cut: Cut, before: VGA.Registers, frame: UInt64, time: GuestTime, until end: GuestTime) {
        coalescing = time..<max(time, end)
        switch cut {
        case .top:
            break
        case .line(let line):
            if current.sections.isEmpty { (current.number, current.start, open) = (frame, start, 0) }
            guard let first = open, first < line else { return }
            current.sections.append(Section(first: first, registers: before))
            open = line
        case .bottom:
            guard !current.sections.isEmpty, let first = open else { return }
            current.sections.append(Section(first: first, registers: before))
            open = nil
        }
    }

    /// Brings frames up to date: the beam is in frame `number`, with `registers`.
    /// - Returns: whether the picture is another one.
    mutating func settle(frame number: UInt64, registers: VGA.Registers) -> Bool {
        var changed = false
        if let shown = last, shown.number &+ 1 != number {
            last = nil
            changed = true
        }
        if !current.sections.isEmpty, current.number != number {
            if current.number &+ 1 == number {
                if let first = open { current.sections.append(Section(first: first, registers: registers)) }
                last = current
            }
            current.sections = []
            changed = true
        }
        return changed
    }

    // MARK: Start address

    /// The guest wrote a start address, which is latched at `time`.
    mutating func startChanges(at time: GuestTime) { latching = time }

    /// Latches the start address if its time has come.
    /// - Returns: whether it did.
    mutating func latch(_ address: UInt16, at time: GuestTime) -> Bool {
        guard time >= latching, latching != .max else { return false }
        latching = .max
        guard start != address else { return false }
        start = address
        return true
    }
}
