import Foundation
import PCHost
import Testing

@testable import PCCore

/// The pictures of TestROMs/video: each as it was when it had been compared with QEMU's and Bochs's (see the README there).
@Suite struct VideoScreenTests {
    private static let folder = Surroundings.root.appending(path: "TestROMs/video")

    /// The names that the ROM has announced so far.
    private final class Announcements: PCCore.Host {
        var text: [UInt8] = []

        func debugConsole(_ byte: UInt8) { text.append(byte) }
        var names: [String] {
            String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }

    private static func machine() throws -> (PC, Announcements) {
        var configuration = PCConfiguration()
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        let image = folder.appending(path: "screens.img")
        configuration.floppies = [MemoryDisk(Array(try Data(contentsOf: image))), nil]
        let pc = PC(configuration, allocator: .mapped)
        let listener = Announcements()
        pc.host = listener
        return (pc, listener)
    }

    /// Runs until `count` pictures have been announced, and three frames more; the name of the last.
    private static func wait(_ pc: PC, _ listener: Announcements, _ count: Int) -> String? {
        let limit = pc.now + 20 * pc.slotsPerSecond
        while listener.text.count(where: { $0 == 10 }) < count {
            guard pc.now < limit, pc.run(until: pc.now + pc.slotsPerSecond / 100) == .sliceEnd else { return nil }
        }
        guard pc.run(until: pc.now + pc.slotsPerSecond / 20) == .sliceEnd else { return nil }
        return listener.names[count - 1]
    }

    private static func pressSpace(_ pc: PC) {
        for key in Key.chord(named: "spc") ?? [] { pc.press(key) }
        _ = pc.run(until: pc.now + pc.slotsPerSecond / 25)
        for key in Key.chord(named: "spc") ?? [] { pc.release(key) }
        _ = pc.run(until: pc.now + pc.slotsPerSecond / 25)
    }

    /// FNV-1a of 64 bits over width, height and the colours; compare.py has it too.
    private static func checksum(_ frame: FrameBuffer) -> String {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt32) { value = (value ^ UInt64(byte & 0xFF)) &* 0x100_0000_01B3 }
        for size in [UInt32(frame.width), UInt32(frame.height)] {
            for shift in stride(from: 0 as UInt32, to: 32, by: 8) { add(size >> shift) }
        }
        for pixel in frame.pixels {
            add(pixel >> 16)
            add(pixel >> 8)
            add(pixel)
        }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    @Test func picturesAreThoseThatWereCompared() throws {
        let expected = try String(contentsOf: Self.folder.appending(path: "expected.txt"), encoding: .utf8)
            .split(separator: "\n")
        #expect(expected.count > 70)
        let (pc, listener) = try Self.machine()
        for (number, line) in expected.enumerated() {
            let name = try #require(Self.wait(pc, listener, number + 1), "no picture after \(listener.names)")
            let frame = pc.frame()
            #expect("\(name) \(frame.width)x\(frame.height) \(Self.checksum(frame))" == line)
            Self.pressSpace(pc)
        }
    }

    /// The ROM writes colour 0 behind the display of each of the first 256 scan lines, which shows from the next line on.
    @Test func barsOnEveryScanLine() throws {
        let expected = try String(contentsOf: Self.folder.appending(path: "expected.txt"), encoding: .utf8)
            .split(separator: "\n")
        let (pc, listener) = try Self.machine()
        for number in 0..<expected.count {
            _ = try #require(Self.wait(pc, listener, number + 1))
            Self.pressSpace(pc)
        }
        #expect(Self.wait(pc, listener, expected.count + 1) == "raster")
        _ = pc.run(until: pc.now + pc.slotsPerSecond / 10)
        func wide(_ value: Int) -> UInt32 { UInt32(value << 2 | value >> 4) }
        let colours = (0..<256).map { wide($0 & 63) << 16 | wide($0 >> 2) << 8 }
        let frame = pc.frame()
        #expect(frame.width == 320 && frame.height == 400)
        for line in 0..<400 {
            // Above line 1, and below line 256, stands the last colour.
            let colour = line == 0 || line > 256 ? colours[255] : colours[line - 1]
            #expect(frame.pixels[line * 320] == colour && frame.pixels[line * 320 + 319] == colour, "line \(line)")
        }
    }
}
