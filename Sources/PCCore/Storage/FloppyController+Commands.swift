/// The command and result phases, and the commands that need no disk.
extension FloppyController {
    /// The command whose bytes are in `state.command`.
    var command: FloppyCommand { FloppyCommand(state.command[0]) }
    var isMultiTrack: Bool { state.command[0] & 0x80 != 0 }
    /// MFM; without it the command looks for FM marks, which our disks do not have.
    var isMFM: Bool { state.command[0] & 0x40 != 0 }
    var skips: Bool { state.command[0] & 0x20 != 0 }
    /// The low bits of the second command byte: drive, and head in bit 2.
    private var unit: UInt8 { state.command[1] & 0x07 }
    private var drive: Int { Int(state.command[1] & 0x03) }

    func takeCommandByte(_ value: UInt8) {
        let index = Int(state.commandCount)
        guard index < State.phaseRoom else {
            state.commandCount = 0
            return
        }
        state.command[index] = value
        state.commandCount &+= 1
        if state.commandCount >= command.length {
            state.commandCount = 0
            execute()
        }
    }

    private func execute() {
        let first = state.command[1]
        switch command {
        case .readData, .readDeletedData, .writeData, .writeDeletedData, .readTrack, .verify, .formatTrack, .readID:
            state.pollResults = 0
            setInterrupt(false)
            beginOperation()
        case .recalibrate:
            beginRecalibrate(drive)
        case .seek:
            beginSeek(drive, unit: unit, to: state.command[2])
        case .relativeSeek:
            beginRelativeSeek(drive, unit: unit, by: state.command[2], inward: state.command[0] & 0x40 != 0)
        case .senseInterruptStatus:
            senseInterruptStatus()
        case .senseDriveStatus:
            giveResult([status3])
        case .specify:
            state.specify1 = first
            state.specify2 = state.command[2]
        case .configure:
            // The first parameter is always 0.
            state.configuration = state.command[2] & 0x7F
            state.precompensationTrack = state.command[3]
        case .perpendicularMode:
            // Bit 7 (OW) lets the bits of the drives be written. [82077AA 5.2.5]
            let kept = first & 0x80 != 0 ? 0 : state.perpendicular & 0x3C
            state.perpendicular = kept | first & (first & 0x80 != 0 ? 0x3F : 0x03)
        case .lock:
            state.locked = state.command[0] & 0x80 != 0
            giveResult([state.locked ? 0x10 : 0])
        case .dumpRegisters:
            giveResult(registerDump)
        case .version:
            // An enhanced controller: 82077, not 765A.
            giveResult([0x90])
        case .invalid:
            giveResult([FloppyStatus0.invalidCommand.rawValue])
        }
    }

    /// [82077AA Table 5-1, DUMPREG]
    private var registerDump: [UInt8] {
        state.drives.map(\.presentCylinder) + [
            state.specify1, state.specify2, state.lastSectorGiven,
            (state.locked ? 0x80 : 0) | state.perpendicular,
            state.configuration, state.precompensationTrack,
        ]
    }

    /// ST3
    private var status3: UInt8 {
        var status: FloppyStatus3 = .always
        let drive = state.drives[drive]
        if drive.type != .none, drive.track == 0 { status.formUnion(.trackZero) }
        if isWriteProtected(self.drive) { status.formUnion(.writeProtected) }
        return status.rawValue | unit
    }

    func isWriteProtected(_ drive: Int) -> Bool { disks[drive]?.isReadOnly ?? false }

    /// Enters the result phase. INT is the caller's business: only commands with an execution phase raise it.
    func giveResult(_ bytes: [UInt8]) {
        let count = min(bytes.count, State.phaseRoom)
        for i in 0..<count { state.result[i] = bytes[i] }
        state.resultCount = UInt8(count)
        state.resultIndex = 0
        state.phase = .result
    }

    func readResult() -> UInt8 {
        let index = Int(state.resultIndex)
        guard index < State.phaseRoom, index < Int(state.resultCount) else {
            state.phase = .command
            return 0
        }
        // The first result byte takes INT back. [82077AA 5.1.3]
        if index == 0 { setInterrupt(false) }
        state.resultIndex &+= 1
        if state.resultIndex == state.resultCount {
            state.phase = .command
            // Drives whose seeks ended meanwhile still wait to be sensed.
            if state.drives.contains(where: { $0.seekStatus != 0 }) { setInterrupt(true) }
        }
        return state.result[index]
    }
}
