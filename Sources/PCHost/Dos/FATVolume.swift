import PCCore

/// Files on a FAT12 or FAT16 volume, read and written from outside of the guest.
///
/// What a guest left behind may be anything: every number is checked before it is used, and every walk ends.
final class FATVolume {
    /// A file or folder in a directory.
    struct Entry: Equatable {
        var name: FATName
        var isFolder: Bool
        var firstCluster: Int
        var size: Int
    }

    /// A directory: the root, which has a place of its own, or one in clusters.
    enum Directory: Equatable {
        case root
        case cluster(Int)
    }

    private let disk: any BlockDevice
    /// The sector of the disk that the volume begins with.
    private let start: Int
    let layout: FATLayout
    /// The first FAT: what follows each cluster.
    private var fat: [Int]
    /// Where the search for a free cluster goes on.
    private var nextFree = 2

    /// Opens the volume that begins at sector `start`; nil where there is none.
    init?(_ disk: any BlockDevice, start: Int = 0) throws(BlockError) {
        guard disk.sectorSize == 512, start < disk.sectorCount else { return nil }
        let bootSector = try disk.read(sector: start)
        guard let layout = FATLayout(bootSector: bootSector, available: disk.sectorCount - start) else { return nil }
        self.disk = disk
        self.start = start
        self.layout = layout
        var bytes: [UInt8] = []
        for sector in 0..<layout.sectorsPerFAT {
            bytes += try disk.read(sector: start + layout.reservedSectors + sector)
        }
        fat = (0..<layout.clusterCount + 2).map { cluster in
            guard layout.isFAT12 else { return Int(bytes[2 * cluster]) | Int(bytes[2 * cluster + 1]) << 8 }
            let place = cluster + cluster / 2
            let pair = Int(bytes[place]) | Int(bytes[place + 1]) << 8
            return cluster % 2 == 0 ? pair & 0xFFF : pair >> 4
        }
    }

    // MARK: Reading

    /// The entries of a directory, without those for the directory itself and the one above.
    func entries(of directory: Directory = .root) throws(BlockError) -> [Entry] {
        var entries: [Entry] = []
        for sector in sectors(of: directory) {
            let bytes = try disk.read(sector: start + sector)
            for offset in stride(from: 0, to: 512, by: 32) {
                if bytes[offset] == 0 { return entries }
                guard let entry = Self.entry(Array(bytes[offset..<offset + 32])) else { continue }
                entries.append(entry)
            }
        }
        return entries
    }

    func content(of file: Entry) throws(BlockError) -> [UInt8] {
        var bytes: [UInt8] = []
        for cluster in chain(from: file.firstCluster) {
            guard bytes.count < file.size else { break }
            for sector in 0..<layout.sectorsPerCluster {
                bytes += try disk.read(sector: start + layout.firstSector(ofCluster: cluster) + sector)
            }
        }
        return Array(bytes.prefix(file.size))
    }

    /// Gives `each` every file with the names of the folders that it is in, folders within folders up to a depth of 32.
    func walk(_ each: ([FATName], Entry) throws(BlockError) -> Void) throws(BlockError) {
        var seen: Set<Int> = []
        try walk(.root, [], &seen, each)
    }

    private func walk(
        _ directory: Directory, _ path: [FATName], _ seen: inout Set<Int>,
        _ each: ([FATName], Entry) throws(BlockError) -> Void
    ) throws(BlockError) {
        for entry in try entries(of: directory) {
            guard entry.isFolder else {
                try each(path, entry)
                continue
            }
            // A damaged tree can lead back to itself.
            guard path.count < 32, seen.insert(entry.firstCluster).inserted else { continue }
            try walk(.cluster(entry.firstCluster), path + [entry.name], &seen, each)
        }
    }

    private static func entry(_ bytes: [UInt8]) -> Entry? {
        let attributes = bytes[11]
        // Deleted, a volume's label, a part of a long name, or the folder's own entries.
        guard bytes[0] != 0xE5, attributes & 0x08 == 0, bytes[0] != 0x2E, let name = FATName(entry: Array(bytes[..<11]))
        else { return nil }
        let number = { (range: Range<Int>) in range.reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) } }
        return Entry(
            name: name, isFolder: attributes & 0x10 != 0, firstCluster: number(26..<28), size: number(28..<32))
    }

    /// The clusters from `first` on, each once.
    private func chain(from first: Int) -> [Int] {
        var clusters: [Int] = []
        var cluster = first
        while layout.clusters.contains(cluster), clusters.count < layout.clusterCount {
            clusters.append(cluster)
            cluster = fat[cluster]
        }
        return clusters
    }

    private func sectors(of directory: Directory) -> [Int] {
        switch directory {
        case .root: return Array(layout.rootStart..<layout.dataStart)
        case .cluster(let first):
            // No directory has more than 65,536 entries.
            return chain(from: first).prefix(2_097_152 / layout.clusterSize).flatMap { cluster in
                let sector = layout.firstSector(ofCluster: cluster)
                return Array(sector..<sector + layout.sectorsPerCluster)
            }
        }
    }

    // MARK: Writing

    /// Puts a file into a directory, in place of one with the same name. False where there is no room.
    func write(_ name: FATName, _ content: [UInt8], in directory: Directory = .root) throws(BlockError) -> Bool {
        if let old = try entries(of: directory).first(where: { $0.name == name }) {
            guard !old.isFolder else { return false }
            for cluster in chain(from: old.firstCluster) { try set(cluster, 0) }
        }
        guard let first = try allocate(content) else { return false }
        return try enter(name, attributes: 0x20, first: first, size: content.count, in: directory)
    }

    /// Makes a folder; nil where there is no room.
    func makeFolder(_ name: FATName, in directory: Directory = .root) throws(BlockError) -> Directory? {
        guard let first = try allocate([UInt8](repeating: 0, count: layout.clusterSize)) else { return nil }
        let parent = if case .cluster(let number) = directory { number } else { 0 }
        let dots = [(".", first), ("..", parent)].flatMap { text, cluster in
            let name = Array(text.utf8) + [UInt8](repeating: 0x20, count: 11 - text.utf8.count)
            return Self.bytes(name, attributes: 0x10, first: cluster, size: 0)
        }
        let bytes = dots + [UInt8](repeating: 0, count: 448)
        try disk.write(sector: start + layout.firstSector(ofCluster: first), bytes)
        guard try enter(name, attributes: 0x10, first: first, size: 0, in: directory) else { return nil }
        return .cluster(first)
    }

    /// Writes an entry in place of one with the same name, or where there is room; a folder grows by a cluster.
    private func enter(
        _ name: FATName, attributes: UInt8, first: Int, size: Int, in directory: Directory
    ) throws(BlockError) -> Bool {
        let new = Self.bytes(name.entry, attributes: attributes, first: first, size: size)
        var free: (sector: Int, offset: Int)?
        search: for sector in sectors(of: directory) {
            let bytes = try disk.read(sector: start + sector)
            for offset in stride(from: 0, to: 512, by: 32) {
                let entry = Array(bytes[offset..<offset + 32])
                if Self.entry(entry)?.name == name {
                    free = (sector, offset)
                    break search
                }
                if bytes[offset] == 0 || bytes[offset] == 0xE5 { free = free ?? (sector, offset) }
                if bytes[offset] == 0 { break search }
            }
        }
        if free == nil, case .cluster(let number) = directory, let last = chain(from: number).last {
            guard let more = try allocate([UInt8](repeating: 0, count: layout.clusterSize)) else { return false }
            try set(last, more)
            free = (layout.firstSector(ofCluster: more), 0)
        }
        guard let free else { return false }
        var bytes = try disk.read(sector: start + free.sector)
        bytes.replaceSubrange(free.offset..<free.offset + 32, with: new)
        try disk.write(sector: start + free.sector, bytes)
        return true
    }

    /// Puts content into free clusters and gives the first, 0 for no content; nil where there is no room.
    private func allocate(_ content: [UInt8]) throws(BlockError) -> Int? {
        guard !content.isEmpty else { return 0 }
        let count = (content.count + layout.clusterSize - 1) / layout.clusterSize
        var clusters: [Int] = []
        for _ in 0..<layout.clusterCount where clusters.count < count {
            if fat[nextFree] == 0 { clusters.append(nextFree) }
            nextFree = nextFree + 1 < layout.clusters.upperBound ? nextFree + 1 : 2
        }
        guard clusters.count == count else { return nil }
        let end = layout.isFAT12 ? 0xFFF : 0xFFFF
        for (i, cluster) in clusters.enumerated() {
            try set(cluster, i + 1 < clusters.count ? clusters[i + 1] : end)
            for sector in 0..<layout.sectorsPerCluster {
                let from = min(content.count, i * layout.clusterSize + sector * 512)
                let part = Array(content[from..<min(content.count, from + 512)])
                try disk.write(
                    sector: start + layout.firstSector(ofCluster: cluster) + sector,
                    part + [UInt8](repeating: 0, count: 512 - part.count))
            }
        }
        return clusters.first
    }

    /// Sets what follows a cluster, in every copy of the FAT.
    private func set(_ cluster: Int, _ next: Int) throws(BlockError) {
        fat[cluster] = next
        let place = layout.isFAT12 ? cluster + cluster / 2 : 2 * cluster
        let other = layout.isFAT12 ? (cluster % 2 == 0 ? 0xF000 : 0x000F) : 0
        let value = layout.isFAT12 && cluster % 2 == 1 ? next << 4 : next
        for copy in 0..<layout.fatCount {
            let first = start + layout.reservedSectors + copy * layout.sectorsPerFAT
            for byte in 0..<2 {
                let sector = first + (place + byte) / 512
                var bytes = try disk.read(sector: sector)
                let kept = UInt8(truncatingIfNeeded: other >> (8 * byte))
                let offset = (place + byte) % 512
                bytes[offset] = bytes[offset] & kept | UInt8(truncatingIfNeeded: value >> (8 * byte)) & ~kept
                try disk.write(sector: sector, bytes)
            }
        }
    }

    /// The time of all that is made here: machines that nobody watches have it at power-on.
    private static let (time, date) = (3 << 11 | 4 << 5 | 5 / 2, (2026 - 1980) << 9 | 1 << 5 | 2)

    private static func bytes(_ name: [UInt8], attributes: UInt8, first: Int, size: Int) -> [UInt8] {
        let fields = [(0, 10), (time, 2), (date, 2), (first, 2), (size, 4)]
        return name + [attributes]
            + fields.flatMap { value, count in (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * min($0, 7))) }
            }
    }
}
