import Testing

@testable import PCCore

/// Writes down what it is asked.
private final class Witness: DiskGuard {
    var seen: [String] = []
    var kept: [Int: [UInt8]?] = [:]
    let base: MemoryDisk
    var covered: Set<Int> = []

    init(_ base: MemoryDisk) { self.base = base }

    func wants(_ sector: Int) -> Bool { !covered.contains(sector) && kept[sector] == nil }

    func keep(_ sector: Int, _ content: [UInt8]?) {
        // The base has not been written.
        seen.append("\(sector): \(content?.first ?? 0) over \((try? base.read(sector: sector))?.first ?? 0)")
        kept[sector] = .some(content)
    }

    func flush() { seen.append("flush") }
}

/// A disk that fails to write, or to read.
private final class BadDisk: BlockDevice {
    let disk: MemoryDisk
    var badWrites: Set<Int> = []
    var badReads: Set<Int> = []
    var flushed: () -> Void = {}

    init(_ disk: MemoryDisk) { self.disk = disk }

    var sectorSize: Int { 512 }
    var sectorCount: Int { disk.sectorCount }
    var isReadOnly: Bool { false }

    func read(sector: Int) throws(BlockError) -> [UInt8] {
        guard !badReads.contains(sector) else { throw .failed("cannot be read") }
        return try disk.read(sector: sector)
    }

    func write(sector: Int, _ bytes: [UInt8]) throws(BlockError) {
        guard !badWrites.contains(sector) else { throw .failed("cannot be written") }
        try disk.write(sector: sector, bytes)
    }

    func flush() throws(BlockError) { flushed() }
}

@Suite struct DiskGuardTests {
    private func sector(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 512) }

    @Test func whatIsWrittenOverIsKeptFirst() throws {
        let base = MemoryDisk((0..<10).flatMap { sector(UInt8($0)) })
        let bad = BadDisk(base)
        let disk = ChangeTrackingDisk(bad, discardsWrites: false)
        try disk.write(sector: 1, sector(101))
        let saved = disk.changes
        let (one, two) = (Witness(base), Witness(base))
        one.covered = [1]
        disk.guards = [one, two]
        try disk.write(sector: 1, sector(102))
        try disk.write(sector: 2, sector(103))
        try disk.write(sector: 2, sector(104))
        #expect(one.seen == ["2: 2 over 2"])
        #expect(two.seen == ["1: 101 over 101", "2: 2 over 2"])
        // A write that fails was kept for nothing.
        bad.badWrites = [3]
        #expect(throws: BlockError.self) { try disk.write(sector: 3, sector(105)) }
        #expect(one.kept[3] == sector(3))
        // What cannot be read is told so.
        bad.badReads = [4]
        try disk.write(sector: 4, sector(106))
        #expect(one.kept[4] == .some(nil))
        // Guards are flushed before the disk.
        bad.flushed = { [unowned one] in one.seen.append("base") }
        try disk.flush()
        #expect(one.seen.suffix(2) == ["flush", "base"])
        // A way back writes too.
        bad.badReads = []
        let last = Witness(base)
        disk.guards = [last]
        try disk.restore(saved)
        #expect(last.seen == ["1: 102 over 102", "2: 104 over 104", "4: 106 over 106"])
    }

    @Test func guardsChangeNothing() throws {
        let (plain, guarded) = (MemoryDisk(sectorCount: 50), MemoryDisk(sectorCount: 50))
        let disks = [plain, guarded].map { ChangeTrackingDisk($0, discardsWrites: false) }
        disks[1].guards = [Witness(guarded)]
        for number in 0..<200 {
            for disk in disks { try disk.write(sector: number * 7 % 50, sector(UInt8(number))) }
        }
        #expect(disks[0].changes == disks[1].changes && plain.bytes == guarded.bytes)
        #expect(try disks[0].canonicalChanges() == disks[1].canonicalChanges())
        let none = DiskChanges()
        #expect(try disks[0].baseDigest(excluding: none) == disks[1].baseDigest(excluding: none))
        // What stays in memory writes nothing over.
        let memory = ChangeTrackingDisk(plain, discardsWrites: true)
        let witness = Witness(plain)
        memory.guards = [witness]
        try memory.write(sector: 1, sector(1))
        try memory.flush()
        #expect(witness.seen.isEmpty)
    }

    /// Ways back to states over earlier contents, against whole copies of the disk.
    @Test(arguments: [false, true], 1...4)
    func earlierContentsAreExact(discards: Bool, seed: UInt64) throws {
        var random = Lehmer(state: seed)
        let count = 60
        let start = (0..<count).flatMap { sector(UInt8($0)) }
        let base = MemoryDisk(start)
        let disk = ChangeTrackingDisk(base, discardsWrites: discards)
        func changes(_ most: Int) -> DiskChanges {
            var changes = DiskChanges()
            for _ in 0..<Int(random.next() % UInt64(most)) {
                changes[Int(random.next() % UInt64(count))] = sector(UInt8(truncatingIfNeeded: random.next()))
            }
            return changes
        }
        for round in 0..<300 {
            let (state, earlier) = (changes(20), changes(20))
            try disk.restore(state, over: earlier)
            var powerOn = start
            earlier.visit { powerOn.replaceSubrange($0 * 512..<$0 * 512 + 512, with: $1) }
            var content = powerOn
            state.visit { content.replaceSubrange($0 * 512..<$0 * 512 + 512, with: $1) }
            #expect(disk.changes == state && disk.undone == earlier)
            #expect(try (0..<count).flatMap { try disk.read(sector: $0) } == content, "round \(round)")
            #expect(base.bytes == (discards ? start : content))
            let fresh = ChangeTrackingDisk(MemoryDisk(content), discardsWrites: false)
            #expect(try disk.baseDigest(excluding: state) == fresh.baseDigest(excluding: state))
            let plain = ChangeTrackingDisk(MemoryDisk(start), discardsWrites: false)
            #expect(
                try disk.baseDigest(excluding: state, over: DiskChanges()) == plain.baseDigest(excluding: state))
            for number in 0..<count { #expect(try disk.atPowerOn(number) == sector(UInt8(number))) }
            // The guest goes on.
            for _ in 0..<5 { try disk.write(sector: Int(random.next() % UInt64(count)), sector(UInt8(round & 255))) }
        }
        try disk.restore(DiskChanges(), over: DiskChanges())
        #expect(base.bytes == start)
    }

    @Test func setsOfSectors() {
        var changes = DiskChanges()
        for number in [0, 63, 64, 1000, 1 << 33] { changes[number] = sector(1) }
        var set = SectorSet(of: changes)
        for number in [0, 63, 64, 1000, 1 << 33] { #expect(set.contains(number)) }
        for number in [1, 62, 65, 999, 1001, 1 << 32, -1] { #expect(!set.contains(number)) }
        set.insert(65)
        set.insert(-1)
        #expect(set.contains(65) && set.contains(-1) && !set.contains(66))
    }
}
