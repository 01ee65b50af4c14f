/// Lowering of what is less frequent than the ALU's forms: products, memory shifts, string elements, calls by pointer.
extension TraceBuilder {
    /// 0 for a 32-bit address, 1 for a 16-bit one.
    private func rareForm(_ i: Instruction) -> Int { i.address32 ? 0 : 1 }

    private func isCodeSized(_ i: Instruction) -> Bool { i.operand32 == (key & TraceKey.code32 != 0) }

    /// MUL, IMUL, DIV, IDIV: F6h and F7h, /4 to /7. The 8086 divides by rules of its own.
    mutating func lowerProduct(_ i: Instruction) -> Bool {
        let operation = Int(i.reg) - 4
        guard operation < 2 || core.s.pointee.model >= .i80186 else { return false }
        let width = width(i)
        let group = HandlerTable.firstProduct
        if i.isRegisterForm {
            let rm = register(i.rm, width)
            emit(group + ProductGroup.register + operation * 3 + width) { $0.base = rm }
        } else {
            emitMemory(group + ProductGroup.memory + (operation * 3 + width) * 2 + rareForm(i), i) { _ in }
        }
        return true
    }

    /// IMUL r, m, imm
    mutating func lowerProductImmediate(_ i: Instruction) {
        let number = ProductGroup.immediate + (i.operand32 ? 2 : 0) + rareForm(i)
        emitMemory(HandlerTable.firstProduct + number, i) { ($0.destination, $0.immediate) = (i.reg * 4, i.immediate) }
    }

    /// NOT (operation 1) and NEG (0) of memory
    mutating func lowerUnaryMemory(_ i: Instruction, _ operation: Int) {
        emitMemory(
            HandlerTable.firstMemory + MemoryGroup.unary + (operation * 3 + width(i)) * 2 + rareForm(i), i
        ) { _ in }
    }

    /// XCHG r, m
    mutating func lowerExchange(_ i: Instruction) {
        let width = width(i)
        let reg = register(i.reg, width)
        emitMemory(HandlerTable.firstMemory + MemoryGroup.exchange + width * 2 + rareForm(i), i) {
            $0.destination = reg
        }
    }

    /// A shift of memory by an immediate, or by CL where `count` is nil.
    mutating func lowerShiftMemory(_ i: Instruction, _ operation: Int, _ count: UInt32?) {
        let group = count == nil ? MemoryGroup.shiftCL : MemoryGroup.shiftImm
        emitMemory(HandlerTable.firstMemory + group + (operation * 3 + width(i)) * 2 + rareForm(i), i) {
            $0.immediate = count ?? 0
        }
    }

    // MARK: Stack

    /// PUSH m
    mutating func lowerPushMemory(_ i: Instruction) {
        let number = ((i.operand32 ? 3 : 0) + stackForm) * 2 + rareForm(i)
        emitMemory(HandlerTable.firstStack + StackGroup.pushMem + number, i) { _ in }
    }

    /// CALL r and CALL m
    mutating func lowerCallPointer(_ i: Instruction) -> Bool {
        guard isCodeSized(i) else { return false }
        isEnded = true
        let stack = (i.operand32 ? 3 : 0) + stackForm
        if i.isRegisterForm {
            emit(HandlerTable.firstStack + StackGroup.callReg + stack) {
                $0.base = i.rm * 4
                $0.scaleAndSegment = Record.control
            }
        } else {
            emitMemory(HandlerTable.firstStack + StackGroup.callMem + stack * 2 + rareForm(i), i) {
                $0.scaleAndSegment |= Record.control
            }
        }
        return true
    }

    // MARK: Strings

    /// MOVS, STOS, LODS, SCAS without a prefix
    mutating func lowerString(_ i: Instruction) -> Bool {
        guard i.repeatPrefix == 0 else { return false }
        let form = addressForm(i)
        let column = width(i) * 3 + (form == 3 ? 2 : form == 0 ? 0 : 1)
        let group = HandlerTable.firstString
        switch i.opcode {
        case 0xA4, 0xA5: emitElement(group + StringGroup.move + column, 24, i.segment)
        case 0xAA, 0xAB: emitElement(group + StringGroup.single + 9 + column, 28, 0)
        case 0xAC, 0xAD: emitElement(group + StringGroup.single + column, 24, i.segment)
        case 0xAE, 0xAF: emitElement(group + StringGroup.single + 18 + column, 28, 0)
        default: return false
        }
        return true
    }

    private mutating func emitElement(_ handler: Int, _ index: UInt8, _ segment: UInt8) {
        emit(handler) { ($0.base, $0.scaleAndSegment) = (index, segment << 4) }
    }

    /// XLAT
    mutating func lowerTranslate(_ i: Instruction) {
        emit(HandlerTable.firstString + StringGroup.translate + rareForm(i)) {
            ($0.base, $0.scaleAndSegment) = (12, i.segment << 4)
        }
    }

    /// CMC, LAHF, SAHF
    mutating func lowerFlags(_ number: Int) { emit(HandlerTable.firstString + StringGroup.flags + number) }
}
