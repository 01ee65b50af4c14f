import Foundation
import PCHost
import Testing

/// Single instructions against what real CPUs did.
@Suite struct VectorTests {
    @Test func theSampleIsThere() {
        #expect(Packs.sample.reduce(0) { $0 + $1.files.count } > 700)
    }

    @Test(arguments: Packs.sample) func sample(_ share: Share) throws {
        try check(share)
    }

    @Test func theFoundCasesAreThere() {
        #expect(Packs.found.reduce(0) { $0 + $1.files.count } >= 6)
    }

    /// Cases that the fuzzer found: each failed before its fix.
    @Test(arguments: Packs.found) func found(_ share: Share) throws {
        try check(share)
    }

    @Test(
        .enabled(if: !Packs.shared.isEmpty, "../shared/vectors is not there: only the sample was run"),
        arguments: Packs.shared)
    func everyVector(_ share: Share) throws {
        try check(share)
    }

    /// The list of exceptions names vectors that are there, each once.
    @Test(.enabled(if: !Packs.shared.isEmpty, "../shared/vectors is not there"))
    func knownFailuresAreThere() throws {
        for known in KnownFailure.all {
            let path = try #require(Packs.shared.flatMap(\.files).first { $0.hasSuffix("80286/\(known.form).sst") })
            let file = try VectorFile(contentsOf: path)
            #expect(file.vectors.filter { KnownFailure.contains(file.processor, known.form, $0) }.count == 1)
            #expect(!known.reason.isEmpty)
        }
    }

    /// By the hot handlers and in the plain form: what fails is what is known to fail, no more and no less.
    private func check(_ share: Share) throws {
        var runners: [String: VectorRunner] = [:]
        for path in share.files {
            let file = try VectorFile(contentsOf: path)
            let form = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
            #expect(!file.vectors.isEmpty, "\(form)")
            for usesTraces in [true, false] {
                let kind = "\(file.processor) \(usesTraces)"
                let runner =
                    runners[kind]
                    ?? VectorRunner(file.processor, model: file.processor.model, usesTraces: usesTraces)
                runners[kind] = runner
                var failed: Set<UInt32> = []
                let report = VectorReport(form: form, file, on: runner) { vector, _ in failed.insert(vector.index) }
                #expect(report.passed + report.failed + report.known == file.vectors.count)
                let known = file.vectors.filter { KnownFailure.contains(file.processor, form, $0) }.map(\.index)
                #expect(
                    failed == Set(known),
                    "\(usesTraces ? "by handlers" : "plain"): \(report.line ?? "what is listed as failing passes")")
            }
        }
    }
}
