import Foundation
import PCCore
import Testing

/// The disassembler against Capstone 4.0.2: same text and same length, but for what `CapstoneDifference` lists.
///
/// With `SWIFT86_CAPSTONE=full` in the environment the generated instructions are all, not a sample; that takes minutes.
@Suite(.enabled(if: Capstone.isInstalled, "libcapstone.so.4 is not installed"))
struct CapstoneTests {
    @Test(
        .enabled(if: Packs.folder != nil, "../shared/vectors is not there"),
        arguments: [("8086", 16, CPUModel.i8086), ("80286", 16, .i80286)]
            + ["ia32", "x87", "mmx"].map { ($0, 32, .pentiumII) })
    func everyInstructionOfTheVectors(pack: String, bits: Int, model: CPUModel) throws {
        var comparison = try CapstoneComparison()
        var seen: Set<[UInt8]> = []
        for share in Share.all(of: pack, in: try #require(Packs.folder).appending(path: pack)) {
            for file in share.files {
                for bytes in try Self.instructions(inFile: file) where seen.insert(bytes).inserted {
                    comparison.compare(MachineCode(bits: bits, model: model, bytes: bytes))
                }
            }
        }
        #expect(comparison.failures == [])
        #expect(comparison.count > 1000)
    }

    /// Every opcode, ModRM and prefix; the rest is random. Each difference of the list has to show.
    @Test func generatedInstructions() throws {
        var comparison = try CapstoneComparison()
        for code in GeneratedCode(isFull: ProcessInfo.processInfo.environment["SWIFT86_CAPSTONE"] == "full") {
            comparison.compare(code)
        }
        #expect(comparison.failures == [])
        let listed = CapstoneDifference.forms + CapstoneDifference.spellings + [.overlong]
        #expect(Set(listed.map(\.name)).subtracting(comparison.met.keys) == [])
    }

    /// The code of each vector in a file (FORMAT.md beside the vectors), without the states around it.
    private static func instructions(inFile path: String) throws -> [[UInt8]] {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        func dword(_ i: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[i + $1]) << (8 * $1) } }
        var position = 16
        for _ in 0..<2 { position += 1 + Int(bytes[position]) }
        return (0..<dword(8)).map { _ in
            let name = position + 21
            let code = name + 1 + Int(bytes[name])
            defer { position += 4 + dword(position) }
            return Array(bytes[(code + 1)...].prefix(Int(bytes[code])))
        }
    }
}

/// Compares one instruction after the other and keeps count of the differences.
struct CapstoneComparison {
    private let capstone: Capstone
    private(set) var count = 0
    /// The listed differences that showed, by name.
    private(set) var met: [String: Int] = [:]
    /// What neither agrees nor is listed; the first of it.
    private(set) var failures: [String] = []

    init() throws {
        capstone = try #require(Capstone())
    }

    mutating func compare(_ code: MachineCode) {
        count += 1
        let disassembler = Disassembler(is32Bit: code.bits == 32, model: code.model)
        let own = disassembler.disassemble(code.bytes, at: code.address)
        let line = own.isValid ? AssemblyLine(length: own.length, text: own.text) : nil
        let peer = capstone.disassemble(code)
        if line == peer { return }
        let expectation = capstone.expectation(code)
        if let difference = expectation.difference, expectation.line == line {
            met[difference.name, default: 0] += 1
        } else if failures.count < 20 {
            let bytes = code.bytes.map { String($0, radix: 16) }.joined(separator: " ")
            failures.append("\(code.model) \(code.bits) \(bytes): \(own.text), Capstone: \(peer?.text ?? "nothing")")
        }
    }
}
