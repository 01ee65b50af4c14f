import PCCore
import Testing

@testable import PCHost

/// Registers, symbols and memory that stand still.
private struct FakeScope: DebugScope {
    var registers: [String: Int64] = [
        "ax": 5, "bx": 0x10, "ds": 0x1234, "es": 0x40, "si": 0x20, "if": 1,
    ]
    var figures: [String: Int64] = ["count": 1 << 40, "pc": 0x7C00, "start": 1]
    var memory: [UInt32: UInt8] = [0x12350: 0x34, 0x12351: 0x12, 0x12352: 0x78, 0x12353: 0x56]
    var width = 2

    func value(ofRegister name: String) -> Int64? { registers[name.lowercased()] }
    func value(ofFigure name: String) -> Int64? { figures[name.lowercased()] }
    func address(ofSymbol name: String) -> UInt32? { ["start": 0x7C00, "face": 0x999][name] }
    // A register's base is its own, not what its selector says: here the one of unreal mode.
    func base(ofSegmentRegister name: String) -> UInt32? { name == "ds" ? 0x12340 : name == "es" ? 0 : nil }
    func base(ofSelector selector: UInt16) -> UInt32? { selector == 0xBAD ? nil : UInt32(selector) << 4 }
    func read(_ linear: UInt32, count: Int) -> [UInt8?] { (0..<count).map { memory[linear &+ UInt32($0)] } }
}

@Suite struct DebuggerExpressionTests {
    private func value(_ text: String) throws -> DebugValue { try DebugExpression(text).value(in: FakeScope()) }
    private func number(_ text: String) throws -> Int64 { try value(text).number }

    @Test(
        arguments: [
            ("4096", 4096), ("0x1000", 0x1000), ("1000h", 0x1000), ("0FFh", 0xFF), ("'A'", 65), ("-1", -1), ("~0", -1),
            ("!5", 0), ("!0", 1), ("2+3*4", 14), ("(2+3)*4", 20), ("10-3-2", 5), ("7/2", 3), ("7%4", 3), ("-7/2", -3),
            ("1<<4|1", 17), ("0xF0&0x3C", 0x30), ("6^3", 5), ("1<<64", 0), ("ax", 5), ("AX+1", 6), ("start", 0x7C00),
            ("@face", 0x999), ("pc==start", 1), ("ax&4==4", 1), ("1||1/0", 1), ("0&&1/0", 0), ("ax>4&&bx<0x11", 1),
            ("ax!=5||bx==16", 1), ("count", 1 << 40), ("3>=3", 1), ("3<=2", 0), ("1 + 2", 3),
            ("0x8000000000000000/-1", Int64.min), ("0x7FFFFFFFFFFFFFFF+1", Int64.min),
        ] as [(String, Int64)])
    func numbers(text: String, expected: Int64) throws {
        #expect(try number(text) == expected)
    }

    @Test func besideAColonDigitsAreHexadecimal() throws {
        #expect(try value("1000:20") == DebugValue(0x10020, far: FarAddress(0x1000, 0x20)))
        #expect(try value("F000:FFF0") == DebugValue(0xFFFF0, far: FarAddress(0xF000, 0xFFF0)))
        #expect(try value("0:7C00+16").far == FarAddress(0, 0x7C10))
        #expect(try value("0:AF").far == FarAddress(0, 0xAF))
        #expect(try value("40:(10)").far == FarAddress(0x40, 10))
    }

    @Test func aSegmentRegisterHasItsOwnBase() throws {
        #expect(try value("ds:bx") == DebugValue(0x12350, far: FarAddress(0x1234, 0x10)))
        #expect(try value("es:si+2") == DebugValue(0x22, far: FarAddress(0x40, 0x22)))
    }

    @Test func memoryIsRead() throws {
        #expect(try number("[byte ds:bx]") == 0x34)
        #expect(try number("[word ds:bx]") == 0x1234)
        #expect(try number("[dword ds:0x10]") == 0x5678_1234)
        #expect(try number("[ds:bx]") == 0x1234)
        #expect(try number("[ds:bx]+1 == 0x1235") == 1)
        #expect(try number("ax == 5 && [word ds:0x10] > 3") == 1)
    }

    @Test(arguments: [
        "", "1+", "(1", "[1", "1)", "ax bx", "7C00", "0x", "h", "12G", "nowhere", "@", "@nowhere", "'A", "''", "1/0",
        "1%0",
        "[byte 0]", "0BAD:0", "1 = 1", "?", "$", "0x10000000000000000", String(repeating: "(", count: 100_000),
        String(repeating: "-", count: 100_000) + "1", String(repeating: "1:", count: 100_000),
    ])
    func whatMakesNoSenseIsRefused(text: String) {
        let error = #expect(throws: BadInput.self) { try value(text) }
        #expect(error?.message.contains("\n") == false)
    }

    @Test func hexadecimalWithoutAMarkIsExplained() {
        let error = #expect(throws: BadInput.self) { try value("7C00") }
        #expect(error?.message == "7C00: a hexadecimal number is written 0x7C00 or 7C00h")
    }

    @Test func longRowsAreNoDanger() throws {
        #expect(try number(String(repeating: "1+", count: 990) + "1") == 991)
    }

    @Test func theLongestExpressionIsTaken() throws {
        var text = CommandText("ds:bx 10 if ax == 5")
        #expect(try text.takeExpression().text == "ds:bx")
        #expect(try text.takeExpression().text == "10")
        #expect(text.take("if"))
        #expect(try text.takeExpression().text == "ax == 5")
        #expect(text.isAtEnd)
    }

    @Test func anyTextIsTakenOrRefused() {
        var random = Lehmer(seed: 7)
        let pieces = [
            "ax", "ds", ":", "(", ")", "[", "]", "+", "-", "*", "/", "%", "<<", ">>", "<", "==", "&&", "||", "~", "!",
            "0x", "12", "FFh", "'", "@", "word ", "byte", " ", "\u{0}", "é", "9999999999999999999", ",", "if", ".", "$",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int(random.next() % 12)).map { _ in pieces[Int(random.next() % UInt32(pieces.count))] }
                .joined()
            _ = try? value(text)
        }
    }
}

/// A small generator that gives the same numbers everywhere.
struct Lehmer {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt32 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt32(truncatingIfNeeded: state >> 33)
    }
}
