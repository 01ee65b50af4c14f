import Crypto
import PCCore

/// A machine's state as it is kept in a file: what the machine is, its ROMs, the board, the memories, and what the guest
/// changed on each disk.
struct StateFile {
    var description: MachineDescription
    var bios: [UInt8]
    var vgaBIOS: [UInt8]
    /// Empty without a kernel.
    var kernelROM: [UInt8] = []
    var machine: MachineState
    /// By place; a disk that nobody can write to has none.
    var changes: [MediaPlace: DiskChanges] = [:]
    /// Where an overlay lay over the image, which was not to be written.
    var overlaid: Set<MediaPlace> = []
    /// Of the container that it was read from.
    private(set) var checksum: [UInt8] = []

    enum Tag {
        static let description = "MACH"
        static let bios = "BIOS"
        static let vgaBIOS = "VROM"
        static let kernelROM = "KROM"
        static let board = "BRD "
        static let memory = "RAM "
        static let video = "VRAM"
        static let overlaid = "OVLY"
    }

    private static let largestDescription = 1 << 20
    private static let largestROM = 1 << 20
    private static let largestBoard = 16 << 20

    // MARK: Writing

    var container: StateContainer {
        var container = StateContainer()
        container.add(Tag.description, description.text)
        container.add(Tag.bios, bios)
        container.add(Tag.vgaBIOS, vgaBIOS)
        if description.kernel != nil { container.add(Tag.kernelROM, kernelROM) }
        container.add(Tag.board, machine.board)
        container.add(Tag.memory) { Self.write(machine.memory, $0) }
        container.add(Tag.video) { Self.write(machine.video, $0) }
        for (place, changes) in changes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            container.add(place.tag) { deflater in
                for sector in changes.sectors {
                    guard let content = changes[sector] else { continue }
                    deflater.append(LittleEndian.bytes(UInt64(sector)))
                    deflater.append(content)
                }
            }
        }
        if !overlaid.isEmpty { container.add(Tag.overlaid, overlaid.map { UInt8($0.rawValue) }.sorted()) }
        return container
    }

    private static func write(_ memory: MemoryCopy, _ deflater: Deflater) {
        memory.forEachPage { number, content in
            deflater.append(LittleEndian.bytes(UInt32(number)))
            deflater.append(content)
        }
    }

    // MARK: Reading

    /// - Parameter path: stands before what is wrong.
    init(_ container: StateContainer, _ path: String) throws(BadInput) {
        do throws(StateFault) {
            try self.init(container)
        } catch {
            throw error.input(path)
        }
    }

    /// Takes a state out of its container and checks that all of it can be.
    init(_ container: StateContainer) throws(StateFault) {
        checksum = container.checksum
        let text = try Self.content(container, Tag.description, Self.largestDescription)
        description = try MachineDescription(text: text)
        bios = try Self.rom(container, Tag.bios, description.bios)
        vgaBIOS = try Self.rom(container, Tag.vgaBIOS, description.vgaBIOS)
        if description.kernel != nil { kernelROM = try Self.rom(container, Tag.kernelROM, description.kernelROM) }
        do {
            try Firmware.checkBIOS(bios, path: "")
            try Firmware.checkVGABIOS(vgaBIOS, path: "")
            if description.kernel != nil { try Firmware.checkVGABIOS(kernelROM, path: "") }
        } catch {
            throw .damaged
        }
        try Self.checkRoom(container)
        let shape = MachineState.pageCounts(description.configuration)
        machine = MachineState(
            board: try Self.content(container, Tag.board, Self.largestBoard),
            memory: try Self.memory(container, Tag.memory, pageCount: shape.memory),
            video: try Self.memory(container, Tag.video, pageCount: shape.video))
        for medium in description.media {
            guard let content = medium.content, medium.kind != .cdrom else { continue }
            changes[medium.place] = try Self.changes(container, medium.place, content.digest)
        }
        for number in try container.content(Tag.overlaid, limit: MediaPlace.allCases.count) ?? [] {
            guard let place = MediaPlace(rawValue: Int(number)) else { throw .damaged }
            overlaid.insert(place)
        }
    }

    init(
        description: MachineDescription, configuration: PCConfiguration, machine: MachineState,
        changes: [MediaPlace: DiskChanges]
    ) {
        self.description = description
        bios = configuration.bios
        vgaBIOS = configuration.vgaBIOS
        if description.kernel != nil { kernelROM = configuration.kernelROM }
        self.machine = machine
        self.changes = changes
    }

    private static func content(_ container: StateContainer, _ tag: String, _ limit: Int) throws(StateFault) -> [UInt8]
    {
        guard let content = try container.content(tag, limit: limit) else {
            throw StateFault("has no section \"\(tag)\": it is no state of a machine, or damaged")
        }
        return content
    }

    private static func rom(_ container: StateContainer, _ tag: String, _ digest: String) throws(StateFault) -> [UInt8]
    {
        let image = try content(container, tag, largestROM)
        guard SHA256Text.of(image) == digest else { throw .damaged }
        return image
    }

    /// What the sections hold has to fit into the host's memory, before any of them is taken out.
    private static func checkRoom(_ container: StateContainer) throws(StateFault) {
        var total = 0
        for section in container.sections {
            let (sum, overflow) = total.addingReportingOverflow(section.rawCount)
            guard !overflow, sum <= HostMemory.bytes else {
                throw StateFault("holds more than this host's memory (\(HostMemory.bytes >> 20)M); use a larger host")
            }
            total = sum
        }
    }

    /// Pages with their numbers, in ascending order.
    private static func memory(
        _ container: StateContainer, _ tag: String, pageCount: Int
    ) throws(StateFault) -> MemoryCopy {
        guard let section = container.section(tag) else { throw .damaged }
        let pageSize = 4096
        guard section.rawCount % (pageSize + 4) == 0 else { throw .damaged }
        var reader = try SectionReader(section, limit: pageCount * (pageSize + 4))
        var memory = MemoryCopy(pageCount: pageCount)
        var next = 0
        while reader.left > 0 {
            let number = Int(try reader.number(UInt32.self))
            guard number >= next, memory.set(page: number, try reader.bytes(pageSize)) else { throw .damaged }
            next = number + 1
        }
        try reader.end()
        return memory
    }

    /// Sectors with their numbers, in ascending order.
    private static func changes(
        _ container: StateContainer, _ place: MediaPlace, _ shape: DiskDigest
    ) throws(StateFault) -> DiskChanges? {
        guard let section = container.section(place.tag) else { return nil }
        guard section.rawCount % (shape.sectorSize + 8) == 0 else { throw .damaged }
        var reader = try SectionReader(section, limit: .max)
        var changes = DiskChanges()
        var next = 0
        while reader.left > 0 {
            guard let sector = Int(exactly: try reader.number(UInt64.self)), sector >= next, sector < shape.sectorCount
            else { throw .damaged }
            changes[sector] = try reader.bytes(shape.sectorSize)
            next = sector + 1
        }
        try reader.end()
        return changes
    }
}
