import Testing

@testable import PCCore

/// Texts that the manuals give, and what holds for any bytes. Capstone's word is in `VectorTests/CapstoneTests`.
@Suite struct DisassemblerTests {
    private func text(_ hex: String, _ bits: Int, _ model: CPUModel = .pentiumII, at address: UInt32 = 0) -> String {
        let instruction = Disassembler(is32Bit: bits == 32, model: model).disassemble(Self.bytes(hex), at: address)
        return instruction.text
    }

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.filter { $0 != " " })
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
    }

    /// Lines that Capstone 4.0.2 gives in the same words (`cstool x16` and `x32` print them).
    @Test func sample() {
        var count = 0
        for line in DisassemblySample.lines.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            let bits = words[0] == "16" ? 16 : 32
            let instruction = Disassembler(is32Bit: bits == 32).disassemble(Self.bytes(words[1]), at: 0x1000)
            #expect(instruction.text == words[2])
            #expect(instruction.length == words[1].utf8.count / 2 && instruction.isValid)
            count += 1
        }
        #expect(count > 300)
    }

    // MARK: From the manuals

    /// The 8086 decodes fewer bits than later chips, and has instructions that they dropped.
    @Test(arguments: [
        ("6005", "jo 7"), ("6FFE", "jg 0"), ("C03412", "ret 0x1234"), ("C1", "ret"), ("C80200", "retf 2"),
        ("C9", "retf"), ("0F", "pop cs"), ("D0F0", "setmo al, 1"), ("D2363412", "setmoc byte ptr [0x1234], cl"),
        ("FFF8", "push ax"), ("8EC9", "mov cs, cx"), ("8CE0", "mov ax, es"), ("C6C805", "mov al, 5"),
        ("8FC8", "pop ax"), ("D6", "salc"), ("8DC1", "lea ax, cx"),
        ("F1A4", "lock movsb byte ptr es:[di], byte ptr [si]"),
        ("64FE", "je 0"), ("82C005", "add al, 5"), ("F6C807", "test al, 7"),
    ])
    func i8086(hex: String, expected: String) {
        #expect(text(hex, 16, .i8086) == expected)
    }

    /// Each instruction is there from one CPU on, or only on some.
    @Test(arguments: [
        ("60", [CPUModel.i80186], "pushaw"), ("0F", [.i80186], "db 0x0f"), ("63C1", [.i80186], "db 0x63"),
        ("63C1", [.i80286], "arpl cx, ax"), ("0F05", [.i80286], "loadall"), ("0F05", [.i80386, .pentiumII], "db 0x0f"),
        ("0F07", [.i80386], "loadall"), ("0F07", [.i80286, .i80486], "db 0x0f"), ("6490", [.i80286], "db 0x64"),
        ("8CE0", [.i80286], "db 0x8c"), ("8CE0", [.i80386], "mov ax, fs"), ("F1", [.i80386, .pentiumII], "int1"),
        ("F190", [.i80286], "nop"), ("0F24F0", [.i80386, .i80486], "mov eax, tr6"),
        ("0F26F9", [.i80386, .i80486], "mov tr7, ecx"), ("0F24F0", [.pentium, .pentiumII], "db 0x0f"),
        ("0FA2", [.i80386], "db 0x0f"), ("0FA2", [.i80486], "cpuid"), ("660FC8", [.i80386], "db 0x66"),
        ("660FC8", [.i80486], "bswap eax"), ("0FB1C8", [.i80386], "db 0x0f"), ("0FB1C8", [.i80486], "cmpxchg ax, cx"),
        ("0F31", [.i80486], "db 0x0f"), ("0F31", [.pentium], "rdtsc"), ("0FC70F", [.i80486], "db 0x0f"),
        ("0FC70F", [.pentium], "cmpxchg8b qword ptr [bx]"), ("0FFCC1", [.i80486], "db 0x0f"),
        ("0FFCC1", [.pentium], "paddb mm0, mm1"), ("0F44C1", [.pentium], "db 0x0f"),
        ("0F44C1", [.pentiumII], "cmove ax, cx"), ("0F34", [.pentium], "db 0x0f"), ("0F34", [.pentiumII], "sysenter"),
        ("0FAE07", [.pentiumII], "fxsave [bx]"), ("D9FE", [.i8086, .i80286], "db 0xd9"), ("D9FE", [.i80386], "fsin"),
        ("DBE4", [.i8086], "db 0xdb"), ("DBE4", [.i80286], "fsetpm"), ("DBF1", [.pentium], "db 0xdb"),
        ("DBF1", [.pentiumII], "fcomi st(1)"), ("C6C805", [.i80286, .pentiumII], "db 0xc6"),
        ("FFF8", [.i80286, .pentiumII], "db 0xff"), ("8DC1", [.i80286, .pentiumII], "db 0x8d"),
        ("D0F0", [.i80186, .pentiumII], "sal al, 1"),
    ])
    func cpus(hex: String, models: [CPUModel], expected: String) {
        for model in models { #expect(text(hex, 16, model) == expected, "\(model)") }
    }

    /// What came after the Pentium II is no instruction, and its prefixes change nothing.
    @Test(arguments: [
        ("0F28C1", "db 0x0f"), ("0F05", "db 0x0f"), ("0F3800C1", "db 0x0f"), ("C5F877", "db 0xc5"),
        ("0FD4C1", "db 0x0f"), ("DB08", "db 0xdb"), ("0FC7F0", "db 0x0f"), ("0F01F8", "db 0x0f"),
        ("660F6FC1", "movq mm0, mm1"), ("F30FBCC1", "bsf eax, ecx"), ("0F1FC1", "nop ecx"),
        ("660F1F4005", "nop word ptr [eax + 5]"), ("0F1800", "nop dword ptr [eax]"), ("0F0D08", "nop dword ptr [eax]"),
        ("0FB9C1", "ud1 eax, ecx"), ("0FFF08", "ud0 ecx, dword ptr [eax]"), ("0F0B", "ud2"), ("F390", "pause"),
        ("F2EBFE", "jmp 1"), ("F2F00000", "lock add byte ptr [eax], al"),
    ])
    func younger(hex: String, expected: String) {
        #expect(text(hex, 32) == expected)
    }

    /// LOCK is shown wherever it stands; the CPU raises #UD where it may not [SDM 2A LOCK].
    @Test(arguments: [
        ("F08BC1", "lock mov eax, ecx"), ("F001C6", "lock add esi, eax"), ("F090", "lock nop"),
        ("F0F3A4", "lock rep movsb byte ptr es:[edi], byte ptr [esi]"), ("F00FC70E", "lock cmpxchg8b qword ptr [esi]"),
    ])
    func lock(hex: String, expected: String) {
        #expect(text(hex, 32) == expected)
    }

    /// Names and operands where Capstone is wrong.
    @Test(arguments: [
        ("98", 16, "cbw"), ("98", 32, "cwde"), ("6698", 16, "cwde"), ("6698", 32, "cbw"), ("99", 16, "cwd"),
        ("99", 32, "cdq"), ("C8FFFF1F", 16, "enter 0xffff, 0x1f"), ("DD3F", 32, "fnstsw word ptr [edi]"),
        ("DD27", 32, "frstor [edi]"), ("DD37", 32, "fnsave [edi]"), ("DBE0", 16, "feni"), ("DBE1", 16, "fdisi"),
        ("F2A5", 32, "repne movsd dword ptr es:[edi], dword ptr [esi]"),
        ("66F3AB", 32, "rep stosw word ptr es:[edi], ax"), ("F390", 16, "pause"),
        ("678B06F0FF", 32, "mov eax, dword ptr [0xfff0]"), ("678B05F0FFFFFF", 16, "mov ax, word ptr [0xfffffff0]"),
    ])
    func spelling(hex: String, bits: Int, expected: String) {
        #expect(text(hex, bits) == expected)
    }

    /// A target is cut to 16 bits where the operand size is 16 [SDM 2A JMP].
    @Test(
        arguments: [
            ("EB7F", 16, 0xFFF0, "jmp 0x71"), ("66EB7F", 16, 0xFFF0, "jmp 0x10072"), ("EB80", 16, 0, "jmp 0xff82"),
            ("EB7F", 32, 0xFFF0, "jmp 0x10071"), ("66EB7F", 32, 0xFFF0, "jmp 0x72"), ("EB80", 32, 0, "jmp 0xffffff82"),
            ("E8FDFF", 16, 0x7C00, "call 0x7c00"), ("E900000080", 32, 0x8000_0000, "jmp 5"),
            ("660F84FCFF", 32, 0x1_0000, "je 1"), ("67E3FE", 16, 0x100, "jecxz 0x101"),
            ("67E3FE", 32, 0x100, "jcxz 0x101"),
        ] as [(String, Int, UInt32, String)])
    func jumps(hex: String, bits: Int, address: UInt32, expected: String) {
        #expect(text(hex, bits, at: address) == expected)
    }

    // MARK: Any bytes

    @Test func lengthLimits() {
        let prefixes = String(repeating: "2E", count: 14)
        #expect(text(prefixes + "90", 32) == "nop")
        #expect(text("2E" + prefixes + "90", 32) == "db 0x2e")
        #expect(text(String(repeating: "2E", count: 9) + "90", 16, .i80286) == "nop")
        #expect(text(String(repeating: "2E", count: 10) + "90", 16, .i80286) == "db 0x2e")
        let nothing = Disassembler(is32Bit: true).disassemble([], at: 0)
        #expect(nothing.length == 0 && !nothing.isValid)
    }

    /// Random bytes are an instruction of the length that the CPU's decoder gives, or one byte of data; cut short they
    /// are never one.
    @Test(arguments: CPUModel.allCases) func anyBytes(model: CPUModel) {
        var random = SystemRandomNumberGenerator()
        var valid = 0
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let is32Bit = model >= .i80386 && Bool.random(using: &random)
            let disassembler = Disassembler(is32Bit: is32Bit, model: model)
            let instruction = disassembler.disassemble(bytes, at: .random(in: 0 ... .max, using: &random))
            var decoder = Decoder(Bytes(bytes), model: model, code32: is32Bit)
            let length = (try? decoder.decode()).map { Int($0.length) }
            guard instruction.isValid else {
                #expect(instruction.bytes == [bytes[0]] && instruction.mnemonic == "db", "\(bytes)")
                continue
            }
            valid += 1
            #expect(
                instruction.length == length && instruction.bytes[...] == bytes.prefix(instruction.length), "\(bytes)")
            #expect(!instruction.text.isEmpty && !instruction.text.contains("  "), "\(bytes)")
            let short = disassembler.disassemble(bytes.prefix(instruction.length - 1), at: 0)
            #expect(!short.isValid, "\(bytes)")
        }
        #expect(valid > 8_000)
    }
}

private struct Bytes: CodeSource {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func next() throws(Fault) -> UInt8 {
        guard let byte = rest.popFirst() else { throw PageSource.leavesPage }
        return byte
    }
}
