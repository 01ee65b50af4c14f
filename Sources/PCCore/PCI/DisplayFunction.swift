// The display adapter on PCI: 1234:1111, what QEMU's and Bochs's standard VGA says that it is, so that their VGA BIOSes and
// the drivers of other systems take it for theirs. BAR 0 is the linear frame buffer, BAR 2 a page of registers. Its
// expansion ROM is the VGA BIOS, from which a BIOS of the PCI age copies it to C0000h. [QEMU standard-vga]
//
// The adapter's own ports and its window at A0000h answer whatever the command register says.

/// The PCI function of the VGA.
final class DisplayFunction {
    let function: PCIFunction
    /// The board: the frame buffer stands elsewhere.
    var frameBufferMoved: (() -> Void)?
    /// Where the frame buffer stands, nil where it answers nowhere.
    var frameBufferBase: UInt32? { hasFrameBuffer ? function.bases[0] : nil }
    private let hasFrameBuffer: Bool

    /// - Parameters:
    ///   - vga: the adapter, if it has the display interface.
    ///   - rom: the VGA BIOS.
    init(_ vga: VGA?, rom: [UInt8]) {
        var space = PCIConfigurationSpace(vendor: 0x1234, device: 0x1111, revision: 2, classCode: 0x03_0000)
        space.allow(0x04, 0x03)
        space[0x04] = 0x03
        var regions: [PCIRegion] = []
        hasFrameBuffer = vga != nil
        let moved = Moved()
        if let vga {
            var memory = PCIRegion(
                .memory(LinearFrameBuffer(vga), isPrefetchable: true), bar: 0, size: UInt32(vga.memory.size))
            memory.moved = { _ in moved.to?() }
            regions += [memory, PCIRegion(.memory(DisplayRegisters(vga), isPrefetchable: false), bar: 2, size: 0x1000)]
        }
        let size = max(0x800, UInt32(clamping: rom.count).roundedUpToPowerOfTwo)
        if !rom.isEmpty { regions.append(PCIRegion(.rom(ExpansionROM(rom)), size: size)) }
        function = PCIFunction(space, regions: regions)
        moved.to = { [unowned self] in frameBufferMoved?() }
    }

    /// Regions are there before the function is.
    private final class Moved {
        var to: (() -> Void)?
    }
}

extension UInt32 {
    /// The smallest power of two that is not below this; at most 2 GB.
    fileprivate var roundedUpToPowerOfTwo: UInt32 {
        self <= 1 ? 1 : self > 1 << 31 ? 1 << 31 : 1 << UInt32(UInt32.bitWidth - (self - 1).leadingZeroBitCount)
    }
}
