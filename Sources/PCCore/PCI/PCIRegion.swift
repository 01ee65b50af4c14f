/// What stands behind one base address register: a range of ports or of memory that the guest puts where it likes.
/// [PCI 6.2.5]
public struct PCIRegion {
    public enum Target {
        /// The device gets offsets from the region's start, in every width that the CPU uses.
        case ports(any PortDevice)
        case memory(any MemoryMappedDevice, isPrefetchable: Bool)
        /// The expansion ROM, which has an enable bit of its own. [PCI 6.2.5.2]
        case rom(any MemoryMappedDevice)
    }

    public let target: Target
    /// Bytes, a power of two: at least 4 for ports, 16 for memory, 2,048 for a ROM.
    public let size: UInt32
    /// The base address register's offset in the configuration space.
    let register: Int
    /// The bit that switches a region on whose register is not one of the six, and which no command register knows of.
    let enable: (register: Int, mask: UInt8)?
    /// Is told where the region now starts, nil where it answers nowhere: for a device that wants to map its memory itself.
    public var moved: ((UInt32?) -> Void)?

    /// - Parameter bar: base address register 0 to 5; an expansion ROM has its own.
    public init(_ target: Target, bar: Int = 0, size: UInt32) {
        precondition(size > 0 && size & (size - 1) == 0 && size <= 1 << 31, "a region's size is a power of two")
        self.target = target
        self.size = size
        enable = nil
        if case .rom = target {
            register = PCIConfigurationSpace.Register.expansionROM
        } else {
            register = PCIConfigurationSpace.Register.baseAddress + 4 * (bar & 7)
        }
    }

    /// Ports behind a register of the chip's own, which answer while the bits `mask` of another one are set.
    public init(_ device: any PortDevice, register: Int, size: UInt32, enable: (register: Int, mask: UInt8)) {
        precondition(size >= 4 && size & (size - 1) == 0 && size <= 0x100, "a region's size is a power of two")
        target = .ports(device)
        self.size = size
        self.register = register
        self.enable = enable
    }

    /// Whether a write of `registers` may move the region or switch it.
    func follows(_ registers: Range<Int>) -> Bool {
        registers.overlaps(register..<register + 4) || enable.map { registers.contains($0.register) } ?? false
    }

    /// Makes the register what it is before anybody writes it: no address, with the bits that tell the kind and the size.
    func declare(in space: inout PCIConfigurationSpace) {
        let fixed: UInt32
        let kind: UInt32
        switch target {
        case .ports: (fixed, kind) = (0x3, 0x1)
        case .memory(_, let isPrefetchable): (fixed, kind) = (0xF, isPrefetchable ? 0x8 : 0)
        case .rom: (fixed, kind) = (0x7FE, 0)
        }
        // A register of the chip's own has no more bits than there are ports.
        let room: UInt32 = enable == nil ? .max : 0xFFFF
        let mask = ~(size &- 1) & ~fixed & room | (register == PCIConfigurationSpace.Register.expansionROM ? 1 : 0)
        space.set(register, kind, .dword)
        for i in 0..<4 { space.allow(register + i, UInt8(truncatingIfNeeded: mask >> UInt32(i * 8))) }
    }

    /// Where the region answers, nil where it does not: switched off, never placed, or placed beyond the 64 K ports.
    func base(in space: PCIConfigurationSpace) -> UInt32? {
        let value = space.get(register, .dword)
        let command = space[PCIConfigurationSpace.Register.command]
        let base = value & ~(size &- 1)
        switch target {
        case .ports:
            let last = UInt64(base) + UInt64(size) - 1
            let isOn =
                enable.map { space[$0.register] & $0.mask != 0 }
                ?? (command & PCIConfigurationSpace.Command.ports != 0)
            guard isOn, last <= 0xFFFF else { return nil }
        case .memory:
            guard command & PCIConfigurationSpace.Command.memory != 0 else { return nil }
        case .rom:
            // By the book memory space has to be on as well [PCI 6.2.5.2]. On Bochs this bit alone counts, and its BIOS copies
            // the display's ROM while the command register is 0 (OtherFirmwareTests).
            guard value & 1 != 0 else { return nil }
        }
        return base == 0 ? nil : base
    }
}
