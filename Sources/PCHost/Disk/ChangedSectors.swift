import PCCore

/// A disk that knows which of its sectors the guest has written since it was put in: they are part of the machine hash.
public protocol ChangedSectors: BlockDevice {
    var changed: SectorSet { get }
}
