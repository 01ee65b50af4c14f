import Foundation
import PCHost
import Testing

@testable import PCCore

/// The test ROMs of the tree: floppies that check the machine from within.
@Suite struct TestROMTests {
    /// By the hot handlers, and everything in its plain form.
    @Test(arguments: TestROM.all, [true, false]) func passes(_ rom: TestROM, usesTraces: Bool) throws {
        let (reason, text) = try Self.run(rom, on: .pentiumII, usesTraces: usesTraces)
        let expected = try String(contentsOf: rom.expected, encoding: .utf8)
        #expect(reason == .debugExit(0))
        #expect(text == expected, "\(Self.difference(text, expected))")
    }

    /// An older model leaves out the checks of what it does not have, and passes all others.
    @Test(arguments: TestROM.all, [CPUModel.i80386, .i80486, .pentium])
    func passesOnOlderModels(_ rom: TestROM, model: CPUModel) throws {
        let (reason, text) = try Self.run(rom, on: model, usesTraces: true)
        #expect(reason == .debugExit(0))
        let lines = text.split(separator: "\n")
        let checks = lines.dropLast()
        #expect(lines.last == "\(rom.name): \(checks.count) passed, 0 failed")
        var expected = try String(contentsOf: rom.expected, encoding: .utf8).split(separator: "\n")[...]
        for line in checks {
            guard let found = expected.firstIndex(of: line) else {
                Issue.record("\(line) is not among the expected lines, or not in their order")
                return
            }
            expected = expected[(found + 1)...]
        }
    }

    private static func run(
        _ rom: TestROM, on model: CPUModel, usesTraces: Bool
    ) throws -> (reason: StopReason, text: String) {
        let host = DebugListener()
        var configuration = PCConfiguration()
        configuration.cpu = model
        configuration.bios = Firmware.bios
        configuration.vgaBIOS = Firmware.vgaBIOS
        configuration.floppies = [MemoryDisk(Array(try Data(contentsOf: rom.image))), nil]
        configuration.debugExit = true
        // One is about what ends in a reset; for all others that is a crash.
        configuration.noReboot = rom.name != "shutdown"
        let pc = PC(configuration, allocator: .mapped)
        pc.cpu.s.pointee.isPlainOnly = !usesTraces
        pc.host = host
        let reason = pc.run(until: 60 * pc.slotsPerSecond)
        return (reason, host.text)
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
final class DebugListener: PCCore.Host {
    private var bytes: [UInt8] = []

    func debugConsole(_ byte: UInt8) {
        if bytes.count < 1 << 20 { bytes.append(byte) }
    }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
