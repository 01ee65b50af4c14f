import Foundation
import PCCore
import Testing

@testable import PCHost

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

/// Disks whose image stays as it is, and the files that take what is written to them.
@Suite struct OverlayTests {
    private let folder: TemporaryFolder
    private let image: String
    private let overlay: String
    private let content: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        content = (0..<163_840).map { UInt8(truncatingIfNeeded: $0 / 512 &+ $0 % 7) }
        image = try folder.file("a.img", content)
        overlay = folder.path("a.ovl")
    }

    private func sector(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 512) }

    private func open() throws(BadInput) -> DiskImage { try DiskImage(path: image, access: .overlay(overlay)) }

    private func all(_ disk: DiskImage) throws -> [UInt8] {
        let one = try (0..<disk.sectorCount).flatMap { try disk.read(sector: $0) }
        #expect(try disk.read(sectors: 0..<disk.sectorCount) == one)
        return one
    }

    /// Writes these sectors, each filled with its own number, and gives what the disk then holds.
    @discardableResult private func fill(_ sectors: [Int]) throws -> [UInt8] {
        let disk = try open()
        for number in sectors { try disk.write(sector: number, sector(UInt8(truncatingIfNeeded: number))) }
        let content = try all(disk)
        try disk.close()
        return content
    }

    private func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            Issue.record("it was not refused")
        } catch let error as BadInput {
            #expect(!error.message.contains("\n"))
            return error.message
        } catch {
            Issue.record("\(error) is not for the user")
        }
        return ""
    }

    @Test func writesGoToTheOverlayAlone() throws {
        let disk = try open()
        #expect(!disk.isReadOnly && !disk.tracked.discardsWrites)
        try disk.write(sector: 3, sector(9))
        try disk.write(sector: 319, sector(8))
        try disk.write(sector: 3, sector(7))
        #expect(try disk.read(sector: 3) == sector(7))
        #expect(try disk.read(sector: 4) == Array(content[4 * 512..<5 * 512]))
        for number in [-1, 320, .max] {
            #expect(throws: BlockError.outOfRange) { try disk.write(sector: number, sector(1)) }
        }
        #expect(throws: BlockError.self) { try disk.write(sector: 0, [1]) }
        let expected = try all(disk)
        try disk.close()
        #expect(try folder.content("a.img") == content)
        #expect(try all(open()) == expected)
        #expect(expected[3 * 512] == 7 && expected[319 * 512] == 8)
    }

    @Test func anOverlayThatNothingWasWrittenToIsGone() throws {
        try open().close()
        #expect(!FileManager.default.fileExists(atPath: overlay))
        try fill([1])
        try open().close()
        #expect(FileManager.default.fileExists(atPath: overlay))
    }

    @Test(arguments: 1...4)
    func randomWrites(seed: Int) throws {
        var random = Random(state: UInt64(seed))
        var model = content
        var disk = try open()
        for _ in 0..<6000 {
            let number = Int(random.next() % 320)
            let bytes = sector(UInt8(truncatingIfNeeded: random.next()))
            try disk.write(sector: number, bytes)
            model.replaceSubrange(number * 512..<number * 512 + 512, with: bytes)
            if random.next() % 1500 == 0 {
                try disk.close()
                disk = try open()
                #expect(try all(disk) == model)
            }
        }
        try disk.close()
        #expect(try all(open()) == model)
        // What was written over is cleaned up.
        #expect(try folder.content("a.ovl").count < OverlayFormat.offset(ofRecord: 320 + 1025))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["a.img", "a.ovl"])
        #expect(try folder.content("a.img") == content)
    }

    // MARK: Files that are not whole

    /// Wherever a `kill -9` ends a write, there is everything that was written before.
    @Test func aTornTailIsCut() throws {
        var states = [content]
        for number in 1...3 { states.append(try fill([number])) }
        let whole = try folder.content("a.ovl")
        #expect(whole.count == OverlayFormat.offset(ofRecord: 3))
        for length in OverlayFormat.offset(ofRecord: 1)...whole.count {
            _ = try folder.file("a.ovl", Array(whole[..<length]))
            let records = (length - OverlayFormat.headerBytes) / OverlayFormat.recordBytes
            let disk = try open()
            #expect(try disk.read(sectors: 0..<320) == states[records])
            try disk.close()
            #expect(try folder.content("a.ovl")[96...] == whole[96..<OverlayFormat.offset(ofRecord: records)])
        }
        // A host without power: the file was made longer, and what was to be in it was not.
        for (zeroes, records) in [(8, 2), (512, 2), (544, 2), (552, 1)] {
            let bytes = Array(whole.dropLast(zeroes)) + [UInt8](repeating: 0, count: zeroes + 700)
            _ = try folder.file("a.ovl", bytes)
            #expect(try open().read(sectors: 0..<320) == states[records])
        }
    }

    @Test func anyChangedByteIsRefused() throws {
        try fill([5, 6, 0])
        let whole = try folder.content("a.ovl")
        for at in whole.indices {
            var bytes = whole
            bytes[at] ^= 1 << UInt8(at & 7)
            _ = try folder.file("a.ovl", bytes)
            #expect(refusal { _ = try open() }.hasPrefix(overlay), "byte \(at)")
            #expect(try folder.content("a.ovl") == bytes)
        }
    }

    @Test func hostileFiles() throws {
        try fill([1])
        let whole = try folder.content("a.ovl")
        let header = try OverlayHeader(Array(whole[..<96]), path: "x")
        // Everything fits but the sector's number.
        for number in [320, 1 << 40, -1, .min] {
            let record = OverlayRecord(sector: Int(number), original: .zero, content: sector(1))
            var bytes: [UInt8] = []
            OverlayFormat.put(UInt64(bitPattern: Int64(number)), &bytes)
            bytes += [UInt8](repeating: 0, count: 16) + record.content
            OverlayFormat.put(OverlayFormat.checksum(bytes, seed: header.base.sum.low), &bytes)
            _ = try folder.file("a.ovl", whole + bytes)
            #expect(refusal { _ = try open() }.contains("damaged at byte 640"))
        }
        for count in [Int.max, .min, -1, 0, 319, 1 << 55] {
            var base = header.base
            base.sectorCount = count
            _ = try folder.file("a.ovl", OverlayHeader(base: base, stamp: .none).bytes)
            #expect(refusal { _ = try open() }.hasPrefix(overlay))
        }
        var random = Random(state: 7)
        for _ in 0..<300 {
            var bytes = whole + whole[96...]
            for _ in 0..<random.next() % 20 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            bytes.removeLast(Int(random.next() % UInt64(bytes.count)))
            _ = try folder.file("a.ovl", bytes)
            do {
                _ = try open()
            } catch {
                #expect(error.message.hasPrefix(overlay) && !error.message.contains("\n"))
            }
            _ = try? OverlayDescription(path: overlay)
        }
    }

    // MARK: Files that are something else

    @Test func whatIsNoOverlayOfTheImageIsRefused() throws {
        try fill([1, 2])
        let whole = try folder.content("a.ovl")
        let other = try folder.file("b.img", content.map { $0 ^ 1 })
        #expect(
            refusal { _ = try DiskImage(path: other, access: .overlay(overlay)) }.contains("overlay of another image"))
        let longer = try folder.file("c.img", content + content)
        #expect(
            refusal { _ = try DiskImage(path: longer, access: .overlay(overlay)) }.contains("has 320 sectors"))
        // One byte that the overlay does not hold.
        var changed = content
        changed[100 * 512] ^= 0x80
        _ = try folder.file("a.img", changed)
        #expect(refusal { _ = try open() }.contains("changed since"))
        _ = try folder.file("a.img", content)
        // A copy of the image is as good.
        let copy = try folder.file("d.img", content)
        #expect(try DiskImage(path: copy, access: .overlay(overlay)).read(sector: 1) == sector(1))
        #expect(try folder.content("a.ovl")[96...] == whole[96...])

        var newer = whole
        newer[16] = 2
        _ = try folder.file("a.ovl", newer)
        #expect(refusal { _ = try open() }.contains("version 2, and this program knows version 1"))
        #expect(refusal { _ = try DiskImage(path: copy, access: .overlay(image)) }.contains("is no overlay"))
        #expect(refusal { _ = try DiskImage(path: copy, access: .overlay(folder.url.path)) }.contains("directory"))
        #expect(refusal { _ = try DiskImage(path: copy, access: .overlay("/dev/null")) }.contains("regular file"))
        #expect(refusal { _ = try DiskImage(path: copy, access: .overlay("/nowhere/x")) }.contains("No such file"))
        #expect(try folder.content("d.img") == content)
    }

    @Test func everyMachineHasItsOwn() throws {
        let first = try open()
        try first.write(sector: 0, sector(1))
        #expect(refusal { _ = try open() }.contains("in use"))
        #expect(refusal { try OverlayCommand.discard(overlay) }.contains("in use"))
        let second = try DiskImage(path: image, access: .overlay(folder.path("b.ovl")))
        try second.write(sector: 0, sector(2))
        #expect(try first.read(sector: 0) == sector(1))
        #expect(try second.read(sector: 0) == sector(2))
        #expect(refusal { _ = try DiskImage(path: image, access: .written) }.contains("in use"))
        #expect(try OverlayDescription(path: overlay).text.contains(" 1 changed\n"))
        #expect(refusal { try first.commitOverlay() }.contains("in use by another machine"))
        #expect(try first.read(sector: 0) == sector(1))
        try first.close()
        try second.close()
        #expect(try open().read(sector: 0) == sector(1))
    }

    // MARK: Commit and discard

    @Test func committing() throws {
        let expected = try fill([3, 9, 3])
        try OverlayCommand.commit(overlay, into: image)
        #expect(try folder.content("a.img") == expected)
        #expect(try folder.content("a.ovl").count == OverlayFormat.headerBytes)
        // The overlay is one of the new image.
        let again = try fill([4])
        #expect(try folder.content("a.img") == expected)
        try OverlayCommand.commit(overlay, into: image)
        #expect(try folder.content("a.img") == again)
        #expect(refusal { try OverlayCommand.commit(folder.path("none"), into: image) }.contains("No such file"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("none")))
    }

    /// A commit that ended anywhere leaves an overlay that still fits, and the next one completes it.
    @Test func aCommitCanBeCutShort() throws {
        let sectors = [0, 1, 17, 100, 319]
        let expected = try fill(sectors)
        let whole = try folder.content("a.ovl")
        for done in 0...sectors.count {
            var half = content
            for number in sectors[..<done] {
                half.replaceSubrange(number * 512..<number * 512 + 512, with: sector(UInt8(truncatingIfNeeded: number)))
            }
            _ = try folder.file("a.img", half)
            _ = try folder.file("a.ovl", whole)
            #expect(try fill([1]) == expected)
            try OverlayCommand.commit(overlay, into: image)
            #expect(try folder.content("a.img") == expected)
            #expect(try open().overlay?.index.count == 0)
        }
    }

    @Test func discarding() throws {
        try fill([3])
        try OverlayCommand.discard(overlay)
        #expect(!FileManager.default.fileExists(atPath: overlay))
        #expect(try all(open()) == content)
        #expect(refusal { try OverlayCommand.discard(image) }.contains("is no overlay"))
        #expect(try folder.content("a.img") == content)
    }

    private func session(_ set: (inout BootOptions) -> Void) throws -> MachineSession {
        var options = BootOptions()
        options.headless = true
        set(&options)
        return try MachineSession(
            BootPlan(
                options,
                surroundings: DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false)))
    }

    @Test func ofAMachineThatRuns() throws {
        let hard = try folder.file("hd.img", [UInt8](repeating: 1, count: 516_096))
        let session = try session {
            $0.images = [image, hard]
            $0.overlays = ["\(hard)=\(folder.path("hd.ovl"))", "\(image)=\(overlay)"]
        }
        let disks = (session.pc.configuration.floppies + session.pc.configuration.disks).compactMap {
            $0 as? ChangeTrackingDisk
        }
        #expect(disks.count == 2)
        for disk in disks { try disk.write(sector: 2, sector(0xAA)) }
        try session.commitDisks()
        #expect(try folder.content("a.img")[1024] == 0xAA && folder.content("hd.img")[1024] == 0xAA)
        for disk in disks {
            #expect(disk.changedSectors == [2])
            try disk.write(sector: 5, sector(0xBB))
        }
        try session.discardDisks()
        for disk in disks {
            #expect(disk.changedSectors == [])
            #expect(try disk.read(sector: 2) == sector(0xAA))
            #expect(try disk.read(sector: 5) != sector(0xBB))
            let fresh = try DiskImage(path: disk === disks[0] ? image : hard, access: .readOnly).digest()
            #expect(try disk.baseDigest(excluding: DiskChanges()) == fresh)
        }
        #expect(try folder.content("hd.img")[5 * 512] == 1)
    }

    @Test func withoutAnOverlay() throws {
        let through = try session { $0.images = [image] }
        #expect(refusal { try through.commitDisks() }.contains("no disk with an overlay"))
        #expect(refusal { try through.discardDisks() }.contains("written through"))
        through.media.close()
        let memory = try session {
            $0.images = [image]
            $0.discardWrites = true
        }
        let disk = try #require(memory.pc.configuration.floppies[0] as? ChangeTrackingDisk)
        try disk.write(sector: 1, sector(0xCC))
        try memory.discardDisks()
        #expect(try disk.read(sector: 1) == Array(content[512..<1024]))
    }

    @Test func whichDiskItIsFor() throws {
        let second = try folder.file("b.img", content)
        let disc = try folder.file("c.iso", CDSample.plain(sectors: 20))
        let said = { (set: (inout BootOptions) -> Void) in refusal { _ = try session(set) } }
        #expect(said { ($0.images, $0.overlays) = ([image, second], [overlay]) }.contains("--overlay \(image)="))
        #expect(said { $0.overlays = [overlay] }.contains("no image"))
        #expect(said { ($0.images, $0.overlays) = ([disc], [overlay]) }.contains("no image"))
        #expect(said { ($0.images, $0.overlays) = ([image], ["x=\(overlay)"]) }.contains("before the ="))
        #expect(said { ($0.images, $0.overlays) = ([image], ["\(image)="]) }.contains("behind the ="))
        #expect(said { ($0.images, $0.overlays) = ([image], [overlay, overlay]) }.contains("already"))
        #expect(
            said { ($0.images, $0.overlays, $0.readOnly) = ([image], [overlay], true) }
                .contains("--overlay and --read-only"))
        #expect(said { ($0.images, $0.overlays) = ([image], [""]) }.contains("name a file"))
        #expect(!FileManager.default.fileExists(atPath: overlay))
        // Bad input elsewhere leaves nothing behind.
        _ = said { ($0.images, $0.overlays, $0.bios) = ([image], [overlay], "/nowhere/x") }
        #expect(!FileManager.default.fileExists(atPath: overlay))
        let good = try session { ($0.images, $0.overlays) = ([image, disc], [overlay]) }
        let disk = try #require(good.pc.configuration.floppies[0] as? ChangeTrackingDisk)
        try disk.write(sector: 0, sector(1))
        #expect(try folder.content("a.img") == content && OverlayDescription(path: overlay).text.contains("1 changed"))
    }

    /// A file that has not been changed since need not be read again, and only such a file.
    @Test func theStampOfTheImage() throws {
        try fill([1])
        let header = { try OverlayHeader(Array(folder.content("a.ovl")[..<96]), path: "x") }
        #expect(try header().stamp == .none)
        Thread.sleep(forTimeInterval: 3.5)
        try open().close()
        let stamp = try header().stamp
        #expect(stamp != .none)
        #expect(try open().stamp == stamp && open().read(sector: 1) == sector(1))
        let file = try #require(FileHandle(forWritingAtPath: image))
        try file.seek(toOffset: 5000)
        try file.write(contentsOf: [0xFE])
        #expect(refusal { _ = try open() }.contains("changed since"))
    }

    // MARK: Size

    /// A hundred gigabytes of holes, written to all over.
    @Test func aBigSparseDisk() throws {
        let path = try folder.file("big.img", [])
        try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: 100 << 30)
        let time = try ContinuousClock().measure {
            let disk = try DiskImage(path: path, access: .overlay(overlay))
            for number in 0..<3000 {
                try disk.write(sector: number * 69_907, sector(UInt8(truncatingIfNeeded: number)))
            }
            try disk.close()
            let again = try DiskImage(path: path, access: .overlay(overlay))
            #expect(again.overlay?.index.count == 3000)
            #expect(try again.read(sector: 2999 * 69_907) == sector(UInt8(truncatingIfNeeded: 2999)))
            #expect(try again.read(sector: 1) == sector(0))
            try again.commitOverlay()
            _ = try ChangeTrackingDisk(DiskImage(path: path, access: .readOnly), discardsWrites: true)
                .baseDigest(excluding: DiskChanges())
        }
        #expect(time < .seconds(20))
    }
}
