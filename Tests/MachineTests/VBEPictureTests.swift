import Foundation
import PCHost
import Testing

@testable import PCCore

/// Pictures in VESA modes of every depth, set and drawn through our VGA BIOS, by their sums. BIOS/vga/test/pictures.py has
/// proven that QEMU shows the same.
@Suite struct VBEPictureTests {
    private static let folder = Surroundings.root.appending(path: "BIOS/vga/test")
    static let pictures: [String] = {
        let text = (try? String(contentsOf: folder.appending(path: "pictures.txt"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map(String.init)
    }()

    @Test func someAreThere() { #expect(Self.pictures.count > 20) }

    @Test(arguments: pictures) func isWhatQEMUShows(_ line: String) throws {
        let words = line.split(separator: " ")
        try #require(words.count == 8)
        let numbers = words[..<7].compactMap { Int($0) }
        var sector = Array(try Data(contentsOf: Self.folder.appending(path: "pictures.bin")))
        for (i, value) in numbers[..<5].enumerated() {
            sector[0x1F0 + 2 * i] = UInt8(truncatingIfNeeded: value)
            sector[0x1F1 + 2 * i] = UInt8(truncatingIfNeeded: value >> 8)
        }
        var configuration = PCConfiguration()
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.floppies[0] = MemoryDisk(sector + [UInt8](repeating: 0, count: 1_474_560 - 512))
        let pc = PC(configuration, allocator: .mapped)
        #expect(pc.run(until: 20 * pc.slotsPerSecond) == .haltedForEver)
        let frame = pc.frame()
        #expect([frame.width, frame.height] == Array(numbers[5...]))
        #expect(String(Self.sum(frame), radix: 16, uppercase: true) == words[7].drop { $0 == "0" })
    }

    /// CRC-32 of the pixels, three bytes each.
    private static func sum(_ frame: FrameBuffer) -> UInt32 {
        let table = (0..<256 as Range<UInt32>).map { number in
            (0..<8).reduce(number) { value, _ in value & 1 != 0 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        }
        var sum = UInt32.max
        for pixel in frame.pixels {
            for shift in [16, 8, 0] as [UInt32] {
                sum = sum >> 8 ^ table[Int((sum ^ pixel >> shift) & 0xFF)]
            }
        }
        return ~sum
    }
}
