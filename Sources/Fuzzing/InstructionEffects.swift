import PCCore

/// What an instruction does that decides whether states can be compared after it [SDM 2, "Flags Affected"].
struct InstructionEffects {
    /// Flags that it looks at.
    var reads: UInt32 = 0
    /// Flags that it leaves in a defined state.
    var writes: UInt32 = 0
    /// Flags that it leaves undefined.
    var undefined: UInt32 = 0
    /// More than flags is undefined.
    var isUndefined = false
    /// The x87's part, for x87 and MMX instructions.
    var float: FloatEffects?
    /// It has no operand in memory, the stack included.
    var isWithoutMemory = false

    private enum Flag {
        static let cf: UInt32 = 0x1
        static let pf: UInt32 = 0x4
        static let af: UInt32 = 0x10
        static let zf: UInt32 = 0x40
        static let sf: UInt32 = 0x80
        static let of: UInt32 = 0x800
        static let all: UInt32 = 0x8D5
    }

    private init(reads: UInt32 = 0, writes: UInt32 = 0, undefined: UInt32 = 0, isUndefined: Bool = false) {
        self.reads = reads
        self.writes = writes
        self.undefined = undefined
        self.isUndefined = isUndefined
    }

    /// The effects of the instruction `i` on a state with `registers`; nil for what is not compared.
    init?(_ i: BareMachine.CodeForm, _ registers: Registers) {
        let float = FloatEffects(i)
        let known =
            float != nil
            ? Self.ofFloat(i) : i.opcode < 0x100 ? Self.oneByte(i, registers) : Self.twoByte(i, registers)
        guard var known else { return nil }
        // REP with a count of 0 does nothing.
        if i.repeatPrefix != 0, [0xA6, 0xA7, 0xAE, 0xAF].contains(i.opcode),
            registers[1] & (i.address32 ? .max : 0xFFFF) == 0
        {
            known = InstructionEffects()
        }
        self = known
        self.float = float
        isWithoutMemory =
            float != nil && (i.isRegisterForm || i.opcode == 0x9B) || (0xB0...0xBF).contains(i.opcode)
            || (0x70...0x7F).contains(i.opcode)
    }

    /// FCMOV looks at flags, FCOMI and FUCOMI set them.
    private static func ofFloat(_ i: BareMachine.CodeForm) -> InstructionEffects {
        guard i.isRegisterForm else { return nothing }
        switch (i.opcode, i.reg) {
        case (0xDA, 0...3), (0xDB, 0...3):
            return InstructionEffects(reads: [Flag.cf, Flag.zf, Flag.cf | Flag.zf, Flag.pf][i.reg])
        case (0xDB, 5), (0xDB, 6), (0xDF, 5), (0xDF, 6):
            return InstructionEffects(
                writes: Flag.cf | Flag.pf | Flag.zf, undefined: Flag.of | Flag.sf | Flag.af)
        default: return nothing
        }
    }

    // MARK: One byte

    private static let arithmetic = InstructionEffects(writes: Flag.all)
    private static let logic = InstructionEffects(writes: Flag.all & ~Flag.af, undefined: Flag.af)
    private static let product = InstructionEffects(
        writes: Flag.cf | Flag.of, undefined: Flag.sf | Flag.zf | Flag.af | Flag.pf)
    private static let withCarry = InstructionEffects(reads: Flag.cf, writes: Flag.all)
    private static let count = InstructionEffects(writes: Flag.all & ~Flag.cf)
    private static let nothing = InstructionEffects()

    private static func alu(_ operation: Int) -> InstructionEffects {
        switch operation {
        case 1, 4, 6: logic
        case 2, 3: withCarry
        default: arithmetic
        }
    }

    private static func condition(_ opcode: UInt16) -> InstructionEffects {
        let flags: [UInt32] = [
            Flag.of, Flag.cf, Flag.zf, Flag.cf | Flag.zf, Flag.sf, Flag.pf, Flag.sf | Flag.of,
            Flag.sf | Flag.of | Flag.zf,
        ]
        return InstructionEffects(reads: flags[Int(opcode >> 1) & 7])
    }

    private static func oneByte(_ i: BareMachine.CodeForm, _ registers: Registers) -> InstructionEffects? {
        let opcode = Int(i.opcode)
        switch opcode {
        // A segment register pushed as a dword: some chips write the upper half, some do not [SDM 2B PUSH].
        case 0x06, 0x0E, 0x16, 0x1E: return i.operand32 ? nil : nothing
        // Loads of segment registers need tables.
        case 0x07, 0x17, 0x1F: return nil
        case 0x27, 0x2F:
            return InstructionEffects(
                reads: Flag.cf | Flag.af, writes: Flag.all & ~Flag.of, undefined: Flag.of)
        case 0x37, 0x3F:
            return InstructionEffects(
                reads: Flag.af, writes: Flag.af | Flag.cf, undefined: Flag.of | Flag.sf | Flag.zf | Flag.pf)
        case 0x00...0x3F: return opcode & 7 < 6 ? alu(opcode >> 3) : nothing
        case 0x40...0x4F: return count
        case 0x63: return InstructionEffects(writes: Flag.zf)
        case 0x69, 0x6B: return product
        case 0x70...0x7F: return condition(i.opcode)
        case 0x80...0x83: return alu(i.reg)
        case 0x84, 0x85, 0xA8, 0xA9: return logic
        case 0x9C: return InstructionEffects(reads: Flag.all)
        case 0x9D: return arithmetic
        case 0x9E: return InstructionEffects(writes: Flag.all & ~Flag.of)
        case 0x9F: return InstructionEffects(reads: Flag.all & ~Flag.of)
        case 0xA6, 0xA7, 0xAE, 0xAF: return arithmetic
        case 0xC0, 0xC1: return shift(i, Int(i.immediate))
        case 0xD0, 0xD1: return shift(i, 1)
        case 0xD2, 0xD3: return shift(i, Int(registers[1] & 0xFF))
        case 0xCE: return InstructionEffects(reads: Flag.of)
        case 0xD4, 0xD5:
            return InstructionEffects(
                writes: Flag.sf | Flag.zf | Flag.pf, undefined: Flag.of | Flag.af | Flag.cf)
        case 0xD6: return InstructionEffects(reads: Flag.cf)
        case 0xD8...0xDF, 0x9B: return nil
        // With a prefix that is not meant for it [SDM 2 2.1.1] an EPYC looks at ZF otherwise.
        case 0xE0, 0xE1: return i.repeatPrefix == 0 ? InstructionEffects(reads: Flag.zf) : nil
        // INT n and INT1 leave the code; IRET and far transfers need tables.
        case 0xCD, 0xF1, 0xCF, 0x9A, 0xEA, 0xCA, 0xCB: return nil
        case 0xFF where !i.isRegisterForm && (i.reg == 3 || i.reg == 5): return nil
        case 0x8E, 0xC4, 0xC5: return nil
        case 0xF4, 0xE4...0xE7, 0xEC...0xEF, 0x6C...0x6F, 0xFA, 0xFB: return nothing
        case 0xF5: return InstructionEffects(reads: Flag.cf, writes: Flag.cf)
        case 0xF8, 0xF9: return InstructionEffects(writes: Flag.cf)
        case 0xF6, 0xF7: return unary(i.reg)
        case 0xFE, 0xFF: return i.reg < 2 ? count : nothing
        default: return nothing
        }
    }

    private static func unary(_ operation: Int) -> InstructionEffects {
        switch operation {
        case 0, 1: logic
        case 2: nothing
        case 3: arithmetic
        case 4, 5: product
        default: InstructionEffects(undefined: Flag.all)
        }
    }

    private static func shift(_ i: BareMachine.CodeForm, _ count: Int) -> InstructionEffects {
        let count = count & 31
        let size = i.opcode & 1 == 0 ? 8 : i.operand32 ? 32 : 16
        guard count > 0 else { return nothing }
        let overflow = count == 1 ? 0 : Flag.of
        switch i.reg {
        case 0, 1: return InstructionEffects(writes: Flag.cf | Flag.of & ~overflow, undefined: overflow)
        case 2, 3:
            return InstructionEffects(
                reads: Flag.cf, writes: Flag.cf | Flag.of & ~overflow, undefined: overflow)
        default:
            var undefined = overflow | Flag.af
            if i.reg != 7 && count >= size { undefined |= Flag.cf }
            return InstructionEffects(writes: Flag.all & ~undefined, undefined: undefined)
        }
    }

    // MARK: Two bytes

    private static func twoByte(_ i: BareMachine.CodeForm, _ registers: Registers) -> InstructionEffects? {
        // With these prefixes later chips have other instructions, the Pentium II has none.
        guard i.repeatPrefix == 0 else { return nil }
        switch Int(i.opcode & 0xFF) {
        case 0x0B, 0xFF: return nothing
        case 0x1F: return nothing
        case 0x40...0x4F: return condition(i.opcode)
        case 0x80...0x9F: return condition(i.opcode)
        case 0xA0, 0xA8: return i.operand32 ? nil : nothing
        case 0xA3, 0xAB, 0xB3, 0xBB, 0xBA:
            return InstructionEffects(writes: Flag.cf, undefined: Flag.of | Flag.sf | Flag.af | Flag.pf)
        case 0xA4, 0xAC: return doubleShift(i, Int(i.immediate))
        case 0xA5, 0xAD: return doubleShift(i, Int(registers[1] & 0xFF))
        case 0xAF: return product
        case 0xB0, 0xB1, 0xC0, 0xC1: return arithmetic
        case 0xC7: return i.reg == 1 && !i.isRegisterForm ? InstructionEffects(writes: Flag.zf) : nil
        case 0xB6, 0xB7, 0xBE, 0xBF: return nothing
        case 0xBC, 0xBD: return InstructionEffects(writes: Flag.zf, undefined: Flag.all & ~Flag.zf)
        case 0xC8...0xCF: return InstructionEffects(isUndefined: !i.operand32)
        default: return nil
        }
    }

    private static func doubleShift(_ i: BareMachine.CodeForm, _ count: Int) -> InstructionEffects {
        let count = count & 31
        guard count > 0 else { return nothing }
        if count > (i.operand32 ? 32 : 16) { return InstructionEffects(isUndefined: true) }
        let undefined = Flag.af | (count == 1 ? 0 : Flag.of)
        return InstructionEffects(writes: Flag.all & ~undefined, undefined: undefined)
    }
}
