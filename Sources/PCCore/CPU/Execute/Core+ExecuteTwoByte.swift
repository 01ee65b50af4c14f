/// Every instruction in its plain form: the opcode map, two bytes (0Fh).
extension Core {
    func executeTwoByte(_ i: Instruction) throws(Fault) {
        let model = s.pointee.model
        switch i.opcode & 0xFF {
        case 0x00: try group6(i)
        case 0x01: try group7(i)
        case 0x02: try loadDescriptorInfo(i, try selectorOperand(i, accessRights))
        case 0x03: try loadDescriptorInfo(i, try selectorOperand(i, segmentLimit))
        case 0x05 where model == .i80286: try loadAll286()
        case 0x06: try clearTaskSwitched()
        case 0x07 where model == .i80386: try loadAll386()
        case 0x08, 0x09:
            guard model >= .i80486 else { throw .invalidOpcode }
            try requirePrivilege0()
        case 0x20: setRegister(Int(i.rm), try readControlRegister(Int(i.reg)))
        case 0x21: setRegister(Int(i.rm), try readDebugRegister(Int(i.reg)))
        case 0x22: try writeControlRegister(Int(i.reg), register(Int(i.rm)))
        case 0x23: try writeDebugRegister(Int(i.reg), register(Int(i.rm)))
        case 0x24: setRegister(Int(i.rm), try readTestRegister(Int(i.reg)))
        case 0x26: try writeTestRegister(Int(i.reg), register(Int(i.rm)))
        case 0x30 where model >= .pentium: try writeMSR()
        case 0x31 where model >= .pentium: try readTimeStamp()
        case 0x32 where model >= .pentium: try readMSR()
        case 0x33 where model >= .pentium: try readPerformanceCounter()
        case 0x34 where model >= .pentiumII: try systemEnter()
        case 0x35 where model >= .pentiumII: try systemExit()
        case 0xA2 where model >= .i80486: identify()
        case 0xC8...0xCF where model >= .i80486: swapBytes(i)
        case 0x0D where model >= .pentiumII, 0x18...0x1F where model >= .pentiumII: break
        case 0x40...0x4F where model >= .pentiumII: try conditionalMove(i)
        case 0x60...0x6B, 0x74...0x76, 0xD1...0xD3, 0xD5, 0xD8, 0xD9, 0xDB...0xDD, 0xDF, 0xE1, 0xE2, 0xE5, 0xE8, 0xE9,
            0xEB...0xED, 0xEF, 0xF1...0xF3, 0xF5, 0xF8...0xFA, 0xFC...0xFE:
            try packedOperation(i)
        case 0x6E, 0x6F, 0x7E, 0x7F: try packedMove(i)
        case 0x71...0x73: try packedShift(i)
        case 0x77: try emptyMMX()
        case 0xAE: try fastSaveGroup(i)
        default:
            guard model >= .i80386 else { throw .invalidOpcode }
            if i.operand32 { try executeSized(i, UInt32.self) } else { try executeSized(i, UInt16.self) }
        }
    }

    /// The two-byte instructions of 386 and 486 that come in a word and a dword form.
    private func executeSized<W: Word>(_ i: Instruction, _: W.Type) throws(Fault) {
        switch i.opcode & 0xFF {
        case 0x80...0x8F: if holds(i.opcode & 15) { try jumpRelative(i) }
        case 0x90...0x9F: try store(holds(i.opcode & 15) ? 1 as UInt8 : 0, try placeRM(i, UInt8.self))
        case 0xA0: try pushSegment(SegmentNumber.fs, i)
        case 0xA1: try popSegment(SegmentNumber.fs, i)
        case 0xA8: try pushSegment(SegmentNumber.gs, i)
        case 0xA9: try popSegment(SegmentNumber.gs, i)
        case 0xA3: try bitByRegister(i, .test, W.self)
        case 0xAB: try bitByRegister(i, .set, W.self)
        case 0xB3: try bitByRegister(i, .reset, W.self)
        case 0xBB: try bitByRegister(i, .complement, W.self)
        case 0xBA: try bitByImmediate(i, W.self)
        case 0xA4: try doubleShift(i, i.immediate, left: true, W.self)
        case 0xA5: try doubleShift(i, ecx, left: true, W.self)
        case 0xAC: try doubleShift(i, i.immediate, left: false, W.self)
        case 0xAD: try doubleShift(i, ecx, left: false, W.self)
        case 0xAF: multiplyInto(i.reg, readReg(i, as: W.self), try readRM(i, as: W.self))
        case 0xB2: try loadFarPointer(SegmentNumber.ss, i)
        case 0xB4: try loadFarPointer(SegmentNumber.fs, i)
        case 0xB5: try loadFarPointer(SegmentNumber.gs, i)
        case 0xB6: writeReg(i, W(truncatingIfNeeded: try readRM(i, as: UInt8.self)))
        case 0xB7: writeReg(i, W(truncatingIfNeeded: try readRM(i, as: UInt16.self)))
        case 0xBE: writeReg(i, W(truncatingIfNeeded: signExtended(try readRM(i, as: UInt8.self))))
        case 0xBF: writeReg(i, W(truncatingIfNeeded: signExtended(try readRM(i, as: UInt16.self))))
        case 0xBC: try bitScan(i, reverse: false, W.self)
        case 0xBD: try bitScan(i, reverse: true, W.self)
        case 0xB0 where s.pointee.model >= .i80486: try compareExchange(i, UInt8.self)
        case 0xB1 where s.pointee.model >= .i80486: try compareExchange(i, W.self)
        case 0xC0 where s.pointee.model >= .i80486: try exchangeAdd(i, UInt8.self)
        case 0xC1 where s.pointee.model >= .i80486: try exchangeAdd(i, W.self)
        case 0xC7 where s.pointee.model >= .pentium: try compareExchange8(i)
        default: throw .invalidOpcode
        }
    }

    /// CMOVcc reads its source in any case [SDM 2A CMOVcc].
    private func conditionalMove(_ i: Instruction) throws(Fault) {
        if i.operand32 {
            let value: UInt32 = try readRM(i)
            if holds(i.opcode & 15) { writeReg(i, value) }
        } else {
            let value: UInt16 = try readRM(i)
            if holds(i.opcode & 15) { writeReg(i, value) }
        }
    }

    private func swapBytes(_ i: Instruction) {
        let number = Int(i.opcode & 7)
        // With a 16-bit operand, which is undefined, the chips give zero.
        if i.operand32 {
            setRegister(number, register(number).byteSwapped)
        } else {
            s.store(0 as UInt16, UInt8(truncatingIfNeeded: number &* 4))
        }
    }

    // MARK: System groups

    private func requireProtected() throws(Fault) {
        guard s.pointee.isProtected else { throw .invalidOpcode }
    }

    /// SLDT, STR, LLDT, LTR, VERR, VERW: not recognised in real and virtual-8086 mode.
    private func group6(_ i: Instruction) throws(Fault) {
        try requireProtected()
        switch i.reg {
        case 0: try storeSelector(s.segment(SegmentNumber.ldtr).pointee.selector, i)
        case 1: try storeSelector(s.segment(SegmentNumber.tr).pointee.selector, i)
        case 2:
            try requirePrivilege0()
            try loadLDT(try readRM(i, as: UInt16.self))
        case 3:
            try requirePrivilege0()
            try loadTaskRegister(try readRM(i, as: UInt16.self))
        case 4: setZero(try verify(try readRM(i, as: UInt16.self), write: false))
        case 5: setZero(try verify(try readRM(i, as: UInt16.self), write: true))
        default: throw .invalidOpcode
        }
    }

    /// A system word: to memory always 16 bits, to a register all 32 of a 32-bit operand.
    private func storeSelector(_ value: UInt16, _ i: Instruction) throws(Fault) {
        if i.isRegisterForm && i.operand32 {
            setRegister(Int(i.rm), UInt32(value))
        } else {
            try store(value, try placeRM(i, UInt16.self))
        }
    }

    /// SGDT, SIDT, LGDT, LIDT, SMSW, LMSW, INVLPG.
    private func group7(_ i: Instruction) throws(Fault) {
        switch i.reg {
        case 0...3 where i.isRegisterForm: throw .invalidOpcode
        case 0: try storeGDTR(Int(i.segment), offset(i), operand32: i.operand32)
        case 1: try storeIDTR(Int(i.segment), offset(i), operand32: i.operand32)
        case 2: try loadGDTR(Int(i.segment), offset(i), operand32: i.operand32)
        case 3: try loadIDTR(Int(i.segment), offset(i), operand32: i.operand32)
        case 4:
            let status = storeMachineStatus()
            if i.isRegisterForm && i.operand32 {
                setRegister(Int(i.rm), status)
            } else {
                try store(UInt16(truncatingIfNeeded: status), try placeRM(i, UInt16.self))
            }
        case 6:
            try requirePrivilege0()
            loadMachineStatus(try readRM(i, as: UInt16.self))
        case 7:
            guard s.pointee.model >= .i80486, !i.isRegisterForm else { throw .invalidOpcode }
            try requirePrivilege0()
            invalidatePage(s.segment(Int(i.segment)).pointee.base &+ offset(i))
        default: throw .invalidOpcode
        }
    }

    /// LAR and LSL of the selector in r/m; nil where the descriptor is not for the asker.
    private func selectorOperand(
        _ i: Instruction, _ look: (UInt16) throws(Fault) -> UInt32?
    ) throws(Fault) -> UInt32? {
        try requireProtected()
        return try look(try readRM(i, as: UInt16.self))
    }

    private func loadDescriptorInfo(_ i: Instruction, _ value: UInt32?) throws(Fault) {
        if let value {
            if i.operand32 { writeReg(i, value) } else { writeReg(i, UInt16(truncatingIfNeeded: value)) }
        }
        setZero(value != nil)
    }

    /// ARPL [SDM 2A ARPL].
    func adjustPrivilege(_ i: Instruction) throws(Fault) {
        try requireProtected()
        let place = try placeRM(i, UInt16.self)
        let value: UInt16 = try load(place)
        let rpl = readReg(i, as: UInt16.self) & 3
        let raises = value & 3 < rpl
        if raises { try store((value & ~3) | rpl, place) }
        setZero(raises)
    }
}
