import Foundation
import PCHost
import Testing

@testable import PCCore

/// The test ROMs of the tree: floppies that check the machine from within.
@Suite struct TestROMTests {
    /// By the hot handlers, and everything in its plain form.
    @Test(arguments: TestROM.all, [true, false]) func passes(_ rom: TestROM, usesTraces: Bool) throws {
        let host = DebugListener()
        var configuration = PCConfiguration()
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.floppies = [MemoryDisk(Array(try Data(contentsOf: rom.image))), nil]
        configuration.debugExit = true
        configuration.noReboot = true
        let pc = PC(configuration, allocator: .mapped)
        pc.cpu.s.pointee.isPlainOnly = !usesTraces
        pc.host = host
        let reason = pc.run(until: 60 * pc.slotsPerSecond)
        let expected = try String(contentsOf: rom.expected, encoding: .utf8)
        #expect(reason == .debugExit(0))
        #expect(host.text == expected, "\(Self.difference(host.text, expected))")
    }

    @Test func someAreThere() {
        #expect(!TestROM.all.isEmpty, "\(TestROM.folder.path) holds no NAME.img with an expected/NAME.txt")
    }

    /// The first line that differs.
    private static func difference(_ text: String, _ expected: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let wanted = expected.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in wanted.enumerated() where number >= lines.count || lines[number] != line {
            return "line \(number + 1) is \(number < lines.count ? lines[number] : "missing"), expected \(line)"
        }
        return "\(lines.count - wanted.count) more lines than expected"
    }
}

/// A floppy of TestROMs/ and what it prints to port E9h on a right machine.
struct TestROM: CustomTestStringConvertible {
    let name: String

    static let folder = Surroundings.root.appending(path: "TestROMs")
    static let all: [TestROM] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".img") }.sorted().map { TestROM(name: String($0.dropLast(4))) }
            .filter { FileManager.default.fileExists(atPath: $0.expected.path) }
    }()

    var image: URL { Self.folder.appending(path: "\(name).img") }
    var expected: URL { Self.folder.appending(path: "expected/\(name).txt") }
    var testDescription: String { name }
}

/// Keeps what the guest writes to port E9h.
private final class DebugListener: PCCore.Host {
    private var bytes: [UInt8] = []

    func debugConsole(_ byte: UInt8) {
        if bytes.count < 1 << 20 { bytes.append(byte) }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
