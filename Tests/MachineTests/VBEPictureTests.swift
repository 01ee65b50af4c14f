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

    @Test(arguments: pictures) func isWhatQEMUShows(_ line: String) throws { try check(line, on: .pentiumII) }

    /// The BIOS's code for banks runs on an 8086; without PCI, and where there is no frame buffer.
    @Test(arguments: [CPUModel.i8086, .i80186, .i80286, .i80386]) func isTheSameOnOlderModels(_ model: CPUModel) throws
    {
        for line in Self.pictures.filter({ $0.hasPrefix("326 ") || $0.hasPrefix("270 ") }) {
            try check(line, on: model)
        }
    }

    @Test(arguments: [CPUModel.i8086, .i80286]) func isRefusedWithoutTheInterface(_ model: CPUModel) throws {
        let line = try #require(Self.pictures.first)
        let pc = try Self.machine(line.split(separator: " ").compactMap { Int($0) }, model, vbe: false)
        #expect(pc.run(until: 60 * pc.slotsPerSecond) == .haltedForEver)
        #expect(pc.textScreen?.rows == 25)
    }

    private func check(_ line: String, on model: CPUModel) throws {
        let words = line.split(separator: " ")
        try #require(words.count == 8)
        let numbers = words[..<7].compactMap { Int($0) }
        let pc = try Self.machine(numbers, model, vbe: true)
        #expect(pc.run(until: 120 * pc.slotsPerSecond) == .haltedForEver)
        let frame = pc.frame()
        #expect([frame.width, frame.height] == Array(numbers[5...]))
        #expect(String(Self.sum(frame), radix: 16, uppercase: true) == words[7].drop { $0 == "0" })
    }

    /// A machine that shows the picture of five numbers (see pictures.asm).
    private static func machine(_ numbers: [Int], _ model: CPUModel, vbe: Bool) throws -> PC {
        var sector = Array(try Data(contentsOf: folder.appending(path: "pictures.bin")))
        for (i, value) in numbers[..<5].enumerated() {
            sector[0x1F0 + 2 * i] = UInt8(truncatingIfNeeded: value)
            sector[0x1F1 + 2 * i] = UInt8(truncatingIfNeeded: value >> 8)
        }
        var configuration = PCConfiguration()
        configuration.cpu = model
        configuration.memory = model.usualMemory
        configuration.vbe = vbe
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.floppies[0] = MemoryDisk(sector + [UInt8](repeating: 0, count: 1_474_560 - 512))
        return PC(configuration, allocator: .mapped)
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
