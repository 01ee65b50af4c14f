// A kernel of Linux as its x86 boot protocol describes it, started at its real-mode entry, so that its set-up code can ask
// the BIOS. Any version of the protocol from 2.00 on; before, a kernel could not be given a file system. [Linux boot]

/// A bzImage or zImage.
struct LinuxKernel: Sendable {
    /// Offsets of the set-up header. [Linux boot, Details of header fields]
    private enum Field {
        static let setupSectors = 0x1F1
        static let systemSize = 0x1F4
        static let videoMode = 0x1FA
        static let bootFlag = 0x1FE
        static let magic = 0x202
        static let version = 0x206
        static let loaderType = 0x210
        static let loadFlags = 0x211
        static let ramdiskImage = 0x218
        static let ramdiskSize = 0x21C
        static let heapEnd = 0x224
        static let commandLine = 0x228
        static let ramdiskMax = 0x22C
        static let alignment = 0x230
        static let isRelocatable = 0x234
        static let commandLineSize = 0x238
        static let preferredAddress = 0x258
        static let initSize = 0x260
        static let oldCommandLineMagic = 0x20
        static let oldCommandLineOffset = 0x22
    }

    private enum LoadFlags {
        static let loadedHigh: UInt8 = 0x01
        static let canUseHeap: UInt8 = 0x80
    }

    /// The boot sector and the set-up code.
    private let setup: [UInt8]
    private let payload: ArraySlice<UInt8>
    /// Major in the high byte.
    private let version: UInt16
    private let isHigh: Bool
    let longestCommandLine: Int

    static func isLinux(_ file: FileBytes) -> Bool {
        file.count > Field.version + 2 && file.word(Field.bootFlag) == 0xAA55 && file.long(Field.magic) == 0x5372_6448
    }

    init(_ file: FileBytes) throws(KernelError) {
        version = file.word(Field.version)
        guard version >= 0x0200 else {
            throw KernelError("a Linux kernel with boot protocol \(Self.name(version)); 2.00 is the least")
        }
        let sectors = Int(file.byte(Field.setupSectors))
        let setupSize = ((sectors == 0 ? 4 : sectors) + 1) * 512
        guard setupSize < file.count, setupSize <= Self.setupRoom else {
            throw KernelError("a Linux kernel with \(setupSize) bytes of set-up code in \(file.count) bytes of file")
        }
        setup = Array(file.bytes[..<setupSize])
        payload = file.bytes[setupSize...]
        // Before 2.04 the field had two bytes, and boot loaders were told not to trust it.
        let declared = UInt64(file.long(Field.systemSize)) * 16
        guard version < 0x0204 || declared <= UInt64(payload.count + 15) else {
            throw KernelError("a Linux kernel that is cut off: \(payload.count) bytes of \(declared)")
        }
        isHigh = file.byte(Field.loadFlags) & LoadFlags.loadedHigh != 0
        guard isHigh || payload.count <= Self.lowRoom else {
            throw KernelError("a zImage of \(payload.count) bytes; at most \(Self.lowRoom) fit below 90000h")
        }
        let size = version >= 0x0206 ? file.long(Field.commandLineSize) : 255
        longestCommandLine = min(Int(size), Self.commandLineRoom - 1)
    }

    private static func name(_ version: UInt16) -> String {
        let minor = version & 0xFF
        return "\(version >> 8).\(minor < 10 ? "0" : "")\(minor)"
    }

    // MARK: Memory

    /// From 2.02 on the set-up code runs in any segment; before at 90000h only, and so does a zImage, which itself starts
    /// at 10000h. [Linux boot, Loading the rest of the kernel]
    private var segment: UInt32 { version >= 0x0202 && isHigh ? 0x1000 : 0x9000 }

    /// Of the segment: code up to 8000h, then heap and stack, and the command line behind them. What is at 90000h must
    /// stay below the extended BIOS data area. [Linux boot, Sample boot configuration]
    private static let setupRoom = 0x8000
    private var stackEnd: UInt32 { segment == 0x9000 ? 0x9800 : 0xE000 }
    private static let commandLineRoom = 0x1000
    private static let lowRoom = 0x8_0000

    /// Where the protected-mode code begins.
    private var loadAddress: UInt64 { isHigh ? 0x10_0000 : 0x1_0000 }

    private var header: FileBytes { FileBytes(setup) }

    /// The end of what the kernel uses before it knows the memory map: it unpacks itself where it likes to run.
    /// [Linux boot, init_size]
    private var runtimeEnd: UInt64 {
        let end = loadAddress + UInt64(payload.count)
        guard isHigh, version >= 0x020A else { return end }
        var start = UInt64(header.long(Field.preferredAddress)) | UInt64(header.long(Field.preferredAddress + 4)) << 32
        if header.byte(Field.isRelocatable) != 0 {
            let alignment = UInt64(max(1, header.long(Field.alignment)))
            let aligned = (loadAddress + alignment - 1) / alignment * alignment
            start = max(start, aligned)
        }
        let (sum, overflow) = start.addingReportingOverflow(UInt64(header.long(Field.initSize)))
        return overflow ? .max : max(end, sum)
    }

    func layout(_ map: [MemoryRange], modules: [KernelImage.Module], commandLine: String) throws(KernelError)
        -> KernelLayout
    {
        let memoryEnd = MemoryRange.endOfExtended(map)
        let runtimeEnd = runtimeEnd
        if isHigh, runtimeEnd > memoryEnd { throw Self.tooLittle(runtimeEnd) }
        var head = GuestBytes(setup)
        var blocks = [KernelLayout.Block(loadAddress, payload)]
        // FFh: a loader without a number of its own.
        head.bytes[Field.loaderType] = 0xFF
        if version >= 0x0201 {
            head.bytes[Field.loadFlags] |= LoadFlags.canUseHeap
            head.put(UInt16(stackEnd - 0x200), at: Field.heapEnd)
        }
        if let mode = Self.videoMode(commandLine) { head.put(mode, at: Field.videoMode) }
        let base = UInt64(segment) << 4
        if version >= 0x0202 {
            head.put(UInt32(base) + stackEnd, at: Field.commandLine)
        } else {
            head.put(UInt16(0xA33F), at: Field.oldCommandLineMagic)
            head.put(UInt16(stackEnd), at: Field.oldCommandLineOffset)
        }
        let files = Self.joined(modules)
        if !files.isEmpty {
            let last = version >= 0x0203 ? UInt64(header.long(Field.ramdiskMax)) : 0x37FF_FFFF
            let limit = min(memoryEnd, last + 1)
            let start = limit >= UInt64(files.count) ? (limit - UInt64(files.count)) & ~0xFFF : 0
            // A zImage may unpack itself to 1 MB and more; how far, it does not say.
            guard start >= max(runtimeEnd, 0x10_0000) else {
                throw Self.tooLittle(max(runtimeEnd, 0x10_0000) + UInt64(files.count))
            }
            head.put(UInt32(start), at: Field.ramdiskImage)
            head.put(UInt32(files.count), at: Field.ramdiskSize)
            blocks.append(.init(start, files[...]))
        }
        blocks.append(.init(base, head.bytes[...]))
        blocks.append(.init(base + UInt64(stackEnd), Array(commandLine.utf8)[...] + [0]))
        return KernelLayout(
            blocks: blocks, entry: .realMode(segment: UInt16(segment), stack: UInt16(stackEnd)))
    }

    private static func tooLittle(_ end: UInt64) -> KernelError {
        KernelError("needs more memory: at least \((min(end, 1 << 40) + 0xF_FFFF) >> 20)M")
    }

    /// Several archives are one behind the other, each at a multiple of four. [Linux initramfs buffer format]
    private static func joined(_ modules: [KernelImage.Module]) -> [UInt8] {
        guard modules.count != 1 else { return modules[0].bytes }
        var bytes: [UInt8] = []
        for module in modules {
            bytes += module.bytes
            bytes += [UInt8](repeating: 0, count: -bytes.count & 3)
        }
        return bytes
    }

    /// `vga=` is for the boot loader, which puts it into the header. [Linux boot, Special command line options]
    private static func videoMode(_ commandLine: String) -> UInt16? {
        let words = commandLine.split(separator: " ")
        guard let value = words.last(where: { $0.hasPrefix("vga=") })?.dropFirst(4) else { return nil }
        switch value {
        case "normal": return 0xFFFF
        case "ext": return 0xFFFE
        case "ask": return 0xFFFD
        default: return value.hasPrefix("0x") ? UInt16(value.dropFirst(2), radix: 16) : UInt16(value)
        }
    }
}
