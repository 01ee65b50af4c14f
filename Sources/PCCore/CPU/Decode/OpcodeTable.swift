/// What follows an opcode in the byte stream.
enum OpcodeForm {
    /// A ModRM byte.
    static let modRM: UInt8 = 0x80

    static let none: UInt8 = 0
    static let byte: UInt8 = 1
    /// A byte that is sign-extended to the operand size.
    static let signedByte: UInt8 = 2
    static let word: UInt8 = 3
    /// A word or dword by operand size.
    static let full: UInt8 = 4
    /// An offset by address size.
    static let offset: UInt8 = 5
    static let farPointer: UInt8 = 6
    /// ENTER: a word and a byte.
    static let wordByte: UInt8 = 7
    /// F6h and F7h: an immediate only for TEST.
    static let testByte: UInt8 = 8
    static let testFull: UInt8 = 9
    static let prefix: UInt8 = 10

    static let immediate: UInt8 = 0x0F
}

/// The forms of all opcodes: 256 of one byte, then 256 of two.
struct OpcodeTable {
    // SAFETY: filled once, when it is made, and never written again.
    nonisolated(unsafe) static let shared: UnsafePointer<UInt8> = {
        let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 512)
        table.initialize(repeating: OpcodeForm.none, count: 512)
        fillOneByte(table)
        fillTwoByte(table + 256)
        return UnsafePointer(table)
    }()

    private static func fillOneByte(_ t: UnsafeMutablePointer<UInt8>) {
        let m = OpcodeForm.modRM
        for operation in 0..<8 {
            for form in 0..<4 { t[operation * 8 + form] = m }
            t[operation * 8 + 4] = OpcodeForm.byte
            t[operation * 8 + 5] = OpcodeForm.full
        }
        for i in [0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF0, 0xF1, 0xF2, 0xF3] { t[i] = OpcodeForm.prefix }
        for i in [0x62, 0x63] { t[i] = m }
        t[0x68] = OpcodeForm.full
        t[0x69] = m | OpcodeForm.full
        t[0x6A] = OpcodeForm.signedByte
        t[0x6B] = m | OpcodeForm.signedByte
        for i in 0x70...0x7F { t[i] = OpcodeForm.signedByte }
        t[0x80] = m | OpcodeForm.byte
        t[0x81] = m | OpcodeForm.full
        t[0x82] = m | OpcodeForm.byte
        t[0x83] = m | OpcodeForm.signedByte
        for i in 0x84...0x8F { t[i] = m }
        t[0x9A] = OpcodeForm.farPointer
        for i in 0xA0...0xA3 { t[i] = OpcodeForm.offset }
        t[0xA8] = OpcodeForm.byte
        t[0xA9] = OpcodeForm.full
        for i in 0xB0...0xB7 { t[i] = OpcodeForm.byte }
        for i in 0xB8...0xBF { t[i] = OpcodeForm.full }
        t[0xC0] = m | OpcodeForm.byte
        t[0xC1] = m | OpcodeForm.byte
        t[0xC2] = OpcodeForm.word
        t[0xC4] = m
        t[0xC5] = m
        t[0xC6] = m | OpcodeForm.byte
        t[0xC7] = m | OpcodeForm.full
        t[0xC8] = OpcodeForm.wordByte
        t[0xCA] = OpcodeForm.word
        t[0xCD] = OpcodeForm.byte
        for i in 0xD0...0xD3 { t[i] = m }
        t[0xD4] = OpcodeForm.byte
        t[0xD5] = OpcodeForm.byte
        for i in 0xD8...0xDF { t[i] = m }
        for i in 0xE0...0xE3 { t[i] = OpcodeForm.signedByte }
        for i in 0xE4...0xE7 { t[i] = OpcodeForm.byte }
        t[0xE8] = OpcodeForm.full
        t[0xE9] = OpcodeForm.full
        t[0xEA] = OpcodeForm.farPointer
        t[0xEB] = OpcodeForm.signedByte
        t[0xF6] = m | OpcodeForm.testByte
        t[0xF7] = m | OpcodeForm.testFull
        t[0xFE] = m
        t[0xFF] = m
    }

    private static func fillTwoByte(_ t: UnsafeMutablePointer<UInt8>) {
        let m = OpcodeForm.modRM
        for i in [0x00, 0x01, 0x02, 0x03, 0x0D, 0x20, 0x21, 0x22, 0x23, 0x24, 0x26] { t[i] = m }
        for i in 0x18...0x1F { t[i] = m }
        for i in 0x40...0x4F { t[i] = m }
        for i in 0x60...0x7F where i != 0x77 { t[i] = m }
        for i in 0x70...0x73 { t[i] = m | OpcodeForm.byte }
        for i in 0x80...0x8F { t[i] = OpcodeForm.full }
        for i in 0x90...0x9F { t[i] = m }
        for i in [0xA3, 0xA5, 0xA6, 0xA7, 0xAB, 0xAD, 0xAE, 0xAF] { t[i] = m }
        for i in [0xA4, 0xAC] { t[i] = m | OpcodeForm.byte }
        for i in 0xB0...0xB7 { t[i] = m }
        t[0xB9] = m
        t[0xBA] = m | OpcodeForm.byte
        for i in 0xBB...0xBF { t[i] = m }
        for i in [0xC0, 0xC1, 0xC7] { t[i] = m }
        for i in 0xD0...0xFF { t[i] = m }
        t[0xFF] = m
    }
}
