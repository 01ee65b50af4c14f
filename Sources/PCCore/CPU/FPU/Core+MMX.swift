/// The MMX instructions, from the Pentium with MMX on [SDM 1 ch. 9]. MM0 to MM7 are the significands of the x87's
/// registers by their own numbers.
extension Core {
    /// Raises what stands before any MMX instruction; false where the CPU stands still, waiting for the coprocessor
    /// [SDM 3A 12.1, Table 12-1].
    private func mmxIsReady() throws(Fault) -> Bool {
        guard s.pointee.model >= .pentium, s.pointee.fpu.isPresent, s.pointee.cr0 & CR0.emulation == 0 else {
            throw .invalidOpcode
        }
        if s.pointee.cr0 & CR0.taskSwitched != 0 { throw .deviceNotAvailable }
        return try floatIsReady()
    }

    /// What every MMX instruction but EMMS does to the x87: no register is empty, and ST(0) is R0 [SDM 3A Table 12-2].
    private func useMMX() {
        s.pointee.fpu.top = 0
        loadTagWord(0)
    }

    private func mmx(_ number: UInt8) -> UInt64 { s.floatRegister(UInt32(number)).pointee.significand }

    /// Sets an MMX register; the sign and exponent around it become ones.
    private func setMMX(_ number: UInt8, _ value: UInt64) {
        useMMX()
        s.floatRegister(UInt32(number)).pointee.significand = value
        s.floatRegister(UInt32(number)).pointee.signExponent = 0xFFFF
    }

    /// The r/m operand of 64 bits.
    private func readMMX(_ i: Instruction) throws(Fault) -> UInt64 {
        i.isRegisterForm ? mmx(i.rm) : try read(Int(i.segment), offset(i), as: UInt64.self)
    }

    // MARK: Instructions

    /// An operation of a register with a register or memory, which the opcode names.
    func packedOperation(_ i: Instruction) throws(Fault) {
        guard try mmxIsReady() else { return }
        let opcode = UInt8(truncatingIfNeeded: i.opcode)
        // PUNPCKL takes no more than it needs of memory.
        let isNarrow = (0x60...0x62).contains(opcode) && !i.isRegisterForm
        let operand = isNarrow ? UInt64(try readRM(i, as: UInt32.self)) : try readMMX(i)
        setMMX(i.reg, MMXOperation.apply(opcode, mmx(i.reg), operand))
    }

    /// Shifts by an immediate: 71h to 73h, with the operation in reg.
    func packedShift(_ i: Instruction) throws(Fault) {
        let width = UInt8(truncatingIfNeeded: i.opcode & 3)
        let group: UInt8? =
            switch i.reg {
            case 2: 0xD0
            case 4 where width != 3: 0xE0
            case 6: 0xF0
            default: nil
            }
        guard let group, i.isRegisterForm else { throw .invalidOpcode }
        guard try mmxIsReady() else { return }
        setMMX(i.rm, MMXOperation.apply(group | width, mmx(i.rm), UInt64(i.immediate)))
    }

    /// MOVD and MOVQ: 6Eh, 6Fh, 7Eh, 7Fh.
    func packedMove(_ i: Instruction) throws(Fault) {
        guard try mmxIsReady() else { return }
        switch i.opcode & 0xFF {
        case 0x6E: setMMX(i.reg, UInt64(try readRM(i, as: UInt32.self)))
        case 0x6F: setMMX(i.reg, try readMMX(i))
        case 0x7E:
            try store(UInt32(truncatingIfNeeded: mmx(i.reg)), try placeRM(i, UInt32.self))
            useMMX()
        case _ where i.isRegisterForm: setMMX(i.rm, mmx(i.reg))
        default:
            try store(mmx(i.reg), try placeRM(i, UInt64.self))
            useMMX()
        }
    }

    /// EMMS: all registers are empty.
    func emptyMMX() throws(Fault) {
        guard try mmxIsReady() else { return }
        s.pointee.fpu.top = 0
        loadTagWord(0xFFFF)
    }
}
