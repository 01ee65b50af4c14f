/// One floppy drive and what the controller keeps for it; the disk itself is the board's.
struct FloppyDrive: Stateful, Sendable {
    var type = FloppyDriveType.none
    /// The track that the head is over, as the drive knows it.
    var track: UInt8 = 0
    /// The track that the controller believes the head is over. // PCN
    var presentCylinder: UInt8 = 0
    /// The disk-change line: set when a disk is put in or taken out, cleared by a step with a disk in the drive.
    var diskChanged = true
    /// Position of the disk's format in `FloppyFormat.all` plus one; 0 without a disk.
    var medium: UInt8 = 0
    /// Whether a disk was ever in.
    var hadMedium = false
    /// Since when the motor is on; `.max` while it is off.
    var motorSince = GuestTime.max

    /// When the seek under way ends; `.max` without one.
    var seekEnd = GuestTime.max
    /// Where the seek ends: the real track, the controller's, and whether the head steps at all.
    var seekTrack: UInt8 = 0
    var seekCylinder: UInt8 = 0
    var seekSteps = false
    /// The ST0 with which the seek under way will end.
    var seekOutcome: UInt8 = 0
    /// The ST0 of a seek that has ended and waits for SENSE INTERRUPT STATUS; 0 without one.
    var seekStatus: UInt8 = 0
    /// From the seek's start until SENSE INTERRUPT STATUS has told of it. // DRV BSY
    var seekBusy = false

    /// One bit for each sector with a deleted data mark, which no image can hold; empty where there is none.
    var deletedMarks: [UInt8] = []

    var format: FloppyFormat? {
        medium == 0 || Int(medium) > FloppyFormat.all.count ? nil : FloppyFormat.all[Int(medium) - 1]
    }

    func isDeleted(_ sector: Int) -> Bool {
        let index = sector >> 3
        guard index >= 0, index < deletedMarks.count else { return false }
        return deletedMarks[index] & 1 << UInt8(sector & 7) != 0
    }

    mutating func setDeleted(_ sector: Int, _ deleted: Bool) {
        guard let format, sector >= 0, sector < format.geometry.sectorCount else { return }
        if deletedMarks.isEmpty {
            guard deleted else { return }
            deletedMarks = [UInt8](repeating: 0, count: format.geometry.sectorCount / 8)
        }
        let index = sector >> 3
        guard index < deletedMarks.count else { return }
        let bit = UInt8(1) << UInt8(sector & 7)
        deletedMarks[index] = deleted ? deletedMarks[index] | bit : deletedMarks[index] & ~bit
    }

    /// Takes a seek back that has not ended.
    mutating func stopSeek() {
        seekEnd = .max
        seekBusy = false
        seekStatus = 0
    }

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&type)
        visitor.visit(&track)
        visitor.visit(&presentCylinder)
        visitor.visit(&diskChanged)
        visitor.visit(&medium)
        visitor.visit(&hadMedium)
        visitor.visit(time: &motorSince)
        visitor.visit(time: &seekEnd)
        visitor.visit(&seekTrack)
        visitor.visit(&seekCylinder)
        visitor.visit(&seekSteps)
        visitor.visit(&seekOutcome)
        visitor.visit(&seekStatus)
        visitor.visit(&seekBusy)
        visitor.visit(&deletedMarks)
    }
}
