import Testing

@testable import PCCore

/// Which instruction exists on which model, for the whole opcode map: what is not there raises `#UD`, but on the 8086,
/// which knows no such thing.
///
/// The coprocessor's and MMX instructions have tests of their own.
@Suite struct OpcodeMapTests {
    /// Opcode, ModRM.reg, form of r/m (m memory, r register, * both), models that have it, in real mode. What is not
    /// listed is there on all. The 186 takes as invalid 0Fh, 63h-67h, F1h, FE /7 and FF /7 and nothing else
    /// [AP-186 "80186 differences"].
    static let oneByte = """
        0F      *    *  8086
        62      *    r  8086-186
        63      *    *  8086
        64-67   *    *  8086,386-
        8C      4-5  *  8086-186,386-
        8C      6-7  *  8086-186
        8D      *    r  8086-186
        8E      1    *  8086-186
        8E      4-5  *  8086-186,386-
        8E      6-7  *  8086-186
        8F      1-7  *  8086-186
        C4-C5   *    r  8086-186
        C6-C7   1-7  *  8086-186
        F1      *    *  8086,286-
        FE      2-6  *  8086-186
        FE      7    *  8086
        FF      3    r  8086-186
        FF      5    r  8086-186
        FF      7    *  8086
        """

    /// The same for the opcodes after 0Fh, which are there on none where they are not listed.
    static let twoByte = """
        01      0-3  m  286-
        01      4    *  286-
        01      6    *  286-
        01      7    m  486-
        05      *    *  286
        06      *    *  286-
        07      *    *  386
        08-09   *    *  486-
        0D      *    *  686
        18-1F   *    *  686
        20      0    *  386-
        20      2-3  *  386-
        20      4    *  586-
        21      *    *  386-
        22      0    *  386-
        22      2-3  *  386-
        22      4    *  586-
        23      *    *  386-
        24      3-5  *  486
        24      6-7  *  386-486
        26      3-5  *  486
        26      6-7  *  386-486
        30-33   *    *  586-
        34-35   *    *  686
        40-4F   *    *  686
        80-A1   *    *  386-
        A2      *    *  486-
        A3-A5   *    *  386-
        A8-A9   *    *  386-
        AB-AD   *    *  386-
        AF      *    *  386-
        B0-B1   *    *  486-
        B2      *    m  386-
        B3      *    *  386-
        B4-B5   *    m  386-
        B6-B7   *    *  386-
        BA      4-7  *  386-
        BB-BF   *    *  386-
        C0-C1   *    *  486-
        C7      1    m  586-
        C8-CF   *    *  486-
        """

    /// Models that have an instruction, by opcode * 16 + reg * 2 + (register form).
    private static func table(_ text: String, unlisted: [CPUModel]) -> [[CPUModel]] {
        var models = [[CPUModel]](repeating: unlisted, count: 256 * 16)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            let names = words[3].split(separator: ",").flatMap { CPUModel.named($0) }
            let opcodes = range(words[0], radix: 16) ?? 0...0
            for opcode in opcodes {
                for reg in range(words[1], radix: 10) ?? 0...7 {
                    for form in words[2] == "m" ? 0...0 : words[2] == "r" ? 1...1 : 0...1 {
                        models[opcode * 16 + reg * 2 + form] = names
                    }
                }
            }
        }
        return models
    }

    private static func range(_ text: Substring, radix: Int) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-").compactMap { Int($0, radix: radix) }
        return ends.isEmpty ? nil : ends[0]...(ends.last ?? ends[0])
    }

    /// Whether `code` and a ModRM byte of every form raise `#UD` where the table says so, and only there.
    private func check(_ bench: RealModeBench, _ code: [UInt8], _ expected: ArraySlice<[CPUModel]>) {
        let model = bench.cpu.s.pointee.model
        for (i, models) in expected.enumerated() {
            let modRM = UInt8(i & 1 == 0 ? 0x07 : 0xC0) | UInt8(i >> 1) << 3
            bench.start(code + [modRM, 0, 0, 0, 0])
            bench[.ebx] = 0x3000
            _ = bench.machine.takeCaught()
            bench.step()
            let isInvalid = bench.machine.takeCaught() == 6
            let bytes = (code + [modRM]).map { String($0, radix: 16) }.joined(separator: " ")
            #expect(isInvalid != models.contains { $0 == model }, "\(bytes) on \(model.rawValue)")
        }
    }

    @Test(arguments: RealModeBench.all) func oneByte(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces)
        bench.machine.catchesExceptions = true
        let table = Self.table(Self.oneByte, unlisted: CPUModel.allCases)
        for opcode in 0..<256 {
            // WAIT and ESC; LOCK; the way to the other half from the 286 on.
            if opcode == 0x9B || (0xD8...0xDF).contains(opcode) || opcode == 0xF0 { continue }
            if opcode == 0x0F, model >= .i80286 { continue }
            // A prefix has a NOP after it.
            let isPrefix = [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF1, 0xF2, 0xF3].contains(opcode)
            check(bench, [UInt8(opcode)] + (isPrefix ? [0x90] : []), table[opcode * 16..<opcode * 16 + 16])
        }
    }

    @Test(arguments: RealModeBench.all.filter { $0.0 >= .i80286 }) func twoByte(model: CPUModel, traces: Bool) {
        let bench = RealModeBench(model, traces: traces)
        bench.machine.catchesExceptions = true
        let table = Self.table(Self.twoByte, unlisted: [])
        for opcode in 0..<256 {
            // MMX, and FXSAVE.
            if (0x60...0x7F).contains(opcode) || (0xD0...0xFE).contains(opcode) || opcode == 0xAE { continue }
            check(bench, [0x0F, UInt8(opcode)], table[opcode * 16..<opcode * 16 + 16])
        }
    }

    /// ARPL, group 6, LAR and LSL exist in protected mode alone.
    @Test(arguments: [CPUModel.i80286, .i80386, .i80486, .pentium, .pentiumII])
    func protectedMode(model: CPUModel) {
        let m = ProtectedMachine(model)
        m.machine.catchesExceptions = true
        for code: [UInt8] in [
            [0x63, 0xC0], [0x0F, 0x00, 0xC0], [0x0F, 0x00, 0xC8], [0x0F, 0x00, 0xD0], [0x0F, 0x00, 0xD8],
            [0x0F, 0x00, 0xE0], [0x0F, 0x00, 0xE8], [0x0F, 0x00, 0xF0], [0x0F, 0x00, 0xF8], [0x0F, 0x02, 0xC0],
            [0x0F, 0x03, 0xC0],
        ] {
            m.enter(0)
            m.core.eax = 0
            for (i, byte) in code.enumerated() { m.put8(0x4002 + UInt32(i), byte) }
            m.machine.step()
            let isMissing = code[1] == 0 && code[2] >= 0xF0
            #expect((m.machine.takeCaught() == 6) == isMissing, "\(code)")
        }
    }

    /// MOV to and from control and debug registers takes any mod for a register [SDM 2B MOV].
    @Test(arguments: [CPUModel.i80386, .i80486, .pentium, .pentiumII], [0x00, 0x40, 0x80, 0xC0] as [UInt8])
    func everyModIsARegister(model: CPUModel, mod: UInt8) {
        let bench = RealModeBench(model, [0x0F, 0x23, mod | 0x03, 0x0F, 0x21, mod | 0x06])
        bench[.ebx] = 0x1234_5678
        bench.step(2)
        #expect(bench[.eip] == 0x106)
        #expect(bench[.esi] == 0x1234_5678)
    }
}
