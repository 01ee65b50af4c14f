import Foundation
import PCHost
import Testing

/// The guests of shared/guests, each through its whole scenario.
@Suite struct GalleryTests {
    private static let folder = Surroundings.shared?.appending(path: "guests").path

    @Test(.enabled(if: Surroundings.shared != nil, "needs ../shared/guests"))
    func everyGuestWorks() throws {
        let batch = try ScenarioBatch(paths: [#require(Self.folder)])
        #expect(batch.scenarios.count >= 26)
        for outcome in batch.run() {
            #expect(outcome.verdict == .passed, "\(outcome.lines.joined(separator: "\n"))")
        }
    }
}
