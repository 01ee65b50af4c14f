import Foundation
import Testing

@testable import Fuzzing

/// A short run of a fixed seed of what `make fuzz-devices` does at length, and the cases that it has found.
@Suite struct DeviceFuzzTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Whatever traffic does, nothing traps, and slices change nothing.
    @Test(arguments: 0..<6) func nothingTraps(part: Int) throws {
        var generator = TrafficGenerator(seed: 86)
        for number in part * 40..<(part + 1) * 40 {
            let traffic = generator.traffic(number)
            if number % 4 == 0 { try TrafficRun.check(traffic) } else { _ = TrafficRun.hash(traffic) }
        }
    }

    /// The same of a boot that was recorded, with faults in it.
    @Test func nothingTrapsInRecordedTraffic() throws {
        let recording = Recording.ofThisTree(Self.root.path)
        #expect(recording.count > 2000)
        #expect(recording.contains { if case .output(0x43, _, _) = $0 { true } else { false } })
        var generator = TrafficGenerator(seed: 5, recording: recording)
        for number in 0..<60 { _ = TrafficRun.hash(generator.traffic(number)) }
    }

    /// Each was found by the fuzzer and is mended.
    @Test func foundCasesPass() throws {
        let folder = Self.root.appending(path: "Tests/FuzzingTests/Found")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        for file in files where file.pathExtension == "traffic" {
            try TrafficRun.check(Traffic([UInt8](Data(contentsOf: file))) { TrafficMachine.places($0) })
        }
    }

    /// A file says all of a case.
    @Test func trafficReadsBackAsItWasWritten() {
        var generator = TrafficGenerator(seed: 3)
        for number in 0..<200 {
            let traffic = generator.traffic(number)
            #expect(Traffic(traffic.bytes) { _ in Traffic.Places() }.bytes == traffic.bytes)
        }
    }

    @Test func everyOperationReadsBack() {
        let operations: [DeviceOperation] = [
            .output(port: 0x1F0, .word, 0x1234), .output(port: 0xFFFF, .dword, 7), .input(port: 0x60, .byte),
            .outputs(port: 0x3F5, .byte, count: 700, seed: 9), .inputs(port: 0x170, .dword, count: 0xFFFF),
            .write(address: 0xA_0000, .dword, 0xDEAD_BEEF), .read(address: 0xFEE0_0000, .word),
            .sweep(address: 0xB_8000, .word, count: 80, stride: 2, seed: 1), .fill(address: 0x8000, [1, 2, 3]),
            .run(200, 9), .key(3, isDown: true), .key(3, isDown: false),
            .mouse(dx: -128, dy: 127, wheel: -1, buttons: 0xFF), .disk(drive: 2, kind: 1), .serial(port: 1, [65, 66]),
            .picture, .state, .reset,
        ]
        let traffic = Traffic(configuration: 0x1234, operations: operations)
        #expect(Traffic(traffic.bytes) { _ in Traffic.Places() } == traffic)
    }

    /// Any bytes are traffic, and a number in the place of a port means one that the board has.
    @Test func anyBytesAreTraffic() {
        var random = Random(seed: 1)
        for _ in 0..<100 {
            let bytes = (0..<random.below(300)).map { _ in random.byte() }
            let traffic = Traffic(bytes) { _ in Traffic.Places(ports: [0x70...0x71], memory: [0xA_0000...0xB_FFFF]) }
            #expect(traffic.operations.count <= bytes.count)
        }
        let numbered = Traffic([0, 0, 0x41, 5, 3]) { _ in Traffic.Places(ports: [0x70...0x71, 0x60...0x60]) }
        #expect(numbered.operations == [.input(port: 0x60, .byte)])
    }

    @Test func shrinkingKeepsWhatIsNeeded() {
        var operations = (0..<100).map { DeviceOperation.output(port: UInt16($0), .byte, 0) }
        operations[40] = .reset
        operations[77] = .picture
        let small = Traffic(configuration: 5, operations: operations).shrunk {
            $0.operations.contains(.reset) && $0.operations.contains(.picture)
        }
        #expect(small == Traffic(configuration: 0, operations: [.reset, .picture]))
    }

    /// The board's own devices and those behind PCI are where the generator looks.
    @Test func thePlacesAreThoseOfTheBoard() {
        let places = TrafficMachine.places(0)
        #expect(places.ports.contains(0x3F0...0x3F5) && places.ports.contains(0xCF8...0xCF8))
        #expect(places.memory.contains(0xA_0000...0xB_FFFF))
        // The bus master's BAR.
        #expect(places.ports.contains { $0.lowerBound == 0xC000 })
        #expect(!TrafficMachine.places(7).ports.contains(0xCF8...0xCF8))
    }
}
