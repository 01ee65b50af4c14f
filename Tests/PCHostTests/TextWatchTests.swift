import Testing

@testable import PCHost

@Suite struct TextWatchTests {
    private func contains(_ text: String, _ wanted: String) -> Bool {
        TextWatch.contains(Array(text.utf8), Array(wanted.utf8))
    }

    @Test func findsTextAnywhere() {
        #expect(contains("A:\\>", "A:\\>"))
        #expect(contains("x\nA:\\>dir", "A:\\>"))
        #expect(contains("aab", "ab"))
        #expect(contains("║ x", "║"))
        #expect(!contains("A:\\", "A:\\>"))
        #expect(!contains("", "x"))
    }

    @Test func decimals() {
        #expect(MachineSession.decimal(1234, places: 3) == "1.234")
        #expect(MachineSession.decimal(7, places: 3) == "0.007")
        #expect(MachineSession.decimal(0, places: 1) == "0.0")
    }
}
