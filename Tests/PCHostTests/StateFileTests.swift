import PCCore
import Testing

@testable import PCHost

/// States in files: saved by one session, loaded by another, or refused without a trace.
@Suite struct StateFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func plan(_ set: (inout BootOptions) -> Void = { _ in }) throws -> BootPlan {
        var options = BootOptions()
        options.headless = true
        options.memory = "1M"
        options.cpu = "386"
        set(&options)
        return try BootPlan(
            options,
            surroundings: DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false))
    }

    private func session(_ set: (inout BootOptions) -> Void = { _ in }) throws -> MachineSession {
        try MachineSession(plan(set))
    }

    private func run(_ session: MachineSession, to milliseconds: UInt64) {
        let end = session.seconds.slots(nanoseconds: milliseconds * 1_000_000)
        while session.ending == nil, session.pc.now < end { session.advance(to: end) }
    }

    private func hash(_ session: MachineSession) -> String { MachineHash.hex(session.pc, disks: session.disks) }

    /// A floppy of 160 KB whose boot sector writes to one cylinder after the other.
    private func writer(_ name: String) throws -> String {
        let code: [UInt8] = [
            0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0, 0x31, 0xF6, 0xB8, 0x01, 0x03, 0xBB, 0x00, 0x7C, 0x89, 0xF1, 0x88, 0xCD,
            0xB1, 0x02, 0x80, 0xE5, 0x1F, 0x31, 0xD2, 0xCD, 0x13, 0x46, 0x89, 0x36, 0xF0, 0x7D, 0xEB, 0xE6,
        ]
        var image = [UInt8](repeating: 0, count: 163_840)
        image.replaceSubrange(0..<code.count, with: code)
        (image[510], image[511]) = (0x55, 0xAA)
        return try folder.file(name, image)
    }

    private func floppy(_ name: String, _ mark: UInt8) throws -> String {
        try folder.file(name, [mark] + [UInt8](repeating: 0, count: 163_839))
    }

    @Test func descriptionsComeBack() throws {
        let session = try session {
            $0.floppies = [try! floppy("with % and\nline.img", 1)]
            $0.cdroms = [try! folder.file("a.iso", CDSample.plain(sectors: 20)), ""]
            $0.rtc = "1999-12-31T23:59:58"
            $0.serialMouse = "com2"
            $0.boot = "floppy"
        }
        let description = try session.stateFile().description
        #expect(try MachineDescription(text: description.text) == description)
        #expect(description.media.map(\.place) == [.floppyA, .ide2, .ide3])
        #expect(description.media[0].content?.path == folder.path("with % and\nline.img"))
        // Every line has to be there, and none that is not known.
        let lines = description.lines
        for number in lines.indices where !lines[number].hasPrefix("ide") && !lines[number].hasPrefix("floppy") {
            var fewer = lines
            fewer.remove(at: number)
            #expect(throws: StateFault.self) { try MachineDescription(text: text(fewer)) }
            fewer.insert(lines[number].split(separator: " ")[0] + " nonsense", at: number)
            #expect(throws: StateFault.self) { try MachineDescription(text: text(fewer)) }
        }
        #expect(throws: StateFault.self) { try MachineDescription(text: text(lines + ["colour red"])) }
        for (old, new) in [
            ("memory 1048576", "memory 1048577"), ("memory 1048576", "memory 99999999999"), ("pci no", "pci yes"),
            ("video-memory 16777216", "video-memory 3"), ("apic no", "apic yes"), ("rate 8000000", "rate 0"),
        ] where !(old == "pci no") {
            let changed = lines.map { $0 == old ? new : $0 }
            #expect(changed != lines)
            #expect(throws: StateFault.self) { try MachineDescription(text: text(changed)) }
        }
    }

    private func text(_ lines: [String]) -> [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

    /// Another session goes on as the first would have, and so does the first itself.
    @Test func aSessionGoesOn() throws {
        let (a, b) = (try writer("a.img"), try writer("b.img"))
        let alone = try session { $0.images = [a] }
        run(alone, to: 2500)
        let first = try session { $0.images = [b] }
        run(first, to: 1700)
        #expect(first.pc.disk(floppy: 0).flatMap { ($0 as? ChangeTrackingDisk)?.changes.isEmpty } == false)
        let state = folder.path("a.s86")
        try first.save(to: state)
        run(first, to: 2500)
        #expect(hash(first) == hash(alone))
        try first.load(from: state)
        #expect(first.jumps == 1)
        run(first, to: 2500)
        #expect(hash(first) == hash(alone))
        first.media.close()
        // The image has what came after the state as well, in the same sectors.
        #expect(throws: BadInput.self) {
            try MachineSession(plan { ($0.load, $0.cpu, $0.memory) = (state, nil, nil) })
        }
        let second = try MachineSession(
            plan { ($0.load, $0.cpu, $0.memory, $0.rewindDisks) = (state, nil, nil, true) })
        #expect(second.pc.configuration.cpu == .i80386)
        run(second, to: 2500)
        #expect(hash(second) == hash(alone))
        second.media.close()
        #expect(try folder.content("b.img") == folder.content("a.img"))
    }

    @Test func floppiesComeBack() throws {
        let (a, b) = (try floppy("a.img", 1), try floppy("b.img", 2))
        let session = try session { $0.floppies = [a] }
        run(session, to: 100)
        let state = folder.path("x.s86")
        try session.save(to: state)
        let before = hash(session)
        try session.media.insert(b, in: .a)
        run(session, to: 200)
        try session.load(from: state)
        #expect(hash(session) == before)
        #expect(session.pc.disk(floppy: 0)?.imagePath == a)
        // B's lock is free again, A's is held.
        #expect((try? DiskImage(path: b, access: .written)) != nil)
        #expect((try? DiskImage(path: a, access: .written)) == nil)
        try session.media.eject(.a)
        try session.load(from: state)
        #expect(hash(session) == before)
        // And out again.
        try session.media.eject(.a)
        try session.save(to: folder.path("empty.s86"))
        try session.media.insert(a, in: .a)
        try session.load(from: folder.path("empty.s86"))
        #expect(session.pc.disk(floppy: 0) == nil)
        #expect((try? DiskImage(path: a, access: .written)) != nil)
    }

    /// Whatever is wrong, the session goes on as if nothing had been, and says one line.
    @Test func whatIsRefusedChangesNothing() throws {
        let (a, b) = (try floppy("a.img", 1), try floppy("b.img", 2))
        let session = try session { $0.floppies = [a] }
        run(session, to: 100)
        let state = folder.path("x.s86")
        try session.save(to: state)
        let file = try StateFile(StateContainer(path: state))
        run(session, to: 150)
        let before = hash(session)
        func refused(_ words: String, _ change: (inout StateFile) -> Void) throws {
            var changed = file
            change(&changed)
            let path = folder.path("bad.s86")
            try StateStorage.write(changed.container.bytes, to: path)
            let error = #expect(throws: BadInput.self) { try session.load(from: path) }
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
            #expect(error?.message.hasPrefix(path + ": ") == true && error?.message.contains("\n") == false)
            #expect(hash(session) == before)
            #expect(session.pc.disk(floppy: 0)?.imagePath == a)
        }
        try refused("another machine") { $0.description.memory = 2 << 20 }
        try refused("another machine") { $0.description.rate = 30_000_000 }
        try refused("damaged") { $0.bios[100] ^= 1 }
        try refused("damaged") { $0.machine.board[7] ^= 0xFF }
        try refused("damaged") { $0.machine.board.removeLast() }
        try refused("another disk") { $0.description.media[0].content?.digest.sum.low ^= 1 }
        try refused("another disk") {
            $0.description.media[0].content?.path = b
            $0.description.media[0].content?.digest.sum.low ^= 1
        }
        try refused("sectors") { $0.description.media[0].content?.digest.sectorCount = 640 }
        try refused("No such file") {
            $0.description.media[0].content?.path = "lacking.img"
            $0.description.media[0].content?.digest.sum.low ^= 1
        }
        try refused("write-protected") { $0.description.media[0].content?.isReadOnly = true }
        try refused("damaged") { $0.changes[.floppyA]?[320] = [UInt8](repeating: 0, count: 512) }
        run(session, to: 200)
        #expect(session.ending == nil)
    }

    @Test func optionsThatContradictAreRefused() throws {
        let a = try floppy("a.img", 1)
        let session = try session { $0.floppies = [a] }
        let state = folder.path("x.s86")
        try session.save(to: state)
        session.media.close()
        func start(_ set: (inout BootOptions) -> Void) throws -> MachineSession {
            try MachineSession(
                plan {
                    ($0.cpu, $0.memory) = (nil, nil)
                    $0.load = state
                    set(&$0)
                })
        }
        _ = try start { $0.cpu = "386" }.media.close()
        _ = try start { ($0.memory, $0.mips) = ("1024K", "8") }.media.close()
        for (name, set) in [
            ("--cpu", { $0.cpu = "486" }), ("--memory", { $0.memory = "2M" }), ("--mips", { $0.mips = "9" }),
            ("--machine", { $0.machine = "xt" }), ("--no-fpu", { $0.noFPU = true }),
            ("--no-reboot", { $0.noReboot = true }), ("--debug-exit", { $0.debugExit = true }),
            ("--boot", { $0.boot = "floppy" }), ("--rtc", { $0.rtc = "2000-01-01T00:00:00" }),
            ("--disk-timing", { $0.diskTiming = "real" }), ("--serial-mouse", { $0.serialMouse = "com1" }),
            ("--parallel", { $0.parallel = "file:\(folder.path("paper"))" }), ("--kernel", { $0.kernel = "x" }),
            ("--bios", { $0.bios = a }), ("--read-only", { $0.readOnly = true }),
        ] as [(String, (inout BootOptions) -> Void)] {
            let error = #expect(throws: BadInput.self) { try start(set) }
            #expect(error?.message.contains(name) == true, "\(error?.message ?? "")")
        }
        // Other images.
        let same = try floppy("same.img", 1)
        #expect(try start { $0.images = [same] }.pc.disk(floppy: 0)?.imagePath == same)
        let disc = try folder.file("no.iso", CDSample.plain(sectors: 20))
        for images in [[try floppy("other.img", 2)], [same, same], [disc]] {
            #expect(throws: BadInput.self) { try start { $0.images = images } }
        }
        #expect(throws: BadInput.self) { try start { $0.load = a } }
    }

    @Test func aMachineThatIsOffIsNotSaved() throws {
        let session = try session()
        session.end(.poweredOff)
        #expect(throws: BadInput.self) { try session.save(to: folder.path("x.s86")) }
        let disk = try writer("a.img")
        let other = try self.session { $0.images = [disk] }
        #expect(throws: BadInput.self) { try other.save(to: disk) }
    }

    /// Zeros compress a thousandfold: what a section says that it holds is believed before any of it is there.
    @Test func aBombIsRefused() throws {
        let session = try session()
        var container = StateContainer()
        for section in try session.stateFile().container.sections where section.tag != "RAM " {
            let whole = try session.stateFile().container
            container.add(section.tag, try #require(try whole.content(section.tag, limit: .max)))
        }
        container.add("RAM ") { deflater in
            for _ in 0..<64 { deflater.append([UInt8](repeating: 0, count: 4100 * 256)) }
        }
        #expect(throws: StateFault.damaged) { try StateFile(container) }
    }
}
