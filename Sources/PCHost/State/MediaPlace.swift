/// A place for disks: drive A or B, or one of the four at the IDE channels.
public enum MediaPlace: Int, CaseIterable, Sendable {
    case floppyA, floppyB
    /// Primary master and slave, secondary master and slave.
    case ide0, ide1, ide2, ide3

    var name: String { ["floppy-a", "floppy-b", "ide-0", "ide-1", "ide-2", "ide-3"][rawValue] }
    /// The section with the changes of the disk there.
    var tag: String { ["FLPA", "FLPB", "IDE0", "IDE1", "IDE2", "IDE3"][rawValue] }
    /// Drive 0 or 1; nil for a place at an IDE channel.
    var floppy: Int? { rawValue < 2 ? rawValue : nil }
    /// 0 to 3; nil for a floppy drive.
    var ide: Int? { rawValue < 2 ? nil : rawValue - 2 }
}
