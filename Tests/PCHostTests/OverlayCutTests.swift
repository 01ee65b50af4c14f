import PCCore
import Testing

@testable import PCHost

/// Overlays whose last write did not come to its end, and files that are none: the user is told.
@Suite struct OverlayCutTests {
    private final class Told { var warnings: [String] = [] }

    private let folder: TemporaryFolder
    private let image: String
    private let overlay: String
    private let told = Told()

    init() throws {
        folder = try TemporaryFolder()
        image = try folder.file("a.img", [UInt8](repeating: 1, count: 163_840))
        overlay = folder.path("a.ovl")
        let disk = try DiskImage(path: image, access: .overlay(overlay))
        for number in 0..<3 { try disk.write(sector: number, [UInt8](repeating: 9, count: 512)) }
        try disk.close()
    }

    private var messages: Messages {
        let told = told
        return Messages(warning: { told.warnings.append($0) })
    }

    private func cut(_ count: Int) throws {
        _ = try folder.file("a.ovl", Array(folder.content("a.ovl").dropLast(count)))
    }

    private func boot(_ set: (inout BootOptions) -> Void) throws -> MachineSession {
        var options = BootOptions()
        options.headless = true
        set(&options)
        let plan = try BootPlan(
            options, surroundings: DisplaySurroundings(hasWindow: false, hasDisplayServer: false, hasTerminal: false))
        return try MachineSession(plan, messages: messages)
    }

    private func refusal(_ body: () throws(BadInput) -> Void) -> String {
        do throws(BadInput) { try body() } catch { return error.message }
        return "taken"
    }

    private let line = "543 bytes at the end were left out: a write that did not come to its end"

    @Test func infoTells() throws {
        #expect(try !OverlayDescription(path: overlay).text.contains("cut short"))
        try cut(1)
        let text = try OverlayDescription(path: overlay).text
        #expect(text.hasSuffix("cut short:      \(line.replacing("were", with: "are"))\n"))
        #expect(text.contains("2 changed") && text.split(separator: "\n").count == 7)
        // Looking changes nothing.
        #expect(try folder.content("a.ovl").count == 96 + 3 * 544 - 1)
    }

    @Test func aMachineTells() throws {
        try cut(1)
        let session = try boot { ($0.images, $0.overlays) = ([image], [overlay]) }
        #expect(told.warnings == ["\(overlay): \(line)"])
        session.media.close()
        // It is whole now.
        try boot { ($0.images, $0.overlays) = ([image], [overlay]) }.media.close()
        #expect(told.warnings.count == 1)
    }

    @Test func aCommitTells() throws {
        try cut(1)
        try OverlayCommand.commit(overlay, into: image, messages: messages)
        #expect(told.warnings == ["\(overlay): \(line)"])
        #expect(try folder.content("a.img")[1 * 512] == 9 && folder.content("a.img")[2 * 512] == 1)
        try OverlayCommand.commit(overlay, into: image, messages: messages)
        #expect(told.warnings.count == 1)
    }

    @Test func aFloppyThatIsPutInTells() throws {
        let other = try folder.file("b.img", [UInt8](repeating: 2, count: 163_840))
        let session = try boot { ($0.floppies, $0.overlays) = (["\(other),\(image)"], ["\(image)=\(overlay)"]) }
        try cut(2)
        session.media.next()
        #expect(told.warnings == ["\(overlay): \(line.replacing("543", with: "542"))"])
    }

    @Test func theImageIsNotItsOverlay() throws {
        let both = "is named as the image and as its overlay; the overlay needs a file of its own"
        let same = folder.path("./a.img")
        let commit = { (a: String, b: String) in
            refusal { () throws(BadInput) in try OverlayCommand.commit(a, into: b) }
        }
        #expect(commit(overlay, overlay) == "\(overlay): \(both)")
        #expect(commit(same, image) == "\(same): \(both)")
        #expect(commit(image, overlay) == "\(image): is no overlay of swift86")
        let boot = refusal { () throws(BadInput) in _ = try DiskImage(path: image, access: .overlay(same)) }
        #expect(boot == "\(same): \(both)")
        let info = refusal { () throws(BadInput) in _ = try OverlayDescription(path: image) }
        #expect(info == "\(image): is no overlay of swift86")
        #expect(try folder.content("a.img") == [UInt8](repeating: 1, count: 163_840))
    }

    /// A state had the floppy in a drive that is empty now: it comes back with its overlay, and its image is not written.
    @Test func aFloppyOfAStateKeepsItsOverlay() throws {
        let session = try boot { ($0.images, $0.overlays) = ([image], [overlay]) }
        let state = folder.path("s.s86")
        try session.save(to: state)
        try session.media.eject(.a)
        try session.load(from: state)
        let disk = try #require(session.pc.disk(floppy: 0) as? ChangeTrackingDisk)
        #expect((disk.base as? DiskImage)?.access == .overlay(overlay))
        try disk.write(sector: 5, [UInt8](repeating: 7, count: 512))
        #expect(try folder.content("a.img") == [UInt8](repeating: 1, count: 163_840))
        // By another name too.
        try session.media.insert(folder.path("./a.img"), in: .a)
        try session.media.eject(.a)
        try session.media.insert(folder.path("./a.img"), in: .b)
        let again = try #require(session.pc.disk(floppy: 1) as? ChangeTrackingDisk)
        #expect((again.base as? DiskImage)?.access == .overlay(overlay))
        #expect(try again.read(sector: 5)[0] == 7)
        session.media.close()
    }
}
