// Floppy disk controller: NEC uPD765A as the Intel 82077AA has it, in AT mode.
//
// On a PC/AT at ports 3F0h-3F5h and 3F7h, IRQ 6, DMA channel 2. Port 3F6h belongs to the hard disk.
// Data sheets: [82077AA], and [uPD765A] for what is common to both.
//
// Not modelled: the analogue side (precompensation, gap lengths, head load and unload times, power down), FM recording,
// tape drives, the scan commands (the 82077AA has none). An image holds sectors in the order of their numbers and
// nothing else, so a track can only be formatted to the layout that the image has already, and a format command that
// asks for another one fails. Marks of deleted data last as long as the disk is in. A 40-track disk in an 80-track
// drive shows its tracks one step apart, not two. For a host that has never chosen a data rate every disk has the right one,
// and transfers seek by themselves (`isRateChosen`). In non-DMA mode the FIFO waits for the host and never overruns.

/// The floppy disk controller with its drives.
public final class FloppyController: PortDevice {
    public internal(set) var state = State()
    /// Is told of errors of the host, one line each.
    public var log: ((String) -> Void)?

    let scheduler: Scheduler
    let irq: IRQLine
    let dma: DMAChannel
    /// Motor, seek and rotation take their real time.
    let realTiming: Bool
    /// The disks in the drives.
    var disks: [(any BlockDevice)?] = [nil, nil, nil, nil]

    /// - Parameters:
    ///   - irq: input 6 of a PC/AT.
    ///   - dma: channel 2 of a PC/AT.
    ///   - realTiming: motor, seek and rotation take their real time.
    ///
    /// Drive A is a 1.44 MB drive and there is no drive B, until `connect` or `insert` says otherwise.
    public init(scheduler: Scheduler, irq: IRQLine, dma: DMAChannel, realTiming: Bool) {
        self.scheduler = scheduler
        self.irq = irq
        self.dma = dma
        self.realTiming = realTiming
        state.drives[0].type = .megabytes144
    }

    // MARK: Drives

    /// Connects a drive of another type as drive `drive` (0...3).
    public func connect(_ type: FloppyDriveType, drive: Int) {
        guard state.drives.indices.contains(drive) else { return }
        state.drives[drive].type = type
    }

    /// What is connected as drive `drive`.
    public func driveType(_ drive: Int) -> FloppyDriveType {
        state.drives.indices.contains(drive) ? state.drives[drive].type : .none
    }

    /// What CMOS byte 10h says of drives A (high half) and B.
    public var cmosDriveTypes: UInt8 { driveType(0).rawValue << 4 | driveType(1).rawValue }

    /// Puts a disk into drive `drive` in place of what is in it; nil takes it out.
    ///
    /// The first disk of a drive at power-on, or in a drive that was not there, decides the drive's type. A disk whose
    /// size is no standard format leaves the drive empty; one that the drive cannot read looks unformatted.
    /// - Returns: whether the guest can read the disk.
    @discardableResult
    public func insert(_ disk: (any BlockDevice)?, drive: Int) -> Bool {
        guard state.drives.indices.contains(drive) else { return false }
        var format: FloppyFormat?
        if let disk, disk.sectorSize == 512 {
            format = FloppyFormat(size: disk.sectorCount &* 512)
        }
        disks[drive] = format == nil ? nil : disk
        state.drives[drive].diskChanged = true
        state.drives[drive].deletedMarks = []
        state.drives[drive].medium = 0
        defer { resumeAfterIndex() }
        guard let format, let number = FloppyFormat.all.firstIndex(of: format) else { return false }
        state.drives[drive].medium = UInt8(number + 1)
        let type = state.drives[drive].type
        if type == .none || (scheduler.now == 0 && !state.drives[drive].hadMedium) {
            state.drives[drive].type = format.driveType
        }
        state.drives[drive].hadMedium = true
        return format.dataRate(in: state.drives[drive].type) != nil
    }

    // MARK: Reset

    /// The RESET pin. Drives keep their heads and disks.
    public func reset() {
        var fresh = State()
        for i in fresh.drives.indices {
            let old = state.drives[i]
            fresh.drives[i].type = old.type
            fresh.drives[i].track = old.track
            fresh.drives[i].diskChanged = old.diskChanged
            fresh.drives[i].medium = old.medium
            fresh.drives[i].hadMedium = old.hadMedium
            fresh.drives[i].deletedMarks = old.deletedMarks
        }
        state = fresh
        updateIRQ()
        scheduleNext()
    }

    /// Takes over a saved state; the disks in the drives are the board's to change.
    func restore(_ saved: State) { state = saved }

    /// Reset by DOR or DSR: what SPECIFY and PERPENDICULAR MODE set per drive stays, and the FIFO's settings too if
    /// they are locked. Implied seeks are off and polling is on again. [82077AA 4.2, 5.2.6 LOCK]
    func enterSoftwareReset() {
        state.phase = .command
        state.wait = .nothing
        state.commandCount = 0
        state.resultCount = 0
        state.resultIndex = 0
        state.bufferIndex = 0
        state.bufferCount = 0
        state.operationEnd = .max
        state.pollEnd = .max
        state.pollResults = 0
        state.interrupt = false
        state.perpendicular &= ~0x03
        if state.locked {
            state.configuration &= 0x2F
        } else {
            state.configuration = 0x20
            state.precompensationTrack = 0
        }
        for i in state.drives.indices {
            state.drives[i].stopSeek()
            state.drives[i].presentCylinder = 0
        }
        updateIRQ()
        scheduleNext()
    }

    /// The first poll of the drives finds all of them changed, which interrupts. [82077AA 4.2] Since reset has switched
    /// polling on, CONFIGURE's POLL bit changes nothing that a host can see: no drive has a ready line.
    func leaveSoftwareReset() {
        state.pollEnd = scheduler.now &+ scheduler.duration(microseconds: Self.pollTime)
        scheduleNext()
    }

    // MARK: Ports

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        switch offset {
        case 0: UInt32(statusA)
        case 1: UInt32(statusB)
        case 2: UInt32(state.digitalOutput)
        case 3: UInt32(state.tapeDrive)
        case 4: UInt32(mainStatus)
        case 5: UInt32(readFIFO())
        // In AT mode the controller drives bit 7 alone. [82077AA 2.1.8]
        case 7: isDiskChanged ? 0x80 : 0
        default: 0xFF
        }
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let value = UInt8(truncatingIfNeeded: value)
        switch offset {
        case 2: writeDigitalOutput(value)
        case 3: state.tapeDrive = value & 0x03
        case 4:
            chooseRate(value)
            state.dataRateSelect = value & 0x7C
            if value & 0x80 != 0, !state.isInReset {
                enterSoftwareReset()
                leaveSoftwareReset()
            }
        case 5: writeFIFO(value)
        case 7: chooseRate(value)
        default: break
        }
    }

    private func chooseRate(_ value: UInt8) {
        state.dataRate = value & 0x03
        state.isRateChosen = true
    }

    /// SRA as a PS/2 has it: INT, no second drive (low), TRK0, WP (low). [82077AA 2.1.1]
    private var statusA: UInt8 {
        let drive = state.drives[state.selectedDrive]
        var value: UInt8 = state.interrupt ? 0x80 : 0
        if state.drives[1].type == .none { value |= 0x40 }
        if drive.type == .none || drive.track != 0 { value |= 0x10 }
        if state.operation.head != 0 { value |= 0x08 }
        value |= 0x04
        if !isWriteProtected(state.selectedDrive) { value |= 0x02 }
        return value
    }

    /// SRB as a PS/2 has it: drive 0 selected, motors 1 and 0. [82077AA 2.1.2]
    private var statusB: UInt8 {
        0xC0 | (state.digitalOutput & 1) << 5 | (state.digitalOutput >> 4) & 3
    }

    /// MSR
    private var mainStatus: UInt8 {
        guard !state.isInReset else { return 0 }
        var status: FloppyMainStatus
        switch state.phase {
        case .command: status = state.commandCount == 0 ? .request : [.request, .commandBusy]
        case .result: status = [.request, .toHost, .commandBusy]
        case .execution:
            status = state.isNonDMA ? [.commandBusy, .notDMA] : .commandBusy
            if state.wait == .hostReads { status.formUnion([.request, .toHost]) }
            if state.wait == .hostWrites { status.formUnion(.request) }
        }
        var value = status.rawValue
        for i in state.drives.indices where state.drives[i].seekBusy { value |= 1 << UInt8(i) }
        return value
    }

    /// DIR bit 7: the line of the drive that DOR selects.
    private var isDiskChanged: Bool {
        let drive = state.drives[state.selectedDrive]
        return drive.type != .none && drive.diskChanged
    }

    private func writeDigitalOutput(_ value: UInt8) {
        let wasInReset = state.isInReset
        state.digitalOutput = value
        for i in state.drives.indices {
            let isOn = value & 0x10 << UInt8(i) != 0
            if !isOn {
                state.drives[i].motorSince = .max
            } else if state.drives[i].motorSince == .max {
                state.drives[i].motorSince = scheduler.now
            }
        }
        if state.isInReset, !wasInReset { enterSoftwareReset() }
        if !state.isInReset, wasInReset { leaveSoftwareReset() }
        updateIRQ()
        resumeAfterIndex()
    }

    private func readFIFO() -> UInt8 {
        guard !state.isInReset else { return 0 }
        switch state.phase {
        case .result: return readResult()
        case .execution where state.wait == .hostReads: return takeByte()
        default: return 0
        }
    }

    private func writeFIFO(_ value: UInt8) {
        guard !state.isInReset else { return }
        switch state.phase {
        case .command: takeCommandByte(value)
        case .execution where state.wait == .hostWrites: giveByte(value)
        default: break
        }
    }

    // MARK: Lines and events

    func setInterrupt(_ high: Bool) {
        state.interrupt = high
        updateIRQ()
    }

    private func updateIRQ() {
        irq.set(state.interrupt && state.isGateOpen)
    }

    /// An event of the kind `.floppy` is due.
    public func eventDue() {
        let now = scheduler.now
        if state.pollEnd <= now {
            state.pollEnd = .max
            state.pollResults = UInt8(State.driveCount)
            setInterrupt(true)
        }
        for i in state.drives.indices where state.drives[i].seekEnd <= now { endSeek(i) }
        if state.operationEnd <= now { runOperation() }
        scheduleNext()
    }

    func scheduleNext() {
        var next = min(state.operationEnd, state.pollEnd)
        for drive in state.drives { next = min(next, drive.seekEnd) }
        if next == .max {
            scheduler.cancel(.floppy)
        } else {
            scheduler.schedule(.floppy, at: next)
        }
    }
}
