/// Seeks of all kinds, and SENSE INTERRUPT STATUS, which ends them.
extension FloppyController {
    /// From the end of a reset to the interrupt of its poll, in microseconds.
    static let pollTime: UInt64 = 100
    /// A seek of any length without real timing, in microseconds.
    static let seekTime: UInt64 = 200

    /// How long `steps` steps take.
    func seekDuration(steps: Int) -> GuestTime {
        guard realTiming else { return scheduler.duration(microseconds: Self.seekTime) }
        // SRT counts down from 16 ms at 500 kbit/s, in proportion at other rates. [82077AA 5.2.1]
        let rate = FloppyDataRate(rawValue: state.dataRate) ?? .kilobits250
        let step = (16 - UInt64(state.specify1 >> 4)) * 500_000 / rate.kilobits
        return scheduler.duration(microseconds: max(Self.seekTime, step &* UInt64(clamping: steps)))
    }

    /// Up to 79 steps outwards until the drive says track 0. [82077AA 5.2.2]
    func beginRecalibrate(_ number: Int) {
        let drive = state.drives[number]
        let found = drive.type != .none && drive.track <= 79
        var status = FloppyStatus0.seekEnd
        if !found { status.formUnion([.abnormal, .equipmentCheck]) }
        begin(
            number, steps: found ? Int(drive.track) : 79, track: Int(drive.track) - 79, cylinder: 0,
            status: status.rawValue | UInt8(number))
    }

    func beginSeek(_ number: Int, unit: UInt8, to cylinder: UInt8) {
        let drive = state.drives[number]
        let steps = Int(cylinder) - Int(drive.presentCylinder)
        begin(
            number, steps: abs(steps), track: Int(drive.track) + steps, cylinder: cylinder,
            status: FloppyStatus0.seekEnd.rawValue | unit)
    }

    /// [82077AA 5.2.5 RELATIVE SEEK]
    func beginRelativeSeek(_ number: Int, unit: UInt8, by count: UInt8, inward: Bool) {
        let drive = state.drives[number]
        let steps = inward ? Int(count) : -Int(count)
        let cylinder = inward ? drive.presentCylinder &+ count : drive.presentCylinder &- count
        begin(
            number, steps: Int(count), track: Int(drive.track) + steps, cylinder: cylinder,
            status: FloppyStatus0.seekEnd.rawValue | unit)
    }

    private func begin(_ number: Int, steps: Int, track: Int, cylinder: UInt8, status: UInt8) {
        // What the poll after a reset found and nobody sensed is forgotten here. // unverified: no data sheet says so
        state.pollResults = 0
        setInterrupt(false)
        state.drives[number].seekTrack = clampedTrack(number, track)
        state.drives[number].seekCylinder = cylinder
        state.drives[number].seekSteps = steps != 0
        state.drives[number].seekOutcome = status
        state.drives[number].seekStatus = 0
        state.drives[number].seekBusy = true
        state.drives[number].seekEnd = scheduler.now &+ seekDuration(steps: steps)
        scheduleNext()
    }

    /// Where the head ends up between the stops.
    private func clampedTrack(_ number: Int, _ track: Int) -> UInt8 {
        UInt8(clamping: max(0, min(track, Int(state.drives[number].type.lastTrack))))
    }

    func endSeek(_ number: Int) {
        moveHead(number)
        state.drives[number].seekEnd = .max
        state.drives[number].seekStatus = state.drives[number].seekOutcome
        setInterrupt(true)
    }

    /// Moves the head to where the seek leads; a step with a disk in takes the disk-change line back.
    private func moveHead(_ number: Int) {
        state.drives[number].track = state.drives[number].seekTrack
        state.drives[number].presentCylinder = state.drives[number].seekCylinder
        if state.drives[number].seekSteps, disks[number] != nil { state.drives[number].diskChanged = false }
    }

    /// The seek that a transfer begins with when CONFIGURE asks for it: no interrupt, no result. Gives its length.
    func seekImplicitly(_ number: Int, to cylinder: UInt8) -> GuestTime {
        let drive = state.drives[number]
        let steps = Int(cylinder) - Int(drive.presentCylinder)
        state.drives[number].seekTrack = clampedTrack(number, Int(drive.track) + steps)
        state.drives[number].seekCylinder = cylinder
        state.drives[number].seekSteps = steps != 0
        moveHead(number)
        return seekDuration(steps: abs(steps))
    }

    /// Tells of one drive and takes INT back; without anything to tell it is an invalid command. [82077AA 5.2.3]
    func senseInterruptStatus() {
        setInterrupt(false)
        if state.pollResults > 0 {
            let number = max(0, State.driveCount - Int(state.pollResults))
            state.pollResults &-= 1
            giveResult([FloppyStatus0.readyChanged.rawValue | UInt8(number), state.drives[number].presentCylinder])
        } else if let number = state.drives.firstIndex(where: { $0.seekStatus != 0 }) {
            giveResult([state.drives[number].seekStatus, state.drives[number].presentCylinder])
            state.drives[number].seekStatus = 0
            state.drives[number].seekBusy = false
        } else {
            giveResult([FloppyStatus0.invalidCommand.rawValue])
        }
    }
}
