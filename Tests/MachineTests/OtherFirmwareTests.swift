import Foundation
import Testing

/// Firmware that others wrote for PCs, unmodified: that our chips are what it takes them for.
@Suite struct OtherFirmwareTests {
    static let seaBIOS = "/usr/share/seabios/"
    static let isThere =
        Surroundings.hasFreeDOS && FileManager.default.fileExists(atPath: seaBIOS + "vgabios-stdvga.bin")

    @Test(
        .enabled(if: isThere, "SeaBIOS (Debian: seabios) or ../shared/guests is not there"),
        arguments: ["bios.bin", "bios-256k.bin"])
    func seaBIOSBootsFreeDOS(bios: String) throws {
        let folder = try Folder()
        let image = try folder.copy(#require(Surroundings.guest("freedos-1.4MB.img")))
        let outcome = try Tool.run([
            "--headless", "--speed", "max", "--until-text", "A:\\>", "--max-time", "60s", "--screen", "text",
            "--bios", Self.seaBIOS + bios, "--vga-bios", Self.seaBIOS + "vgabios-stdvga.bin", image,
        ])
        #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
        #expect(outcome.output.contains("A:\\>"))
    }
}
