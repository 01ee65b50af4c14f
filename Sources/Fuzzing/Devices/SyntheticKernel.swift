import PCCore

/// Kernels of every format, with and without files beside them, that have nothing in them.
enum SyntheticKernel {
    static func image(kind: Int) -> KernelImage? {
        let modules: [KernelImage.Module] =
            kind & 1 == 0 ? [] : [.init([1, 2, 3], commandLine: "one"), .init([UInt8](repeating: 4, count: 5000))]
        let file =
            switch kind >> 1 {
            case 0: multiboot(end: 0)
            case 1: multiboot(end: 0x18_0000)
            case 2: linux(flags: 1)
            default: linux(flags: 0)
            }
        return try? KernelImage(file, modules: modules, commandLine: "vga=0x317")
    }

    private static func put(_ values: [UInt32], _ at: Int, in file: inout [UInt8]) {
        for (i, value) in values.enumerated() {
            for byte in 0..<4 { file[at + i * 4 + byte] = UInt8(truncatingIfNeeded: value >> UInt32(byte * 8)) }
        }
    }

    /// A file whose header says where it goes: 1 MB, with a BSS up to `end`. [Multiboot 3.1]
    private static func multiboot(end: UInt32) -> [UInt8] {
        var file = [UInt8](repeating: 0xF4, count: 5000)
        let (magic, flags) = (0x1BAD_B002 as UInt32, 0x1_0003 as UInt32)
        put([magic, flags, 0 &- magic &- flags, 0x10_0000, 0x10_0000, 0, end, 0x10_0020], 0, in: &file)
        return file
    }

    /// A bzImage or zImage of boot protocol 2.12. [Linux boot]
    private static func linux(flags: UInt8) -> [UInt8] {
        var file = [UInt8](repeating: 0, count: 1024 + 5000)
        file[0x1F1] = 1
        put([313], 0x1F4, in: &file)
        (file[0x1FE], file[0x1FF]) = (0x55, 0xAA)
        put([0x5372_6448, 0x020C], 0x202, in: &file)
        file[0x211] = flags
        put([0x37FF_FFFF, 0x10_0000, 1, 2047], 0x22C, in: &file)
        put([0x10_0000, 0, 0x8_0000], 0x258, in: &file)
        return file
    }
}
