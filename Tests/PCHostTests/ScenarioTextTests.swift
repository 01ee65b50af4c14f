import PCCore
import Testing

@testable import PCHost

@Suite struct ScenarioTextTests {
    private func words(_ line: String) throws -> [String]? { try ScenarioLine(line, number: 1)?.words }

    @Test func wordsAndQuotations() throws {
        #expect(try words("  key ret\tesc ") == ["key", "ret", "esc"])
        #expect(try words("") == nil)
        #expect(try words("  # a comment \"") == nil)
        #expect(try words(#"type "a b\n\t\e\b\\\"\x41""#) == ["type", "a b\n\t\u{1B}\u{8}\\\"A"])
        // A backslash before anything else stands for itself.
        #expect(try words(#"wait-text "A:\>""#) == ["wait-text", "A:\\>"])
        for bad in [#"x "\x4""#, #"x "\xZZ""#, #"x "\x+1""#, #"x "\x"#, #"x "\x1"#] {
            #expect(throws: BadInput.self, "\(bad)") { try words(bad) }
        }
        #expect(try words(#"x "\\xZZ\x00\xfF1""#) == ["x", "\\xZZ\0\u{FF}1"])
        #expect(try words(#"golden-text n from="A:\>dir" first"#) == ["golden-text", "n", "from=A:\\>dir", "first"])
        #expect(try words(#"type """#) == ["type", ""])
        #expect(throws: BadInput("a quotation does not end")) { try words(#"type "abc"#) }
        #expect(throws: BadInput.self) { try words(#"type "abc\""#) }
    }

    @Test func patterns() throws {
        let screen = ["one two", "A:\\>", ""]
        #expect(try TextPattern("two\nA:").isThere(in: screen))
        #expect(try !TextPattern("three").isThere(in: screen))
        #expect(try TextPattern("re:^A:.>$").isThere(in: screen))
        #expect(try !TextPattern("re:^two").isThere(in: screen))
        #expect(throws: BadInput.self) { try TextPattern("re:(") }
        #expect(throws: BadInput.self) { try TextPattern("") }
    }

    @Test func goldenTextStandsAtAnyHeight() throws {
        let golden = try GoldenText("A:\\>dir\n {{[0-9]+}} bytes (free) \n\n")
        #expect(golden.isThere(in: ["x", "A:\\>dir  ", " 123 bytes (free)", "y"]))
        #expect(golden.isThere(in: ["A:\\>dir", " 1 bytes (free)   "]))
        #expect(!golden.isThere(in: ["A:\\>dir", "x", " 123 bytes (free)"]))
        #expect(!golden.isThere(in: ["A:\\>dir", " 12x bytes (free)"]))
        #expect(!golden.isThere(in: ["A:\\>dir"]))
        #expect(throws: BadInput.self) { try GoldenText("\n") }
        #expect(throws: BadInput.self) { try GoldenText("{{(}}") }
    }

    @Test func goldenTextIsMade() throws {
        let screen = ["", "A:\\>", "A:\\>dir", "at 12:34", "", ""]
        let mask = try (TextExpression("[0-9]+:[0-9]+"), "{{.*}}")
        #expect(GoldenText.made(of: screen, from: nil, first: false, masks: [mask]) == "A:\\>\nA:\\>dir\nat {{.*}}\n")
        #expect(GoldenText.made(of: screen, from: "A:\\>", first: false, masks: []) == "A:\\>dir\nat 12:34\n")
        #expect(GoldenText.made(of: screen, from: "A:\\>", first: true, masks: []) == "A:\\>\nA:\\>dir\nat 12:34\n")
    }

    @Test func picturesAreCompared() {
        var golden = FrameBuffer(width: 4, height: 4)
        golden.pixels[5] = 0x102030
        var picture = golden
        #expect(PictureComparison.difference(picture, golden, slack: 0) == 0)
        picture.pixels[5] = 0x10203C
        #expect(PictureComparison.difference(picture, golden, slack: 12) == 0)
        #expect(PictureComparison.difference(picture, golden, slack: 11) == 62_500_000)
        let box = PictureComparison.Box(x: 0, y: 2, width: 4, height: 2)
        #expect(PictureComparison.difference(picture, golden, slack: 0, box: box) == 0)
        let outside = PictureComparison.Box(x: 9, y: 0, width: 4, height: 2)
        #expect(PictureComparison.difference(picture, golden, slack: 0, box: outside) == nil)
        // Half the size each way is enlarged; other sizes do not fit.
        let small = FrameBuffer(width: 2, height: 2)
        #expect(PictureComparison.difference(small, golden, slack: 0) == 62_500_000)
        #expect(PictureComparison.difference(FrameBuffer(width: 3, height: 4), golden, slack: 0) == nil)
        #expect(PictureComparison.difference(FrameBuffer(), golden, slack: 0) == nil)
        #expect(PictureComparison.colours(golden) == 2)
    }

    @Test func picturesAreReadBack() throws {
        let folder = try TemporaryFolder()
        var frame = FrameBuffer(width: 3, height: 2)
        frame.pixels = [0, 0xFF0000, 0x00FF00, 0x0000FF, 0x123456, 0xFFFFFF]
        let path = try folder.file("a.png", Picture.png(frame))
        #expect(try Picture.read(path) == frame)
        #expect(throws: BadInput.self) { try Picture.read(folder.file("b.png", [1, 2, 3])) }
        let cut = try folder.file("c.png", Array(Picture.png(frame).dropLast(20)))
        #expect(throws: BadInput.self) { try Picture.read(cut) }
    }
}

@Suite struct ScenarioFileTests {
    private func message(_ text: String) -> String? {
        do {
            _ = try Scenario(text, path: "dir/x.scn")
            return nil
        } catch {
            return error.message
        }
    }

    @Test func machineLinesComeFirst() throws {
        let scenario = try Scenario(
            """
            # a comment
            title  A "good" day
            cpu 386
            ram 2M
            needs nothing much
            qemu-vga std
            boot floppy
            key ret
            type "dir\\n"
            """, path: "dir/x.scn")
        #expect(scenario.name == "x")
        #expect(scenario.folder == "dir/")
        #expect(scenario.title == "A good day")
        #expect(scenario.machine.plan.memory == 2 << 20)
        // `cpu` is the least that will do.
        #expect(scenario.machine.plan.cpu == .pentiumII)
        #expect(scenario.steps.map(\.line) == [8, 9])
        #expect(scenario.steps.map(\.text) == ["key ret", #"type "dir\n""#])
        #expect(message("key ret\nram 1M") == "dir/x.scn:2: ram: no such step")
    }

    @Test func mistakesAreToldWithTheirLine() {
        #expect(message("\nwait-txt x") == "dir/x.scn:2: wait-txt: no such step")
        #expect(message("key") == "dir/x.scn:1: key: needs a key")
        #expect(message("key nokey") == "dir/x.scn:1: key: nokey: no such key")
        #expect(message("type ä") == "dir/x.scn:1: type: the keyboard has no key for \"ä\"")
        #expect(message("sleep soon") == "dir/x.scn:1: sleep: soon must be a time such as 500ms, 20s or 2m")
        #expect(message("sleep 1s 2s") == "dir/x.scn:1: sleep: 2s is one word too many")
        #expect(
            message("wait-text \"re:(\"") == "dir/x.scn:1: wait-text: (: is no regular expression: a group does not end"
        )
        #expect(message("wait-graphics 10x") == "dir/x.scn:1: wait-graphics: 10x must be a size such as 320x200")
        #expect(message("golden-screen a slack=300") == "dir/x.scn:1: golden-screen: slack=300 must be from 0 to 255")
        #expect(message("golden-screen a differ=101%") != nil)
        #expect(message("golden-screen a differ=0.25% slack=3 box=0,0,1,1 within=2s") == nil)
        #expect(message("mask ( x") == "dir/x.scn:1: (: is no regular expression: a group does not end")
        #expect(message("ram 1X") == "dir/x.scn:1: ram 1X: must be a size such as 640K or 16M")
        #expect(message("cpu z80") != nil)
        #expect(message("insert c x") == "dir/x.scn:1: insert: c must be a, b or cd")
        #expect(message("expect-memory 0:0 1") != nil)
        #expect(message("expect-register xyz 1") == "dir/x.scn:1: expect-register: xyz: no such register")
        #expect(
            message("expect-register ax 0x10000")
                == "dir/x.scn:1: expect-register: 0x10000 has more than the 16 bits of ax")
        #expect(message("expect-register ax 0xFFFF") == nil && message("expect-register ax -1") == nil)
        #expect(message("expect-register eax 0xFFFFFFFF") == nil && message("expect-register al -129") != nil)
        #expect(message("wait-text \"re:\"") == "dir/x.scn:1: wait-text: the expression behind re: is empty")
        #expect(message("type \"x") == "dir/x.scn:1: a quotation does not end")
        #expect(
            message("key ret\ntype \"\\xZZ\"")
                == "dir/x.scn:2: \\xZZ: \\x needs two hexadecimal digits; write \\\\x for a backslash and an x")
        #expect(message("hash zz") == "dir/x.scn:1: hash: zz must be hexadecimal digits, at most 64")
        #expect(message("hash " + String(repeating: "a", count: 65)) != nil)
        #expect(message("hash " + String(repeating: "A", count: 64)) == nil)
        for name in ["../x", "a/../../x", "/etc/x", "..", "\"\""] {
            #expect(message("golden-text \(name)")?.contains("must be a name in the folder golden") == true, "\(name)")
            #expect(
                message("golden-screen \(name)")?.contains("must be a name in the folder golden") == true, "\(name)")
        }
        #expect(message("golden-text a..b") == nil && message("golden-screen sub/x") == nil)
    }

    /// What was to come before has to stand before.
    @Test func whatIsGoneBackToComesBefore() {
        #expect(message("load a") == "dir/x.scn:1: load a: no step save a comes before")
        #expect(message("save a\nload b") == "dir/x.scn:2: load b: no step save b comes before")
        #expect(message("load a\nsave a") == "dir/x.scn:1: load a: no step save a comes before")
        #expect(message("save a\nsave b\nload a\nload b") == nil)
        #expect(message("expect-moved m") == "dir/x.scn:1: expect-moved m: no step mark-screen m comes before")
        #expect(message("mark-screen m\nexpect-moved m 1s") == nil)
    }
}
