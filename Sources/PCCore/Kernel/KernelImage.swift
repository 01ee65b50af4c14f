/// A kernel that the machine starts without a disk, with the files that go with it: what the file says, checked. Where it
/// all goes in memory is worked out when the machine starts it, since then the BIOS has said what memory there is.
public struct KernelImage: Sendable {
    /// A file beside the kernel: Linux's first file system, or a Multiboot module with its command line.
    public struct Module: Sendable {
        public var bytes: [UInt8]
        public var commandLine: String

        public init(_ bytes: [UInt8], commandLine: String = "") {
            self.bytes = bytes
            self.commandLine = commandLine
        }
    }

    enum Format: Sendable {
        case linux(LinuxKernel)
        case multiboot(MultibootKernel)
    }

    /// The kernel's file.
    public let file: [UInt8]
    public let modules: [Module]
    let format: Format
    let commandLine: String

    /// Longest command line of a Multiboot kernel or module, and most modules: what is told of them goes into 28 KB.
    static let longestCommandLine = 4096
    static let mostModules = 64
    static let mostModuleText = 8192

    /// - Parameters:
    ///   - file: a bzImage or zImage of Linux, or a Multiboot 1 kernel.
    ///   - name: what a Multiboot kernel finds before its command line.
    public init(_ file: [UInt8], name: String = "kernel", modules: [Module] = [], commandLine: String = "")
        throws(KernelError)
    {
        self.file = file
        let bytes = FileBytes(file)
        if let header = MultibootHeader(in: bytes) {
            format = .multiboot(try MultibootKernel(bytes, header))
            self.commandLine = commandLine.isEmpty ? name : "\(name) \(commandLine)"
            guard self.commandLine.utf8.count < Self.longestCommandLine else {
                throw KernelError("the command line is longer than \(Self.longestCommandLine - 1) bytes")
            }
            let text = modules.reduce(0) { $0 + $1.commandLine.utf8.count + 1 }
            guard modules.count <= Self.mostModules, text <= Self.mostModuleText else {
                throw KernelError("there are too many modules, or their command lines are too long")
            }
        } else if LinuxKernel.isLinux(bytes) {
            let kernel = try LinuxKernel(bytes)
            guard commandLine.utf8.count <= kernel.longestCommandLine else {
                throw KernelError("the command line is longer than the \(kernel.longestCommandLine) bytes it takes")
            }
            format = .linux(kernel)
            self.commandLine = commandLine
        } else {
            throw KernelError("is neither a Linux kernel (bzImage, zImage) nor a Multiboot kernel")
        }
        guard !commandLine.utf8.contains(0), !modules.contains(where: { $0.commandLine.utf8.contains(0) }) else {
            throw KernelError("a command line cannot have a zero byte in it")
        }
        self.modules = modules
    }

    /// Checks that a machine with so much memory can hold all of it.
    public func check(memory: Int) throws(KernelError) {
        let map = MemoryRange.ofBoard(memory: UInt64(clamping: memory))
        _ = try layout(map, lowKilobytes: 639)
    }

    /// Where everything goes, in a machine with this memory.
    func layout(_ map: [MemoryRange], lowKilobytes: UInt32) throws(KernelError) -> KernelLayout {
        switch format {
        case .linux(let kernel): try kernel.layout(map, modules: modules, commandLine: commandLine)
        case .multiboot(let kernel):
            try kernel.layout(map, lowKilobytes: lowKilobytes, modules: modules, commandLine: commandLine)
        }
    }
}

/// A range of the memory map, as INT 15h/E820h gives it. [ACPI INT 15 E820H]
struct MemoryRange: Equatable, Sendable {
    static let usable: UInt32 = 1
    static let reserved: UInt32 = 2

    var base: UInt64
    var length: UInt64
    var type: UInt32

    /// The end, at most that of the address space.
    var end: UInt64 {
        let (sum, overflow) = base.addingReportingOverflow(length)
        return overflow ? .max : sum
    }

    /// What a board without reserved memory has, for a BIOS that does not say.
    static func ofBoard(memory: UInt64) -> [MemoryRange] {
        var map = [MemoryRange(base: 0, length: min(memory, 0x9_FC00), type: usable)]
        if memory > 0x10_0000 { map.append(MemoryRange(base: 0x10_0000, length: memory - 0x10_0000, type: usable)) }
        return map
    }

    /// The end of the memory that goes on without a gap from 1 MB, within 4 GB.
    static func endOfExtended(_ map: [MemoryRange]) -> UInt64 {
        let range = map.first { $0.type == usable && $0.base <= 0x10_0000 && $0.end > 0x10_0000 }
        return min(range?.end ?? 0x10_0000, 0x1_0000_0000)
    }
}

/// Blocks of bytes and where they go in guest memory; what is behind a block up to `size` is filled with zeros.
struct KernelLayout {
    struct Block {
        var address: UInt32
        var bytes: ArraySlice<UInt8>
        var size: UInt64

        init(_ address: UInt64, _ bytes: ArraySlice<UInt8>, size: UInt64? = nil) {
            self.address = UInt32(truncatingIfNeeded: address)
            self.bytes = bytes
            self.size = max(size ?? 0, UInt64(bytes.count))
        }
    }

    /// How the code in the option ROM goes on.
    enum Entry: Equatable {
        /// In real mode: the segment of the set-up code, and SP.
        case realMode(segment: UInt16, stack: UInt16)
        /// In 32-bit mode: the entry point, and where the Multiboot information is.
        case multiboot(entry: UInt32, information: UInt32)
    }

    var blocks: [Block]
    var entry: Entry
}
