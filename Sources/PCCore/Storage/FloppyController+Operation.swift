/// The execution phase of disk commands: from the command's last byte to its result, one sector an event.
extension FloppyController {
    /// A sector without real timing, in microseconds; a whole track to format takes as long.
    static let sectorTime: UInt64 = 100
    /// How long a motor takes to come up to speed, in microseconds.
    static let spinUpTime: UInt64 = 500_000

    func beginOperation() {
        let bytes = state.command
        var operation = Operation()
        operation.drive = bytes[1] & 0x03
        operation.head = bytes[1] >> 2 & 1
        let number = Int(operation.drive)
        var start = scheduler.now
        switch command {
        case .formatTrack:
            operation.cylinderID = state.drives[number].presentCylinder
            operation.headID = operation.head
            operation.sizeCode = bytes[2]
            operation.lastSector = bytes[3]
            state.lastSectorGiven = bytes[3]
        case .readID:
            operation.cylinderID = state.drives[number].presentCylinder
            operation.headID = operation.head
        default:
            operation.cylinderID = bytes[2]
            operation.headID = bytes[3]
            operation.sectorID = bytes[4]
            operation.sizeCode = bytes[5]
            operation.lastSector = bytes[6]
            state.lastSectorGiven = bytes[6]
            if state.seeksImplied, bytes[2] != state.drives[number].presentCylinder {
                operation.impliedSeek = true
            }
        }
        state.operation = operation
        state.phase = .execution
        state.bufferIndex = 0
        state.bufferCount = 0
        // A seek under way ends first.
        if state.drives[number].seekEnd != .max { start = max(start, state.drives[number].seekEnd) }
        if operation.impliedSeek { start = start &+ seekImplicitly(number, to: operation.cylinderID) }
        search(from: start)
        scheduleNext()
    }

    /// Goes on with a command that waits for an index hole, where now one can come.
    func resumeAfterIndex() {
        guard state.phase == .execution, state.wait == .index else { return }
        search(from: scheduler.now)
        scheduleNext()
    }

    private var operationDrive: Int { Int(state.operation.drive & 3) }

    private var isSpinning: Bool {
        let number = operationDrive
        return disks[number] != nil && state.drives[number].type != .none && state.drives[number].motorSince != .max
    }

    /// From `time` on the controller waits for its sector. Without a turning disk no index hole ever ends the wait:
    /// on a PC/AT no ready line tells, and the host gives up and resets the controller.
    func search(from time: GuestTime) {
        guard isSpinning else {
            state.wait = .index
            state.operationEnd = .max
            return
        }
        state.wait = .disk
        guard realTiming else {
            state.operationEnd = time &+ scheduler.duration(microseconds: Self.sectorTime)
            return
        }
        let upToSpeed = state.drives[operationDrive].motorSince &+ scheduler.duration(microseconds: Self.spinUpTime)
        state.operationEnd = timeUnderHead(from: max(time, upToSpeed))
    }

    /// When what the command looks for has passed under the head, as the disk turns.
    private func timeUnderHead(from time: GuestTime) -> GuestTime {
        let drive = state.drives[operationDrive]
        let turn = scheduler.duration(microseconds: drive.type.turn)
        let sectors = UInt64(drive.format?.geometry.sectors ?? 1)
        let angle = time % turn
        func start(_ sector: UInt64) -> UInt64 { (sector * turn + sectors - 1) / sectors }
        let wanted: UInt64
        switch command {
        case .formatTrack:
            return time &+ (turn - angle) % turn &+ turn
        case .readID:
            return time &- angle &+ start(angle * sectors / turn + 1)
        case .readTrack:
            wanted = UInt64(state.operation.sectorsDone) % sectors
        default:
            // Without the sector the second index hole ends the search.
            guard case .found = locate() else { return time &- angle &+ 2 * turn }
            wanted = UInt64(state.operation.sectorID) &- 1
        }
        let begin = start(wanted)
        let wait = begin >= angle ? begin - angle : begin + turn - angle
        return time &+ wait &+ (start(wanted + 1) - begin)
    }

    /// What the head finds.
    enum Located {
        /// The sector's number on the disk.
        case found(Int)
        case missing(FloppyStatus1, FloppyStatus2)
    }

    /// The layout of the track under the head; nil where its marks cannot be read: wrong data rate, FM, a side or a
    /// track that was never formatted.
    var readableTrack: DiskGeometry? {
        let drive = state.drives[operationDrive]
        guard isMFM, let format = drive.format, let rate = format.dataRate(in: drive.type),
            rate.rawValue == state.dataRate || !state.isRateChosen, Int(drive.track) < format.geometry.cylinders,
            Int(state.operation.head) < format.geometry.heads
        else { return nil }
        return format.geometry
    }

    /// Looks for the sector that the command names on the track under the head.
    func locate() -> Located {
        let operation = state.operation
        let track = state.drives[operationDrive].track
        guard let geometry = readableTrack else { return .missing(.missingAddressMark, []) }
        guard operation.cylinderID == track else { return .missing(.noData, .wrongCylinder) }
        guard operation.headID == operation.head, operation.sizeCode == 2,
            let number = geometry.sectorNumber(
                cylinder: Int(track), head: Int(operation.head), sector: Int(operation.sectorID))
        else { return .missing(.noData, []) }
        return .found(number)
    }

    /// The time of `operationEnd` has come.
    func runOperation() {
        let time = state.operationEnd
        state.operationEnd = .max
        guard state.phase == .execution, state.wait == .disk else { return }
        guard isSpinning else { return search(from: time) }
        switch command {
        case .readData, .readDeletedData, .verify: readSector(at: time)
        case .readTrack: readNextOfTrack(at: time)
        case .writeData, .writeDeletedData: writeSector(at: time)
        case .formatTrack: formatTrack()
        case .readID: readID(at: time)
        default: finish()
        }
    }

    /// The sector is done: ends the command or goes on to the next sector. [82077AA 5.1.1, Tables 5-3 and 5-4]
    func sectorDone(terminalCount: Bool, at time: GuestTime) {
        // The other data mark: the address is not incremented.
        if state.operation.stopsAtMark { return finish() }
        let isVerify = command == .verify
        let countsSectors = isVerify && state.command[1] & 0x80 != 0
        state.operation.sectorsDone &+= 1
        let isLast = state.operation.sectorID == state.operation.lastSector
        let goesToOtherSide = isMultiTrack && state.operation.head == 0
        let allVerified = countsSectors && UInt8(truncatingIfNeeded: state.operation.sectorsDone) == state.command[8]
        if terminalCount || allVerified {
            advanceAddress()
            return finish()
        }
        if isLast, !goesToOtherSide {
            advanceAddress()
            // Without TC the controller tries the sector after the last one. VERIFY gives itself a TC there.
            return isVerify && !countsSectors ? finish() : finish(.abnormal, .endOfCylinder)
        }
        advanceAddress()
        if isLast { state.operation.head = 1 }
        search(from: time)
    }

    /// C, H and R after a sector. [82077AA Table 5-3]
    private func advanceAddress() {
        if state.operation.sectorID != state.operation.lastSector {
            state.operation.sectorID &+= 1
            return
        }
        state.operation.sectorID = 1
        if isMultiTrack { state.operation.headID ^= 1 }
        if !isMultiTrack || state.operation.head == 1 { state.operation.cylinderID &+= 1 }
    }

    /// Enters the result phase with an interrupt.
    func finish(_ ending: FloppyStatus0 = [], _ status1: FloppyStatus1 = [], _ status2: FloppyStatus2 = []) {
        let operation = state.operation
        var status0 = ending
        if operation.impliedSeek { status0.formUnion(.seekEnd) }
        state.wait = .nothing
        state.operationEnd = .max
        giveResult([
            status0.rawValue | operation.head << 2 | operation.drive,
            operation.status1 | status1.rawValue, operation.status2 | status2.rawValue,
            operation.cylinderID, operation.headID, operation.sectorID, operation.sizeCode,
        ])
        setInterrupt(true)
    }

    /// The host could not read or write: a line for its user.
    func report(_ error: BlockError, _ what: String, sector: Int) {
        guard case .failed(let reason) = error else { return }
        let letter = ["A", "B", "C", "D"][operationDrive]
        log?("floppy \(letter): cannot \(what) sector \(sector): \(reason)")
    }
}
