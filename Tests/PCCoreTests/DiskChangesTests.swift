import Testing

@testable import PCCore

/// SplitMix64
private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

private func sector(_ number: UInt64) -> [UInt8] {
    (0..<512).map { UInt8(truncatingIfNeeded: number &* 0x9E37_79B9_7F4A_7C15 >> UInt64($0 & 31)) }
}

@Suite struct DiskChangesTests {
    @Test func copiesAreIndependent() {
        var random = Random(state: 1)
        var changes = DiskChanges()
        var model: [Int: [UInt8]] = [:]
        var kept: [(DiskChanges, [Int: [UInt8]])] = []
        for step in 0..<4000 {
            // Near each other, and all over a large disk.
            let at = Int(random.next() % (step & 1 == 0 ? 300 : 1 << 34))
            let bytes: [UInt8]? = random.next() % 5 == 0 ? nil : sector(random.next() % 4)
            let number = random.next() % 3 == 0 ? model.keys.sorted().first ?? at : at
            changes[number] = bytes
            model[number] = bytes
            if step % 100 == 0 { kept.append((changes, model)) }
        }
        kept.append((changes, model))
        for (changes, model) in kept {
            #expect(changes.count == model.count && changes.isEmpty == model.isEmpty)
            #expect(changes.sectors == model.keys.sorted())
            #expect(model.allSatisfy { changes[$0] == $1 })
            var again = DiskChanges()
            for (number, bytes) in model { again[number] = bytes }
            #expect(again == changes)
        }
        for (a, b) in zip(kept, kept.dropFirst()) {
            var found: [Int] = []
            a.0.visitDifferences(to: b.0) { number, before, after in
                found.append(number)
                #expect(before == a.1[number] && after == b.1[number])
            }
            #expect(found == Set(a.1.keys).union(b.1.keys).filter { a.1[$0] != b.1[$0] }.sorted())
        }
    }

    @Test func numbersThatNoDiskHasAreNeverThere() {
        var changes = DiskChanges()
        for number in [-1, .min, .max, DiskChanges.sectorLimit] {
            changes[number] = sector(1)
            #expect(changes[number] == nil)
        }
        #expect(changes.isEmpty && changes == DiskChanges())
        changes[DiskChanges.sectorLimit - 1] = sector(1)
        #expect(changes.sectors == [DiskChanges.sectorLimit - 1])
    }

    /// A checkpoint after each of many writes: a write must not cost what all changes together cost.
    @Test func copiesBetweenWritesAreCheap() {
        var changes = DiskChanges()
        for number in 0..<200_000 { changes[number] = sector(0) }
        var kept: [DiskChanges] = []
        let time = ContinuousClock().measure {
            for number in 0..<5000 {
                kept.append(changes)
                changes[number * 37] = sector(1)
            }
        }
        #expect(kept.count == 5000 && kept[100][100 * 37] == sector(0) && changes[100 * 37] == sector(1))
        // Copies of 200,000 entries would take a minute.
        #expect(time < .seconds(5))
    }
}

@Suite struct ChangeTrackingTests {
    /// Random writes, checkpoints and ways back against whole copies of the disk.
    @Test(arguments: [false, true], 1...4)
    func restoringIsExact(discards: Bool, seed: Int) throws {
        var random = Random(state: UInt64(seed))
        let count = 400
        let start = (0..<count).flatMap { sector(UInt64($0 / 3)) }
        let base = MemoryDisk(start)
        let disk = ChangeTrackingDisk(base, discardsWrites: discards)
        var content = start
        var changed: Set<Int> = []
        var kept = [(disk.changes, content, changed)]
        for _ in 0..<600 {
            if random.next() % 10 == 0, let (state, itsContent, itsChanged) = kept.randomElement(using: &random) {
                try disk.restore(state)
                (content, changed) = (itsContent, itsChanged)
                #expect(disk.changes == state)
            } else {
                let number = Int(random.next() % UInt64(count))
                let bytes = sector(random.next() % 200)
                try disk.write(sector: number, bytes)
                content.replaceSubrange(number * 512..<number * 512 + 512, with: bytes)
                changed.insert(number)
            }
            if random.next() % 20 == 0 { kept.append((disk.changes, content, changed)) }
            #expect(disk.changedSectors == changed.sorted())
        }
        for (state, content, changed) in kept {
            try disk.restore(state)
            #expect(try (0..<count).flatMap { try disk.read(sector: $0) } == content)
            #expect(base.bytes == (discards ? start : content))
            var canonical: [UInt8] = []
            for number in changed.sorted() {
                canonical += (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
                canonical += content[number * 512..<number * 512 + 512]
            }
            #expect(try disk.canonicalChanges() == canonical)
        }
    }

    @Test func impossibleStatesChangeNothing() throws {
        let disk = ChangeTrackingDisk(MemoryDisk(sectorCount: 10), discardsWrites: false)
        try disk.write(sector: 1, sector(1))
        var beyond = DiskChanges()
        beyond[0] = sector(5)
        beyond[10] = sector(5)
        #expect(throws: BlockError.outOfRange) { try disk.restore(beyond) }
        var short = DiskChanges()
        short[0] = [1]
        #expect(throws: BlockError.self) { try disk.restore(short) }
        #expect(disk.changedSectors == [1])
        #expect(try disk.read(sector: 0) == [UInt8](repeating: 0, count: 512))
        let sealed = ChangeTrackingDisk(MemoryDisk(sector(1), isReadOnly: true), discardsWrites: false)
        var one = DiskChanges()
        one[0] = sector(2)
        #expect(throws: BlockError.writeProtected) { try sealed.restore(one) }
        try sealed.restore(DiskChanges())
    }

    /// A host that fails in the middle of a restore: the disk still says what it holds.
    @Test func aRestoreThatFailsIsKnown() throws {
        let base = MemoryDisk(sectorCount: 10)
        let disk = ChangeTrackingDisk(FailingDisk(base, from: 5), discardsWrites: false)
        var state = DiskChanges()
        for number in [1, 4, 5, 6] { state[number] = sector(9) }
        #expect(throws: BlockError.failed("disk full")) { try disk.restore(state) }
        #expect(disk.changedSectors == [1, 4])
        for number in 0..<5 { #expect(try disk.read(sector: number) == base.read(sector: number)) }
        try disk.restore(DiskChanges())
        #expect(base.bytes == MemoryDisk(sectorCount: 10).bytes)
    }

    @Test(arguments: [false, true])
    func theDigestIsThatOfPowerOn(discards: Bool) throws {
        let start = (0..<50).flatMap { sector(UInt64($0)) }
        let disk = ChangeTrackingDisk(MemoryDisk(start), discardsWrites: discards)
        let fresh = try MemoryDisk(start).digest()
        try disk.write(sector: 7, sector(100))
        #expect(try disk.baseDigest(excluding: DiskChanges()) == fresh)
        let state = disk.changes
        let saved = try disk.baseDigest(excluding: state)
        #expect(saved != fresh)
        try disk.write(sector: 9, sector(100))
        #expect(try disk.baseDigest(excluding: state) == saved)

        // Another process: the state's own sectors may hold anything, every other one must be what it was.
        for (number, isIts) in [(7, true), (8, false), (0, false), (49, false)] {
            var bytes = start
            bytes[number * 512 + 511] ^= 1
            let other = ChangeTrackingDisk(MemoryDisk(bytes), discardsWrites: discards)
            if isIts {
                try other.check(saved, for: state)
            } else {
                #expect(throws: DiskMismatch.content) { try other.check(saved, for: state) }
            }
        }
        let longer = ChangeTrackingDisk(MemoryDisk(start + sector(0)), discardsWrites: discards)
        #expect(throws: DiskMismatch.self) { try longer.check(saved, for: state) }
        var beyond = state
        beyond[1 << 30] = sector(1)
        #expect(throws: DiskMismatch.unusable(.outOfRange)) { try disk.check(saved, for: beyond) }
    }

    /// Sectors that trade places, and zeroes in another place, are another disk.
    @Test func theDigestKnowsPlaces() throws {
        let (a, b, zero) = (sector(1), sector(2), [UInt8](repeating: 0, count: 512))
        let disks = [a + b, b + a, a + zero, zero + a, zero + zero, a + a, a + b + zero].map { MemoryDisk($0) }
        #expect(Set(try disks.map { try $0.digest() }).count == disks.count)
        #expect(SectorHash(sector: 5, zero) == .zero)
        // Every bit counts, wherever the hash takes it in.
        for size in [1, 8, 31, 33, 512] {
            var seen: Set<SectorHash> = [.zero]
            for bit in 0..<size * 8 {
                var bytes = [UInt8](repeating: 0, count: size)
                bytes[bit / 8] = 1 << UInt8(bit & 7)
                #expect(seen.insert(SectorHash(sector: 3, bytes)).inserted)
            }
        }
    }
}
