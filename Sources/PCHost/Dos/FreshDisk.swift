import PCCore

/// A hard disk in memory with one FAT16 partition.
enum FreshDisk {
    /// The partition begins at the second track, as DOS's own FDISK has it.
    static let partitionStart = 63
    private static let cylinder = 16 * 63

    /// An empty disk with room for `bytes` of files, and as much again for what a program makes, but at least 32 MB.
    ///
    /// - Throws: where it would be larger than every DOS can use.
    static func make(room bytes: Int) throws(BadInput) -> MemoryDisk {
        let wanted = max(32 << 20, 2 * bytes + (8 << 20)) / 512
        let cylinders = (wanted + cylinder - 1) / cylinder
        guard cylinders <= 1023 else { throw BadInput("the folder holds \(bytes >> 20) MB; DOS takes at most 240 MB") }
        let sectors = cylinders * cylinder
        let disk = MemoryDisk(sectorCount: sectors)
        let layout = FATLayout(sectors: sectors - partitionStart)
        do {
            try disk.write(sector: 0, partitionTable(cylinders: cylinders, layout.sectorCount))
            try disk.write(sector: partitionStart, layout.bootSector(hidden: partitionStart))
            for copy in 0..<layout.fatCount {
                let first: [UInt8] = [0xF8, 0xFF, 0xFF, 0xFF]
                try disk.write(
                    sector: partitionStart + layout.reservedSectors + copy * layout.sectorsPerFAT,
                    first + [UInt8](repeating: 0, count: 508))
            }
        } catch {
            throw BadInput("the disk cannot be made")
        }
        return disk
    }

    /// One active partition: 16-bit FAT, below or from 32 MB on.
    private static func partitionTable(cylinders: Int, _ count: Int) -> [UInt8] {
        let last = cylinders - 1
        let entry: [UInt8] = [
            0x80, 1, 1, 0, count < 65536 ? 0x04 : 0x06, 15, UInt8(63 | last >> 2 & 0xC0), UInt8(last & 0xFF),
            UInt8(partitionStart), 0, 0, 0, UInt8(count & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count >> 16 & 0xFF),
            UInt8(count >> 24 & 0xFF),
        ]
        return [UInt8](repeating: 0, count: 446) + entry + [UInt8](repeating: 0, count: 48) + [0x55, 0xAA]
    }
}
