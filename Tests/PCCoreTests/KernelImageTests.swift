import Testing

@testable import PCCore

/// Kernel files as they should not be: each is refused with a reason, and none gets beyond the memory that it may have.
@Suite struct KernelImageTests {
    private static func long(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    /// A Multiboot kernel of `size` bytes with its header at `at`.
    private static func flat(
        flags: UInt32 = 0x1_0003, header: UInt32 = 0x10_0000, load: UInt32 = 0x10_0000, loadEnd: UInt32 = 0,
        end: UInt32 = 0, entry: UInt32 = 0x10_0020, at: Int = 0, size: Int = 4096
    ) -> [UInt8] {
        var file = [UInt8](repeating: 0, count: size)
        let magic: UInt32 = 0x1BAD_B002
        let fields = [magic, flags, 0 &- magic &- flags, header, load, loadEnd, end, entry].flatMap(long)
        let count = min(fields.count, size - at)
        file.replaceSubrange(at..<at + count, with: fields[..<count])
        return file
    }

    /// An ELF file with one part, and a Multiboot header behind the program header.
    private static func elf(
        address: UInt32 = 0x10_0000, offset: UInt32 = 0, fileSize: UInt32 = 4096, memorySize: UInt32 = 8192,
        entry: UInt32 = 0xC010_0040, count: UInt16 = 1, machine: UInt8 = 3, kind: UInt8 = 1
    ) -> [UInt8] {
        var file = [UInt8](repeating: 0, count: 4096)
        file.replaceSubrange(
            0..<20, with: [0x7F, 0x45, 0x4C, 0x46, kind, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, machine, 0])
        file.replaceSubrange(24..<32, with: long(entry) + long(52))
        file.replaceSubrange(42..<46, with: [32, 0, UInt8(count & 0xFF), UInt8(count >> 8)])
        let part = [1, offset, 0xC010_0000, address, fileSize, memorySize, 7, 0x1000]
        file.replaceSubrange(52..<84, with: part.flatMap(long))
        file.replaceSubrange(100..<112, with: [0x1BAD_B002, 3, 0 &- 0x1BAD_B002 &- 3].flatMap(long))
        return file
    }

    /// A Linux kernel of 1 + `sectors` sectors and `payload` bytes.
    private static func linux(
        version: UInt16 = 0x020C, sectors: UInt8 = 1, payload: Int = 5000, flags: UInt8 = 1, declared: UInt32? = nil,
        set: [(Int, UInt32)] = []
    ) -> [UInt8] {
        let setup = (Int(sectors == 0 ? 4 : sectors) + 1) * 512
        var file = [UInt8](repeating: 0, count: setup + payload)
        file[0x1F1] = sectors
        file.replaceSubrange(0x1F4..<0x1F8, with: long(declared ?? UInt32((payload + 15) / 16)))
        file.replaceSubrange(0x1FE..<0x200, with: [0x55, 0xAA])
        file.replaceSubrange(0x202..<0x206, with: Array("HdrS".utf8))
        file.replaceSubrange(0x206..<0x208, with: [UInt8(version & 0xFF), UInt8(version >> 8)])
        file[0x211] = flags
        file.replaceSubrange(0x22C..<0x230, with: long(0x37FF_FFFF))
        file.replaceSubrange(0x238..<0x23C, with: long(2047))
        for (at, value) in set { file.replaceSubrange(at..<at + 4, with: long(value)) }
        return file
    }

    private func refusal(_ file: [UInt8], modules: [KernelImage.Module] = [], memory: Int = 16 << 20) -> String? {
        do throws(KernelError) {
            try KernelImage(file, modules: modules).check(memory: memory)
            return nil
        } catch {
            return error.reason
        }
    }

    // MARK: What is good

    @Test func whereAMultibootKernelGoes() throws {
        let map = MemoryRange.ofBoard(memory: 16 << 20)
        var layout = try KernelImage(Self.flat(loadEnd: 0x10_0400, end: 0x10_2000)).layout(map, lowKilobytes: 639)
        #expect(layout.blocks[0].address == 0x10_0000 && layout.blocks[0].bytes.count == 0x400)
        #expect(layout.blocks[0].size == 0x2000)
        #expect(layout.entry == .multiboot(entry: 0x10_0020, information: 0x9000))
        // Header behind the load address: what is before it in the file is not loaded.
        layout = try KernelImage(Self.flat(header: 0x10_0010, at: 0x110)).layout(map, lowKilobytes: 639)
        #expect(layout.blocks[0].bytes.count == 4096 - 0x100)
        // The entry point of an ELF file is a virtual address here; a module follows at a page.
        layout = try KernelImage(Self.elf(), modules: [.init([1, 2]), .init([3])]).layout(map, lowKilobytes: 639)
        #expect(layout.entry == .multiboot(entry: 0x10_0040, information: 0x9000))
        #expect(layout.blocks.map(\.address) == [0x10_0000, 0x10_2000, 0x10_3000, 0x9000])
    }

    /// [version, flags, segment, stack, where the command line is noted]
    @Test func whereALinuxKernelGoes() throws {
        let map = MemoryRange.ofBoard(memory: 16 << 20)
        for (version, flags, segment, stack, kernel) in [
            (0x020C, 1, 0x1000, 0xE000, 0x10_0000), (0x0202, 0, 0x9000, 0x9800, 0x1_0000),
            (0x0201, 1, 0x9000, 0x9800, 0x10_0000), (0x0200, 0, 0x9000, 0x9800, 0x1_0000),
        ] as [(UInt16, UInt8, UInt16, UInt16, UInt32)] {
            let file = Self.linux(version: version, flags: flags)
            let layout = try KernelImage(file, modules: [.init([7])], commandLine: "hello vga=0x317")
                .layout(map, lowKilobytes: 639)
            #expect(layout.entry == .realMode(segment: segment, stack: stack))
            #expect(layout.blocks[0].address == kernel && layout.blocks[0].bytes.count == 5000)
            let base = UInt32(segment) << 4
            let head = try #require(layout.blocks.first { $0.address == base })
            let line = try #require(layout.blocks.first { $0.address == base + UInt32(stack) })
            #expect(Array(line.bytes) == Array("hello vga=0x317".utf8) + [0])
            let bytes = FileBytes(Array(head.bytes))
            #expect(bytes.byte(0x210) == 0xFF && bytes.word(0x1FA) == 0x317)
            #expect(bytes.long(0x218) == 0xFF_F000 && bytes.long(0x21C) == 1)
            #expect(bytes.byte(0x211) == (version > 0x200 ? flags | 0x80 : flags))
            #expect(version >= 0x0202 ? bytes.long(0x228) == base + UInt32(stack) : bytes.word(0x20) == 0xA33F)
        }
    }

    @Test func aFileSystemStaysBelowTheLimitOfTheHeader() throws {
        let map = MemoryRange.ofBoard(memory: 16 << 20)
        let file = Self.linux(set: [(0x22C, 0x7F_FFFF)])
        let layout = try KernelImage(file, modules: [.init([1]), .init([2, 3])]).layout(map, lowKilobytes: 639)
        #expect(layout.blocks[1].address == 0x7F_F000)
        #expect(Array(layout.blocks[1].bytes) == [1, 0, 0, 0, 2, 3, 0, 0])
    }

    // MARK: What is refused

    @Test(
        arguments: [
            ([], "neither"), ([UInt8](repeating: 0, count: 600), "neither"),
            (flat(flags: 0x1_0008), "not known: flags 8"), (flat(flags: 3), "no ELF file"),
            (flat(header: 0x10_0000, load: 0x10_0004), "does not fit its header"),
            (flat(header: 0x10_0004), "does not fit its header"),
            (flat(loadEnd: 0x10_0000), "ends before"), (flat(loadEnd: 0xFFFF_FFFF), "cut off"),
            (flat(loadEnd: 0x10_0400, end: 0x10_0200), "BSS"),
            (flat(header: 0x1000, load: 0x1000), "wants to be at 1000h"),
            (flat(header: 0xA_0000, load: 0xA_0000), "wants to be at A0000h"),
            (flat(header: 0x8_FFF0, load: 0x8_FFF0), "wants to be at 8FFF0h"),
            (flat(header: 0xFFFF_F800, load: 0xFFFF_F800), "wants to be at"),
            (flat(end: 0xFFFF_FFFF), "needs more memory: at least 4096M"), (flat(size: 20), "header is cut off"),
            (elf(machine: 62), "not for 32-bit x86"), (elf(kind: 2), "not for 32-bit x86"),
            (elf(count: 0), "nothing to load"), (elf(count: 200), "program header table"),
            (elf(count: 0xFFFF), "program header table"), (elf(offset: 0xFFFF_FFFF), "not in the file"),
            (elf(fileSize: 4097), "not in the file"), (elf(fileSize: 4096, memorySize: 4095), "not in the file"),
            (elf(address: 0xFFFF_F000, memorySize: 0xFFFF_FFFF), "wants to be at"),
            (elf(memorySize: 0x4000_0000), "needs more memory: at least 1025M"),
            (linux(version: 0x0106), "boot protocol 1.06"), (linux(sectors: 255), "set-up code"),
            (linux(sectors: 1, payload: 0), "set-up code"), (linux(declared: 1000), "cut off"),
            (linux(declared: 0xFFFF_FFFF), "cut off"), (linux(payload: 0x8_0001, flags: 0), "at most 524288 fit"),
            (linux(set: [(0x260, 0x1000_0000)]), "needs more memory: at least 256M"),
            (linux(set: [(0x258, 0xFFFF_FFFF), (0x25C, 0xFFFF_FFFF), (0x260, 0xFFFF_FFFF)]), "needs more memory"),
            (linux(set: [(0x230, 0xFFFF_FFFF), (0x234, 1)]), "needs more memory"),
            (linux(payload: 2 << 20).dropLast(40), "cut off"),
        ] as [([UInt8], String)])
    func badFiles(file: [UInt8], part: String) {
        let reason = refusal(file)
        #expect(reason?.contains(part) == true, "\(reason ?? "taken")")
    }

    @Test func partsMustNotOverlap() {
        var file = Self.elf(count: 2)
        file.replaceSubrange(84..<116, with: [1, 0, 0, 0x10_1FFF, 16, 16, 7, 1].flatMap(Self.long))
        file.replaceSubrange(120..<132, with: [0x1BAD_B002, 3, 0 &- 0x1BAD_B002 &- 3].flatMap(Self.long))
        #expect(refusal(file)?.contains("overlap") == true)
    }

    @Test func whatGoesWithAKernelHasLimits() {
        let many = [KernelImage.Module](repeating: .init([]), count: 65)
        #expect(refusal(Self.elf(), modules: many)?.contains("too many modules") == true)
        let long = [KernelImage.Module([], commandLine: String(repeating: "x", count: 9000))]
        #expect(refusal(Self.elf(), modules: long)?.contains("too many modules") == true)
        #expect(throws: KernelError.self) {
            try KernelImage(Self.elf(), commandLine: String(repeating: "x", count: 4096))
        }
        #expect(throws: KernelError.self) { try KernelImage(Self.linux(), commandLine: "a\0b") }
        let big = [KernelImage.Module([UInt8](repeating: 0, count: 15 << 20))]
        #expect(refusal(Self.elf(), modules: big)?.contains("needs more memory: at least 17M") == true)
        #expect(refusal(Self.linux(), modules: big)?.contains("needs more memory") == true)
    }

    // MARK: Any file

    /// Good files with bytes changed where it hurts, and the loader's port with any memory map: nothing traps, and nothing
    /// is laid beyond the end of memory.
    @Test func randomHeaders() throws {
        var random = Lehmer(state: 86)
        let good = [Self.flat(), Self.elf(), Self.linux(), Self.linux(version: 0x0201, flags: 0)]
        let values: [UInt32] = [
            0, 1, 0x7F, 0xFF, 0xFFFF, 0x10_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_F000, 0xFFFF_FFFF,
        ]
        var taken = 0
        for round in 0..<20_000 {
            var file = good[round & 3]
            let fields = [0..<128, 0..<128, 0x1F0..<0x268, 0x1F0..<0x268][round & 3]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let at = Int.random(in: fields, using: &random)
                let value = values.randomElement(using: &random)! &+ UInt32.random(in: 0...2, using: &random) &- 1
                file.replaceSubrange(at..<at + 4, with: Self.long(value))
            }
            // Let the checksum be right again, now and then.
            if round & 4 != 0 {
                let at = [0, 100, 0, 0][round & 3]
                if round & 3 < 2 {
                    let bytes = FileBytes(file)
                    file.replaceSubrange(at + 8..<at + 12, with: Self.long(0 &- bytes.long(at) &- bytes.long(at + 4)))
                }
            }
            if round & 8 != 0 { file = Array(file.prefix(Int.random(in: 0...file.count, using: &random))) }
            guard let image = try? KernelImage(file, modules: [.init([1, 2, 3])], commandLine: "x") else { continue }
            let memory = [1 << 20, 4 << 20, 64 << 20][round % 3]
            guard let layout = try? image.layout(MemoryRange.ofBoard(memory: UInt64(memory)), lowKilobytes: 640) else {
                continue
            }
            taken += 1
            for block in layout.blocks { #expect(UInt64(block.address) + block.size <= UInt64(memory)) }
        }
        #expect(taken > 500)
    }

    @Test func anyMemoryMap() throws {
        var random = Lehmer(state: 1)
        let kernels = [try KernelImage(Self.linux(), modules: [.init([1])]), try KernelImage(Self.elf())]
        for round in 0..<300 {
            let bench = PCIBench(memory: 2 << 20) { $0.kernel = kernels[round & 1] }
            for at in stride(from: UInt32(0x8000), to: 0x8A00, by: 4) {
                let value: UInt32 = [0, 1, 0x10_0000, 0xFFFF_FFFF].randomElement(using: &random)!
                bench.poke(at, Self.long(value))
            }
            bench.out(0x8910, UInt32.random(in: 0...UInt32.max, using: &random), .dword)
            bench.pc.kernelLoader?.load()
            #expect([0, 1, 2].contains(bench.input(0x8910, .dword)))
            for _ in 0..<4 { _ = bench.input(0x8910, .dword) }
        }
    }

    /// The answers at the port, in their order; only doublewords count.
    @Test func thePort() throws {
        let bench = PCIBench(memory: 2 << 20) { $0.kernel = try? KernelImage(Self.elf()) }
        bench.out(0x8910, 0x027F_0000, .word)
        bench.pc.kernelLoader?.load()
        #expect(bench.input(0x8910, .dword) == 0)
        bench.poke(0x10_1000, [9, 9, 9])
        bench.out(0x8910, 0x027F_0000, .dword)
        #expect(bench.input(0x8910, .dword) == 0)
        bench.pc.kernelLoader?.load()
        #expect((0..<4).map { _ in bench.input(0x8910, .dword) } == [2, 0x9000, 0x10_0040, 0])
        #expect((0..<3).map { bench.peek(0x10_1000 + $0) } == [0, 0, 0])
        #expect(bench.peek(0x10_0000) == 0x7F && bench.peek(0x9004) == 0x7F && bench.peek(0x9005) == 2)
    }
}
