import Foundation
import Testing

/// `swift86 vectors` on the vectors of the tree.
@Suite struct VectorsCommandTests {
    private let sample = Surroundings.root.appending(path: "Tests/VectorTests/Sample").path

    @Test func allOfTheSamplePasses() throws {
        let outcome = try Tool.run(["vectors", sample])
        #expect(outcome.status == 0)
        #expect(outcome.output.hasSuffix(" passed, 0 failed\n"))
        #expect(outcome.output.split(separator: "\n").count == 1)
    }

    /// The 386 has no BSWAP, and knows it.
    @Test func aFormThatFailsHasALine() throws {
        let outcome = try Tool.run(["vectors", "--cpu", "386", "--filter", "BSWAP|^00_", sample])
        #expect(outcome.status == 1)
        #expect(outcome.output.hasPrefix("0FC8_BSWAP_32: 5 of 5 failed; "))
        #expect(outcome.output.hasSuffix("\n5 passed, 5 failed\n"), "\(outcome.output)")
        #expect(try Tool.run(["vectors", "--plain", "--filter", "BSWAP", sample]).output == "5 passed, 0 failed\n")
    }

    @Test func badInputIsTold() throws {
        let folder = try Folder()
        let text = try folder.file("a.sst", Array("no vectors".utf8))
        let inputs = [
            ["/nowhere"], [text], [sample, "--cpu", "987"], [sample, "--filter", "("],
            [sample, "--filter", "no such form"],
        ]
        for arguments in inputs {
            let outcome = try Tool.run(["vectors"] + arguments)
            #expect(outcome.status == 2)
            #expect(outcome.errorLines.count == 1 && outcome.errors.hasPrefix("swift86: "), "\(outcome.errors)")
        }
    }
}
