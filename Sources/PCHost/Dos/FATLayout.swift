/// Where things are on a FAT12 or FAT16 volume, by its boot sector. [MS FAT]
struct FATLayout: Equatable, Sendable {
    var sectorsPerCluster: Int
    var reservedSectors: Int
    var fatCount: Int
    var rootEntries: Int
    var sectorCount: Int
    var sectorsPerFAT: Int

    /// Reads a boot sector; nil where it describes no volume of `available` sectors with 512 bytes each.
    init?(bootSector: [UInt8], available: Int) {
        guard bootSector.count == 512 else { return nil }
        let word = { (offset: Int) in Int(bootSector[offset]) | Int(bootSector[offset + 1]) << 8 }
        sectorsPerCluster = Int(bootSector[13])
        reservedSectors = word(14)
        fatCount = Int(bootSector[16])
        rootEntries = word(17)
        sectorCount = word(19) != 0 ? word(19) : word(32) | word(34) << 16
        sectorsPerFAT = word(22)
        guard word(11) == 512, [1, 2, 4, 8, 16, 32, 64, 128].contains(sectorsPerCluster), reservedSectors > 0,
            (1...2).contains(fatCount), rootEntries > 0, rootEntries % 16 == 0, sectorsPerFAT > 0,
            sectorCount > dataStart, sectorCount <= available, clusterCount > 0, clusterCount < 65525,
            sectorsPerFAT * 512 * 8 >= (clusterCount + 2) * (isFAT12 ? 12 : 16)
        else { return nil }
    }

    /// A FAT16 volume of this size, with clusters as small as they can be.
    init(sectors: Int) {
        sectorsPerCluster = 1
        reservedSectors = 1
        fatCount = 2
        rootEntries = 512
        sectorCount = sectors
        sectorsPerFAT = 1
        repeat {
            sectorsPerCluster *= 2
            // Two bytes for each cluster and for the two entries that stand for none.
            let data = sectors - reservedSectors - rootSectors
            sectorsPerFAT = (data / sectorsPerCluster + 2 + 255) / 256
        } while clusterCount >= 65525 && sectorsPerCluster < 64
    }

    var rootStart: Int { reservedSectors + fatCount * sectorsPerFAT }
    var rootSectors: Int { rootEntries / 16 }
    var dataStart: Int { rootStart + rootSectors }
    var clusterCount: Int { (sectorCount - dataStart) / sectorsPerCluster }
    var clusterSize: Int { sectorsPerCluster * 512 }
    /// By the number of clusters alone. [MS FAT, FAT type determination]
    var isFAT12: Bool { clusterCount < 4085 }
    /// Clusters have the numbers from 2 on.
    var clusters: Range<Int> { 2..<clusterCount + 2 }

    func firstSector(ofCluster cluster: Int) -> Int { dataStart + (cluster - 2) * sectorsPerCluster }

    /// A boot sector for the volume on a hard disk whose partition begins at `hidden`.
    func bootSector(hidden: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 512)
        func put(_ value: Int, _ count: Int, at offset: Int) {
            for i in 0..<count { bytes[offset + i] = UInt8(truncatingIfNeeded: value >> (8 * i)) }
        }
        bytes.replaceSubrange(0..<11, with: [0xEB, 0x3C, 0x90] + Array("SWIFT86 ".utf8))
        put(512, 2, at: 11)
        put(sectorsPerCluster, 1, at: 13)
        put(reservedSectors, 2, at: 14)
        put(fatCount, 1, at: 16)
        put(rootEntries, 2, at: 17)
        put(sectorCount < 65536 ? sectorCount : 0, 2, at: 19)
        put(0xF8, 1, at: 21)
        put(sectorsPerFAT, 2, at: 22)
        put(63, 2, at: 24)
        put(16, 2, at: 26)
        put(hidden, 4, at: 28)
        put(sectorCount < 65536 ? 0 : sectorCount, 4, at: 32)
        put(0x80, 1, at: 36)
        put(0x29, 1, at: 38)
        put(0x2026_0102, 4, at: 39)
        bytes.replaceSubrange(43..<62, with: Array("PROGRAM    FAT16   ".utf8))
        put(0xAA55, 2, at: 510)
        return bytes
    }
}
