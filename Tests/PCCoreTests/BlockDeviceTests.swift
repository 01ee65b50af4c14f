import Testing

@testable import PCCore

@Suite struct BlockDeviceTests {
    @Test func memoryDiskKeepsItsSectors() throws {
        let disk = MemoryDisk([1, 2, 3])
        #expect(disk.sectorCount == 1 && disk.sectorSize == 512)
        #expect(try disk.read(sector: 0).prefix(4) == [1, 2, 3, 0])
        try disk.write(sector: 0, [UInt8](repeating: 9, count: 512))
        #expect(disk.bytes == [UInt8](repeating: 9, count: 512))
        #expect(throws: BlockError.outOfRange) { try disk.read(sector: 1) }
        #expect(throws: BlockError.outOfRange) { try disk.read(sector: -1) }
        #expect(throws: BlockError.outOfRange) { try disk.write(sector: 1, [UInt8](repeating: 9, count: 512)) }
        #expect(throws: BlockError.self) { try disk.write(sector: 0, [1]) }
        let sealed = MemoryDisk([1], isReadOnly: true)
        #expect(throws: BlockError.writeProtected) { try sealed.write(sector: 0, [UInt8](repeating: 9, count: 512)) }
        #expect(sealed.bytes[0] == 1)
    }

    private func sector(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 512) }

    @Test(arguments: [false, true])
    func changesAreCanonical(discards: Bool) throws {
        let base = MemoryDisk(sectorCount: 1000)
        let disk = ChangeTrackingDisk(base, discardsWrites: discards)
        #expect(try disk.canonicalChanges() == [])
        try disk.write(sector: 700, sector(7))
        try disk.write(sector: 3, sector(1))
        try disk.write(sector: 3, sector(2))
        #expect(disk.changedSectors == [3, 700])
        #expect(
            try disk.canonicalChanges() == [3, 0, 0, 0, 0, 0, 0, 0] + sector(2) + [0xBC, 2, 0, 0, 0, 0, 0, 0]
                + sector(7))
        #expect(try disk.read(sector: 3) == sector(2))
        #expect(try disk.read(sector: 4) == sector(0))
        #expect(try base.read(sector: 3) == (discards ? sector(0) : sector(2)))
    }

    @Test func discardingMakesAReadOnlyDiskWritable() throws {
        let base = MemoryDisk(sector(5), isReadOnly: true)
        #expect(ChangeTrackingDisk(base, discardsWrites: false).isReadOnly)
        #expect(throws: BlockError.writeProtected) {
            try ChangeTrackingDisk(base, discardsWrites: false).write(sector: 0, sector(1))
        }
        let disk = ChangeTrackingDisk(base, discardsWrites: true)
        #expect(!disk.isReadOnly)
        try disk.write(sector: 0, sector(1))
        #expect(try disk.read(sector: 0) == sector(1))
        #expect(base.bytes == sector(5))
        #expect(throws: BlockError.outOfRange) { try disk.write(sector: 1, sector(1)) }
        #expect(throws: BlockError.self) { try disk.write(sector: 0, [1]) }
    }

    @Test func failedWritesAreNoChanges() {
        let disk = ChangeTrackingDisk(FailingDisk(MemoryDisk(sectorCount: 10), from: 5), discardsWrites: false)
        #expect(throws: BlockError.failed("disk full")) { try disk.write(sector: 5, sector(1)) }
        #expect(disk.changedSectors == [])
    }
}
