import Foundation
import PCHost
import Testing

/// Single instructions against what real CPUs did.
@Suite struct VectorTests {
    @Test func theSampleIsThere() {
        #expect(Packs.sample.reduce(0) { $0 + $1.files.count } > 500)
    }

    @Test(arguments: Packs.sample) func sample(_ share: Share) throws {
        try check(share)
    }

    @Test(
        .enabled(if: !Packs.shared.isEmpty, "../shared/vectors is not there: only the sample was run"),
        arguments: Packs.shared)
    func everyVector(_ share: Share) throws {
        try check(share)
    }

    /// The list of exceptions names nothing that is not there.
    @Test(.enabled(if: !Packs.shared.isEmpty, "../shared/vectors is not there"))
    func knownFailuresAreOfKnownForms() {
        let forms = Packs.shared.flatMap { share in
            share.files.map {
                "\(share.pack) \((($0 as NSString).lastPathComponent as NSString).deletingPathExtension)"
            }
        }
        #expect(Set(Packs.knownFailures.keys).isSubset(of: forms))
    }

    /// By the hot handlers and in the plain form: what fails is what is known to fail, no more and no less.
    private func check(_ share: Share) throws {
        var runners: [Bool: VectorRunner] = [:]
        for path in share.files {
            let file = try VectorFile(contentsOf: path)
            let form = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
            #expect(!file.vectors.isEmpty, "\(form)")
            for usesTraces in [true, false] {
                let runner =
                    runners[usesTraces]
                    ?? VectorRunner(file.processor, model: file.processor.model, usesTraces: usesTraces)
                runners[usesTraces] = runner
                var failed: Set<UInt32> = []
                let report = VectorReport(form: form, file, on: runner) { vector, _ in failed.insert(vector.index) }
                #expect(report.passed + report.failed == file.vectors.count)
                let known = Packs.knownFailures["\(share.pack) \(form)"] ?? []
                #expect(
                    failed == known,
                    "\(usesTraces ? "by handlers" : "plain"): \(report.line ?? "what is listed as failing passes")")
            }
        }
    }
}
