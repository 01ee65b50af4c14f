// A Multiboot 1 kernel: an ELF file of 32 bits, or any file whose header says where it goes. [Multiboot 3]
//
// A wish for a graphics mode is not granted: the kernel finds text of 80 columns and the frame buffer's description says
// so. Not told: boot device, symbols, drives, configuration table, APM, VBE.

/// Where its parts go, and where it starts.
struct MultibootKernel: Sendable {
    struct Segment: Sendable {
        var address: UInt64
        var bytes: ArraySlice<UInt8>
        /// In memory; zeros fill it up.
        var size: UInt64

        var end: UInt64 { address + size }
    }

    private let header: MultibootHeader
    private let segments: [Segment]
    private let entry: UInt32

    /// Below is what the option ROM and the information need, and above in the first megabyte the BIOS.
    private static let low: Range<UInt64> = 0x1_0000..<0x9_0000
    private static let extended: UInt64 = 0x10_0000
    private static let mostSegments = 256

    init(_ file: FileBytes, _ header: MultibootHeader) throws(KernelError) {
        typealias Flags = MultibootHeader.Flags
        let unknown = header.flags & Flags.required & ~Flags.known
        guard unknown == 0 else {
            throw KernelError("a Multiboot kernel that asks for what is not known: flags \(Self.hex(unknown))")
        }
        self.header = header
        if header.flags & Flags.addresses != 0 {
            (segments, entry) = try Self.flat(file, header)
        } else {
            (segments, entry) = try Self.elf(file)
        }
        guard !segments.isEmpty else { throw KernelError("a Multiboot kernel with nothing to load") }
        for segment in segments {
            let isLow = Self.low.contains(segment.address) && segment.end <= Self.low.upperBound
            guard isLow || segment.address >= Self.extended, segment.end <= 1 << 32 else {
                throw KernelError(
                    "a Multiboot kernel that wants to be at \(Self.hex(UInt32(truncatingIfNeeded: segment.address)))h; "
                        + "10000h-8FFFFh and from 100000h on are free")
            }
        }
        for (number, segment) in segments.enumerated() {
            for other in segments[(number + 1)...] where segment.address < other.end && other.address < segment.end {
                throw KernelError("a Multiboot kernel whose parts overlap in memory")
            }
        }
    }

    private static func hex(_ value: UInt32) -> String { String(value, radix: 16, uppercase: true) }

    /// The header's addresses, for files of any format. [Multiboot 3.1.3]
    private static func flat(_ file: FileBytes, _ header: MultibootHeader) throws(KernelError) -> ([Segment], UInt32) {
        guard file.has(20, at: UInt64(header.offset + 12)) else {
            throw KernelError("a Multiboot kernel whose header is cut off")
        }
        let place = header.addresses.map { UInt64($0) }
        let (headerAddress, load, loadEnd, end, entry) = (place[0], place[1], place[2], place[3], place[4])
        guard headerAddress >= load, headerAddress - load <= UInt64(header.offset) else {
            throw KernelError("a Multiboot kernel whose load address does not fit its header")
        }
        let start = UInt64(header.offset) - (headerAddress - load)
        // 0: all of the file.
        guard loadEnd == 0 || loadEnd > load else { throw KernelError("a Multiboot kernel that ends before it begins") }
        let count = loadEnd == 0 ? UInt64(file.count) - start : loadEnd - load
        guard file.has(count, at: start) else { throw KernelError("a Multiboot kernel that is cut off") }
        guard end == 0 || end >= load + count else { throw KernelError("a Multiboot kernel with a BSS before its end") }
        let bytes = file.bytes[Int(start)..<Int(start + count)]
        return ([Segment(address: load, bytes: bytes, size: end == 0 ? count : end - load)], UInt32(entry))
    }

    /// What the program headers say is loaded. [ELF 2-2]
    private static func elf(_ file: FileBytes) throws(KernelError) -> ([Segment], UInt32) {
        guard file.count >= 52, file.long(0) == 0x464C_457F else {
            throw KernelError("a Multiboot kernel that is no ELF file and gives no addresses")
        }
        guard file.byte(4) == 1, file.byte(5) == 1, file.word(18) == 3 else {
            throw KernelError("a Multiboot kernel in an ELF file that is not for 32-bit x86")
        }
        let (table, size, count) = (UInt64(file.long(28)), Int(file.word(42)), Int(file.word(44)))
        guard size >= 32, count <= Self.mostSegments, file.has(UInt64(size * count), at: table) else {
            throw KernelError("a Multiboot kernel with a broken program header table")
        }
        var segments: [Segment] = []
        var entry = file.long(24)
        let virtualEntry = entry
        for number in 0..<count {
            let at = Int(table) + number * size
            let (kind, offset, virtual) = (file.long(at), UInt64(file.long(at + 4)), file.long(at + 8))
            let (address, fileSize) = (UInt64(file.long(at + 12)), UInt64(file.long(at + 16)))
            let memorySize = UInt64(file.long(at + 20))
            guard kind == 1, memorySize > 0 else { continue }
            guard fileSize <= memorySize, file.has(fileSize, at: offset) else {
                throw KernelError("a Multiboot kernel with a part that is not in the file")
            }
            let bytes = file.bytes[Int(offset)..<Int(offset + fileSize)]
            segments.append(Segment(address: address, bytes: bytes, size: memorySize))
            // An entry point in virtual addresses is meant where that part is loaded, as other loaders have it.
            if virtualEntry >= virtual, UInt64(virtualEntry) < UInt64(virtual) + memorySize {
                entry = UInt32(truncatingIfNeeded: address + UInt64(virtualEntry - virtual))
            }
        }
        return (segments, entry)
    }

    // MARK: Memory

    func layout(
        _ map: [MemoryRange], lowKilobytes: UInt32, modules: [KernelImage.Module], commandLine: String
    ) throws(KernelError) -> KernelLayout {
        let memoryEnd = MemoryRange.endOfExtended(map)
        var end = max(Self.extended, segments.map(\.end).max() ?? 0)
        var blocks = segments.map { KernelLayout.Block($0.address, $0.bytes, size: $0.size) }
        var placed: [(start: UInt32, end: UInt32, commandLine: String)] = []
        for module in modules {
            let start = (end + 0xFFF) & ~0xFFF
            end = start + UInt64(module.bytes.count)
            guard end <= 1 << 32 else { break }
            blocks.append(.init(start, module.bytes[...]))
            placed.append((UInt32(truncatingIfNeeded: start), UInt32(truncatingIfNeeded: end), module.commandLine))
        }
        guard end <= memoryEnd, placed.count == modules.count else {
            throw KernelError("needs more memory: at least \((end + 0xF_FFFF) >> 20)M")
        }
        let information = MultibootInformation(
            map: map, lowKilobytes: lowKilobytes, modules: placed, commandLine: commandLine)
        blocks.append(.init(UInt64(MultibootInformation.address), information.bytes[...]))
        return KernelLayout(
            blocks: blocks, entry: .multiboot(entry: entry, information: MultibootInformation.address))
    }
}
