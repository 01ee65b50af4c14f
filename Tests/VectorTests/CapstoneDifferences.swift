import PCCore

/// Where Swift86 and Capstone 4.0.2 differ, and why. What is not in this list has to be equal to the letter.
///
/// Each says what Swift86 gives by what Capstone says of a related instruction, so that nothing goes unchecked. The
/// first that applies counts; the related instruction may have a difference of its own.
struct CapstoneDifference: Sendable {
    let name: String
    let reason: String
    let applies: @Sendable (MachineCode) -> Bool
    /// What Swift86 says; nil for no instruction.
    let expected: @Sendable (MachineCode, Capstone) -> AssemblyLine?

    /// Forms that Capstone does not decode, or decodes as something else.
    static let forms: [CapstoneDifference] = [
        CapstoneDifference(
            name: "LOCK where it is #UD",
            reason: "Capstone refuses it, though older CPUs have it there; and drops it beside F2h and F3h",
            applies: { $0.has(0xF0) },
            expected: { $1.corrected($0.without(0xF0))?.after("lock ") }),
        CapstoneDifference(
            name: "60h-6Fh, C0h, C1h, C8h, C9h",
            reason: "70h-7Fh, C2h, C3h, CAh and CBh on the 8086, which decodes fewer bits",
            applies: {
                $0.model == .i8086 && (0x60...0x6F ~= $0.opcode || [0xC0, 0xC1, 0xC8, 0xC9].contains($0.opcode))
            },
            expected: { $1.corrected($0.with(opcode: $0.opcode | ($0.opcode < 0xC0 ? 0x10 : 2))) }),
        CapstoneDifference(
            name: "D0h-D3h /6", reason: "SETMO and SETMOC on the 8086",
            applies: { $0.model == .i8086 && 0xD0...0xD3 ~= $0.opcode && $0.reg == 6 },
            expected: { $1.disassemble($0)?.replacing("sal ", with: $0.opcode < 0xD2 ? "setmo " : "setmoc ") }),
        CapstoneDifference(
            name: "8Ch, 8Eh /4-/7", reason: "the 8086 and 186 look at two bits of the field",
            applies: { $0.model <= .i80186 && [0x8C, 0x8E].contains($0.opcode) && $0.reg > 3 },
            expected: { $1.disassemble($0.with(opcode: $0.opcode, reg: $0.reg & 3)) }),
        CapstoneDifference(
            name: "8Fh, C6h, C7h /1-/7", reason: "the 8086 and 186 do not look at the field",
            applies: { $0.model <= .i80186 && [0x8F, 0xC6, 0xC7].contains($0.opcode) && $0.reg > 0 },
            expected: { $1.disassemble($0.with(opcode: $0.opcode, reg: 0)) }),
        CapstoneDifference(
            name: "FFh /7", reason: "PUSH on the 8086",
            applies: { $0.model == .i8086 && $0.opcode == 0xFF && $0.reg == 7 },
            expected: { $1.disassemble($0.with(opcode: 0xFF, reg: 6)) }),
        CapstoneDifference(
            name: "8Dh, C4h, C5h with a register", reason: "the 8086 does not look",
            applies: { $0.model == .i8086 && [0x8D, 0xC4, 0xC5].contains($0.opcode) && $0.isRegisterForm },
            expected: {
                let name = [0x8D: "lea ", 0xC4: "les "][$0.opcode] ?? "lds "
                return $1.disassemble($0.with(opcode: 0x8B))?.replacing("mov ", with: name)
            }),
        CapstoneDifference(
            name: "younger than the CPU", reason: "SSE and what else came after the CPU that is asked for",
            applies: { $0.isYounger },
            expected: { _, _ in nil }),
        CapstoneDifference(
            name: "0F0Dh, 0F18h-0F1Fh", reason: "NOP with any operand on the Pentium Pro [SDM 2D A.3]",
            applies: { $0.opcode == 0x10D || 0x118...0x11F ~= $0.opcode },
            expected: { $1.corrected($0.with(opcode: 0xFF, reg: 6))?.replacing("push ", with: "nop ") }),
        CapstoneDifference(
            name: "0FB9h, 0FFFh", reason: "UD1 and UD0 have a ModRM byte, which Capstone leaves [SDM 2B UD]",
            applies: { $0.opcode == 0x1B9 || $0.opcode == 0x1FF },
            expected: {
                $1.corrected($0.with(opcode: 0x1AF))?.replacing("imul ", with: $0.opcode == 0x1FF ? "ud0 " : "ud1 ")
            }),
        CapstoneDifference(
            name: "66h, F2h, F3h before MMX", reason: "they do not make SSE2 of it on the Pentium II",
            applies: { $0.has(0x66, 0xF2, 0xF3) && $0.isMMX },
            expected: { $1.corrected($0.without(0x66, 0xF2, 0xF3)) }),
    ]

    /// Of whatever form; the other CPUs take 15 bytes, or the 8086 and 186 more than anyone writes.
    static let overlong = CapstoneDifference(
        name: "more than 10 bytes", reason: "#GP on the 286", applies: { $0.model == .i80286 },
        expected: { _, _ in nil })

    /// The same instructions in other words.
    static let spellings: [CapstoneDifference] = [
        CapstoneDifference(
            name: "pause", reason: "Capstone: nop in 16-bit code, and where another prefix follows F3h",
            applies: { $0.opcode == 0x90 && $0.prefixes.last { $0 >= 0xF2 } == 0xF3 },
            expected: { $1.disassemble($0.without(0xF2, 0xF3))?.replacing("nop", with: "pause") }),
        CapstoneDifference(
            name: "rep, repne", reason: "Capstone drops F2h before dword strings, and 66h where F3h follows it",
            applies: { $0.isString && $0.has(0xF2, 0xF3) },
            expected: {
                let isREPNE = $0.prefixes.last { $0 >= 0xF2 } == 0xF2
                let prefix = isREPNE ? "repne " : [0xA6, 0xA7, 0xAE, 0xAF].contains($0.opcode) ? "repe " : "rep "
                return $1.corrected($0.without(0xF2, 0xF3))?.after(prefix)
            }),
        CapstoneDifference(
            name: "bnd, xacquire, xrelease", reason: "names of F2h and F3h that came after the Pentium II",
            applies: { $0.has(0xF2, 0xF3) && !$0.isString },
            expected: { $1.corrected($0.without(0xF2, 0xF3)) }),
        CapstoneDifference(
            name: "enter", reason: "Capstone gives its operands a sign, which they do not have [SDM 2A ENTER]",
            applies: { $0.opcode == 0xC8 && $0.rest.count > 3 },
            expected: { code, capstone in
                let size = number(Int(code.rest[1]) | Int(code.rest[2]) << 8)
                let text = "enter \(size), \(number(Int(code.rest[3])))"
                return capstone.disassemble(code).map { AssemblyLine(length: $0.length, text: text) }
            }),
        CapstoneDifference(
            name: "feni, fdisi", reason: "Capstone: feni8087_nop, fdisi8087_nop",
            applies: { $0.opcode == 0xDB && [0xE0, 0xE1].contains($0.modRM) },
            expected: { $1.disassemble($0)?.replacing("8087_nop", with: "") }),
        CapstoneDifference(
            name: "frstor, fnsave, fnstsw", reason: "Capstone: dword ptr, but they take 94 or 108 bytes, and a word",
            applies: { $0.opcode == 0xDD && !$0.isRegisterForm && [4, 6, 7].contains($0.reg) },
            expected: {
                $1.withAddress($0)?.replacing("dword ptr ", with: $0.reg == 7 ? "word ptr " : "")
            }),
        CapstoneDifference(
            name: "cbw, cwd", reason: "Capstone: cwde and cdq in 16-bit code, and where 67h follows 66h",
            applies: { [0x98, 0x99].contains($0.opcode) },
            expected: {
                let code = $0.without(0x67)
                return $1.disassemble(code.bits == 16 ? code.inOtherMode : code)
            }),
        CapstoneDifference(
            name: "66h, 67h before a jump",
            reason: "Capstone takes distance or target for one of the other size, or misses the prefix",
            applies: { $0.has(0x66, 0x67) && $0.isRelativeJump },
            expected: {
                let code = $0.isLoop ? $0.withSizeLast : $0.without(0x67)
                return $1.disassemble(code.has(0x66) ? code.inOtherMode : code)
            }),
        CapstoneDifference(
            name: "[number]", reason: "under 67h Capstone extends a 16-bit address, or cuts a 32-bit one",
            applies: { $0.has(0x67) },
            expected: { $1.withAddress($0) }),
    ]

    private static func number(_ value: Int) -> String { value < 10 ? "\(value)" : "0x" + String(value, radix: 16) }
}

extension Capstone {
    /// What Swift86 should say, and the difference that makes it other than what Capstone says.
    func expectation(_ code: MachineCode) -> (line: AssemblyLine?, difference: CapstoneDifference?) {
        let all = CapstoneDifference.forms + CapstoneDifference.spellings
        let difference = all.first { $0.applies(code) }
        let line = difference.map { $0.expected(code, self) } ?? disassemble(code)
        if let line, line.length > 10, CapstoneDifference.overlong.applies(code) { return (nil, .overlong) }
        return (line, difference)
    }

    func corrected(_ code: MachineCode) -> AssemblyLine? { expectation(code).line }

    /// Under 67h an address that is only a number is right in the other mode.
    func withAddress(_ code: MachineCode) -> AssemblyLine? {
        disassemble(code.has(0x67) ? code.inOtherMode : code)
    }
}

extension MachineCode {
    var isString: Bool { 0x6C...0x6F ~= opcode || 0xA4...0xA7 ~= opcode || 0xAA...0xAF ~= opcode }
    var isMMX: Bool { 0x160...0x17F ~= opcode || 0x1D0...0x1FE ~= opcode }
    var isLoop: Bool { 0xE0...0xE3 ~= opcode }
    var isRelativeJump: Bool {
        isLoop || 0x70...0x7F ~= opcode || 0x180...0x18F ~= opcode || [0xE8, 0xE9, 0xEB].contains(opcode)
    }

    /// Capstone decodes it, but the CPU is older.
    var isYounger: Bool {
        let first: CPUModel? =
            switch (opcode, modRM) {
            // FPREM1, FSINCOS, FSIN, FCOS, FUCOMPP, FUCOM, FUCOMP; FSETPM
            case (0xD9, 0xF5), (0xD9, 0xFB), (0xD9, 0xFE...0xFF), (0xDA, 0xE9), (0xDD, 0xE0...0xEF): .i80386
            case (0xDB, 0xE4): .i80286
            // FS and GS
            case (0x8C, _) where 4...5 ~= reg, (0x8E, _) where 4...5 ~= reg: .i80386
            // FCMOVcc, FCOMI and its like
            case (0xDA, 0xC0...0xDF), (0xDB, 0xC0...0xDF), (0xDB, 0xE8...0xF7), (0xDF, 0xE8...0xF7): .pentiumII
            default: nil
            }
        return first.map { model < $0 } ?? isYoungerThanPentiumII
    }

    private var isYoungerThanPentiumII: Bool {
        switch opcode {
        case 0x62, 0xC4, 0xC5: isRegisterForm
        case 0x8F: reg > 0
        case 0xC6, 0xC7: modRM == 0xF8
        case 0xDB, 0xDD, 0xDF: !isRegisterForm && reg == 1
        case 0x101: isRegisterForm && reg != 4 && reg != 6
        case 0x105, 0x107, 0x10E, 0x10F, 0x110...0x117, 0x128...0x12F, 0x137, 0x138, 0x13A, 0x150...0x15F: true
        case 0x16C, 0x16D, 0x170, 0x178, 0x179, 0x17C, 0x17D, 0x1A6, 0x1A7, 0x1B8, 0x1C2...0x1C6: true
        case 0x171...0x173: !(isRegisterForm && [2, 6, opcode == 0x173 ? 2 : 4].contains(reg))
        case 0x1AE: isRegisterForm || reg > 1
        case 0x1C7: isRegisterForm || reg != 1
        case 0x1D0, 0x1D4, 0x1D6, 0x1D7, 0x1DA, 0x1DE, 0x1E0, 0x1E3, 0x1E4, 0x1E6, 0x1E7, 0x1EA, 0x1EE: true
        case 0x1F0, 0x1F4, 0x1F6, 0x1F7, 0x1FB: true
        default: false
        }
    }
}
