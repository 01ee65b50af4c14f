import Foundation
import Testing

/// Every bad input gets one clear line on standard error and status 2, and nothing on disk changes.
@Suite struct BadInputTests {
    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    private func expectRefusal(_ arguments: [String], _ part: String, at place: SourceLocation = #_sourceLocation)
        throws
    {
        let before = try snapshot()
        let outcome = try Tool.run(["boot", "--headless", "--max-instructions", "10"] + arguments)
        #expect(outcome.status == 2, sourceLocation: place)
        #expect(outcome.output == "", sourceLocation: place)
        #expect(outcome.errorLines.count == 1, "\(outcome.errors)", sourceLocation: place)
        #expect(outcome.errors.contains(part), "\(outcome.errors)", sourceLocation: place)
        #expect(try snapshot() == before, "something on disk changed", sourceLocation: place)
    }

    private func snapshot() throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
            files[name] = FileManager.default.contents(atPath: folder.path(name)) ?? Data()
        }
        return files
    }

    @Test func images() throws {
        try expectRefusal([folder.path("none.img")], "No such file")
        try expectRefusal([folder.file("empty.img", [])], "empty")
        try expectRefusal([folder.file("odd.img", [UInt8](repeating: 1, count: 1000))], "1000 bytes")
        try expectRefusal([folder.file("odd2.img", [UInt8](repeating: 1, count: 600_001))], "sectors")
        try expectRefusal(
            ["--floppy", folder.file("disk.img", [UInt8](repeating: 1, count: 1 << 20))], "no size of a floppy")
        try expectRefusal([folder.url.path], "directory")
        try expectRefusal(["/dev/zero"], "regular file")
        let path = folder.path("huge.img")
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        try FileHandle(forWritingTo: URL(filePath: path)).truncate(atOffset: 1 << 40)
        let outcome = try Tool.run(["boot", "--headless", path])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("too large"))
        try FileManager.default.removeItem(atPath: path)
    }

    @Test func anImageThatAnotherProcessHolds() throws {
        let image = try folder.file("a.img", [UInt8](repeating: 0, count: 163_840))
        let file = open(image, O_RDWR)
        defer { close(file) }
        #expect(flock(file, LOCK_EX | LOCK_NB) == 0)
        try expectRefusal([image], "in use")
        try expectRefusal(["--discard-writes", image], "in use")
    }

    /// Root may write to and read everything, so it gives up its capabilities first.
    @Test func filesWithoutTheRight() throws {
        let shell = getuid() == 0 ? "exec setpriv --bounding-set=-all \"$0\" \"$@\"" : nil
        let image = try folder.file("a.img", [UInt8](repeating: 0, count: 163_840))
        for (mode, options, part) in [(0o444, [], "read-only"), (0, [], "denied"), (0, ["--read-only"], "denied")] {
            chmod(image, mode_t(mode))
            let outcome = try Tool.run(["boot", "--headless"] + options + [image], through: shell)
            #expect(outcome.status == 2, "\(outcome.errors)")
            #expect(outcome.errorLines.count == 1)
            #expect(outcome.errors.contains(part), "\(outcome.errors)")
        }
        chmod(image, 0o644)
    }

    @Test(arguments: [
        (["--memory", "2M", "--cpu", "8086"], "addresses at most"), (["--memory", "many"], "must be a size"),
        (["--cpu", "z80"], "must be one of"), (["--frobnicate"], "frobnicate"), (["--memory"], "memory"),
        (["--mips", "x"], "--mips"), (["--rtc", "1994-02-30T00:00:00"], "--rtc"), (["--boot", "disk"], "no hard disk"),
        (["--screen", "x.gif"], "--screen"), (["--serial", "file:/nowhere/x"], "/nowhere/x"),
        (["--parallel", "file:/nowhere/x"], "/nowhere/x"),
        (["--display", "window"], "--display"), (["--log-level", "loud"], "--log-level"),
        (["--script", "x"], "No such file"), (["--kernel", "/nowhere/x"], "No such file"),
        (["--kernel", "/etc/hostname"], "is neither a Linux kernel (bzImage, zImage) nor a Multiboot kernel"),
        (["--initrd", "x"], "only goes with --kernel"),
        (["--append", "x"], "only goes with --kernel"), (["--cdrom", "/nowhere/x"], "No such file"),
        (["--boot", "cdrom"], "no CD"),
    ])
    func options(arguments: [String], part: String) throws {
        try expectRefusal(arguments, part)
    }

    @Test func firmware() throws {
        try expectRefusal(["--bios", folder.file("bios.bin", [UInt8](repeating: 0, count: 1000))], "no size of a BIOS")
        try expectRefusal(["--vga-bios", folder.file("vga.bin", [UInt8](repeating: 0, count: 32768))], "55h AAh")
        try expectRefusal(["--bios", folder.path("none")], "No such file")
    }

    @Test func withoutADisplayTheDefaultIsRefused() throws {
        let outcome = try Tool.run(["boot"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("--headless"))
    }
}
