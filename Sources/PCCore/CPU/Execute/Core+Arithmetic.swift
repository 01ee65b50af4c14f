/// The integer arithmetic of chapter 3 of the opcode map: ALU, shifts, multiplication, division.
extension Core {
    // MARK: ADD, OR, ADC, SBB, AND, SUB, XOR, CMP

    /// Opcodes 00h-3Dh: the operation in bits 3-5, the operands in bits 0-2.
    func arithmetic(_ i: Instruction) throws(Fault) {
        switch (i.opcode >> 3) & 7 {
        case 0: try arithmeticForm(Add.self, i)
        case 1: try arithmeticForm(Or.self, i)
        case 2: try arithmeticForm(Adc.self, i)
        case 3: try arithmeticForm(Sbb.self, i)
        case 4: try arithmeticForm(And.self, i)
        case 5: try arithmeticForm(Sub.self, i)
        case 6: try arithmeticForm(Xor.self, i)
        default: try arithmeticForm(Cmp.self, i)
        }
    }

    @inline(__always)
    private func arithmeticForm<O: ALUOperation>(_: O.Type, _ i: Instruction) throws(Fault) {
        switch i.opcode & 7 {
        case 0: try rmOperand(O.self, i, readReg(i, as: UInt8.self))
        case 1 where i.operand32: try rmOperand(O.self, i, readReg(i, as: UInt32.self))
        case 1: try rmOperand(O.self, i, readReg(i, as: UInt16.self))
        case 2: try registerOperand(O.self, i.reg, try readRM(i, as: UInt8.self))
        case 3 where i.operand32: try registerOperand(O.self, i.reg, try readRM(i, as: UInt32.self))
        case 3: try registerOperand(O.self, i.reg, try readRM(i, as: UInt16.self))
        case 4: try registerOperand(O.self, 0, UInt8(truncatingIfNeeded: i.immediate))
        case _ where i.operand32: try registerOperand(O.self, 0, i.immediate)
        default: try registerOperand(O.self, 0, UInt16(truncatingIfNeeded: i.immediate))
        }
    }

    /// Group 1, 80h-83h.
    func arithmeticImmediate(_ i: Instruction) throws(Fault) {
        switch i.reg {
        case 0: try immediateForm(Add.self, i)
        case 1: try immediateForm(Or.self, i)
        case 2: try immediateForm(Adc.self, i)
        case 3: try immediateForm(Sbb.self, i)
        case 4: try immediateForm(And.self, i)
        case 5: try immediateForm(Sub.self, i)
        case 6: try immediateForm(Xor.self, i)
        default: try immediateForm(Cmp.self, i)
        }
    }

    /// An operation of r/m and an immediate: byte where the opcode is even, else by operand size.
    func immediateForm<O: ALUOperation>(_: O.Type, _ i: Instruction) throws(Fault) {
        if i.opcode & 1 == 0 {
            try rmOperand(O.self, i, UInt8(truncatingIfNeeded: i.immediate))
        } else if i.operand32 {
            try rmOperand(O.self, i, i.immediate)
        } else {
            try rmOperand(O.self, i, UInt16(truncatingIfNeeded: i.immediate))
        }
    }

    /// r/m op= b. Nothing changes unless all of it can.
    @inline(__always)
    func rmOperand<O: ALUOperation, W: Word>(_: O.Type, _ i: Instruction, _ b: W) throws(Fault) {
        var wide = s.pointee.wide
        var mixed = s.pointee.mixed
        if O.storesResult {
            let place = try placeRM(i, W.self)
            try store(O.apply(try load(place), b, &wide, &mixed), place)
        } else {
            _ = O.apply(try readRM(i, as: W.self), b, &wide, &mixed)
        }
        s.pointee.wide = wide
        s.pointee.mixed = mixed
    }

    @inline(__always)
    private func registerOperand<O: ALUOperation, W: Word>(_: O.Type, _ number: UInt8, _ b: W) throws(Fault) {
        let at = registerOffset(number, W.self)
        let result = O.apply(s.load(at, as: W.self), b, &s.pointee.wide, &s.pointee.mixed)
        if O.storesResult { s.store(result, at) }
    }

    /// INC, DEC, NEG and NOT of r/m.
    @inline(__always)
    func unary<O: UnaryOperation>(_: O.Type, _ i: Instruction) throws(Fault) {
        if i.opcode & 1 == 0 {
            try unaryForm(O.self, UInt8.self, i)
        } else if i.operand32 {
            try unaryForm(O.self, UInt32.self, i)
        } else {
            try unaryForm(O.self, UInt16.self, i)
        }
    }

    private func unaryForm<O: UnaryOperation, W: Word>(_: O.Type, _: W.Type, _ i: Instruction) throws(Fault) {
        let place = try placeRM(i, W.self)
        var wide = s.pointee.wide
        var mixed = s.pointee.mixed
        try store(O.apply(try load(place, as: W.self), &wide, &mixed), place)
        s.pointee.wide = wide
        s.pointee.mixed = mixed
    }

    /// INC and DEC of a register, 40h-4Fh.
    func unaryRegister<O: UnaryOperation>(_: O.Type, _ i: Instruction) {
        let at = UInt8(truncatingIfNeeded: i.opcode & 7) &* 4
        if i.operand32 {
            s.store(O.apply(s.load(at, as: UInt32.self), &s.pointee.wide, &s.pointee.mixed), at)
        } else {
            s.store(O.apply(s.load(at, as: UInt16.self), &s.pointee.wide, &s.pointee.mixed), at)
        }
    }

    // MARK: Shifts and rotations

    /// Group 2: C0h, C1h, D0h-D3h.
    func shift(_ i: Instruction, _ count: UInt32) throws(Fault) {
        // The 8086 takes all of CL.
        let count = s.pointee.model == .i8086 ? count & 0xFF : count & 0x1F
        switch i.reg {
        case 0: try shiftForm(Rol.self, i, count)
        case 1: try shiftForm(Ror.self, i, count)
        case 2: try shiftForm(Rcl.self, i, count)
        case 3: try shiftForm(Rcr.self, i, count)
        case 5: try shiftForm(Shr.self, i, count)
        case 7: try shiftForm(Sar.self, i, count)
        case 6 where s.pointee.model == .i8086: try shiftForm(Setmo.self, i, count)
        default: try shiftForm(Shl.self, i, count)
        }
    }

    private func shiftForm<O: ShiftOperation>(_: O.Type, _ i: Instruction, _ count: UInt32) throws(Fault) {
        if i.opcode & 1 == 0 {
            try shiftSized(O.self, UInt8.self, i, count)
        } else if i.operand32 {
            try shiftSized(O.self, UInt32.self, i, count)
        } else {
            try shiftSized(O.self, UInt16.self, i, count)
        }
    }

    private func shiftSized<O: ShiftOperation, W: Word>(
        _: O.Type, _: W.Type, _ i: Instruction, _ count: UInt32
    ) throws(Fault) {
        let place = try placeRM(i, W.self)
        let value: W = try load(place)
        guard count != 0 else { return try store(value, place) }
        var wide = s.pointee.wide
        var mixed = s.pointee.mixed
        try store(O.apply(value, count, &wide, &mixed), place)
        s.pointee.wide = wide
        s.pointee.mixed = mixed
    }

    /// SHLD and SHRD.
    func doubleShift<W: Word>(_ i: Instruction, _ count: UInt32, left: Bool, _: W.Type) throws(Fault) {
        let place = try placeRM(i, W.self)
        let value: W = try load(place)
        let count = count & 0x1F
        guard count != 0 else { return try store(value, place) }
        var wide = s.pointee.wide
        var mixed = s.pointee.mixed
        let other = readReg(i, as: W.self)
        let result =
            left
            ? DoubleShift.left(value, other, count, &wide, &mixed)
            : DoubleShift.right(value, other, count, &wide, &mixed)
        try store(result, place)
        s.pointee.wide = wide
        s.pointee.mixed = mixed
    }

    // MARK: Group 3: TEST, NOT, NEG, MUL, IMUL, DIV, IDIV

    func group3(_ i: Instruction) throws(Fault) {
        switch i.reg {
        case 0, 1: try immediateForm(Test.self, i)
        case 2: try unary(Not.self, i)
        case 3: try unary(Neg.self, i)
        default:
            if i.opcode & 1 == 0 {
                try multiplyDivideByte(i)
            } else if i.operand32 {
                try multiplyDivideDword(i)
            } else {
                try multiplyDivideWord(i)
            }
        }
    }

    /// CF and OF say whether the high half matters; SF, ZF and PF come from the low half.
    private func noteProduct<W: Word>(_ low: W, _ significant: Bool) {
        _ = noteShift(low, carry: significant, overflow: significant, &s.pointee.wide, &s.pointee.mixed)
    }

    private func multiplyDivideByte(_ i: Instruction) throws(Fault) {
        let operand = try readRM(i, as: UInt8.self)
        let ax = UInt16(truncatingIfNeeded: eax)
        let al = UInt8(truncatingIfNeeded: ax)
        switch i.reg {
        case 4:
            let product = UInt16(al) &* UInt16(operand)
            s.store(product, 0)
            noteProduct(UInt8(truncatingIfNeeded: product), product > 0xFF)
        case 5:
            let product = Int16(Int8(bitPattern: al)) &* Int16(Int8(bitPattern: operand))
            s.store(UInt16(bitPattern: product), 0)
            noteProduct(UInt8(truncatingIfNeeded: product), product != Int16(Int8(truncatingIfNeeded: product)))
        case 6:
            guard operand != 0 else { throw .divideError }
            let quotient = ax / UInt16(operand)
            guard quotient <= 0xFF else { throw .divideError }
            s.store(quotient | (ax % UInt16(operand)) << 8, 0)
        default:
            let (quotient, rest) = try divide(
                Int64(Int16(bitPattern: ax)), Int64(Int8(bitPattern: operand)), i, limit: 0x7F)
            s.store(UInt16(truncatingIfNeeded: quotient & 0xFF) | UInt16(truncatingIfNeeded: rest & 0xFF) << 8, 0)
        }
    }

    private func multiplyDivideWord(_ i: Instruction) throws(Fault) {
        let operand = try readRM(i, as: UInt16.self)
        let ax = UInt16(truncatingIfNeeded: eax)
        let dividend = (edx & 0xFFFF) << 16 | UInt32(ax)
        switch i.reg {
        case 4:
            let product = UInt32(ax) &* UInt32(operand)
            storePair(product)
            noteProduct(UInt16(truncatingIfNeeded: product), product > 0xFFFF)
        case 5:
            let product = Int32(Int16(bitPattern: ax)) &* Int32(Int16(bitPattern: operand))
            storePair(UInt32(bitPattern: product))
            noteProduct(UInt16(truncatingIfNeeded: product), product != Int32(Int16(truncatingIfNeeded: product)))
        case 6:
            guard operand != 0 else { throw .divideError }
            let quotient = dividend / UInt32(operand)
            guard quotient <= 0xFFFF else { throw .divideError }
            storePair(quotient | (dividend % UInt32(operand)) << 16)
        default:
            let (quotient, rest) = try divide(
                Int64(Int32(bitPattern: dividend)), Int64(Int16(bitPattern: operand)), i, limit: 0x7FFF)
            storePair(UInt32(truncatingIfNeeded: quotient & 0xFFFF) | UInt32(truncatingIfNeeded: rest & 0xFFFF) << 16)
        }
    }

    /// DX:AX
    private func storePair(_ value: UInt32) {
        s.store(UInt16(truncatingIfNeeded: value), 0)
        s.store(UInt16(truncatingIfNeeded: value >> 16), 8)
    }

    private func multiplyDivideDword(_ i: Instruction) throws(Fault) {
        let operand = try readRM(i, as: UInt32.self)
        let dividend = UInt64(edx) << 32 | UInt64(eax)
        switch i.reg {
        case 4:
            let product = UInt64(eax) &* UInt64(operand)
            eax = UInt32(truncatingIfNeeded: product)
            edx = UInt32(truncatingIfNeeded: product >> 32)
            noteProduct(eax, edx != 0)
        case 5:
            let product = Int64(Int32(bitPattern: eax)) &* Int64(Int32(bitPattern: operand))
            eax = UInt32(truncatingIfNeeded: product)
            edx = UInt32(truncatingIfNeeded: product >> 32)
            noteProduct(eax, product != Int64(Int32(truncatingIfNeeded: product)))
        case 6:
            guard operand != 0 else { throw .divideError }
            let quotient = dividend / UInt64(operand)
            guard quotient <= 0xFFFF_FFFF else { throw .divideError }
            edx = UInt32(truncatingIfNeeded: dividend % UInt64(operand))
            eax = UInt32(truncatingIfNeeded: quotient)
        default:
            let (quotient, rest) = try divide(
                Int64(bitPattern: dividend), Int64(Int32(bitPattern: operand)), i, limit: 0x7FFF_FFFF)
            eax = UInt32(truncatingIfNeeded: quotient)
            edx = UInt32(truncatingIfNeeded: rest)
        }
    }

    /// IDIV. The 8086 takes no quotient of -80h or -8000h, which the 186 does [AP-186], and negates it under a REP prefix
    /// (a flag that its microcode shares with the sign; verified: vectors 8086 F6.7 and F7.7).
    private func divide(
        _ dividend: Int64, _ divisor: Int64, _ i: Instruction, limit: Int64
    ) throws(Fault) -> (Int64, Int64) {
        guard divisor != 0 else { throw .divideError }
        let (quotient, overflow) = dividend.dividedReportingOverflow(by: divisor)
        let isOld = s.pointee.model == .i8086
        guard !overflow, quotient <= limit, quotient >= (isOld ? -limit : -limit - 1) else { throw .divideError }
        let rest = dividend &- quotient &* divisor
        return (isOld && i.repeatPrefix != 0 ? 0 &- quotient : quotient, rest)
    }

    /// IMUL of two operands, with the product in `number`.
    func multiplyInto<W: Word>(_ number: UInt8, _ a: W, _ b: W) {
        let product = Int64(Int32(bitPattern: signExtended(a))) &* Int64(Int32(bitPattern: signExtended(b)))
        let low = W(truncatingIfNeeded: product)
        s.store(low, registerOffset(number, W.self))
        noteProduct(low, product != Int64(Int32(bitPattern: signExtended(low))))
    }
}
