/// Multiplication and division. Operations that are less frequent know two address forms: 32-bit (a flat segment is one
/// whose limit never fails) and 16-bit.
enum ProductGroup {
    /// MUL, IMUL, DIV, IDIV by width.
    static let register = 0
    /// The same by width, address form.
    static let memory = 12
    /// IMUL r, m, imm of 16 and 32 bits, by address form.
    static let immediate = 36
    static let count = 40
}

extension HandlerTable {
    static func fillProducts(_ start: UnsafeMutablePointer<Handler>) {
        var t = start + ProductGroup.register
        t[0] = { accumulateReg(Multiply.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[1] = { accumulateReg(Multiply.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[2] = { accumulateReg(Multiply.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[3] = { accumulateReg(SignedMultiply.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[4] = { accumulateReg(SignedMultiply.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[5] = { accumulateReg(SignedMultiply.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[6] = { accumulateReg(Divide.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[7] = { accumulateReg(Divide.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[8] = { accumulateReg(Divide.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[9] = { accumulateReg(SignedDivide.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[10] = { accumulateReg(SignedDivide.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[11] = { accumulateReg(SignedDivide.self, UInt32.self, $0, $1, $2, $3, $4) }
        t = start + ProductGroup.memory
        t[0] = { accumulateMem(Multiply.self, UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[1] = { accumulateMem(Multiply.self, UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[2] = { accumulateMem(Multiply.self, UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { accumulateMem(Multiply.self, UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[4] = { accumulateMem(Multiply.self, UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[5] = { accumulateMem(Multiply.self, UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[6] = { accumulateMem(SignedMultiply.self, UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[7] = { accumulateMem(SignedMultiply.self, UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[8] = { accumulateMem(SignedMultiply.self, UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[9] = { accumulateMem(SignedMultiply.self, UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[10] = { accumulateMem(SignedMultiply.self, UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[11] = { accumulateMem(SignedMultiply.self, UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[12] = { accumulateMem(Divide.self, UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[13] = { accumulateMem(Divide.self, UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[14] = { accumulateMem(Divide.self, UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[15] = { accumulateMem(Divide.self, UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[16] = { accumulateMem(Divide.self, UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[17] = { accumulateMem(Divide.self, UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[18] = { accumulateMem(SignedDivide.self, UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[19] = { accumulateMem(SignedDivide.self, UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[20] = { accumulateMem(SignedDivide.self, UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[21] = { accumulateMem(SignedDivide.self, UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[22] = { accumulateMem(SignedDivide.self, UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[23] = { accumulateMem(SignedDivide.self, UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + ProductGroup.immediate
        t[0] = { imulRegMemImm(UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[1] = { imulRegMemImm(UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[2] = { imulRegMemImm(UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { imulRegMemImm(UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
    }
}
