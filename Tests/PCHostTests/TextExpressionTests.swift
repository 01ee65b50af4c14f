import Testing

@testable import PCHost

/// Regular expressions in scenarios, goldens and watches.
@Suite struct TextExpressionTests {
    /// What is found first, as text; nil where nothing is.
    private func found(_ source: String, _ text: String) throws -> String? {
        let scalars = Array(text.unicodeScalars)
        return try TextExpression(source).first(in: scalars).map { range in
            String(String.UnicodeScalarView(scalars[range]))
        }
    }

    @Test func partsOfAnExpression() throws {
        let cases: [(String, String, String?)] = [
            ("abc", "xabcx", "abc"), ("a.c", "a\nc abc", "abc"), ("", "x", ""), ("a|bc|", "bc", "bc"), ("x|", "b", ""),
            ("[a-c]+", "xxabcd", "abc"), ("[^a-c]+", "abxyc", "xy"), ("[]x]+", "a]x]", "]x]"), ("[^]]+", "]ab]", "ab"),
            ("[a-]+", "b-a-", "-a-"), ("[\\d\\-]+", "ab12-3c", "12-3"), ("[\\]a]+", "x]a", "]a"),
            ("\\d\\d:\\d+", "at 12:345", "12:345"), ("\\w+", "-a_1é█", "a_1é"), ("\\s+\\S", "ab \t c", " \t c"),
            ("\\D\\W", "1a-", "a-"), ("█ {2,}█", "█ █   █", "█   █"), ("ab{2}", "abbb", "abb"),
            ("ab{,1}c", "abc", "abc"),
            ("ab{0,2}", "abbb", "abb"), ("a{2,1", "a{2,1", "a{2,1"), ("a{x}", "a{x}", "a{x}"), ("a{,}", "a{,}", "a{,}"),
            ("a+?", "aaa", "a"), ("a??b", "aab", "ab"), ("a*?b", "aab", "aab"), ("a{1,3}?", "aaa", "a"),
            ("(a|ab)(c|bcd)", "abcd", "abcd"), ("(?:a|ab)*c", "aababc", "aababc"), ("(a*)*b", "aab", "aab"),
            ("(a|b*)+c", "abbac", "abbac"), ("^b$", "a\nb\nc", "b"), ("^a", "ba", nil), ("a$", "ab", nil),
            ("\\Ab", "a\nb", nil), ("a\\Z", "a\nb", nil), ("b\\z", "a\nb", "b"), ("\\bto\\b", "into to", "to"),
            ("\\Bto", "to into", "to"), ("\\x41\\u00e9", "Aé", "Aé"), ("\\.\\[\\(\\\\", ".[(\\", ".[(\\"),
            ("a\\tb\\n", "a\tb\n", "a\tb\n"), ("[\\n\\b]", "x\u{8}", "\u{8}"), ("a{0}b", "ab", "b"), ("}]", "}]", "}]"),
        ]
        for (source, text, expected) in cases {
            #expect(try found(source, text) == expected, "\(source) in \(text)")
        }
        #expect(try found("\\bto", "into to") == "to")
        #expect(try TextExpression("\\bto").first(in: Array("into to".unicodeScalars)) == 5..<7)
        #expect(try TextExpression("a|b").first(in: Array("bab".unicodeScalars), from: 1) == 1..<2)
    }

    @Test func theWhole() throws {
        #expect(try TextExpression("a|ab").isWhole("ab"))
        #expect(try TextExpression("a+?").isWhole("aaa"))
        #expect(try !TextExpression("b").isWhole("ab") && !TextExpression("a").isWhole("ab"))
        #expect(try TextExpression("").isWhole("") && !TextExpression("a").isWhole(""))
        #expect(try TextExpression("[0-9]+ x\\s*").isWhole("12 x   "))
    }

    @Test func replacing() throws {
        #expect(
            try TextExpression("[0-9]+:[0-9]+").replaced(in: "at 1:2, 03:04.", with: "{{.*}}") == "at {{.*}}, {{.*}}.")
        #expect(try TextExpression("x*").replaced(in: "axb", with: "-") == "-a--b-")
        #expect(try TextExpression("x").replaced(in: "ab", with: "-") == "ab")
        #expect(try TextExpression("x").replaced(in: "", with: "-") == "")
        #expect(try TextExpression("b$").replaced(in: "bb", with: "$1\\") == "b$1\\")
    }

    @Test func whatIsNoneIsNamed() {
        let reasons = [
            "(": "a group does not end", "a)": "a ) closes no group", "*a": "nothing stands before a repetition",
            "{2}": "nothing stands before a repetition", "a|*": "nothing stands before a repetition",
            "a**": "a repetition is repeated; put it into (?:)",
            "a{2}{3}": "a repetition is repeated; put it into (?:)",
            "a+*": "a repetition is repeated; put it into (?:)", "[a": "a [ does not end", "[]": "a [ does not end",
            "[[:alpha:]]": "[: :] is not known; use a-z", "[a[:digit:]]": "[: :] is not known; use a-z",
            "[b-a]": "a range in [] is none, or upside down", "[a-\\d]": "a range in [] is none, or upside down",
            "a\\": "nothing stands behind the last backslash", "\\p": "\\p is not known", "(a)\\1": "\\1 is not known",
            "(?=a)": "(?= is not known, only (?:", "(?i)a": "(?i is not known, only (?:",
            "^*": "a place cannot be repeated",
            "a{3,2}": "{3,2} is upside down", "a{1001}": "more than 1000 repetitions",
            "\\xg0": "a code needs 2 hexadecimal digits",
            "(?:(?:a{1000}){1000}){1000}": "it is too large", "(((){1000}){1000}){1000}": "it is too large",
        ]
        for (source, reason) in reasons {
            #expect(throws: BadInput("\(source): is no regular expression: \(reason)")) { try TextExpression(source) }
        }
        #expect(throws: BadInput.self) { try TextExpression(String(repeating: "(", count: 100_000)) }
        #expect(throws: BadInput.self) { try TextExpression("a{99999999999999999999}") }
    }

    /// Those that a matcher which tries one way after the other never comes to an end with.
    @Test func everyExpressionEnds() throws {
        let text = String(repeating: "a", count: 4000)
        for source in [
            "(a|a)*b", "(a+)+b", "(a*)*b", "((a|aa)+)+$b", "(a?){100}a{100}b", "(([a-z ]+)+)+#",
            "(.*)(.*)(.*)(.*)(.*)b",
        ] {
            let pattern = try TextPattern("re:" + source)
            #expect(!pattern.isThere(in: [text]), "\(source)")
            #expect(pattern.isThere(in: [text, text + "b#b"]) || source.contains("$"), "\(source)")
        }
        #expect(try !GoldenText("{{(a|a)*}}b").isThere(in: [text]))
    }

    /// Random expressions beside the library's matcher, which tries one way after the other: the same is found.
    @Test func theSameAsTheLibrary() throws {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        /// An expression that matches at least one character, so that repeating it is the same everywhere.
        func expression(_ depth: Int) -> String {
            switch depth == 0 ? random(3) : random(8) {
            case 0, 1: ["a", "b", ".", "[ab]", "[^a]"][random(5)]
            case 2: ["a", "b"][random(2)]
            case 3: "(?:" + expression(depth - 1) + "|" + expression(depth - 1) + ")"
            case 4: "(?:" + expression(depth - 1) + ")" + ["+", "+?", "{2}", "{1,2}", "{1,2}?"][random(5)]
            case 5: expression(depth - 1) + "(?:" + expression(depth - 1) + ")" + ["*", "*?", "?", "??"][random(4)]
            default: expression(depth - 1) + expression(depth - 1)
            }
        }
        for _ in 0..<1500 {
            let source = expression(3)
            let (ours, theirs) = (try TextExpression(source), try Regex(source))
            for _ in 0..<6 {
                let text = String((0..<random(9)).map { _ in "aab\n".randomElement(by: random(4)) })
                let range = ours.first(in: Array(text.unicodeScalars))
                let expected = text.firstMatch(of: theirs).map { match in
                    let start = text.distance(from: text.startIndex, to: match.range.lowerBound)
                    return start..<start + text[match.range].count
                }
                #expect(range == expected, "\(source) in \(text.debugDescription)")
                #expect(
                    ours.isWhole(text) == (text.wholeMatch(of: theirs) != nil), "\(source), \(text.debugDescription)")
            }
        }
    }
}

extension String {
    fileprivate func randomElement(by number: Int) -> Character { self[index(startIndex, offsetBy: number)] }
}
