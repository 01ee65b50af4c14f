import PCCore
import Testing

@testable import PCHost

/// Disks that change while the machine runs, by the window's key and by dropped files.
@Suite struct MediaChangerTests {
    private final class Told {
        var notices: [String] = []
        var warnings: [String] = []
    }

    private let folder: TemporaryFolder
    private let told = Told()

    init() throws {
        folder = try TemporaryFolder()
    }

    private func floppy(_ name: String, _ mark: UInt8) throws -> String {
        try folder.file(name, [mark] + [UInt8](repeating: 0, count: 163_839))
    }

    private func session(_ set: (inout BootOptions) -> Void) throws -> MachineSession {
        var options = BootOptions()
        options.headless = true
        set(&options)
        let plan = try BootPlan(
            options,
            surroundings: DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false))
        let told = told
        return try MachineSession(
            plan, messages: Messages(warning: { told.warnings.append($0) }, notice: { told.notices.append($0) }))
    }

    /// Whether the file is locked by a machine.
    private func isInUse(_ path: String) -> Bool { (try? DiskImage(path: path, access: .written)) == nil }

    @Test func imagesTakeTurns() throws {
        let names = try (1...3).map { try floppy("\($0).img", UInt8($0)) }
        let session = try session { $0.floppies = [names.joined(separator: ",")] }
        #expect(session.media.hasTurns)
        for turn in [1, 2, 0, 1] {
            session.media.next()
            #expect(told.notices.last == "\(names[turn]) is in drive A")
            #expect(names.map(isInUse) == (0..<3).map { $0 == turn })
        }
        #expect(told.warnings.isEmpty)
    }

    /// What a state or a client has put in counts: the next one is the one behind it.
    @Test func turnsGoOnFromWhatIsThere() throws {
        let names = try (1...3).map { try floppy("\($0).img", UInt8($0)) }
        let session = try session { $0.floppies = [names.joined(separator: ",")] }
        let state = folder.path("s")
        try session.save(to: state)
        session.media.next()
        try session.load(from: state)
        #expect(session.media.path(in: .a) == names[0])
        session.media.next()
        #expect(session.media.path(in: .a) == names[1])
        try session.media.insert(names[0], in: .a)
        session.media.next()
        #expect(session.media.path(in: .a) == names[1])
        try session.media.eject(.a)
        session.media.next()
        #expect(session.media.path(in: .a) == names[2])
        session.media.close()
        // One that is in the list twice does not keep the others away.
        let twice = try self.session { $0.floppies = ["\(names[1]),\(names[1]),\(names[2])"] }
        twice.media.next()
        twice.media.next()
        #expect(twice.media.path(in: .a) == names[2])
    }

    @Test func everyDriveHasItsOwnTurns() throws {
        let (a, b) = (try floppy("a.img", 1), try floppy("b.img", 2))
        let discs = try [20, 30].map { try folder.file("\($0).iso", CDSample.plain(sectors: $0)) }
        let session = try session {
            $0.floppies = [a, "\(b),\(a)"]
            $0.cdroms = [discs.joined(separator: ",")]
        }
        session.media.next()
        #expect(told.warnings == ["\(a): is in drive A of this machine; take it out there first"])
        #expect(told.notices == ["\(discs[1]) is in the CD-ROM drive"])
    }

    /// By any name; a disc is read only, so that only a drive which writes keeps it for itself.
    @Test func aFileIsInOneDriveOfTheMachine() throws {
        let (a, b) = (try floppy("a.img", 1), try floppy("b.img", 2))
        let disc = try folder.file("disc.iso", CDSample.plain(sectors: 80))
        let session = try session {
            $0.floppies = [a, b]
            $0.cdroms = [disc]
        }
        let media = session.media
        func refusal(_ path: String, _ drive: MediaChanger.Drive) -> String? {
            do throws(BadInput) {
                try media.insert(path, in: drive)
                return nil
            } catch {
                return error.message
            }
        }
        let other = a.replacing("/a.img", with: "/./a.img")
        #expect(other != a)
        #expect(refusal(other, .b) == "\(other): is in drive A of this machine; take it out there first")
        #expect(refusal(b, .a) == "\(b): is in drive B of this machine; take it out there first")
        #expect(refusal(a, .cd) == "\(a): is in drive A of this machine; take it out there first")
        #expect(refusal(disc, .b) == "\(disc): is in the CD-ROM drive of this machine; take it out there first")
        #expect(refusal(a, .a) == nil && refusal(disc, .cd) == nil)
        try media.eject(.a)
        #expect(refusal(a, .b) == nil)
    }

    @Test func aNameMayHaveACommaInIt() throws {
        let name = try floppy("a,b.img", 1)
        #expect(try !session { $0.floppies = [name] }.media.hasTurns)
    }

    @Test func allOfThemAreLookedAt() throws {
        let good = try floppy("good.img", 1)
        let bad = try folder.file("bad.img", [1, 2, 3])
        for list in ["\(good),\(bad)", "\(good),\(folder.path("none"))"] {
            #expect(throws: BadInput.self) { try session { $0.floppies = [list] } }
        }
        let disc = try folder.file("disc.iso", CDSample.plain(sectors: 20))
        #expect(throws: BadInput.self) { try session { $0.cdroms = ["", "\(disc),\(disc)"] } }
    }

    @Test func aDroppedFileGoesIntoTheDriveOfItsKind() throws {
        let first = try floppy("first.img", 1)
        let second = try floppy("second.img", 2)
        let disc = try folder.file("disc.iso", CDSample.plain(sectors: 20))
        let session = try session { $0.floppies = [first] }
        session.media.drop(second)
        #expect(told.notices == ["\(second) is in drive A"] && !isInUse(first) && isInUse(second))
        session.media.drop(disc)
        session.media.drop(try folder.file("disk.img", [UInt8](repeating: 0, count: 1 << 20)))
        session.media.drop(folder.path("none"))
        #expect(told.warnings.count == 3 && told.notices.count == 1)
        #expect(told.warnings[0].contains("no CD-ROM drive") && told.warnings[1].contains("hard disk"))
        #expect(told.warnings[2].contains("No such file"))
    }
}
