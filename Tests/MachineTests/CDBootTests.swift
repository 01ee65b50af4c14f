import Foundation
import PCHost
import Testing

@testable import PCCore

/// The CDs of TestROMs/cd: how El Torito boots them, and what INT 13h makes of them.
@Suite struct CDBootTests {
    @Test(arguments: ["none", "floppy", "disk", "section"], [CPUModel.i80386, .pentiumII])
    func passes(_ name: String, model: CPUModel) throws {
        let folder = Surroundings.root.appending(path: "TestROMs/cd")
        let disc = MemoryDisk(
            Array(try Data(contentsOf: folder.appending(path: "\(name).img"))), sectorSize: 2048, isReadOnly: true)
        let host = DebugListener()
        var configuration = PCConfiguration()
        configuration.cpu = model
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.disks[0] = MemoryDisk(sectorCount: 2016)
        configuration.cdroms[2] = CDROMDrive(disc)
        configuration.boot = .cdrom
        configuration.debugExit = true
        let pc = PC(configuration, allocator: .mapped)
        pc.host = host
        #expect(pc.run(until: 60 * pc.slotsPerSecond) == .debugExit(0))
        #expect(host.text == (try String(contentsOf: folder.appending(path: "expected/\(name).txt"), encoding: .utf8)))
    }

    /// Without a boot order the floppy comes first, then the CD, then the disk.
    @Test func theCDComesBetweenFloppyAndDisk() throws {
        let path = Surroundings.root.appending(path: "TestROMs/cd/none.img").path
        for hasFloppy in [false, true] {
            let outcome = try Tool.run(
                ["--headless", "--debug-exit", "--debug-console", "stdio", "--max-time", "60s"]
                    + (hasFloppy ? [try floppyThatExits()] : []) + [try disk(), path])
            #expect(outcome.status == (hasFloppy ? 77 : 0), "\(outcome.errors)")
            #expect(outcome.output.contains("ok drive number") == !hasFloppy)
        }
    }

    private let folder: Folder

    init() throws {
        folder = try Folder()
    }

    /// mov al, 77; out F4h, al
    private func floppyThatExits() throws -> String {
        var bytes = [UInt8](repeating: 0, count: 163_840)
        bytes.replaceSubrange(0..<4, with: [0xB0, 77, 0xE6, 0xF4])
        bytes.replaceSubrange(510..<512, with: [0x55, 0xAA])
        return try folder.file("floppy.img", bytes)
    }

    private func disk() throws -> String { try folder.file("disk.img", [UInt8](repeating: 0, count: 1_032_192)) }

    @Test(.enabled(if: Surroundings.guest("mikeos.iso") != nil, "../shared/guests is not there"))
    func mikeOSBootsFromItsCD() throws {
        let outcome = try Tool.run([
            "--headless", "--until-text", "Welcome to MikeOS", "--max-time", "60s",
            try #require(Surroundings.guest("mikeos.iso")).path,
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
    }
}
