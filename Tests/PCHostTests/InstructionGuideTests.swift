import Foundation
import Testing

/// The guide shows the example as it is compiled and run.
@Suite struct InstructionGuideTests {
    @Test func theExampleOfTheGuideIsTheTest() throws {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
        let guide = try String(
            contentsOf: tests.appending(path: "../../Documentation/TestingInstructions.md"), encoding: .utf8)
        let example = try String(
            contentsOf: tests.appending(path: "InstructionExampleTests.swift"), encoding: .utf8)
        #expect(guide.contains("<!-- example -->\n```swift\n\(example)```\n<!-- end of example -->"))
    }
}
