/// Operations on memory that are less frequent than those of the ALU, in the two address forms of `ProductGroup`.
enum MemoryGroup {
    /// NEG, NOT by width, address form.
    static let unary = 0
    /// XCHG by width, address form.
    static let exchange = 12
    /// ROL, ROR, RCL, RCR, SHL, SHR, SAR by width, address form: by an immediate.
    static let shiftImm = 18
    /// The same by CL.
    static let shiftCL = 60
    static let count = 102
}

extension HandlerTable {
    static func fillMemory(_ start: UnsafeMutablePointer<Handler>) {
        var t = start + MemoryGroup.unary
        t[0] = { unaryMem(Neg.self, UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[1] = { unaryMem(Neg.self, UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[2] = { unaryMem(Neg.self, UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { unaryMem(Neg.self, UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[4] = { unaryMem(Neg.self, UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[5] = { unaryMem(Neg.self, UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[6] = { unaryMem(Not.self, UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[7] = { unaryMem(Not.self, UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[8] = { unaryMem(Not.self, UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[9] = { unaryMem(Not.self, UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[10] = { unaryMem(Not.self, UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[11] = { unaryMem(Not.self, UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + MemoryGroup.exchange
        t[0] = { xchgRegMem(UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[1] = { xchgRegMem(UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[2] = { xchgRegMem(UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { xchgRegMem(UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[4] = { xchgRegMem(UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[5] = { xchgRegMem(UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + MemoryGroup.shiftImm
        t[0] = { shiftMem(Rol.self, UInt8.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[1] = { shiftMem(Rol.self, UInt8.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[2] = { shiftMem(Rol.self, UInt16.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[3] = { shiftMem(Rol.self, UInt16.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[4] = { shiftMem(Rol.self, UInt32.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[5] = { shiftMem(Rol.self, UInt32.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[6] = { shiftMem(Ror.self, UInt8.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[7] = { shiftMem(Ror.self, UInt8.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[8] = { shiftMem(Ror.self, UInt16.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[9] = { shiftMem(Ror.self, UInt16.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[10] = { shiftMem(Ror.self, UInt32.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[11] = { shiftMem(Ror.self, UInt32.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[12] = { shiftMem(Rcl.self, UInt8.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[13] = { shiftMem(Rcl.self, UInt8.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[14] = { shiftMem(Rcl.self, UInt16.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[15] = { shiftMem(Rcl.self, UInt16.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[16] = { shiftMem(Rcl.self, UInt32.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[17] = { shiftMem(Rcl.self, UInt32.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[18] = { shiftMem(Rcr.self, UInt8.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[19] = { shiftMem(Rcr.self, UInt8.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[20] = { shiftMem(Rcr.self, UInt16.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[21] = { shiftMem(Rcr.self, UInt16.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[22] = { shiftMem(Rcr.self, UInt32.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[23] = { shiftMem(Rcr.self, UInt32.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[24] = { shiftMem(Shl.self, UInt8.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[25] = { shiftMem(Shl.self, UInt8.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[26] = { shiftMem(Shl.self, UInt16.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[27] = { shiftMem(Shl.self, UInt16.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[28] = { shiftMem(Shl.self, UInt32.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[29] = { shiftMem(Shl.self, UInt32.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[30] = { shiftMem(Shr.self, UInt8.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[31] = { shiftMem(Shr.self, UInt8.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[32] = { shiftMem(Shr.self, UInt16.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[33] = { shiftMem(Shr.self, UInt16.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[34] = { shiftMem(Shr.self, UInt32.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[35] = { shiftMem(Shr.self, UInt32.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[36] = { shiftMem(Sar.self, UInt8.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[37] = { shiftMem(Sar.self, UInt8.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[38] = { shiftMem(Sar.self, UInt16.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[39] = { shiftMem(Sar.self, UInt16.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[40] = { shiftMem(Sar.self, UInt32.self, Segmented32.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t[41] = { shiftMem(Sar.self, UInt32.self, Segmented16.self, ByImmediate.self, $0, $1, $2, $3, $4) }
        t = start + MemoryGroup.shiftCL
        t[0] = { shiftMem(Rol.self, UInt8.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[1] = { shiftMem(Rol.self, UInt8.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[2] = { shiftMem(Rol.self, UInt16.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[3] = { shiftMem(Rol.self, UInt16.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[4] = { shiftMem(Rol.self, UInt32.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[5] = { shiftMem(Rol.self, UInt32.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[6] = { shiftMem(Ror.self, UInt8.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[7] = { shiftMem(Ror.self, UInt8.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[8] = { shiftMem(Ror.self, UInt16.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[9] = { shiftMem(Ror.self, UInt16.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[10] = { shiftMem(Ror.self, UInt32.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[11] = { shiftMem(Ror.self, UInt32.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[12] = { shiftMem(Rcl.self, UInt8.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[13] = { shiftMem(Rcl.self, UInt8.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[14] = { shiftMem(Rcl.self, UInt16.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[15] = { shiftMem(Rcl.self, UInt16.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[16] = { shiftMem(Rcl.self, UInt32.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[17] = { shiftMem(Rcl.self, UInt32.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[18] = { shiftMem(Rcr.self, UInt8.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[19] = { shiftMem(Rcr.self, UInt8.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[20] = { shiftMem(Rcr.self, UInt16.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[21] = { shiftMem(Rcr.self, UInt16.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[22] = { shiftMem(Rcr.self, UInt32.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[23] = { shiftMem(Rcr.self, UInt32.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[24] = { shiftMem(Shl.self, UInt8.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[25] = { shiftMem(Shl.self, UInt8.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[26] = { shiftMem(Shl.self, UInt16.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[27] = { shiftMem(Shl.self, UInt16.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[28] = { shiftMem(Shl.self, UInt32.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[29] = { shiftMem(Shl.self, UInt32.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[30] = { shiftMem(Shr.self, UInt8.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[31] = { shiftMem(Shr.self, UInt8.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[32] = { shiftMem(Shr.self, UInt16.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[33] = { shiftMem(Shr.self, UInt16.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[34] = { shiftMem(Shr.self, UInt32.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[35] = { shiftMem(Shr.self, UInt32.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[36] = { shiftMem(Sar.self, UInt8.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[37] = { shiftMem(Sar.self, UInt8.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[38] = { shiftMem(Sar.self, UInt16.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[39] = { shiftMem(Sar.self, UInt16.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[40] = { shiftMem(Sar.self, UInt32.self, Segmented32.self, ByCL.self, $0, $1, $2, $3, $4) }
        t[41] = { shiftMem(Sar.self, UInt32.self, Segmented16.self, ByCL.self, $0, $1, $2, $3, $4) }
    }
}
