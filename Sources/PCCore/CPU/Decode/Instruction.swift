/// One instruction as the decoder found it: everything that its bytes say, nothing about what the registers hold.
struct Instruction {
    /// The opcode; two-byte opcodes (0Fh) have bit 8 set.
    var opcode: UInt16 = 0
    var modRM: UInt8 = 0
    /// Bytes, prefixes included.
    var length: UInt8 = 0
    var operand32 = false
    var address32 = false
    var lock = false
    /// F2h or F3h, the last one given; 0 for none.
    var repeatPrefix: UInt8 = 0
    /// The segment of the memory operand: the override, or the one that belongs to the address form.
    var segment: UInt8 = 3
    /// Byte offsets of base and index register, `Record.none` for none.
    var base: UInt8 = Record.none
    var index: UInt8 = Record.none
    var scale: UInt8 = 0
    var displacement: UInt32 = 0
    /// The immediate operand, sign-extended where the opcode says so; a relative jump's distance.
    var immediate: UInt32 = 0
    /// The selector of a far pointer, the level of ENTER.
    var immediate2: UInt16 = 0
    /// Above four words Swift passes a pointer and does not take the fields apart into registers, which costs more than
    /// most instructions.
    private var padding: UInt64 = 0

    var isRegisterForm: Bool { modRM >= 0xC0 }

    /// The reg field of ModRM.
    var reg: UInt8 { (modRM >> 3) & 7 }
    /// The r/m field of ModRM, a register where `isRegisterForm`.
    var rm: UInt8 { modRM & 7 }

    /// Records that an instruction takes in a trace.
    static let records = 1

    /// The number that stands for a ModRM byte where an opcode has none: a register form.
    static let twoByte: UInt16 = 0x100
}
