/// Every instruction in its plain form: the opcode map, one byte.
///
/// On entry EIP is past the instruction and `instructionEIP` at its start. What is thrown has changed nothing that the
/// guest can see.
extension Core {
    func execute(_ i: Instruction) throws(Fault) {
        if i.lock { try checkLock(i) }
        if i.opcode >= Instruction.twoByte { return try executeTwoByte(i) }
        switch i.opcode {
        case 0x06: try pushSegment(SegmentNumber.es, i)
        case 0x07: try popSegment(SegmentNumber.es, i)
        case 0x0E: try pushSegment(SegmentNumber.cs, i)
        case 0x0F where s.pointee.model == .i8086: try popCS()
        case 0x16: try pushSegment(SegmentNumber.ss, i)
        case 0x17: try popSegment(SegmentNumber.ss, i)
        case 0x1E: try pushSegment(SegmentNumber.ds, i)
        case 0x1F: try popSegment(SegmentNumber.ds, i)
        case 0x27: daa()
        case 0x2F: das()
        case 0x37: asciiAdjust(subtract: false)
        case 0x3F: asciiAdjust(subtract: true)
        case 0x00...0x3F where i.opcode & 7 < 6: try arithmetic(i)
        case 0x40...0x47: unaryRegister(Inc.self, i)
        case 0x48...0x4F: unaryRegister(Dec.self, i)
        case 0x50...0x57: try pushRegister(i)
        case 0x58...0x5F: try popRegister(i)
        case 0x60: try pushAll(i)
        case 0x61: try popAll(i)
        case 0x62: try bound(i)
        case 0x63 where s.pointee.model >= .i80286: try adjustPrivilege(i)
        case 0x68, 0x6A: try pushSized(i.immediate, i)
        case 0x69, 0x6B:
            if i.operand32 {
                multiplyInto(i.reg, try readRM(i), i.immediate)
            } else {
                multiplyInto(i.reg, try readRM(i), UInt16(truncatingIfNeeded: i.immediate))
            }
        case 0x6C, 0x6D: try string(Ins.self, i)
        case 0x6E, 0x6F: try string(Outs.self, i)
        case 0x70...0x7F: if holds(i.opcode & 15) { try jumpRelative(i) }
        case 0x80...0x83: try arithmeticImmediate(i)
        case 0x84: try rmOperand(Test.self, i, readReg(i, as: UInt8.self))
        case 0x85 where i.operand32: try rmOperand(Test.self, i, readReg(i, as: UInt32.self))
        case 0x85: try rmOperand(Test.self, i, readReg(i, as: UInt16.self))
        case 0x86: try exchange(i, UInt8.self)
        case 0x87 where i.operand32: try exchange(i, UInt32.self)
        case 0x87: try exchange(i, UInt16.self)
        case 0x88: try store(readReg(i, as: UInt8.self), try placeRM(i, UInt8.self))
        case 0x89 where i.operand32: try store(readReg(i, as: UInt32.self), try placeRM(i, UInt32.self))
        case 0x89: try store(readReg(i, as: UInt16.self), try placeRM(i, UInt16.self))
        case 0x8A: writeReg(i, try readRM(i, as: UInt8.self))
        case 0x8B where i.operand32: writeReg(i, try readRM(i, as: UInt32.self))
        case 0x8B: writeReg(i, try readRM(i, as: UInt16.self))
        case 0x8C: try moveFromSegment(i)
        case 0x8D: try loadAddress(i)
        case 0x8E: try moveToSegment(i)
        case 0x8F: try popRM(i)
        case 0x90: break
        case 0x91...0x97: exchangeAccumulator(i)
        case 0x98: convert(i)
        case 0x99: extend(i)
        case 0x9A: try farCall(i.immediate2, i.immediate, operand32: i.operand32)
        case 0x9B: try wait()
        case 0x9C: try pushFlags(operand32: i.operand32)
        case 0x9D: try popFlags(operand32: i.operand32)
        case 0x9E: setArithmeticFlags(eflags & Flags.overflow | (eax >> 8) & 0xD5)
        case 0x9F: s.store(UInt8(truncatingIfNeeded: eflags & 0xD5 | 2), 1)
        case 0xA0...0xA3: try moveOffset(i)
        case 0xA4, 0xA5: try string(Movs.self, i)
        case 0xA6, 0xA7: try string(Cmps.self, i)
        case 0xA8:
            _ = Test.apply(
                UInt8(truncatingIfNeeded: eax), UInt8(truncatingIfNeeded: i.immediate), &s.pointee.wide,
                &s.pointee.mixed)
        case 0xA9 where i.operand32: _ = Test.apply(eax, i.immediate, &s.pointee.wide, &s.pointee.mixed)
        case 0xA9:
            _ = Test.apply(
                UInt16(truncatingIfNeeded: eax), UInt16(truncatingIfNeeded: i.immediate), &s.pointee.wide,
                &s.pointee.mixed)
        case 0xAA, 0xAB: try string(Stos.self, i)
        case 0xAC, 0xAD: try string(Lods.self, i)
        case 0xAE, 0xAF: try string(Scas.self, i)
        case 0xB0...0xB7:
            s.store(
                UInt8(truncatingIfNeeded: i.immediate),
                registerOffset(UInt8(truncatingIfNeeded: i.opcode & 7), UInt8.self))
        case 0xB8...0xBF where i.operand32: setRegister(Int(i.opcode & 7), i.immediate)
        case 0xB8...0xBF:
            s.store(UInt16(truncatingIfNeeded: i.immediate), UInt8(truncatingIfNeeded: i.opcode & 7) &* 4)
        case 0xC0, 0xC1: try shift(i, i.immediate)
        case 0xC2: try returnNear(i, release: i.immediate)
        case 0xC3: try returnNear(i, release: 0)
        case 0xC4: try loadFarPointer(SegmentNumber.es, i)
        case 0xC5: try loadFarPointer(SegmentNumber.ds, i)
        case 0xC6: try moveImmediate(i, UInt8.self)
        case 0xC7 where i.operand32: try moveImmediate(i, UInt32.self)
        case 0xC7: try moveImmediate(i, UInt16.self)
        case 0xC8: try enter(i)
        case 0xC9: try leave(i)
        case 0xCA: try farReturn(release: i.immediate, operand32: i.operand32)
        case 0xCB: try farReturn(release: 0, operand32: i.operand32)
        case 0xCC: try breakpointInterrupt()
        case 0xCD: try softwareInterrupt(UInt8(truncatingIfNeeded: i.immediate))
        case 0xCE: if Flags.isOverflow(s.pointee.wide, s.pointee.mixed) { try overflowInterrupt() }
        case 0xCF: try interruptReturn(operand32: i.operand32)
        case 0xD0, 0xD1: try shift(i, 1)
        case 0xD2, 0xD3: try shift(i, ecx)
        case 0xD4: try aam(UInt8(truncatingIfNeeded: i.immediate))
        case 0xD5: aad(UInt8(truncatingIfNeeded: i.immediate))
        case 0xD6: s.store(Flags.isCarry(s.pointee.wide) ? 0xFF as UInt8 : 0, 0)
        case 0xD7: try translateByte(i)
        case 0xD8...0xDF: try escape(i)
        case 0xE0...0xE3: try loop(i)
        case 0xE4, 0xE5: try input(i, UInt16(truncatingIfNeeded: i.immediate))
        case 0xE6, 0xE7: try output(i, UInt16(truncatingIfNeeded: i.immediate))
        case 0xE8: try callRelative(i)
        case 0xE9, 0xEB: try jumpRelative(i)
        case 0xEA: try farJump(i.immediate2, i.immediate, operand32: i.operand32)
        case 0xEC, 0xED: try input(i, UInt16(truncatingIfNeeded: edx))
        case 0xEE, 0xEF: try output(i, UInt16(truncatingIfNeeded: edx))
        case 0xF1 where s.pointee.model >= .i80386: icebp()
        case 0xF4: try halt()
        case 0xF5: setCarry(!Flags.isCarry(s.pointee.wide))
        case 0xF6, 0xF7: try group3(i)
        case 0xF8: setCarry(false)
        case 0xF9: setCarry(true)
        case 0xFA: try clearInterruptFlag()
        case 0xFB: try setInterruptFlag()
        case 0xFC: s.pointee.systemFlags &= ~Flags.direction
        case 0xFD: s.pointee.systemFlags |= Flags.direction
        case 0xFE, 0xFF: try group5(i)
        default:
            // The 8086 knows no invalid opcode: what it does not use does nothing.
            if s.pointee.model >= .i80186 { throw .invalidOpcode }
        }
    }

    /// LOCK is for read-modify-write of memory only, from the 386 on [SDM 2A LOCK]. The 286 takes it before anything, at
    /// the levels that may do I/O [80286 PRM LOCK].
    private func checkLock(_ i: Instruction) throws(Fault) {
        guard s.pointee.model >= .i80386 else {
            if s.pointee.isProtected, s.pointee.cpl > iopl { throw .generalProtection() }
            return
        }
        let allowed: Bool
        switch i.opcode {
        case 0x00...0x37: allowed = i.opcode & 7 < 2
        case 0x80...0x83: allowed = i.reg != 7
        case 0x86, 0x87: allowed = true
        case 0xF6, 0xF7: allowed = i.reg == 2 || i.reg == 3
        case 0xFE, 0xFF: allowed = i.reg < 2
        case 0x1AB, 0x1B3, 0x1BB, 0x1B0, 0x1B1, 0x1C0, 0x1C1: allowed = true
        case 0x1BA where i.reg >= 5: allowed = true
        // BT is in the 386's list [80386 PRM LOCK].
        case 0x1A3, 0x1BA: allowed = s.pointee.model == .i80386 && (i.opcode == 0x1A3 || i.reg == 4)
        case 0x1C7: allowed = i.reg == 1
        default: allowed = false
        }
        guard allowed, !i.isRegisterForm else { throw .invalidOpcode }
    }

    // MARK: Moves

    private func moveImmediate<W: Word>(_ i: Instruction, _: W.Type) throws(Fault) {
        guard i.reg == 0 || s.pointee.model <= .i80186 else { throw .invalidOpcode }
        try store(W(truncatingIfNeeded: i.immediate), try placeRM(i, W.self))
    }

    /// MOV between the accumulator and an absolute offset.
    private func moveOffset(_ i: Instruction) throws(Fault) {
        let segment = Int(i.segment)
        switch (i.opcode & 3, i.operand32) {
        case (0, _): s.store(try read(segment, i.displacement, as: UInt8.self), 0)
        case (1, true): s.store(try read(segment, i.displacement, as: UInt32.self), 0)
        case (1, false): s.store(try read(segment, i.displacement, as: UInt16.self), 0)
        case (2, _): try write(segment, i.displacement, UInt8(truncatingIfNeeded: eax))
        case (_, true): try write(segment, i.displacement, eax)
        default: try write(segment, i.displacement, UInt16(truncatingIfNeeded: eax))
        }
    }

    /// MOV from a segment register: a word in memory, all of a 32-bit register.
    func moveFromSegment(_ i: Instruction) throws(Fault) {
        let number = s.pointee.model <= .i80186 ? i.reg & 3 : i.reg
        guard number < (s.pointee.model >= .i80386 ? 6 : 4) else { throw .invalidOpcode }
        let selector = s.segment(Int(number)).pointee.selector
        if i.isRegisterForm && i.operand32 {
            setRegister(Int(i.rm), UInt32(selector))
        } else {
            try store(selector, try placeRM(i, UInt16.self))
        }
    }

    func moveToSegment(_ i: Instruction) throws(Fault) {
        let number = s.pointee.model <= .i80186 ? i.reg & 3 : i.reg
        guard number < (s.pointee.model >= .i80386 ? 6 : 4), number != 1 || s.pointee.model <= .i80186 else {
            throw .invalidOpcode
        }
        let selector = try readRM(i, as: UInt16.self)
        if number == 1 {
            var cs = s.segment(SegmentNumber.cs).pointee
            cs.selector = selector
            cs.base = UInt32(selector) << 4
            setSegment(SegmentNumber.cs, cs)
        } else {
            try loadSegment(Int(number), selector)
        }
        if holdsInterrupts(Int(number)) { shadow(stackLoad: true) }
    }

    /// Whether a load of this segment register by MOV or POP lets the next instruction run before an interrupt or trap:
    /// any up to the 186 [8086 FUM 2.6], SS later [80286 PRM MOV].
    func holdsInterrupts(_ number: Int) -> Bool { number == SegmentNumber.ss || s.pointee.model <= .i80186 }

    /// Where an instruction needs memory and was given a register: invalid from the 286 on. The 8086 uses what its
    /// address unit has left, which no test can tell [SingleStepTests/8088 v2_undefined], and the 186 does not count it
    /// among what is invalid [AP-186]; here it does nothing (unverified).
    func isWithoutMemory(_ i: Instruction) throws(Fault) -> Bool {
        if i.isRegisterForm, s.pointee.model >= .i80286 { throw .invalidOpcode }
        return i.isRegisterForm
    }

    private func loadAddress(_ i: Instruction) throws(Fault) {
        if try isWithoutMemory(i) { return }
        let address = offset(i)
        if i.operand32 { writeReg(i, address) } else { writeReg(i, UInt16(truncatingIfNeeded: address)) }
    }

    private func exchangeAccumulator(_ i: Instruction) {
        let at = UInt8(truncatingIfNeeded: i.opcode & 7) &* 4
        if i.operand32 {
            let old = eax
            eax = s.load(at, as: UInt32.self)
            s.store(old, at)
        } else {
            let old = UInt16(truncatingIfNeeded: eax)
            s.store(s.load(at, as: UInt16.self), 0)
            s.store(old, at)
        }
    }

    /// CBW, CWDE
    private func convert(_ i: Instruction) {
        if i.operand32 {
            eax = signExtended(UInt16(truncatingIfNeeded: eax))
        } else {
            s.store(UInt16(truncatingIfNeeded: signExtended(UInt8(truncatingIfNeeded: eax))), 0)
        }
    }

    /// CWD, CDQ
    private func extend(_ i: Instruction) {
        if i.operand32 {
            edx = eax & 0x8000_0000 != 0 ? .max : 0
        } else {
            s.store(eax & 0x8000 != 0 ? UInt16.max : 0, 8)
        }
    }

    private func translateByte(_ i: Instruction) throws(Fault) {
        let at = ebx &+ (eax & 0xFF)
        s.store(try read(Int(i.segment), i.address32 ? at : at & 0xFFFF, as: UInt8.self), 0)
    }

    private func halt() throws(Fault) {
        try requirePrivilege0()
        s.pointee.halted = true
        look()
    }
}
