import PCCore
import Testing

@testable import PCHost

@Suite struct FATVolumeTests {
    private func name(_ text: String) throws -> FATName { try #require(FATName(text)) }

    private func volume(room: Int = 0) throws -> (disk: MemoryDisk, volume: FATVolume) {
        let disk = try FreshDisk.make(room: room)
        return (disk, try #require(try FATVolume(disk, start: FreshDisk.partitionStart)))
    }

    @Test func names() throws {
        #expect(try name("readme.txt").text == "README.TXT")
        #expect(try name("A").bytes == Array("A          ".utf8))
        #expect(try name("é.c").bytes[0] == 0x90)
        for text in ["", ".", "..", ".txt", "toolongname", "a.long", "a.b.c", "a b", "a/b", "a*", "日本"] {
            #expect(FATName(text) == nil, "\(text)")
        }
        #expect(FATName(shortening: "long file name.html", number: 1).text == "LONGFI~1.HTM")
        #expect(FATName(shortening: "日本", number: 12).text == "~12")
        #expect(FATName(entry: Array("../../ETC  ".utf8)) == nil)
        #expect(FATName(entry: [0x05] + Array("BCDEFGH   ".utf8))?.bytes[0] == 0xE5)
    }

    @Test func filesAndFoldersComeBack() throws {
        let (disk, volume) = try volume()
        #expect(!volume.layout.isFAT12)
        let long = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        #expect(try volume.write(name("A.BIN"), long))
        #expect(try volume.write(name("EMPTY"), []))
        let folder = try #require(try volume.makeFolder(name("SUB")))
        // More entries than a cluster of the folder has.
        for i in 0..<200 { #expect(try volume.write(name("F\(i).TXT"), [UInt8(i)], in: folder)) }
        #expect(try volume.write(name("A.BIN"), Array(long.reversed())))

        let again = try #require(try FATVolume(disk, start: FreshDisk.partitionStart))
        var found: [String: [UInt8]] = [:]
        try again.walk { (folders, entry) throws(BlockError) in
            found[(folders + [entry.name]).map(\.text).joined(separator: "/")] = try again.content(of: entry)
        }
        #expect(found.count == 202)
        #expect(found["A.BIN"] == long.reversed())
        #expect(found["EMPTY"] == [])
        #expect(found["SUB/F199.TXT"] == [199])
    }

    @Test func aVolumeThatIsFullTakesNothing() throws {
        let (_, volume) = try volume()
        let room = volume.layout.clusterCount * volume.layout.clusterSize
        #expect(try !volume.write(name("A"), [UInt8](repeating: 1, count: room + 1)))
        #expect(try volume.write(name("A"), [UInt8](repeating: 1, count: room)))
        #expect(try !volume.write(name("B"), [1]))
        #expect(try volume.write(name("A"), [1]))
        #expect(try volume.write(name("B"), [1]))
    }

    @Test func entriesOf12BitsAreKeptApart() throws {
        // A floppy's volume: clusters share the middle byte of two entries.
        var boot = FATLayout(sectors: 2880).bootSector(hidden: 0)
        (boot[13], boot[17], boot[18], boot[22]) = (1, 224, 0, 9)
        let disk = MemoryDisk(sectorCount: 2880)
        try disk.write(sector: 0, boot)
        let volume = try #require(try FATVolume(disk))
        #expect(volume.layout.isFAT12)
        let contents = (0..<40).map { i in (0..<(i * 130)).map { UInt8(truncatingIfNeeded: $0 ^ i) } }
        for (i, content) in contents.enumerated() { #expect(try volume.write(name("F\(i)"), content)) }
        for i in stride(from: 0, to: 40, by: 2) { #expect(try volume.write(name("F\(i)"), contents[39 - i])) }
        let again = try #require(try FATVolume(disk))
        for entry in try again.entries() {
            let i = try #require(Int(entry.name.text.dropFirst()))
            #expect(try again.content(of: entry) == contents[i % 2 == 0 ? 39 - i : i])
        }
    }

    /// Whatever a guest leaves behind is read without a trap, in bounded time.
    @Test(arguments: 1...40) func damagedVolumes(seed: Int) throws {
        let (disk, volume) = try volume()
        let folder = try #require(try volume.makeFolder(name("SUB")))
        for i in 0..<20 { _ = try volume.write(name("F\(i)"), [UInt8](repeating: 1, count: i * 1000), in: folder) }
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        func random(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        let layout = volume.layout
        for _ in 0..<60 {
            let area = random(3) == 0 ? 1 : layout.dataStart + 64
            let sector = FreshDisk.partitionStart + random(area)
            var bytes = try disk.read(sector: sector)
            for _ in 0..<8 { bytes[random(512)] = UInt8(random(256)) }
            try disk.write(sector: sector, bytes)
        }
        guard let damaged = try? FATVolume(disk, start: FreshDisk.partitionStart) else { return }
        var count = 0
        try? damaged.walk { (_, entry) throws(BlockError) in
            count += try damaged.content(of: entry).count > 0 ? 1 : 0
            if count > 1000 { throw .outOfRange }
        }
        _ = try? damaged.write(name("NEW"), [1, 2, 3])
    }
}
