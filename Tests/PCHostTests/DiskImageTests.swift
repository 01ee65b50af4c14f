import Foundation
import PCCore
import Testing

@testable import PCHost

@Suite struct DiskImageTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func sector(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 512) }

    @Test func writesGoStraightThrough() throws {
        let path = try folder.file("a.img", [UInt8](repeating: 0, count: 163_840))
        let image = try DiskImage(path: path, access: .written)
        try image.write(sector: 3, sector(0xAB))
        #expect(try folder.content("a.img")[3 * 512..<4 * 512].allSatisfy { $0 == 0xAB })
        #expect(try image.read(sector: 3) == sector(0xAB))
        #expect(try image.read(sector: 2) == sector(0))
        try image.flush()
        #expect(try folder.content("a.img").count == 163_840)
    }

    @Test func discardedWritesStayInMemory() throws {
        let path = try folder.file("a.img", [UInt8](repeating: 1, count: 163_840))
        let disk = try DiskImage(path: path, access: .discarded).tracked
        #expect(!disk.isReadOnly)
        try disk.write(sector: 319, sector(2))
        #expect(try disk.read(sector: 319) == sector(2))
        #expect(disk.changedSectors == [319])
        #expect(try folder.content("a.img") == [UInt8](repeating: 1, count: 163_840))
    }

    @Test func readOnlyIsWriteProtected() throws {
        let path = try folder.file("a.img", [UInt8](repeating: 1, count: 163_840))
        let disk = try DiskImage(path: path, access: .readOnly).tracked
        #expect(disk.isReadOnly)
        #expect(throws: BlockError.writeProtected) { try disk.write(sector: 0, sector(2)) }
    }

    @Test func sectorsBeyondTheEndAreRefused() throws {
        let path = try folder.file("a.img", [UInt8](repeating: 1, count: 163_840))
        let image = try DiskImage(path: path, access: .written)
        for sector in [-1, 320, Int.max] {
            #expect(throws: BlockError.outOfRange) { try image.read(sector: sector) }
            #expect(throws: BlockError.outOfRange) { try image.write(sector: sector, self.sector(0)) }
        }
        #expect(try folder.content("a.img").count == 163_840)
    }

    @Test func aWriterKeepsOthersOut() throws {
        let path = try folder.file("a.img", [UInt8](repeating: 1, count: 163_840))
        do {
            let first = try DiskImage(path: path, access: .written)
            #expect(throws: BadInput.self) { try DiskImage(path: path, access: .written) }
            #expect(throws: BadInput.self) { try DiskImage(path: path, access: .discarded) }
            #expect(first.sectorCount == 320)
        }
        // The lock went with the image.
        _ = try DiskImage(path: path, access: .written)
    }

    @Test func readersShare() throws {
        let path = try folder.file("a.img", [UInt8](repeating: 1, count: 163_840))
        let first = try DiskImage(path: path, access: .readOnly)
        let second = try DiskImage(path: path, access: .discarded)
        #expect(try first.read(sector: 0) == second.read(sector: 0))
        #expect(throws: BadInput.self) { try DiskImage(path: path, access: .written) }
    }

    @Test func aHostErrorIsAnErrorOfTheDisk() throws {
        let path = try folder.file("a.img", [UInt8](repeating: 1, count: 163_840))
        let image = try DiskImage(path: path, access: .readOnly)
        try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: 512)
        #expect(try image.read(sector: 0) == sector(1))
        do {
            _ = try image.read(sector: 1)
            Issue.record("a sector that is gone was read")
        } catch {
            guard case .failed(let reason) = error else { throw error }
            #expect(reason.contains(path))
        }
    }

    @Test func whatIsNoFileIsRefused() throws {
        #expect(message(folder.path("none.img")).contains("No such file"))
        #expect(message(folder.url.path).contains("directory"))
        #expect(message("/dev/null").contains("not a regular file"))
    }

    private func message(_ path: String) -> String {
        do {
            _ = try DiskImage(path: path, access: .readOnly)
            return ""
        } catch {
            #expect(error.message.hasPrefix(path))
            #expect(!error.message.contains("\n"))
            return error.message
        }
    }
}

@Suite struct DiskShapeTests {
    private func kind(_ size: Int, _ bootSector: [UInt8] = [], iso: Bool = false) throws -> DiskKind {
        try DiskShape(size: size, bootSector: bootSector, isISO9660: iso).kind(of: "x")
    }

    @Test(arguments: DiskShape.floppySizes)
    func floppies(size: Int) throws {
        #expect(try kind(size) == .floppy)
    }

    @Test func hardDisksAndCDs() throws {
        #expect(try kind(516_096) == .disk)
        #expect(try kind(8 << 20) == .disk)
        #expect(try kind(1_197_568) == .disk)
        #expect(try kind(512 << 28) == .disk)
        #expect(try kind(1_837_056, iso: true) == .cdrom)
    }

    @Test(arguments: [0, 1, 512, 163_841, 1_474_561, 516_097, 512 << 28 + 512, 8 << 20 + 100])
    func oddSizes(size: Int) {
        #expect(throws: BadInput.self) { try kind(size) }
    }

    @Test func aFloppyThatWasCutOffIsNoHardDisk() {
        var sector = [UInt8](repeating: 0, count: 512)
        sector.replaceSubrange(0..<3, with: [0xEB, 0x3C, 0x90])
        sector.replaceSubrange(11..<28, with: [0, 2, 1, 1, 0, 2, 224, 0, 0x40, 0x0B, 0xF0, 9, 0, 18, 0, 2, 0])
        #expect(throws: BadInput("x: 1474048 bytes, but by its boot sector it is a floppy of 1474560 bytes")) {
            try kind(1_474_048, sector)
        }
        #expect(throws: Never.self) { try kind(1_474_560, sector) }
    }

    @Test func drivesTakeWhatFits() {
        #expect(throws: BadInput.self) { try DiskShape(size: 8 << 20, bootSector: []).checkFloppy("x") }
        #expect(throws: Never.self) { try DiskShape(size: 1_474_560, bootSector: []).checkDisk("x") }
        #expect(throws: BadInput.self) { try DiskShape(size: 368_640, bootSector: []).checkDisk("x") }
    }
}
