/// Where things stand in physical memory; Documentation/MemoryMap.md shows all of it.
enum MemoryMap {
    static let videoWindow: ClosedRange<UInt32> = 0xA_0000...0xB_FFFF
    static let videoROM: UInt32 = 0xC_0000
    static let kernelROM: UInt32 = 0xD_0000
}

/// Interrupt request inputs of the PC/AT.
enum IRQ {
    static let timer = 0
    static let keyboard = 1
    /// The second 8259A; on the AT bus it is IRQ 9.
    static let cascade = 9
    static let serial2 = 3
    static let serial1 = 4
    static let floppy = 6
    static let parallel1 = 7
    static let realTimeClock = 8
    /// SCI, what ACPI's hardware asks for.
    static let systemControl = 9
    static let mouse = 12
    static let coprocessor = 13
    static let ide0 = 14
    static let ide1 = 15
}
