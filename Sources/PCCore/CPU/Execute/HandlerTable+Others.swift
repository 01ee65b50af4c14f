/// All handlers but those of the ALU, in groups; a number within a group follows from its operands.
///
/// Address forms: flat with base, flat with index, 32-bit segmented, 16-bit segmented. Stacks: flat, 16-bit, 32-bit.
enum HandlerGroup {
    /// An instruction in its plain form, the end of a trace, NOP, and single ones.
    static let plain = 378
    /// SHLD and SHRD.
    static let doubleShift = 383
    /// CLC, STC, CLD, STD.
    static let flag = 385
    /// By width.
    static let movRegReg = 389
    /// By width.
    static let movRegImm = 392
    /// By width, address form.
    static let movRegMem = 395
    /// By width, address form.
    static let movMemReg = 407
    /// By width, address form.
    static let movMemImm = 419
    /// MOVZX then MOVSX: 8 to 16, 8 to 32, 16 to 32.
    static let widenReg = 431
    /// The same by address form.
    static let widenMem = 437
    /// 16 and 32 bits of a 32-bit address, then of a 16-bit address.
    static let lea = 461
    /// By width.
    static let xchg = 465
    /// INC, DEC, NEG, NOT by width.
    static let unaryReg = 468
    /// INC, DEC by width, address form.
    static let unaryMem = 480
    /// ROL, ROR, RCL, RCR, SHL, SHR, SAR by width.
    static let shiftImm = 504
    /// The same by CL.
    static let shiftCL = 525
    /// 16 and 32 bits.
    static let imulRegReg = 546
    /// 16 and 32 bits.
    static let imulRegImm = 548
    /// 16 and 32 bits, by address form.
    static let imulRegMem = 550
    /// By condition.
    static let setReg = 558
    /// By condition.
    static let moveIf = 574
    /// By condition: flat code, other code.
    static let branch = 590
    /// By condition.
    static let branchFar = 622
    /// LOOP by CX and ECX: flat code, other code.
    static let loop = 638
    /// JCXZ and JECXZ.
    static let jcxz = 642
    /// Flat code, other code, another page.
    static let jump = 646
    /// 16 and 32 bits, by stack, by code.
    static let call = 649
    /// 16 and 32 bits, by stack.
    static let callFar = 661
    /// 16 and 32 bits, by stack.
    static let ret = 667
    /// 16 and 32 bits, by stack.
    static let pushReg = 673
    /// 16 and 32 bits, by stack.
    static let pushImm = 679
    /// 16 and 32 bits, by stack.
    static let pop = 685
    /// 16 and 32 bits.
    static let jumpReg = 691
    /// 16 and 32 bits, by address form.
    static let jumpMem = 693
    /// BT, BTS, BTR, BTC of a 32-bit register: by an immediate, by a register.
    static let bit = 701
    static let count = 709
}

extension HandlerTable {
    static func fillOthers(_ start: UnsafeMutablePointer<Handler>) {
        var t = start
        t = start + HandlerGroup.plain
        t[0] = { plain(AnyOpcode.self, $0, $1, $2, $3, $4) }
        t[1] = { runOn($0, $1, $2, $3, $4) }
        t[2] = { nothing($0, $1, $2, $3, $4) }
        t[3] = { byteSwap($0, $1, $2, $3, $4) }
        t[4] = { signIntoEDX($0, $1, $2, $3, $4) }
        t = start + HandlerGroup.doubleShift
        t[0] = { doubleShiftImm(left: true, $0, $1, $2, $3, $4) }
        t[1] = { doubleShiftImm(left: false, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.flag
        t[0] = { carryFlag(set: false, $0, $1, $2, $3, $4) }
        t[1] = { carryFlag(set: true, $0, $1, $2, $3, $4) }
        t[2] = { directionFlag(set: false, $0, $1, $2, $3, $4) }
        t[3] = { directionFlag(set: true, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.movRegReg
        t[0] = { movRegReg(UInt8.self, $0, $1, $2, $3, $4) }
        t[1] = { movRegReg(UInt16.self, $0, $1, $2, $3, $4) }
        t[2] = { movRegReg(UInt32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.movRegImm
        t[0] = { movRegImm(UInt8.self, $0, $1, $2, $3, $4) }
        t[1] = { movRegImm(UInt16.self, $0, $1, $2, $3, $4) }
        t[2] = { movRegImm(UInt32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.movRegMem
        t[0] = { movRegMem(Same<UInt8>.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[1] = { movRegMem(Same<UInt8>.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[2] = { movRegMem(Same<UInt8>.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { movRegMem(Same<UInt8>.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[4] = { movRegMem(Same<UInt16>.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[5] = { movRegMem(Same<UInt16>.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[6] = { movRegMem(Same<UInt16>.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[7] = { movRegMem(Same<UInt16>.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[8] = { movRegMem(Same<UInt32>.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[9] = { movRegMem(Same<UInt32>.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[10] = { movRegMem(Same<UInt32>.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[11] = { movRegMem(Same<UInt32>.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.movMemReg
        t[0] = { movMem(UInt8.self, FlatBase.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[1] = { movMem(UInt8.self, FlatIndex.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[2] = { movMem(UInt8.self, Segmented32.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[3] = { movMem(UInt8.self, Segmented16.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[4] = { movMem(UInt16.self, FlatBase.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[5] = { movMem(UInt16.self, FlatIndex.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[6] = { movMem(UInt16.self, Segmented32.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[7] = { movMem(UInt16.self, Segmented16.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[8] = { movMem(UInt32.self, FlatBase.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[9] = { movMem(UInt32.self, FlatIndex.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[10] = { movMem(UInt32.self, Segmented32.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[11] = { movMem(UInt32.self, Segmented16.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.movMemImm
        t[0] = { movMem(UInt8.self, FlatBase.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[1] = { movMem(UInt8.self, FlatIndex.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[2] = { movMem(UInt8.self, Segmented32.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[3] = { movMem(UInt8.self, Segmented16.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[4] = { movMem(UInt16.self, FlatBase.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[5] = { movMem(UInt16.self, FlatIndex.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[6] = { movMem(UInt16.self, Segmented32.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[7] = { movMem(UInt16.self, Segmented16.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[8] = { movMem(UInt32.self, FlatBase.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[9] = { movMem(UInt32.self, FlatIndex.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[10] = { movMem(UInt32.self, Segmented32.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[11] = { movMem(UInt32.self, Segmented16.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.widenReg
        t[0] = { widenReg(ZeroExtend<UInt8, UInt16>.self, $0, $1, $2, $3, $4) }
        t[1] = { widenReg(ZeroExtend<UInt8, UInt32>.self, $0, $1, $2, $3, $4) }
        t[2] = { widenReg(ZeroExtend<UInt16, UInt32>.self, $0, $1, $2, $3, $4) }
        t[3] = { widenReg(SignExtend<UInt8, UInt16>.self, $0, $1, $2, $3, $4) }
        t[4] = { widenReg(SignExtend<UInt8, UInt32>.self, $0, $1, $2, $3, $4) }
        t[5] = { widenReg(SignExtend<UInt16, UInt32>.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.widenMem
        t[0] = { movRegMem(ZeroExtend<UInt8, UInt16>.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[1] = { movRegMem(ZeroExtend<UInt8, UInt16>.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[2] = { movRegMem(ZeroExtend<UInt8, UInt16>.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { movRegMem(ZeroExtend<UInt8, UInt16>.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[4] = { movRegMem(ZeroExtend<UInt8, UInt32>.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[5] = { movRegMem(ZeroExtend<UInt8, UInt32>.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[6] = { movRegMem(ZeroExtend<UInt8, UInt32>.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[7] = { movRegMem(ZeroExtend<UInt8, UInt32>.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[8] = { movRegMem(ZeroExtend<UInt16, UInt32>.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[9] = { movRegMem(ZeroExtend<UInt16, UInt32>.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[10] = { movRegMem(ZeroExtend<UInt16, UInt32>.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[11] = { movRegMem(ZeroExtend<UInt16, UInt32>.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[12] = { movRegMem(SignExtend<UInt8, UInt16>.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[13] = { movRegMem(SignExtend<UInt8, UInt16>.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[14] = { movRegMem(SignExtend<UInt8, UInt16>.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[15] = { movRegMem(SignExtend<UInt8, UInt16>.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[16] = { movRegMem(SignExtend<UInt8, UInt32>.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[17] = { movRegMem(SignExtend<UInt8, UInt32>.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[18] = { movRegMem(SignExtend<UInt8, UInt32>.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[19] = { movRegMem(SignExtend<UInt8, UInt32>.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[20] = { movRegMem(SignExtend<UInt16, UInt32>.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[21] = { movRegMem(SignExtend<UInt16, UInt32>.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[22] = { movRegMem(SignExtend<UInt16, UInt32>.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[23] = { movRegMem(SignExtend<UInt16, UInt32>.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.lea
        t[0] = { lea(UInt16.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[1] = { lea(UInt32.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[2] = { lea(UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[3] = { lea(UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.xchg
        t[0] = { xchgRegReg(UInt8.self, $0, $1, $2, $3, $4) }
        t[1] = { xchgRegReg(UInt16.self, $0, $1, $2, $3, $4) }
        t[2] = { xchgRegReg(UInt32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.unaryReg
        t[0] = { unaryReg(Inc.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[1] = { unaryReg(Inc.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[2] = { unaryReg(Inc.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[3] = { unaryReg(Dec.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[4] = { unaryReg(Dec.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[5] = { unaryReg(Dec.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[6] = { unaryReg(Neg.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[7] = { unaryReg(Neg.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[8] = { unaryReg(Neg.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[9] = { unaryReg(Not.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[10] = { unaryReg(Not.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[11] = { unaryReg(Not.self, UInt32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.unaryMem
        t[0] = { unaryMem(Inc.self, UInt8.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[1] = { unaryMem(Inc.self, UInt8.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[2] = { unaryMem(Inc.self, UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { unaryMem(Inc.self, UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[4] = { unaryMem(Inc.self, UInt16.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[5] = { unaryMem(Inc.self, UInt16.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[6] = { unaryMem(Inc.self, UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[7] = { unaryMem(Inc.self, UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[8] = { unaryMem(Inc.self, UInt32.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[9] = { unaryMem(Inc.self, UInt32.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[10] = { unaryMem(Inc.self, UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[11] = { unaryMem(Inc.self, UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[12] = { unaryMem(Dec.self, UInt8.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[13] = { unaryMem(Dec.self, UInt8.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[14] = { unaryMem(Dec.self, UInt8.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[15] = { unaryMem(Dec.self, UInt8.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[16] = { unaryMem(Dec.self, UInt16.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[17] = { unaryMem(Dec.self, UInt16.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[18] = { unaryMem(Dec.self, UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[19] = { unaryMem(Dec.self, UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[20] = { unaryMem(Dec.self, UInt32.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[21] = { unaryMem(Dec.self, UInt32.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[22] = { unaryMem(Dec.self, UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[23] = { unaryMem(Dec.self, UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.shiftImm
        t[0] = { shiftRegImm(Rol.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[1] = { shiftRegImm(Rol.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[2] = { shiftRegImm(Rol.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[3] = { shiftRegImm(Ror.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[4] = { shiftRegImm(Ror.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[5] = { shiftRegImm(Ror.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[6] = { shiftRegImm(Rcl.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[7] = { shiftRegImm(Rcl.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[8] = { shiftRegImm(Rcl.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[9] = { shiftRegImm(Rcr.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[10] = { shiftRegImm(Rcr.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[11] = { shiftRegImm(Rcr.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[12] = { shiftRegImm(Shl.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[13] = { shiftRegImm(Shl.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[14] = { shiftRegImm(Shl.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[15] = { shiftRegImm(Shr.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[16] = { shiftRegImm(Shr.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[17] = { shiftRegImm(Shr.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[18] = { shiftRegImm(Sar.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[19] = { shiftRegImm(Sar.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[20] = { shiftRegImm(Sar.self, UInt32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.shiftCL
        t[0] = { shiftRegCL(Rol.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[1] = { shiftRegCL(Rol.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[2] = { shiftRegCL(Rol.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[3] = { shiftRegCL(Ror.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[4] = { shiftRegCL(Ror.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[5] = { shiftRegCL(Ror.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[6] = { shiftRegCL(Rcl.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[7] = { shiftRegCL(Rcl.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[8] = { shiftRegCL(Rcl.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[9] = { shiftRegCL(Rcr.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[10] = { shiftRegCL(Rcr.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[11] = { shiftRegCL(Rcr.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[12] = { shiftRegCL(Shl.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[13] = { shiftRegCL(Shl.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[14] = { shiftRegCL(Shl.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[15] = { shiftRegCL(Shr.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[16] = { shiftRegCL(Shr.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[17] = { shiftRegCL(Shr.self, UInt32.self, $0, $1, $2, $3, $4) }
        t[18] = { shiftRegCL(Sar.self, UInt8.self, $0, $1, $2, $3, $4) }
        t[19] = { shiftRegCL(Sar.self, UInt16.self, $0, $1, $2, $3, $4) }
        t[20] = { shiftRegCL(Sar.self, UInt32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.imulRegReg
        t[0] = { imulRegReg(UInt16.self, $0, $1, $2, $3, $4) }
        t[1] = { imulRegReg(UInt32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.imulRegImm
        t[0] = { imulRegImm(UInt16.self, $0, $1, $2, $3, $4) }
        t[1] = { imulRegImm(UInt32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.imulRegMem
        t[0] = { imulRegMem(UInt16.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[1] = { imulRegMem(UInt16.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[2] = { imulRegMem(UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { imulRegMem(UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[4] = { imulRegMem(UInt32.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[5] = { imulRegMem(UInt32.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[6] = { imulRegMem(UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[7] = { imulRegMem(UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.setReg
        t[0] = { setReg(IfO.self, $0, $1, $2, $3, $4) }
        t[1] = { setReg(IfNO.self, $0, $1, $2, $3, $4) }
        t[2] = { setReg(IfB.self, $0, $1, $2, $3, $4) }
        t[3] = { setReg(IfNB.self, $0, $1, $2, $3, $4) }
        t[4] = { setReg(IfZ.self, $0, $1, $2, $3, $4) }
        t[5] = { setReg(IfNZ.self, $0, $1, $2, $3, $4) }
        t[6] = { setReg(IfBE.self, $0, $1, $2, $3, $4) }
        t[7] = { setReg(IfA.self, $0, $1, $2, $3, $4) }
        t[8] = { setReg(IfS.self, $0, $1, $2, $3, $4) }
        t[9] = { setReg(IfNS.self, $0, $1, $2, $3, $4) }
        t[10] = { setReg(IfP.self, $0, $1, $2, $3, $4) }
        t[11] = { setReg(IfNP.self, $0, $1, $2, $3, $4) }
        t[12] = { setReg(IfL.self, $0, $1, $2, $3, $4) }
        t[13] = { setReg(IfGE.self, $0, $1, $2, $3, $4) }
        t[14] = { setReg(IfLE.self, $0, $1, $2, $3, $4) }
        t[15] = { setReg(IfG.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.moveIf
        t[0] = { moveIf(IfO.self, $0, $1, $2, $3, $4) }
        t[1] = { moveIf(IfNO.self, $0, $1, $2, $3, $4) }
        t[2] = { moveIf(IfB.self, $0, $1, $2, $3, $4) }
        t[3] = { moveIf(IfNB.self, $0, $1, $2, $3, $4) }
        t[4] = { moveIf(IfZ.self, $0, $1, $2, $3, $4) }
        t[5] = { moveIf(IfNZ.self, $0, $1, $2, $3, $4) }
        t[6] = { moveIf(IfBE.self, $0, $1, $2, $3, $4) }
        t[7] = { moveIf(IfA.self, $0, $1, $2, $3, $4) }
        t[8] = { moveIf(IfS.self, $0, $1, $2, $3, $4) }
        t[9] = { moveIf(IfNS.self, $0, $1, $2, $3, $4) }
        t[10] = { moveIf(IfP.self, $0, $1, $2, $3, $4) }
        t[11] = { moveIf(IfNP.self, $0, $1, $2, $3, $4) }
        t[12] = { moveIf(IfL.self, $0, $1, $2, $3, $4) }
        t[13] = { moveIf(IfGE.self, $0, $1, $2, $3, $4) }
        t[14] = { moveIf(IfLE.self, $0, $1, $2, $3, $4) }
        t[15] = { moveIf(IfG.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.branch
        t[0] = { branch(IfO.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[1] = { branch(IfO.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[2] = { branch(IfNO.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[3] = { branch(IfNO.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[4] = { branch(IfB.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[5] = { branch(IfB.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[6] = { branch(IfNB.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[7] = { branch(IfNB.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[8] = { branch(IfZ.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[9] = { branch(IfZ.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[10] = { branch(IfNZ.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[11] = { branch(IfNZ.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[12] = { branch(IfBE.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[13] = { branch(IfBE.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[14] = { branch(IfA.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[15] = { branch(IfA.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[16] = { branch(IfS.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[17] = { branch(IfS.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[18] = { branch(IfNS.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[19] = { branch(IfNS.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[20] = { branch(IfP.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[21] = { branch(IfP.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[22] = { branch(IfNP.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[23] = { branch(IfNP.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[24] = { branch(IfL.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[25] = { branch(IfL.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[26] = { branch(IfGE.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[27] = { branch(IfGE.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[28] = { branch(IfLE.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[29] = { branch(IfLE.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[30] = { branch(IfG.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[31] = { branch(IfG.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.branchFar
        t[0] = { branchFar(IfO.self, $0, $1, $2, $3, $4) }
        t[1] = { branchFar(IfNO.self, $0, $1, $2, $3, $4) }
        t[2] = { branchFar(IfB.self, $0, $1, $2, $3, $4) }
        t[3] = { branchFar(IfNB.self, $0, $1, $2, $3, $4) }
        t[4] = { branchFar(IfZ.self, $0, $1, $2, $3, $4) }
        t[5] = { branchFar(IfNZ.self, $0, $1, $2, $3, $4) }
        t[6] = { branchFar(IfBE.self, $0, $1, $2, $3, $4) }
        t[7] = { branchFar(IfA.self, $0, $1, $2, $3, $4) }
        t[8] = { branchFar(IfS.self, $0, $1, $2, $3, $4) }
        t[9] = { branchFar(IfNS.self, $0, $1, $2, $3, $4) }
        t[10] = { branchFar(IfP.self, $0, $1, $2, $3, $4) }
        t[11] = { branchFar(IfNP.self, $0, $1, $2, $3, $4) }
        t[12] = { branchFar(IfL.self, $0, $1, $2, $3, $4) }
        t[13] = { branchFar(IfGE.self, $0, $1, $2, $3, $4) }
        t[14] = { branchFar(IfLE.self, $0, $1, $2, $3, $4) }
        t[15] = { branchFar(IfG.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.loop
        t[0] = { loopBranch(UInt16.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[1] = { loopBranch(UInt16.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[2] = { loopBranch(UInt32.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[3] = { loopBranch(UInt32.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.jcxz
        t[0] = { branchIfZeroCount(UInt16.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[1] = { branchIfZeroCount(UInt16.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[2] = { branchIfZeroCount(UInt32.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[3] = { branchIfZeroCount(UInt32.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.jump
        t[0] = { jumpNear(FlatCode.self, $0, $1, $2, $3, $4) }
        t[1] = { jumpNear(LimitedCode.self, $0, $1, $2, $3, $4) }
        t[2] = { jumpFar($0, $1, $2, $3, $4) }
        t = start + HandlerGroup.call
        t[0] = { callNear(UInt16.self, FlatStack.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[1] = { callNear(UInt16.self, FlatStack.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[2] = { callNear(UInt16.self, Stack16.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[3] = { callNear(UInt16.self, Stack16.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[4] = { callNear(UInt16.self, Stack32.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[5] = { callNear(UInt16.self, Stack32.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[6] = { callNear(UInt32.self, FlatStack.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[7] = { callNear(UInt32.self, FlatStack.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[8] = { callNear(UInt32.self, Stack16.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[9] = { callNear(UInt32.self, Stack16.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t[10] = { callNear(UInt32.self, Stack32.self, FlatCode.self, $0, $1, $2, $3, $4) }
        t[11] = { callNear(UInt32.self, Stack32.self, LimitedCode.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.callFar
        t[0] = { callFar(UInt16.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[1] = { callFar(UInt16.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[2] = { callFar(UInt16.self, Stack32.self, $0, $1, $2, $3, $4) }
        t[3] = { callFar(UInt32.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[4] = { callFar(UInt32.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[5] = { callFar(UInt32.self, Stack32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.ret
        t[0] = { returnNear(UInt16.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[1] = { returnNear(UInt16.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[2] = { returnNear(UInt16.self, Stack32.self, $0, $1, $2, $3, $4) }
        t[3] = { returnNear(UInt32.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[4] = { returnNear(UInt32.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[5] = { returnNear(UInt32.self, Stack32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.pushReg
        t[0] = { pushValue(UInt16.self, FlatStack.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[1] = { pushValue(UInt16.self, Stack16.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[2] = { pushValue(UInt16.self, Stack32.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[3] = { pushValue(UInt32.self, FlatStack.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[4] = { pushValue(UInt32.self, Stack16.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t[5] = { pushValue(UInt32.self, Stack32.self, FromRegister.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.pushImm
        t[0] = { pushValue(UInt16.self, FlatStack.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[1] = { pushValue(UInt16.self, Stack16.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[2] = { pushValue(UInt16.self, Stack32.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[3] = { pushValue(UInt32.self, FlatStack.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[4] = { pushValue(UInt32.self, Stack16.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[5] = { pushValue(UInt32.self, Stack32.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.pop
        t[0] = { popReg(UInt16.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[1] = { popReg(UInt16.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[2] = { popReg(UInt16.self, Stack32.self, $0, $1, $2, $3, $4) }
        t[3] = { popReg(UInt32.self, FlatStack.self, $0, $1, $2, $3, $4) }
        t[4] = { popReg(UInt32.self, Stack16.self, $0, $1, $2, $3, $4) }
        t[5] = { popReg(UInt32.self, Stack32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.jumpReg
        t[0] = { jumpReg(UInt16.self, $0, $1, $2, $3, $4) }
        t[1] = { jumpReg(UInt32.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.jumpMem
        t[0] = { jumpMem(UInt16.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[1] = { jumpMem(UInt16.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[2] = { jumpMem(UInt16.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[3] = { jumpMem(UInt16.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t[4] = { jumpMem(UInt32.self, FlatBase.self, $0, $1, $2, $3, $4) }
        t[5] = { jumpMem(UInt32.self, FlatIndex.self, $0, $1, $2, $3, $4) }
        t[6] = { jumpMem(UInt32.self, Segmented32.self, $0, $1, $2, $3, $4) }
        t[7] = { jumpMem(UInt32.self, Segmented16.self, $0, $1, $2, $3, $4) }
        t = start + HandlerGroup.bit
        t[0] = { bitReg(BitTest.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[1] = { bitReg(BitTest.self, FromBase.self, $0, $1, $2, $3, $4) }
        t[2] = { bitReg(BitSet.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[3] = { bitReg(BitSet.self, FromBase.self, $0, $1, $2, $3, $4) }
        t[4] = { bitReg(BitReset.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[5] = { bitReg(BitReset.self, FromBase.self, $0, $1, $2, $3, $4) }
        t[6] = { bitReg(BitComplement.self, FromImmediate.self, $0, $1, $2, $3, $4) }
        t[7] = { bitReg(BitComplement.self, FromBase.self, $0, $1, $2, $3, $4) }
    }
}
