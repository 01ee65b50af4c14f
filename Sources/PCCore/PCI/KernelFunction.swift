// The option ROM that starts a kernel, as the expansion ROM of a function without anything else: 1234:8910. A BIOS of the PCI
// age, such as SeaBIOS, takes RAM for C0000h-EFFFFh and runs ROMs of functions only.

/// A PCI function that is nothing but a ROM.
final class KernelFunction {
    let function: PCIFunction

    init(rom: [UInt8]) {
        var space = PCIConfigurationSpace(vendor: 0x1234, device: 0x8910, revision: 0, classCode: 0xFF_0000)
        space.allow(0x04, 0x02)
        function = PCIFunction(space, regions: [PCIRegion(.rom(ExpansionROM(rom)), size: 0x800)])
    }
}
