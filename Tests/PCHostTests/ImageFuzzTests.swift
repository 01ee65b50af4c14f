import Foundation
import PCCore
import Testing

@testable import PCHost

/// Files that are no images, or almost: each opens, or is refused in one line; nothing traps.
@Suite struct ImageFuzzTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// SplitMix64
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
        mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
        mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }
    }

    /// What is opened is read at its ends and beyond; what is refused is refused in one line.
    private func open(_ body: () throws -> Void) {
        do {
            try body()
        } catch let error as BadInput {
            let text = "\(error)"
            #expect(!text.isEmpty && !text.contains(where: \.isNewline), "\(text)")
        } catch {
            Issue.record("\(error) is not for the user")
        }
    }

    private func read(_ disk: any BlockDevice) {
        for sector in [0, 1, 15, 16, 17, disk.sectorCount - 1, disk.sectorCount, -1, .max, .min, .max / 2048] {
            if let bytes = try? disk.read(sector: sector) {
                #expect(bytes.count == disk.sectorSize && sector >= 0 && sector < disk.sectorCount)
            }
        }
    }

    private func openAll(_ path: String) {
        open { _ = try ImageDescription(path: path).text }
        open {
            let image = try DiskImage(path: path, access: .discarded)
            _ = try image.shape.kind(of: path)
            read(image)
            try? image.tracked.write(sector: 0, [UInt8](repeating: 1, count: 512))
        }
        open {
            let disc = try CDImage(path: path)
            _ = disc.volume
            _ = disc.isBootable
            read(disc)
        }
        open { try DiskImage(path: path, access: .readOnly).shape.checkFloppy(path) }
        open { try DiskImage(path: path, access: .readOnly).shape.checkDisk(path) }
    }

    @Test func randomFiles() throws {
        var random = Random(state: 1)
        let sizes = [0, 1, 511, 512, 513, 2048, 2352, 4096, 32768, 32773, 32774, 163_840, 163_841, 37632, 516_096]
        for size in sizes {
            for kind in 0..<3 {
                var bytes = kind == 0 ? [UInt8](repeating: 0, count: size) : random.bytes(size)
                // What the kinds are told by: a FAT boot sector, a volume descriptor, raw sectors.
                if kind == 2, size > 600 {
                    bytes.replaceSubrange(0..<16, with: [0] + [UInt8](repeating: 0xFF, count: 10) + [0, 0, 2, 0, 1])
                    bytes.replaceSubrange(510..<512, with: [0x55, 0xAA])
                    if size > 32774 { bytes.replaceSubrange(32769..<32774, with: Array("CD001".utf8)) }
                }
                openAll(try folder.file("random.img", bytes))
            }
        }
    }

    @Test func mutatedFiles() throws {
        var random = Random(state: 2)
        var boot = [UInt8](repeating: 0, count: 163_840)
        boot.replaceSubrange(0..<3, with: [0xEB, 0x3C, 0x90])
        boot.replaceSubrange(11..<30, with: [0, 2, 1, 1, 0, 2, 64, 0, 64, 1, 0xFE, 1, 0, 8, 0, 1, 0, 0, 0])
        boot.replaceSubrange(38..<62, with: [0x29, 1, 2, 3, 4] + Array("NO NAME    FAT12   ".utf8))
        boot.replaceSubrange(
            446..<462, with: [0x80, 1, 1, 0, 6, 15, 63, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])
        boot.replaceSubrange(510..<512, with: [0x55, 0xAA])
        let samples = [
            boot, CDSample.plain(sectors: 20), CDSample.raw(sectors: 18), CDSample.raw(sectors: 18, mode: 2),
        ]
        for number in 0..<160 {
            var bytes = samples[number % samples.count]
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                // Where headers are, mostly.
                let at = Int.random(in: 0..<(random.next() & 3 == 0 ? bytes.count : 512), using: &random)
                bytes[at] = random.byte()
            }
            if random.next() & 3 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
            openAll(try folder.file("mutated.img", bytes))
        }
    }

    @Test func cueSheets() throws {
        _ = try folder.file("a.bin", CDSample.raw(sectors: 20))
        _ = try folder.file("empty.bin", [])
        let good =
            "FILE \"a.bin\" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n  TRACK 02 AUDIO\n    INDEX 01 00:00:15\n"
        let words = [
            "FILE", "TRACK", "INDEX", "BINARY", "a.bin", "empty.bin", "none.bin", "\"", "\"a.bin\"", "01", "02", "00",
            "-1",
            "99999999999999999999", "MODE1/2352", "MODE1/2048", "MODE2/2336", "AUDIO", "00:00:00", "99:59:74",
            "00:00:75",
            "-1:00:00", ":::", "9223372036854775807:0:0", "\u{0}", "\u{1B}[2J", "/", "..", ".", "\n", "\r\n",
            "\u{2028}",
        ]
        var random = Random(state: 3)
        for number in 0..<600 {
            var text = good
            if number % 3 == 0 {
                text = (0..<Int.random(in: 0..<20, using: &random)).map { _ in words.randomElement(using: &random) ?? ""
                }
                .joined(separator: " ")
            } else {
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    var lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
                    guard !lines.isEmpty else { break }
                    let line = Int.random(in: 0..<lines.count, using: &random)
                    switch random.next() % 3 {
                    case 0: lines.remove(at: line)
                    case 1: lines.insert(lines[line], at: line)
                    default:
                        guard !lines[line].isEmpty else { break }
                        let word = Int.random(in: 0..<lines[line].count, using: &random)
                        lines[line][word] = words.randomElement(using: &random) ?? ""
                    }
                    text = lines.map { $0.joined(separator: " ") }.joined(separator: "\n")
                }
            }
            var bytes = Array(text.utf8)
            if number % 5 == 0, !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = random.byte()
            }
            let path = try folder.file("sheet.cue", bytes)
            open {
                let disc = try CDImage(path: path)
                #expect(disc.sectorCount > 0)
                read(disc)
                _ = disc.volume
            }
            open { _ = try ImageDescription(path: path).text }
        }
    }

    /// A ROM of any content and size is refused, or a machine starts with it.
    @Test func firmware() throws {
        var random = Random(state: 4)
        for size in [0, 1, 511, 512, 4095, 4096, 0xFFFF, 0x1_0000, 0x1_0001, 0x2_0000, 0x3_F000, 0x4_0000, 0x4_1000] {
            var bytes = random.bytes(size)
            if size > 2, random.next() & 1 == 0 { bytes.replaceSubrange(0..<2, with: [0x55, 0xAA]) }
            var configuration = PCConfiguration()
            configuration.memory = 1 << 20
            configuration.bios = Firmware.bios
            configuration.vgaBIOS = Firmware.vgaBIOS
            open {
                try Firmware.checkBIOS(bytes, path: "rom")
                configuration.bios = bytes
            }
            open {
                try Firmware.checkVGABIOS(bytes, path: "rom")
                configuration.vgaBIOS = bytes
            }
            _ = PC(configuration).run(instructions: 200_000)
        }
    }
}
