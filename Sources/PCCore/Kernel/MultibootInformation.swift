/// What a Multiboot kernel is told: the structure, and behind it all that it points to. [Multiboot 3.3]
struct MultibootInformation {
    /// Where it goes. Up to FFFFh nothing of a kernel is loaded.
    static let address: UInt32 = 0x9000

    private enum Flags {
        static let memory: UInt32 = 0x1
        static let commandLine: UInt32 = 0x4
        static let modules: UInt32 = 0x8
        static let map: UInt32 = 0x40
        static let loaderName: UInt32 = 0x200
        static let frameBuffer: UInt32 = 0x1000
    }

    private enum Field {
        static let flags = 0
        static let memoryLow = 4
        static let memoryHigh = 8
        static let commandLine = 16
        static let moduleCount = 20
        static let modules = 24
        static let mapLength = 44
        static let map = 48
        static let loaderName = 64
        static let frameBuffer = 88
        static let pitch = 96
        static let width = 100
        static let height = 104
        static let depth = 108
        static let kind = 109
        static let size = 116
    }

    let bytes: [UInt8]

    init(
        map: [MemoryRange], lowKilobytes: UInt32, modules: [(start: UInt32, end: UInt32, commandLine: String)],
        commandLine: String
    ) {
        var out = GuestBytes([UInt8](repeating: 0, count: Field.size))
        func address(_ offset: Int) -> UInt32 { Self.address + UInt32(offset) }
        out.put(
            Flags.memory | Flags.commandLine | Flags.modules | Flags.map | Flags.loaderName | Flags.frameBuffer,
            at: Field.flags)
        let end = MemoryRange.endOfExtended(map)
        out.put(min(lowKilobytes, 640), at: Field.memoryLow)
        out.put(UInt32((end - 0x10_0000) >> 10), at: Field.memoryHigh)

        out.put(UInt32(map.count * 24), at: Field.mapLength)
        out.put(address(out.bytes.count), at: Field.map)
        for range in map {
            // The size of an entry does not count itself.
            out.append(20)
            for value in [range.base, range.length] {
                out.append(UInt32(truncatingIfNeeded: value))
                out.append(UInt32(truncatingIfNeeded: value >> 32))
            }
            out.append(range.type)
        }

        let table = out.bytes.count
        out.put(UInt32(modules.count), at: Field.moduleCount)
        out.put(address(table), at: Field.modules)
        for module in modules {
            out.append(module.start)
            out.append(module.end)
            out.append(0)
            out.append(0)
        }
        for (number, module) in modules.enumerated() {
            let text = out.append(text: module.commandLine)
            out.put(address(text), at: table + number * 16 + 8)
        }
        let line = out.append(text: commandLine)
        out.put(address(line), at: Field.commandLine)
        let name = out.append(text: "Swift86")
        out.put(address(name), at: Field.loaderName)

        // The text screen that the BIOS has left. [Multiboot 3.3, framebuffer_type 2]
        out.put(UInt32(0xB_8000), at: Field.frameBuffer)
        out.put(UInt32(160), at: Field.pitch)
        out.put(UInt32(80), at: Field.width)
        out.put(UInt32(25), at: Field.height)
        out.bytes[Field.depth] = 16
        out.bytes[Field.kind] = 2
        bytes = out.bytes
    }
}
