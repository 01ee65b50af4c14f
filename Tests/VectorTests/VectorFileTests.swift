import Foundation
import PCHost
import Testing

/// Reading `.sst` files, and that a vector can fail.
@Suite struct VectorFileTests {
    private static let form = "F6.6_DIV_rm_8"
    private let bytes: [UInt8]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Sample/\(Self.form).sst")
        bytes = Array(try Data(contentsOf: file))
    }

    private func open(_ bytes: [UInt8]) throws -> VectorFile {
        let path = FileManager.default.temporaryDirectory.appending(path: "swift86-\(UUID().uuidString).sst")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(bytes).write(to: path)
        return try VectorFile(contentsOf: path.path)
    }

    @Test func readsWhatIsThere() throws {
        let file = try open(bytes)
        #expect(file.processor == .ia32)
        #expect(file.form == Self.form)
        #expect(file.vectors.count == 6)
        #expect(file.vectors.contains { $0.exception?.vector == 0 })
    }

    @Test func refusesWhatIsNoVectorFile() throws {
        #expect(throws: VectorError.self) { try open([]) }
        #expect(throws: VectorError.self) { try open(Array("SST2".utf8) + bytes[4...]) }
        #expect(throws: VectorError.self) { try open(bytes.dropLast(40)) }
        #expect(throws: VectorError.self) { try VectorFile(contentsOf: "/nowhere.sst") }
    }

    /// A mask of registers beyond the ten of IA-32 would lead out of every table.
    @Test func refusesRegistersThatAreNotThere() throws {
        let mask = try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0x03 })
        var damaged = bytes
        damaged[mask + 1] = 0x07
        // One register more moves what follows by four bytes.
        #expect(throws: VectorError.self) { try open(damaged) }
    }

    @Test(arguments: [true, false]) func tellsWhatDiffers(usesTraces: Bool) throws {
        let file = try open(bytes)
        let runner = VectorRunner(.ia32, model: .pentiumII, usesTraces: usesTraces)
        var changes = 0
        for vector in file.vectors {
            #expect(runner.run(vector, endsWithHalt: false) == nil)
            var wrong = vector
            wrong.final[6] = ~(vector.final[6] ?? vector.initial[6] ?? 0)
            #expect(runner.run(wrong, endsWithHalt: false)?.contains("esi") == true)
            wrong = vector
            wrong.exception = vector.exception == nil ? (6, 0) : nil
            #expect(runner.run(wrong, endsWithHalt: false)?.contains("raised") == true)
            guard let run = vector.initialMemory.first, let byte = run.bytes.first else { continue }
            wrong = vector
            wrong.finalMemory = [(run.address, [~byte])]
            #expect(runner.run(wrong, endsWithHalt: false)?.contains("memory") == true)
            changes += 1
        }
        #expect(changes > 0)
    }
}
