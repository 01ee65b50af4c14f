/// Near and far transfers, loops, and what the far ones need from protection.
extension Core {
    /// A relative jump that is taken.
    func jumpRelative(_ i: Instruction) throws(Fault) {
        try jump(s.pointee.eip &+ i.immediate, operand32: i.operand32)
    }

    func callRelative(_ i: Instruction) throws(Fault) {
        try callNear(s.pointee.eip &+ i.immediate, i)
    }

    func callNear(_ target: UInt32, _ i: Instruction) throws(Fault) {
        let back = s.pointee.eip
        try jump(target, operand32: i.operand32)
        do {
            try pushSized(back, i)
        } catch {
            s.pointee.eip = back
            throw error
        }
    }

    func returnNear(_ i: Instruction, release: UInt32) throws(Fault) {
        let oldESP = esp
        do {
            let target = try popSized(i)
            try jump(target, operand32: i.operand32)
            setStackPointer(esp &+ release)
        } catch {
            esp = oldESP
            throw error
        }
    }

    /// LOOPNE, LOOPE, LOOP, JCXZ: E0h-E3h. The count is CX or ECX by address size.
    func loop(_ i: Instruction) throws(Fault) {
        if i.opcode == 0xE3 {
            if (i.address32 ? ecx : ecx & 0xFFFF) == 0 { try jumpRelative(i) }
            return
        }
        let count = i.address32 ? ecx &- 1 : (ecx & 0xFFFF_0000) | ((ecx &- 1) & 0xFFFF)
        let isDone = (i.address32 ? count : count & 0xFFFF) == 0
        let isZero = Flags.isZero(s.pointee.wide)
        if !isDone && (i.opcode == 0xE2 || isZero == (i.opcode == 0xE1)) { try jumpRelative(i) }
        ecx = count
    }

    /// The far pointer in memory at the r/m operand.
    func readFarPointer(_ i: Instruction) throws(Fault) -> (selector: UInt16, offset: UInt32) {
        let at = offset(i)
        let segment = Int(i.segment)
        let mask: UInt32 = i.address32 ? .max : 0xFFFF
        if i.operand32 {
            let offset: UInt32 = try read(segment, at)
            return (try read(segment, (at &+ 4) & mask), offset)
        }
        let offset: UInt16 = try read(segment, at)
        return (try read(segment, (at &+ 2) & mask), UInt32(offset))
    }

    /// LES, LDS, LSS, LFS, LGS.
    func loadFarPointer(_ number: Int, _ i: Instruction) throws(Fault) {
        if try isWithoutMemory(i) { return }
        let pointer = try readFarPointer(i)
        try loadSegment(number, pointer.selector)
        if i.operand32 { writeReg(i, pointer.offset) } else { writeReg(i, UInt16(truncatingIfNeeded: pointer.offset)) }
    }

    /// Group 5: FFh, and group 4, FEh.
    func group5(_ i: Instruction) throws(Fault) {
        switch i.reg {
        case 0: try unary(Inc.self, i)
        case 1: try unary(Dec.self, i)
        case _ where i.opcode == 0xFE: try byteGroup5(i)
        case 2: try callNear(try readSized(i), i)
        case 3, 5:
            if try isWithoutMemory(i) { return }
            let pointer = try readFarPointer(i)
            if i.reg == 3 {
                try farCall(pointer.selector, pointer.offset, operand32: i.operand32)
            } else {
                try farJump(pointer.selector, pointer.offset, operand32: i.operand32)
            }
        case 4: try jump(try readSized(i), operand32: i.operand32)
        case 6: try pushRM(i)
        case 7 where s.pointee.model == .i8086: try pushRM(i)
        default: throw .invalidOpcode
        }
    }

    /// FE /2-7: what FF /2-7 are, with byte operands, up to the 186. One byte of each slot is written, and a byte of
    /// memory is read with ones above [SingleStepTests/8088 issue 6; unverified for registers and for the 186].
    private func byteGroup5(_ i: Instruction) throws(Fault) {
        guard s.pointee.model == .i8086 || (s.pointee.model == .i80186 && i.reg != 7) else { throw .invalidOpcode }
        if i.reg == 3 || i.reg == 5 {
            if try isWithoutMemory(i) { return }
            let at = offset(i)
            let target = 0xFF00 | UInt32(try read(Int(i.segment), at, as: UInt8.self))
            let selector = 0xFF00 | UInt16(try read(Int(i.segment), (at &+ 2) & 0xFFFF, as: UInt8.self))
            if i.reg == 3 {
                try pushByte(UInt32(s.segment(SegmentNumber.cs).pointee.selector))
                try pushByte(s.pointee.eip)
            }
            loadRealCode(selector)
            s.pointee.eip = target
            return
        }
        let value = 0xFF00 | UInt32(try readRM(i, as: UInt8.self))
        if i.reg == 2 { try pushByte(s.pointee.eip) }
        if i.reg >= 6 { try pushByte(value) } else { s.pointee.eip = value }
    }

    private func pushByte(_ value: UInt32) throws(Fault) {
        let top = stackOffset(esp &- 2)
        try write(SegmentNumber.ss, top, UInt8(truncatingIfNeeded: value))
        setStackPointer(top)
    }

    private func pushRM(_ i: Instruction) throws(Fault) {
        // PUSH SP by this form pushes the new value on the 8086, as 54h does.
        if i.isRegisterForm, i.rm == 4, s.pointee.model <= .i80186 {
            return try push(UInt16(truncatingIfNeeded: esp &- 2))
        }
        try pushSized(try readSized(i), i)
    }

    /// The r/m operand by operand size.
    func readSized(_ i: Instruction) throws(Fault) -> UInt32 {
        i.operand32 ? try readRM(i, as: UInt32.self) : UInt32(try readRM(i, as: UInt16.self))
    }

    func writeSized(_ value: UInt32, _ i: Instruction) throws(Fault) {
        if i.operand32 {
            try store(value, try placeRM(i, UInt32.self))
        } else {
            try store(UInt16(truncatingIfNeeded: value), try placeRM(i, UInt16.self))
        }
    }

    /// BOUND [SDM 2A BOUND].
    func bound(_ i: Instruction) throws(Fault) {
        if try isWithoutMemory(i) { return }
        let at = offset(i)
        let mask: UInt32 = i.address32 ? .max : 0xFFFF
        if i.operand32 {
            let low: UInt32 = try read(Int(i.segment), at)
            let high: UInt32 = try read(Int(i.segment), (at &+ 4) & mask)
            let index = Int32(bitPattern: readReg(i, as: UInt32.self))
            if index < Int32(bitPattern: low) || index > Int32(bitPattern: high) { throw .boundRange }
        } else {
            let low: UInt16 = try read(Int(i.segment), at)
            let high: UInt16 = try read(Int(i.segment), (at &+ 2) & mask)
            let index = Int16(bitPattern: readReg(i, as: UInt16.self))
            if index < Int16(bitPattern: low) || index > Int16(bitPattern: high) { throw .boundRange }
        }
    }
}
