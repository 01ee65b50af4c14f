import PCCore
import Testing

@testable import PCHost

/// Images of CDs with a primary volume descriptor, each further sector full of its number.
enum CDSample {
    private static func user(_ sector: Int) -> [UInt8] {
        guard sector == 16 else { return [UInt8](repeating: UInt8(truncatingIfNeeded: sector), count: 2048) }
        let head = [1] + Array("CD001".utf8) + [1]
        let name = Array("SAMPLE DISC".utf8)
        let blanks = [UInt8](repeating: 0x20, count: 33)
        return head + blanks + name + [UInt8](repeating: 0x20, count: 2048 - head.count - blanks.count - name.count)
    }

    static func plain(sectors: Int) -> [UInt8] { (0..<sectors).flatMap(user) }

    /// Sectors of 2,352 bytes of mode 1 or 2.
    static func raw(sectors: Int, mode: UInt8 = 1) -> [UInt8] {
        (0..<sectors).flatMap { sector -> [UInt8] in
            let head = [0] + [UInt8](repeating: 0xFF, count: 10) + [0, 0, 2, UInt8(sector), mode]
            let subheader = [UInt8](repeating: 0, count: mode == 2 ? 8 : 0)
            return head + subheader + user(sector) + [UInt8](repeating: 0, count: 288 - subheader.count)
        }
    }
}

@Suite struct CDImageTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func plainAndRawSectorsShowTheirUserData() throws {
        let plain = try CDImage(path: folder.file("plain.iso", CDSample.plain(sectors: 20)))
        for (name, mode) in [("one.bin", 1), ("two.bin", 2)] as [(String, UInt8)] {
            let raw = try CDImage(path: folder.file(name, CDSample.raw(sectors: 20, mode: mode)))
            #expect(raw.sectorCount == 20)
            for sector in 0..<20 { #expect(try raw.read(sector: sector) == plain.read(sector: sector)) }
            #expect(raw.volume == "SAMPLE DISC")
            #expect(!raw.isBootable)
        }
        #expect(try plain.read(sector: 19) == [UInt8](repeating: 19, count: 2048))
        #expect(throws: BlockError.outOfRange) { try plain.read(sector: 20) }
        #expect(throws: BlockError.outOfRange) { try plain.read(sector: -1) }
        #expect(throws: BlockError.writeProtected) {
            try plain.write(sector: 0, [UInt8](repeating: 0, count: 2048))
        }
    }

    @Test func anyNumberOfReadersAndNoWriter() throws {
        let path = try folder.file("a.iso", CDSample.plain(sectors: 20))
        let first = try CDImage(path: path)
        let second = try CDImage(path: path)
        #expect(try first.read(sector: 3) == second.read(sector: 3))
        #expect(throws: BadInput.self) { try DiskImage(path: path, access: .written) }
    }

    @Test func theKindFollowsFromTheContent() throws {
        func kind(_ name: String, _ bytes: [UInt8]) throws -> DiskKind {
            let path = try folder.file(name, bytes)
            return try DiskImage.shape(of: path).kind(of: path)
        }
        #expect(try kind("a", CDSample.plain(sectors: 20)) == .cdrom)
        #expect(try kind("b", CDSample.raw(sectors: 20)) == .cdrom)
        // As large as a floppy, but with a volume descriptor.
        #expect(try kind("c", CDSample.plain(sectors: 720)) == .cdrom)
        #expect(try kind("d", [UInt8](repeating: 0, count: 2048 * 720)) == .floppy)
        #expect(try kind("e", [UInt8](repeating: 0, count: 2048 * 500)) == .disk)
    }

    @Test func whatIsNoWholeNumberOfSectorsIsRefused() throws {
        for size in [0, 2047, 2352, 516_096 + 512] {
            let path = try folder.file("x\(size)", [UInt8](repeating: 0, count: size))
            #expect(throws: BadInput.self) { try CDImage(path: path) }
        }
    }

    @Test func aCueSheetNamesFileAndTrack() throws {
        func sheet(_ name: String, _ lines: String) throws -> String { try folder.file(name, Array(lines.utf8)) }
        _ = try folder.file("two words.bin", CDSample.raw(sectors: 30))
        _ = try folder.file("plain.iso", CDSample.plain(sectors: 20))
        let plain = try CDImage(path: folder.path("plain.iso"))
        let mixed = try CDImage(
            path: sheet(
                "a.CUE",
                """
                REM made by hand
                FILE "two words.bin" BINARY
                  TRACK 01 MODE1/2352
                    INDEX 01 00:00:00
                  TRACK 02 AUDIO
                    INDEX 00 00:00:20
                    INDEX 01 00:00:25

                """))
        #expect(mixed.sectorCount == 20)
        for sector in 0..<20 { #expect(try mixed.read(sector: sector) == plain.read(sector: sector)) }
        #expect(throws: BlockError.outOfRange) { try mixed.read(sector: 20) }
        let late = try CDImage(
            path: sheet("b.cue", "FILE plain.iso BINARY\r\nTRACK 01 MODE1/2048\r\nINDEX 01 00:00:16\r\n"))
        #expect(late.sectorCount == 4)
        #expect(try late.read(sector: 0) == plain.read(sector: 16))
        #expect(try ImageDescription(path: folder.path("a.CUE")).text.contains("20 of 2352 bytes"))
        for (number, lines) in [
            "", "FILE plain.iso BINARY", "FILE plain.iso WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00",
            "FILE plain.iso BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00",
            "FILE plain.iso BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:61:00",
            "FILE plain.iso BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:01:00",
            "FILE none.iso BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00",
        ].enumerated() {
            let path = try sheet("bad\(number).cue", lines)
            #expect(throws: BadInput.self) { try CDImage(path: path) }
        }
    }

    @Test func infoTellsOfACD() throws {
        let plain = try ImageDescription(path: folder.file("plain.iso", CDSample.plain(sectors: 20))).text
        #expect(plain.contains("kind:           cdrom\n"))
        #expect(plain.contains("sectors:        20 of 2048 bytes\n"))
        #expect(plain.contains("El Torito:      no\n"))
        #expect(plain.contains("volume:         SAMPLE DISC\n"))
        let raw = try ImageDescription(path: folder.file("raw.bin", CDSample.raw(sectors: 20))).text
        #expect(raw.contains("sectors:        20 of 2352 bytes\n"))
    }
}
