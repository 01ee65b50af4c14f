// One IDE (ATA) channel with up to two drives, disks or CD-ROM drives; by PIO and, where a bus master is there, by DMA.
//
// On a PC/AT the first channel answers at ports 1F0h-1F7h (offsets 0-7) and 3F6h-3F7h (offsets 16h and 17h) with
// IRQ 14, the second at 170h-177h and 376h-377h with IRQ 15. The data register is 16 bits wide; a 32-bit access, as
// PCI adapters take it, moves two words. Port 3F7h is the floppy controller's where there is one.
// Standards: [ATA-1] for what was obsolete later, [ATA-4] for the rest.
//
// Not modelled: the standby timer, READ/WRITE LONG, FORMAT TRACK.
//
// Without any drive the bus floats: the cable pulls DD7 low, so that BSY reads 0, and all other lines are high
// [ATA-4 4.3]: registers read as 7Fh. Drive 0 answers for a missing drive 1 with status 00h [ATA-4 9.16.1].

/// One IDE channel.
public final class IDEController: PortDevice, Stateful {
    /// What the channel itself keeps; each drive keeps its own registers.
    public struct State: Stateful, Sendable {
        /// Device control: nIEN and SRST.
        var control: UInt8 = 0
        /// DEV as it was last written.
        var selection: UInt8 = 0

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&control)
            visitor.visit(&selection)
            selection &= 1
        }
    }

    public private(set) var state = State()
    /// Is told of errors of the host, one line each.
    public var log: ((String) -> Void)?
    /// The bus master is told when the selected drive pulls DMARQ, and when INTRQ goes from low to high.
    var dmaRequested: (() -> Void)?
    var interruptRose: (() -> Void)?
    /// INTRQ as it was last driven; follows from the state.
    private var isRequesting = false

    private let scheduler: Scheduler
    private let event: EventKind
    private let irq: IRQLine
    private let realTiming: Bool
    private(set) var drives: [IDEDrive?] = [nil, nil]
    /// The drive that DEV selects, nil where it is missing.
    private var selected: IDEDrive?

    /// From the end of SRST to the end of BSY.
    private static let resetTime: UInt64 = 100

    /// - Parameters:
    ///   - event: `.ide0` or `.ide1`, for this channel alone.
    ///   - irq: input 14 or 15 of a PC/AT.
    ///   - realTiming: seeks and rotation take about the time of a disk of the nineties.
    public init(scheduler: Scheduler, event: EventKind, irq: IRQLine, realTiming: Bool) {
        self.scheduler = scheduler
        self.event = event
        self.irq = irq
        self.realTiming = realTiming
    }

    /// Connects a hard disk of 512-byte sectors as drive `drive` (0 master, 1 slave); nil takes it away.
    public func attach(_ disk: (any BlockDevice)?, drive: Int) {
        guard drives.indices.contains(drive) else { return }
        let number = (event == .ide1 ? 2 : 0) + drive
        if let disk, disk.sectorSize == 512, disk.sectorCount > 0 {
            connect(ATADisk(disk, number: number, realTiming: realTiming), drive: drive)
        } else {
            drives[drive] = nil
        }
        refresh()
    }

    /// Connects a CD-ROM drive as drive `drive`, empty or with a disc of 2,048-byte sectors. It offers DMA if a bus master
    /// is there by then.
    public func attachCDROM(_ disc: (any BlockDevice)?, drive: Int) {
        guard drives.indices.contains(drive) else { return }
        let number = (event == .ide1 ? 2 : 0) + drive
        let cdrom = ATAPIDrive(disc, number: number, realTiming: realTiming)
        cdrom.offersDMA = dmaRequested != nil
        connect(cdrom, drive: drive)
        refresh()
    }

    /// Puts another disc into the CD-ROM drive `drive`, or takes it out; false where there is none.
    @discardableResult
    public func insert(_ disc: (any BlockDevice)?, drive: Int) -> Bool {
        guard let drive = cdrom(drive) else { return false }
        drive.insert(disc)
        return true
    }

    /// Drive `drive`, if it is a CD-ROM drive.
    func cdrom(_ drive: Int) -> ATAPIDrive? {
        drives.indices.contains(drive) ? drives[drive]?.commandSet as? ATAPIDrive : nil
    }

    private func connect(_ commandSet: any IDECommandSet, drive: Int) {
        drives[drive] = IDEDrive(commandSet, scheduler: scheduler)
    }

    /// Whether a drive is connected as drive `drive`.
    public func hasDrive(_ drive: Int) -> Bool { drives.indices.contains(drive) && drives[drive] != nil }

    /// The RESET line: like SRST, and everything goes back to what it was at power-on.
    public func reset() {
        state = State()
        for case let drive? in drives {
            drive.state = IDEDrive.State()
            drive.enterReset(isHard: true)
            drive.leaveReset(microseconds: Self.resetTime)
        }
        refresh()
    }

    // MARK: Ports

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        if offset == 0 {
            guard let drive = selected else { return drives[0] == nil ? 0xFF7F_FF7F : 0 }
            var value = drive.readWord()
            if width == .dword, !drive.isBlockDone { value |= drive.readWord() << 16 }
            if drive.isBlockDone { blockDone(drive) }
            return value
        }
        return UInt32(readRegister(offset))
    }

    private func readRegister(_ offset: UInt16) -> UInt8 {
        guard let drive = selected else {
            guard let first = drives[0] else { return 0x7F }
            return offset >= 1 && offset <= 6 ? first.register(offset, previous: showsPrevious) : 0
        }
        switch offset {
        case 1...6: return drive.register(offset, previous: showsPrevious)
        case 7:
            // Reading the status takes INTRQ back; reading the alternate status does not. [ATA-4 7.15.5]
            if drive.state.interrupt {
                drive.state.interrupt = false
                refresh()
            }
            return drive.state.status
        case 0x16: return drive.state.status
        case 0x17: return driveAddress(drive)
        default: return 0xFF
        }
    }

    /// HOB: the registers show what was written to them before. [ATA-6 6.8]
    private var showsPrevious: Bool { state.control & IDEControl.highOrderByte.rawValue != 0 }

    /// The drive address register: bits 5-2 the head and 1-0 the drive, all low when active. [ATA-1 7.2.5]
    private func driveAddress(_ drive: IDEDrive) -> UInt8 {
        0xC0 | ~(drive.state.deviceHead << 2) & 0x3C | (state.selection == 0 ? 0x02 : 0x01)
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        if offset == 0 {
            guard let drive = selected else { return }
            drive.writeWord(value)
            if width == .dword, !drive.isBlockDone { drive.writeWord(value >> 16) }
            if drive.isBlockDone { blockDone(drive) }
            return
        }
        let value = UInt8(truncatingIfNeeded: value)
        if offset <= 7 { state.control &= ~IDEControl.highOrderByte.rawValue }
        switch offset {
        case 1...6:
            // Both drives take every register; DEV alone says which of them answers. [ATA-4 7.1]
            for case let drive? in drives { drive.setRegister(offset, value) }
            if offset == 6 {
                state.selection = value & IDEDeviceHead.second == 0 ? 0 : 1
                refresh()
            }
        case 7: writeCommand(value)
        case 0x16: writeControl(value)
        default: break
        }
    }

    private func writeCommand(_ command: UInt8) {
        if ATACommand(command) == .diagnose {
            // Both drives obey, whichever is selected, and drive 0 answers. [ATA-4 8.8]
            for case let drive? in drives { drive.accept(command) }
            state.selection = 0
        } else {
            selected?.accept(command)
        }
        refresh()
    }

    private func writeControl(_ value: UInt8) {
        let wasReset = state.control & IDEControl.softwareReset.rawValue != 0
        let isReset = value & IDEControl.softwareReset.rawValue != 0
        state.control = value
        for case let drive? in drives {
            if isReset {
                drive.enterReset(isHard: false)
            } else if wasReset {
                drive.leaveReset(microseconds: Self.resetTime)
            }
        }
        if isReset { state.selection = 0 }
        refresh()
    }

    private func blockDone(_ drive: IDEDrive) {
        drive.endBlock()
        refresh()
    }

    // MARK: DMA

    /// Bytes that the selected drive waits to move by DMA.
    var dmaWaiting: Int { selected.map { max(0, $0.state.dmaEnd - $0.state.position) } ?? 0 }
    /// Whether it gives them, or takes.
    var dmaGives: Bool { selected?.state.dmaGives ?? false }

    /// The next `count` bytes that the drive gives, at most those that wait.
    func dmaBytes(_ count: Int) -> ArraySlice<UInt8> {
        guard let drive = selected else { return [] }
        let first = drive.state.position
        return drive.state.buffer[first..<first + min(count, dmaWaiting)]
    }

    /// So many of them have moved.
    func dmaPass(_ count: Int) { selected?.state.position += min(count, dmaWaiting) }

    /// Bytes for the drive, at most as many as it waits for.
    func dmaTake(_ bytes: [UInt8]) {
        guard let drive = selected else { return }
        let first = drive.state.position
        let count = min(bytes.count, dmaWaiting)
        drive.state.buffer.replaceSubrange(first..<first + count, with: bytes.prefix(count))
        drive.state.position += count
    }

    /// The whole block has moved: the drive goes on.
    func dmaBlockMoved() {
        guard let drive = selected, drive.state.dmaEnd > 0, dmaWaiting == 0 else { return }
        blockDone(drive)
    }

    // MARK: Lines and events

    /// The event that this channel was given is due.
    public func eventDue() {
        let now = scheduler.now
        for (number, drive) in drives.enumerated() {
            guard let drive, drive.state.busyEnd <= now else { continue }
            drive.busyOver()
            if ATACommand(drive.state.command) == .diagnose, number == 1 {
                // Drive 0 speaks for both.
                drive.state.interrupt = false
            }
        }
        refresh()
    }

    /// A drive that is not selected does not drive INTRQ. [ATA-4 4.3.9]
    private var asksForInterrupt: Bool {
        state.control & IDEControl.interruptOff.rawValue == 0 && selected?.state.interrupt ?? false
    }

    /// Brings the selection, INTRQ, the next event and the log up to date.
    private func refresh() {
        selected = drives[Int(state.selection)]
        let wasRequesting = isRequesting
        isRequesting = asksForInterrupt
        irq.set(isRequesting)
        if isRequesting, !wasRequesting { interruptRose?() }
        if dmaWaiting > 0 { dmaRequested?() }
        var next = GuestTime.max
        for case let drive? in drives {
            next = min(next, drive.state.busyEnd)
            if let message = drive.message {
                drive.message = nil
                log?(message)
            }
        }
        if next == .max {
            scheduler.cancel(event)
        } else if scheduler.deadline(of: event) != next {
            scheduler.schedule(event, at: next)
        }
    }

    // MARK: State

    /// Shows the state of the channel and of its drives.
    public func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&state)
        for case let drive? in drives {
            visitor.visit(&drive.state)
            drive.commandSet.visitState(&visitor)
        }
        selected = drives[Int(state.selection)]
        isRequesting = asksForInterrupt
    }
}
