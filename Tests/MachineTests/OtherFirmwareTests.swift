import Foundation
import Testing

/// Firmware that others wrote for PCs, unmodified: that our chips are what it takes them for.
@Suite struct OtherFirmwareTests {
    static let seaBIOS = "/usr/share/seabios/"
    static let isThere =
        Surroundings.hasFreeDOS && FileManager.default.fileExists(atPath: seaBIOS + "vgabios-stdvga.bin")

    static let bochsBIOS = "/usr/share/bochs/"
    static let vgaBIOS = "/usr/share/vgabios/vgabios.bin"
    static let hasBochs =
        Surroundings.hasFreeDOS && FileManager.default.fileExists(atPath: bochsBIOS + "BIOS-bochs-legacy")
        && FileManager.default.fileExists(atPath: vgaBIOS)

    @Test(
        .enabled(if: isThere, "SeaBIOS (Debian: seabios) or ../shared/guests is not there"),
        arguments: ["bios.bin", "bios-256k.bin"])
    func seaBIOSBootsFreeDOS(bios: String) throws {
        try bootFreeDOS(bios: Self.seaBIOS + bios, vgaBIOS: Self.seaBIOS + "vgabios-stdvga.bin")
    }

    /// It reaches its registers beyond 64 KB of a segment.
    @Test(.enabled(if: isThere, "SeaBIOS (Debian: seabios) or ../shared/guests is not there"))
    func itsVGABIOSRunsUnderOurBIOS() throws {
        try bootFreeDOS(bios: nil, vgaBIOS: Self.seaBIOS + "vgabios-stdvga.bin")
    }

    /// It counts polls of the keyboard controller, chooses no data rate of the floppy, and never seeks. The latest
    /// copies the display's ROM with its enable bit alone. (On a 386, which has no PCI here, that one does not come up.)
    @Test(
        .enabled(if: hasBochs, "the Bochs BIOS (Debian: bochsbios, vgabios) or ../shared/guests is not there"),
        arguments: ["BIOS-bochs-legacy", "BIOS-bochs-latest"])
    func bochsBIOSBootsFreeDOS(bios: String) throws {
        try bootFreeDOS(bios: Self.bochsBIOS + bios, vgaBIOS: Self.vgaBIOS)
    }

    private func bootFreeDOS(bios: String?, vgaBIOS: String) throws {
        let folder = try Folder()
        let image = try folder.copy(#require(Surroundings.guest("freedos-1.4MB.img")))
        let outcome = try Tool.run(
            [
                "--headless", "--speed", "max", "--until-text", "A:\\>", "--max-time", "60s", "--screen", "text",
                "--vga-bios", vgaBIOS, image,
            ] + (bios.map { ["--bios", $0] } ?? []))
        #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
        #expect(outcome.output.contains("A:\\>"))
    }
}
