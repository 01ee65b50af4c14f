import Foundation
import PCCore
import Testing

@testable import PCHost

@Suite struct FirmwareTests {
    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

    /// Red: run BIOS/embed.sh.
    @Test(arguments: ["BIOS/bios.bin", "BIOS/vgabios.bin", "TestROMs/demo.img"])
    func theProgramCarriesTheImageOfTheSourceTree(path: String) {
        let committed = (try? Data(contentsOf: Self.root.appending(path: path))).map { Array($0) } ?? []
        switch path {
        case "BIOS/bios.bin": #expect(Firmware.bios == committed)
        case "BIOS/vgabios.bin": #expect(Firmware.vgaBIOS == committed)
        default:
            let embedded = Firmware.demoDisk.bytes
            #expect(embedded.count == Firmware.demoDiskSize)
            #expect(Array(embedded.prefix(committed.count)) == committed)
            #expect(embedded.dropFirst(committed.count).allSatisfy { $0 == 0 })
        }
    }

    @Test func base64() {
        #expect(Firmware.decode("") == [])
        #expect(Firmware.decode("QQ==") == [0x41])
        #expect(Firmware.decode("  QUJD\n  +v/A ") == [0x41, 0x42, 0x43, 0xFA, 0xFF, 0xC0])
    }
}
