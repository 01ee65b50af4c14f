// The display adapter on PCI: 1234:1111, what QEMU's and Bochs's standard VGA says that it is, so that their VGA BIOSes take
// it for theirs. Its expansion ROM is the VGA BIOS, from which a BIOS of the PCI age copies it to C0000h.
//
// The adapter's own ports and its window at A0000h answer whatever the command register says. A linear frame buffer will be
// one more region.

/// The PCI function of the VGA.
final class DisplayFunction {
    let function: PCIFunction

    /// - Parameter rom: the VGA BIOS.
    init(rom: [UInt8]) {
        var space = PCIConfigurationSpace(vendor: 0x1234, device: 0x1111, revision: 2, classCode: 0x03_0000)
        space.allow(0x04, 0x03)
        space[0x04] = 0x03
        let size = max(0x800, UInt32(clamping: rom.count).roundedUpToPowerOfTwo)
        function = PCIFunction(space, regions: rom.isEmpty ? [] : [PCIRegion(.rom(Image(bytes: rom)), size: size)])
    }

    /// What stands in the ROM; ones behind its end.
    private final class Image: MemoryMappedDevice {
        let bytes: [UInt8]

        init(bytes: [UInt8]) { self.bytes = bytes }

        func readMemory(_ offset: UInt32, _ width: AccessWidth) -> UInt32 {
            (0..<width.rawValue).reduce(0) {
                let place = Int(offset) + $1
                return $0 | UInt32(place < bytes.count ? bytes[place] : 0xFF) << UInt32($1 * 8)
            }
        }

        func writeMemory(_ offset: UInt32, _ value: UInt32, _ width: AccessWidth) {}
    }
}

extension UInt32 {
    /// The smallest power of two that is not below this; at most 2 GB.
    fileprivate var roundedUpToPowerOfTwo: UInt32 {
        self <= 1 ? 1 : self > 1 << 31 ? 1 << 31 : 1 << UInt32(UInt32.bitWidth - (self - 1).leadingZeroBitCount)
    }
}
