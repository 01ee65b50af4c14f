// Intel 82441FX (i440FX), the host bridge: 8086:1237, device 0. [i440FX 3.2]
//
// What it does here is put shadow RAM where its PAM registers say. The registers of DRAM, caches, SMRAM and errors are
// kept and have no effect: memory is there from the start, and nothing fails.

/// The host bridge, with the map of C0000h-FFFFFh.
public final class HostBridge {
    /// PAM0-PAM6: two segments a register, of 16 KB from C0000h to EFFFFh; PAM0's upper half is F0000h-FFFFFh.
    private static let attributes = 0x59...0x5F
    private static let readEnable: UInt8 = 1
    private static let writeEnable: UInt8 = 2

    public let function: PCIFunction
    private let shadow: ShadowMemory
    /// Is called when the memory map has changed, so that the CPU forgets its translations.
    private let memoryChanged: () -> Void

    init(shadow: ShadowMemory, memoryChanged: @escaping () -> Void) {
        self.shadow = shadow
        self.memoryChanged = memoryChanged
        var space = PCIConfigurationSpace(vendor: 0x8086, device: 0x1237, revision: 2, classCode: 0x06_0000)
        space.set(0x04, 0x0280_0006, .dword)
        space.allow(0x04, 0x40)
        space.allow(0x05, 0x01)
        space.allowClearing(0x07, 0x71)
        space.allow(0x0D, 0xF8)
        space.allow(0x50...0x58)
        space[0x53] = 0x83
        space[0x57] = 0x01
        space[0x58] = 0x10
        for register in Self.attributes { space.allow(register, register == 0x59 ? 0x30 : 0x33) }
        space.allow(0x60...0x68)
        for register in 0x60...0x67 { space[register] = 0x01 }
        space.allow(0x70...0x71)
        space[0x71] = 0x10
        space.allow(0x72, 0x78)
        space[0x72] = 0x02
        space.allow(0x90, 0xFF)
        space.allowClearing(0x91, 0xFF)
        space.allow(0x93, 0x0F)
        function = PCIFunction(space)
        function.written = { [unowned self] in if $0.overlaps(0x59..<0x60) { mapMemory() } }
    }

    /// Brings the memory map up to date with the PAM registers.
    func mapMemory() {
        var changed = false
        for segment in 0..<13 {
            // 0 to 11 are the segments of PAM1 to PAM6, low half first; 12 is the 64 KB of PAM0.
            let register = segment == 12 ? 0x59 : 0x5A + segment / 2
            let value = function.space[register] >> (segment == 12 || segment & 1 != 0 ? 4 : 0)
            let access = ShadowMemory.Access(
                readsRAM: value & Self.readEnable != 0, writesRAM: value & Self.writeEnable != 0)
            let first = segment * 4
            changed = shadow.set(access, pages: first..<first + (segment == 12 ? 16 : 4)) || changed
        }
        if changed { memoryChanged() }
    }
}
