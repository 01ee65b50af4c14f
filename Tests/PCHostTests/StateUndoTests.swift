import Foundation
import PCCore
import Testing

@testable import PCHost

/// States of disks that are written through: they stay good while the guest goes on.
@Suite struct StateUndoTests {
    private let folder: TemporaryFolder
    private let notes = Notes()

    /// What the user was told.
    private final class Notes {
        var lines: [String] = []
    }

    init() throws { folder = try TemporaryFolder() }

    private var state: String { folder.path("x.s86") }
    private var undo: String { folder.path("x.s86.undo") }

    private func start(_ set: (inout BootOptions) -> Void) throws -> MachineSession {
        var options = BootOptions()
        options.headless = true
        set(&options)
        if options.load == nil { (options.memory, options.cpu) = ("1M", "386") }
        let plan = try BootPlan(
            options,
            surroundings: DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false))
        let tell = { [notes] (line: String) in notes.lines.append(line) }
        return try MachineSession(plan, messages: Messages(warning: tell, notice: tell))
    }

    private func load(_ path: String? = nil, rewinds: Bool = false) throws -> MachineSession {
        try start { ($0.load, $0.rewindDisks) = (path ?? state, rewinds) }
    }

    private func disk(_ session: MachineSession, _ drive: Int = 0) throws -> ChangeTrackingDisk {
        try #require(session.pc.disk(floppy: drive) as? ChangeTrackingDisk)
    }

    private func sector(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 512) }

    /// A floppy of 160 KB that does not boot; each sector has its number in it.
    private func floppy(_ name: String) throws -> String {
        try folder.file(name, (0..<320).flatMap { sector(UInt8(truncatingIfNeeded: $0)) })
    }

    private func write(_ session: MachineSession, _ sectors: some Sequence<Int>, _ byte: UInt8) throws {
        for number in sectors { try disk(session).write(sector: number, sector(byte)) }
    }

    private func hash(_ session: MachineSession) -> String { MachineHash.hex(session.pc, disks: session.disks) }

    private func finish(_ session: MachineSession) throws {
        for case let disk as ChangeTrackingDisk in session.disks { try disk.flush() }
        session.media.close()
    }

    private func refused(_ words: [String], rewinds: Bool = false, sourceLocation: SourceLocation = #_sourceLocation) {
        let error = #expect(throws: BadInput.self, sourceLocation: sourceLocation) {
            try load(rewinds: rewinds)
        }
        let message = error?.message ?? ""
        #expect(
            message.hasPrefix("\(state): ") && !message.contains("\n") && words.allSatisfy { message.contains($0) },
            "\(message)", sourceLocation: sourceLocation)
    }

    private func run(_ session: MachineSession, to milliseconds: UInt64) {
        let end = session.seconds.slots(nanoseconds: milliseconds * 1_000_000)
        while session.ending == nil, session.pc.now < end { session.advance(to: end) }
    }

    /// A session that wrote to sectors 1 to 9, saved its state, and wrote to sectors 5 to 20 then. Its hash at the state.
    @discardableResult
    private func past(_ name: String = "a.img") throws -> String {
        let image = try floppy(name)
        let session = try start { $0.floppies = [image] }
        try write(session, 1...9, 0xA1)
        try session.save(to: state)
        let saved = hash(session)
        #expect(!FileManager.default.fileExists(atPath: undo))
        try write(session, 5...20, 0xA2)
        try write(session, 8...14, 0xA3)
        try finish(session)
        return saved
    }

    @Test func aStateStaysGood() throws {
        let saved = try past()
        // Sectors 10 to 20, each once.
        #expect(try folder.content("x.s86.undo").count == 64 + 11 * 536)
        let after = try folder.content("a.img")
        // It has 5 to 9 of its own.
        refused(["a.img", "16 sectors", "--rewind-disks", "--discard-writes"])
        #expect(try folder.content("a.img") == after)
        for round in 0..<3 {
            // In the second, after what the first has written where the state has something.
            if round == 1 { refused(["4 sectors"]) }
            let session = try load(rewinds: true)
            #expect(hash(session) == saved)
            let content = try folder.content("a.img")
            for number in 0..<320 {
                let byte = (1...9).contains(number) ? 0xA1 : UInt8(truncatingIfNeeded: number)
                #expect(content[number * 512] == byte, "sector \(number)")
            }
            // It is written to again, after the first round only where the state has something.
            try write(session, round == 0 ? 2...5 : 15...25, 0xB1)
            // A state of this state is one, and of another time.
            try session.save(to: folder.path("y.s86"))
            let other = hash(session)
            try finish(session)
            let next = try load(folder.path("y.s86"))
            #expect(hash(next) == other)
            try finish(next)
        }
        // Sectors 21 to 25 have come.
        #expect(try folder.content("x.s86.undo").count == 64 + 16 * 536)
    }

    /// A guest that writes one sector after the other.
    @Test func aGuestGoesOnFromThere() throws {
        let code: [UInt8] = [
            0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0, 0x31, 0xF6, 0xB8, 0x01, 0x03, 0xBB, 0x00, 0x7C, 0x89, 0xF1, 0x88, 0xCD,
            0xB1, 0x02, 0x80, 0xE5, 0x1F, 0x31, 0xD2, 0xCD, 0x13, 0x46, 0x89, 0x36, 0xF0, 0x7D, 0xEB, 0xE6,
        ]
        var image = [UInt8](repeating: 0, count: 163_840)
        image.replaceSubrange(0..<code.count, with: code)
        (image[510], image[511]) = (0x55, 0xAA)
        let (a, b) = (try folder.file("a.img", image), try folder.file("b.img", image))
        let alone = try start { $0.images = [a] }
        let first = try start { $0.images = [b] }
        var time: UInt64 = 0
        func writes(_ count: Int) throws {
            while try disk(first).changes.count < count, time < 20_000 {
                time += 10
                run(first, to: time)
            }
        }
        try writes(3)
        try first.save(to: state)
        try writes(6)
        let end = time
        try writes(20)
        try finish(first)
        run(alone, to: end)
        try finish(alone)
        refused(["--rewind-disks"])
        let second = try load(rewinds: true)
        run(second, to: end)
        #expect(hash(second) == hash(alone))
        try finish(second)
        #expect(try folder.content("b.img") == folder.content("a.img"))
    }

    @Test func whatIsDiscardedNeedsNoFlag() throws {
        let saved = try past()
        let after = try folder.content("a.img")
        let session = try start { ($0.load, $0.discardWrites) = (state, true) }
        #expect(hash(session) == saved)
        #expect(try disk(session).read(sector: 12) == sector(12))
        try write(session, 30...40, 1)
        // Its own states are of the disk as it stood then, and machines that start there have it as well.
        try session.save(to: folder.path("y.s86"))
        let other = hash(session)
        let copy = try MachineTemplate(session.pc).machine()
        #expect(try copy.disk(floppy: 0)?.read(sector: 12) == sector(12))
        session.media.close()
        let next = try start { ($0.load, $0.discardWrites) = (folder.path("y.s86"), true) }
        #expect(hash(next) == other && other != saved)
        next.media.close()
        #expect(try folder.content("a.img") == after && folder.content("x.s86.undo").count == 64 + 11 * 536)
        try finish(try load(folder.path("y.s86"), rewinds: true))
    }

    /// A run that is recorded writes to the disk that its recording begins with.
    @Test(arguments: [false, true]) func recordings(discards: Bool) throws {
        let saved = try past()
        let recording = folder.path("run.s86")
        let session = try start {
            ($0.load, $0.record, $0.discardWrites, $0.rewindDisks) = (state, recording, discards, true)
        }
        session.pc.press(.a)
        run(session, to: 20)
        try write(session, 5...30, 0xD1)
        try session.report()
        let end = hash(session)
        try finish(session)
        #expect(try folder.content("run.s86.undo").count == 64 + (discards ? 11 : 21) * 536)
        let before = try folder.content("a.img")
        let again = try start { $0.replay = recording }
        #expect(hash(again) == saved)
        again.media.close()
        #expect(try folder.content("a.img") == before && end != saved)
        let back = try load(recording, rewinds: true)
        #expect(hash(back) == saved)
        try finish(back)
    }

    @Test func twoStates() throws {
        let image = try floppy("a.img")
        let (one, two) = (folder.path("1.s86"), folder.path("2.s86"))
        let session = try start { $0.floppies = [image] }
        try write(session, 1...9, 0xA1)
        try session.save(to: one)
        let first = hash(session)
        try write(session, 5...20, 0xA2)
        try session.save(to: two)
        let second = hash(session)
        try write(session, 15...30, 0xA3)
        try finish(session)
        #expect(try folder.content("1.s86.undo").count == 64 + 21 * 536)
        #expect(try folder.content("2.s86.undo").count == 64 + 10 * 536)
        // Back and forth; going to the one leaves the way to the other.
        for path in [one, two, two, one, two] {
            let session = try load(path, rewinds: true)
            #expect(hash(session) == (path == one ? first : second))
            try finish(session)
        }
        // In one session as well, where the way back is guarded for the other.
        let both = try start { ($0.load, $0.rewindDisks) = (two, true) }
        try both.load(from: one)
        #expect(hash(both) == first)
        try write(both, 50...60, 0xA4)
        try finish(both)
        let last = try load(two, rewinds: true)
        #expect(hash(last) == second)
        try finish(last)
    }

    @Test func undoFilesOfOtherStatesAreReplaced() throws {
        _ = try past()
        let stale = try folder.content("x.s86.undo")
        // The disk is another one's now: a new state at the same place.
        let session = try start { $0.floppies = [folder.path("a.img")] }
        try session.save(to: state)
        #expect(!FileManager.default.fileExists(atPath: undo))
        let saved = hash(session)
        _ = try folder.file("x.s86.undo", stale)
        try write(session, [100], 1)
        #expect(try folder.content("x.s86.undo").count == 64 + 536)
        #expect(try folder.content("x.s86.undo") != Array(stale.prefix(600)))
        // Saved once more in the same session.
        try session.save(to: state)
        #expect(!FileManager.default.fileExists(atPath: undo))
        try write(session, [100, 101], 2)
        #expect(try folder.content("x.s86.undo").count == 64 + 536)
        try finish(session)
        let now = try folder.content("x.s86.undo")
        _ = try folder.file("x.s86.undo", stale)
        refused(["changed later"], rewinds: true)
        for length in [0, 10, 63] {
            _ = try folder.file("x.s86.undo", Array(now.prefix(length)))
            refused(["changed later"], rewinds: true)
        }
        _ = try folder.file("x.s86.undo", now)
        let next = try load(rewinds: true)
        #expect(hash(next) != saved)
        try finish(next)
    }

    /// A kill or a crash while a record is written: the disk was not written then.
    @Test func cutRecords() throws {
        let saved = try past()
        let (whole, image) = (try folder.content("x.s86.undo"), try folder.content("a.img"))
        // Sector 20 was the last; it is not on the disk yet.
        var before = image
        before.replaceSubrange(20 * 512..<21 * 512, with: sector(20))
        let source = UndoFile(beside: state, of: Array(try folder.content("x.s86").suffix(32)), mayRewind: true)
        for length in whole.count - 536..<whole.count {
            _ = try folder.file("x.s86.undo", Array(whole.prefix(length)))
            #expect(try source.sectors(of: .floppyA).sectors == Array(10...19))
            guard length % 50 == 0 || length >= whole.count - 8 else { continue }
            _ = try folder.file("a.img", before)
            let session = try load(rewinds: true)
            #expect(hash(session) == saved)
            // The next record stands in the place of what was cut.
            try write(session, [20], 1)
            try finish(session)
            #expect(try folder.content("x.s86.undo") == whole)
        }
        // A file that is longer than what was written.
        _ = try folder.file("x.s86.undo", whole.dropLast(536) + [UInt8](repeating: 0, count: 5000))
        _ = try folder.file("a.img", before)
        #expect(hash(try load(rewinds: true)) == saved)
        // The first record of a sector counts.
        let state = Array(try folder.content("x.s86").suffix(32))
        let later = UndoRecord(sector: 20, place: .floppyA, content: sector(99)).bytes(of: state)
        _ = try folder.file("x.s86.undo", whole + later)
        _ = try folder.file("a.img", image)
        #expect(hash(try load(rewinds: true)) == saved)
        // If the disk was written after all, it is another one.
        _ = try folder.file("x.s86.undo", Array(whole.dropLast(1)))
        _ = try folder.file("a.img", image)
        refused(["changed later"], rewinds: true)
    }

    @Test func damage() throws {
        let saved = try past()
        let (whole, image) = (try folder.content("x.s86.undo"), try folder.content("a.img"))
        for offset in [20, 30, 60, 64, 70, 72, 80, 500, 599, 600, 64 + 536 * 10 + 100, whole.count - 1] {
            var damaged = whole
            damaged[offset] ^= 0x10
            _ = try folder.file("x.s86.undo", damaged)
            refused([undo], rewinds: true)
            #expect(try folder.content("x.s86.undo") == damaged && folder.content("a.img") == image)
        }
        _ = try folder.file("x.s86.undo", Array("my own notes".utf8))
        refused([undo, "no undo file"], rewinds: true)
        // A disk that needs nothing of it is not refused, and the file is left alone.
        var good = image
        for number in 5...20 {
            let byte = number < 10 ? 0xA1 : UInt8(number)
            good.replaceSubrange(number * 512..<number * 512 + 512, with: sector(byte))
        }
        _ = try folder.file("a.img", good)
        let session = try load()
        #expect(hash(session) == saved && notes.lines.isEmpty)
        try write(session, [100, 101], 1)
        #expect(notes.lines.count == 1 && notes.lines.allSatisfy { $0.contains(state) && $0.contains(undo) })
        #expect(try folder.content("x.s86.undo") == Array("my own notes".utf8))
        try finish(session)
    }

    /// A kill behind the record and before the disk: nothing has to be undone.
    @Test func aRecordForNothing() throws {
        let image = try floppy("a.img")
        let session = try start { $0.floppies = [image] }
        try write(session, 1...9, 0xA1)
        try session.save(to: state)
        let saved = hash(session)
        let keeper = try #require(try disk(session).guards.first)
        #expect(!keeper.wants(9) && keeper.wants(10))
        keeper.keep(10, sector(10))
        #expect(!keeper.wants(10) && FileManager.default.fileExists(atPath: undo))
        try finish(session)
        let next = try load()
        #expect(hash(next) == saved)
        try finish(next)
    }

    /// A kill while a disk is taken back: some sectors are, and some are not.
    @Test func aWayBackThatIsCutShort() throws {
        let saved = try past()
        let (after, whole) = (try folder.content("a.img"), try folder.content("x.s86.undo"))
        let session = try load(rewinds: true)
        try finish(session)
        let before = try folder.content("a.img")
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20 {
            var mixed = after
            for number in 0..<320 where Bool.random(using: &random) {
                let range = number * 512..<number * 512 + 512
                mixed.replaceSubrange(range, with: before[range])
            }
            _ = try folder.file("a.img", mixed)
            let session = try load(rewinds: true)
            #expect(hash(session) == saved)
            try finish(session)
            #expect(try folder.content("a.img") == before && folder.content("x.s86.undo") == whole)
        }
    }

    @Test func aFullHostDisk() throws {
        let image = try floppy("a.img")
        let session = try start { $0.floppies = [image] }
        try session.save(to: state)
        try write(session, [1], 1)
        let log = try #require(session.media.guards.logs.first)
        let full = open("/dev/full", O_WRONLY)
        #expect(full >= 0 && dup2(full, log.file) >= 0)
        close(full)
        try write(session, [2, 3, 4], 1)
        #expect(notes.lines.count == 1)
        #expect(notes.lines.first?.hasPrefix("\(state): cannot be loaded any more") == true, "\(notes.lines)")
        #expect(notes.lines.first?.contains("No space left") == true, "\(notes.lines)")
        #expect(try disk(session).read(sector: 4) == sector(1))
        try finish(session)
        refused(["changed later"], rewinds: true)
    }

    @Test func aHandEditIsStillAnotherDisk() throws {
        _ = try past()
        var image = try folder.content("a.img")
        image[163_839] ^= 1
        _ = try folder.file("a.img", image)
        refused(["changed later"])
        refused(["changed later"], rewinds: true)
        #expect(try folder.content("a.img") == image)
        // What was edited where the guest wrote as well is undone.
        image[163_839] ^= 1
        image[20 * 512] ^= 1
        _ = try folder.file("a.img", image)
        try finish(try load(rewinds: true))
    }

    @Test func disksThatAreNotWrittenHaveNoGuards() throws {
        let image = try floppy("a.img")
        for set in [{ $0.readOnly = true }, { $0.discardWrites = true }] as [(inout BootOptions) -> Void] {
            let session = try start {
                $0.floppies = [image]
                set(&$0)
            }
            try session.save(to: state)
            #expect(try disk(session).guards.isEmpty)
            try? write(session, [1, 2], 1)
            session.media.close()
            #expect(!FileManager.default.fileExists(atPath: undo))
        }
        // Nor has a disk in no file, and none whose state is there no more.
        let session = try start { _ in }
        try session.save(to: state)
        #expect(try disk(session).guards.isEmpty)
        let other = try start { $0.floppies = [image] }
        try other.save(to: state)
        try FileManager.default.removeItem(atPath: state)
        try write(other, [1, 2], 1)
        try finish(other)
        #expect(!FileManager.default.fileExists(atPath: undo) && notes.lines.isEmpty)
    }

    /// An image with an overlay stays, and nothing is kept of it; a new overlay takes what is undone, too.
    @Test func overlays() throws {
        let saved = try past()
        let (image, kept) = (try folder.content("a.img"), try folder.content("x.s86.undo"))
        for round in 0..<2 {
            let overlay = folder.path("\(round).ovl")
            let session = try start { ($0.load, $0.overlays) = (state, [overlay]) }
            #expect(hash(session) == saved)
            #expect(try disk(session).read(sector: 12) == sector(12) && disk(session).guards.isEmpty)
            try write(session, 100...110, 0xA2)
            try finish(session)
            #expect(try folder.content("a.img") == image && folder.content("x.s86.undo") == kept)
            // What is in it now is somebody's.
            #expect(throws: BadInput.self) { try start { ($0.load, $0.overlays) = (state, [overlay]) } }
        }
    }

    /// A state of an earlier session, loaded while a machine runs.
    @Test func inASessionThatRuns() throws {
        let saved = try past()
        let careful = try start { $0.floppies = [folder.path("a.img")] }
        try write(careful, 18...40, 0xC1)
        let (before, image) = (hash(careful), try folder.content("a.img"))
        let error = #expect(throws: BadInput.self) { try careful.load(from: state) }
        #expect(error?.message.contains("--rewind-disks") == true)
        #expect(try hash(careful) == before && folder.content("a.img") == image)
        try careful.media.eject(.a)
        let session = try start {
            ($0.floppies, $0.state, $0.rewindDisks) = ([folder.path("a.img")], state, true)
        }
        // What this session wrote before is on nobody's list but its own: it is refused, since 21 to 40 were written
        // without a guard.
        #expect(throws: BadInput.self) { try session.load(from: state) }
        session.media.close()
        try FileManager.default.removeItem(atPath: undo)
        _ = try past()
        let bold = try start {
            ($0.floppies, $0.state, $0.rewindDisks) = ([folder.path("a.img")], state, true)
        }
        try write(bold, 18...40, 0xC1)
        let (now, inMemory, content) = (hash(bold), bold.save(), try folder.content("a.img"))
        try bold.load(from: state)
        #expect(hash(bold) == saved)
        #expect(try disk(bold).read(sector: 30) == sector(30) && disk(bold).read(sector: 12) == sector(12))
        // States in memory from before are as good as ever.
        try bold.load(inMemory)
        #expect(try hash(bold) == now && folder.content("a.img") == content)
        try bold.load(from: state)
        #expect(hash(bold) == saved)
        try finish(bold)
        try finish(try load())
    }

    /// A state whose board is damaged is refused before its disk is touched.
    @Test func whatIsRefusedUndoesNothing() throws {
        _ = try past()
        var file = try StateFile(StateContainer(path: state), state)
        file.machine.board[7] ^= 0xFF
        let (bytes, kept) = (file.container.bytes, try folder.content("x.s86.undo"))
        _ = try folder.file("x.s86", bytes)
        let seed = LittleEndian.number(Array(bytes.suffix(32).prefix(8)))
        #expect(seed != 0)
        // The same records for that state.
        let id = Array(bytes.suffix(32))
        var undone = UndoFormat.head(of: id)
        for first in stride(from: 64, to: kept.count, by: 536) {
            let sector = Int(LittleEndian.number(kept[first..<first + 8]))
            undone += UndoRecord(sector: sector, place: .floppyA, content: Array(kept[first + 16..<first + 528]))
                .bytes(of: id)
        }
        _ = try folder.file("x.s86.undo", undone)
        let image = try folder.content("a.img")
        refused(["damaged"], rewinds: true)
        #expect(try folder.content("a.img") == image)
    }

    @Test func aFloppyThatComesBackIsGuarded() throws {
        let (a, b) = (try floppy("a.img"), try floppy("b.img"))
        let session = try start { $0.floppies = [a] }
        try session.save(to: state)
        let saved = hash(session)
        try write(session, [1], 1)
        try session.media.insert(b, in: .a)
        #expect(try disk(session).guards.isEmpty)
        try write(session, [2], 1)
        try session.media.eject(.a)
        try session.media.insert(a, in: .b)
        try disk(session, 1).write(sector: 3, sector(1))
        try finish(session)
        #expect(try folder.content("x.s86.undo").count == 64 + 2 * 536)
        let next = try load(rewinds: true)
        #expect(hash(next) == saved)
        try finish(next)
    }

    @Test func manyStates() throws {
        let image = try floppy("a.img")
        let session = try start { $0.floppies = [image] }
        for number in 0..<StateGuards.limit + 3 { try session.save(to: folder.path("\(number).s86")) }
        #expect(try disk(session).guards.count == StateGuards.limit)
        #expect(notes.lines.count == 3 && notes.lines[0].hasPrefix(folder.path("0.s86") + ": "))
        try write(session, [1, 1], 1)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(files.count { $0.hasSuffix(".undo") } == StateGuards.limit)
        try finish(session)
        try finish(try load(folder.path("34.s86"), rewinds: true))
    }

    @Test func theFlagAlone() throws {
        let error = #expect(throws: BadInput.self) { try start { $0.rewindDisks = true } }
        #expect(error?.message.hasPrefix("--rewind-disks: ") == true)
    }
}
