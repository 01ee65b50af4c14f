import PCCore
import Testing

@testable import PCHost

/// Scenarios on machines that start boot sectors of ours.
@Suite struct ScenarioRunTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A floppy whose boot sector sets a video mode, shows "Hello", and echoes keys from then on.
    private func floppy(mode: UInt8, _ name: String = "a.img") throws {
        let code: [UInt8] = [
            0x31, 0xC0, 0x8E, 0xD8,  // xor ax, ax; mov ds, ax
            0xB8, mode, 0x00, 0xCD, 0x10,  // mov ax, mode; int 10h
            0xBE, 0x23, 0x7C,  // mov si, text
            0xAC, 0x84, 0xC0, 0x74, 0x09,  // again: lodsb; test al, al; jz keys
            0xB4, 0x0E, 0xBB, 0x07, 0x00, 0xCD, 0x10, 0xEB, 0xF2,  // mov ah, 0Eh; mov bx, 7; int 10h; jmp again
            0xB4, 0x00, 0xCD, 0x16, 0xB4, 0x0E, 0xCD, 0x10, 0xEB,  // keys: mov ah, 0; int 16h; mov ah, 0Eh; int 10h
        ]
        var image = [UInt8](repeating: 0, count: 1_474_560)
        let text = Array("Hello\r\n".utf8)
        image.replaceSubrange(0..<code.count, with: code)
        image[code.count] = 0xF6  // jmp keys
        image.replaceSubrange(0x24..<0x24 + text.count, with: text)
        image[10] = 0x24
        (image[510], image[511]) = (0x55, 0xAA)
        _ = try folder.file(name, image)
    }

    private func run(_ steps: String, _ settings: ScenarioSettings = .init()) throws -> ScenarioOutcome {
        let scenario = try Scenario("floppy a a.img\n" + steps, path: folder.path("t.scn"))
        return ScenarioRun.outcome(of: scenario, settings)
    }

    @Test func textComesAndKeysAreTyped() throws {
        try floppy(mode: 3)
        let outcome = try run(
            """
            wait-text Hello
            type "abc"
            expect-last-line abc
            expect-text "re:^abc$"
            expect-no-text xyz
            expect-memory 0040:0049 03
            expect-memory 0x449 03 50 00
            mouse-move 100 -50
            mouse-click right
            settle 500ms
            hash
            """)
        #expect(outcome.verdict == .passed)
        #expect(outcome.notes.count == 1)
        #expect(outcome.notes.first?.hasPrefix("hash ") == true)
        #expect(try run("wait-text Hello\nhash 00", .init()).verdict != .passed)
    }

    @Test func theSameInEveryRun() throws {
        try floppy(mode: 3)
        var settings = ScenarioSettings()
        settings.tellsSteps = true
        let steps = "wait-text Hello\ntype \"abc\"\nexpect-text abc\nsleep 123ms\nhash\nwait-text never 2s"
        let runs = try (0..<3).map { _ in try run(steps, settings).lines }
        #expect(runs[0] == runs[1] && runs[1] == runs[2])
        #expect(runs[0].contains { $0.contains("hash ") })
        #expect(
            runs[0].contains {
                $0.hasSuffix("line 7: wait-text never 2s: waited 2.000 s of guest time; the screen shows")
            })
    }

    @Test func failuresSayWhatIsSeen() throws {
        try floppy(mode: 3)
        guard case .failed(let line, let why) = try run("wait-text Hello\nexpect-text \"Good bye\" 1s").verdict else {
            Issue.record("it passes")
            return
        }
        #expect(line == 3)
        #expect(why.hasPrefix("expect-text \"Good bye\" 1s: waited 1.000 s of guest time; the screen shows\n"))
        #expect(why.contains("\nHello"))
        #expect(try run("expect-register cs 0x1234").verdict != .passed)
        #expect(try run("wait-text Hello\nexpect-memory 0:0x449 12").verdict != .passed)
    }

    /// A file that cannot be used says nothing about the machine.
    @Test func badInputIsNoFailure() throws {
        try floppy(mode: 3)
        let none = folder.path("none.img")
        let why = "insert b none.img: \(none): No such file or directory"
        #expect(try run("insert b none.img").verdict == .unusable("\(folder.path("t.scn")):2: \(why)"))
        for steps in ["insert cd a.img", "wait-text Hello\ngolden-text none", "golden-screen none"] {
            guard case .unusable(let why) = try run(steps).verdict else {
                Issue.record("\(steps) is a verdict about the machine")
                continue
            }
            #expect(why.hasPrefix(folder.path("t.scn:")))
        }
    }

    /// The disks that were in the drives are there again, for the hash too.
    @Test func aStateHasItsDisks() throws {
        try floppy(mode: 3)
        try floppy(mode: 1, "b.img")
        let outcome = try run("wait-text Hello\nsave s\nhash\ninsert b b.img\nhash\nload s\nhash")
        #expect(outcome.verdict == .passed && outcome.notes.count == 3)
        #expect(outcome.notes[0] != outcome.notes[1] && outcome.notes[0] == outcome.notes[2])
    }

    @Test func aStateIsGoneBackTo() throws {
        try floppy(mode: 3)
        let steps = "wait-text Hello\nsave s\ntype a\nexpect-last-line a\nload s\nexpect-last-line Hello\ntype b\n"
        #expect(try run(steps + "expect-last-line b\nload s\nload s\nexpect-last-line Hello").verdict == .passed)
    }

    @Test(arguments: [0x06, 0x0D, 0x10, 0x11, 0x12, 0x13] as [UInt8])
    func graphicsAreReadAsText(mode: UInt8) throws {
        try floppy(mode: mode)
        let outcome = try run(
            "wait-graphics\nwait-text Hello 5s\ntype \"{Gj7\"\nexpect-text \"{Gj7\"\nexpect-no-text Z")
        #expect(outcome.verdict == .passed)
    }

    @Test func goldensAreMadeAndCompared() throws {
        try floppy(mode: 0x13)
        let steps =
            "wait-graphics 320x200\nwait-text Hello\nwait-colours 2\ngolden-screen p\nmark-screen m\ntype x\nexpect-moved m"
        #expect(try run(steps).verdict != .passed)
        var bless = ScenarioSettings()
        bless.blesses = true
        bless.keepFolder = folder.path("kept/deep")
        #expect(try run(steps, bless).verdict == .passed)
        #expect(try run(steps).verdict == .passed)
        #expect(try folder.content("kept/deep/t.p.png").count > 100)
        try floppy(mode: 3)
        let text = "wait-text Hello\ngolden-text q from=Hello"
        #expect(try run(text, bless).verdict == .passed)
        #expect(try folder.content("golden/q.txt") == Array("Hello\n".utf8))
        #expect(try run(text).verdict == .passed)
        _ = try folder.file("golden/q.txt", Array("Help\n".utf8))
        #expect(try run(text).verdict != .passed)
    }

    @Test func theMachineIsResetAndTheFloppyChanged() throws {
        try floppy(mode: 3)
        try floppy(mode: 1, "b.img")
        let outcome = try run(
            "wait-text Hello\nexpect-memory 0x449 03\ninsert a b.img\nreset\nsleep 100ms\nwait-text Hello\nexpect-memory 0x449 01\neject a"
        )
        #expect(outcome.verdict == .passed)
        // The image is only read.
        #expect(try folder.content("a.img")[510] == 0x55)
    }

    @Test func batchesTellInOrder() throws {
        try floppy(mode: 3)
        for name in ["c", "a", "b"] {
            let steps = name == "a" ? "sleep 20s\nwait-text Hello" : "wait-text \(name == "b" ? "Never 1s" : "Hello")"
            _ = try folder.file("\(name).scn", Array("title T\nfloppy a a.img\n\(steps)\n".utf8))
        }
        let outcomes = try ScenarioBatch(paths: [folder.path("")]).run(jobs: 3)
        #expect(outcomes.map(\.name) == ["a", "b", "c"])
        #expect(outcomes.map { $0.verdict == .passed } == [true, false, true])
        let xml = JUnitReport.xml(outcomes)
        #expect(xml.contains("tests=\"3\" failures=\"1\" errors=\"0\""))
        #expect(
            xml.contains("<failure message=\"line 3: wait-text &quot;Never 1s&quot;")
                || xml.contains("<failure message=\"line 3: wait-text Never 1s"))
        #expect(throws: BadInput.self) { try ScenarioBatch(paths: [folder.path("none.scn")]) }
        _ = try folder.file("d.scn", Array("floppy a none.img\nwait-text x".utf8))
        let broken = try ScenarioBatch(paths: [folder.path("d.scn")]).run()
        guard case .unusable = broken[0].verdict else {
            Issue.record("it ran")
            return
        }
    }
}
