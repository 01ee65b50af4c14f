/// Lowering: which handler runs an instruction. What is not here runs in its plain form.
extension TraceBuilder {
    mutating func lower(_ i: Instruction) {
        let handled = !i.lock && (i.opcode < Instruction.twoByte ? lowerOneByte(i) : lowerTwoByte(i))
        if !handled {
            emitPlain(i)
            isEnded = endsTrace(i)
        }
    }

    /// Whether a plain instruction always goes elsewhere, or changes what the rest was decoded for. Whatever else may
    /// do so leaves the trace by itself.
    private func endsTrace(_ i: Instruction) -> Bool {
        switch i.opcode {
        case 0x9A, 0xC2, 0xC3, 0xCA, 0xCB, 0xCC, 0xCD, 0xCF, 0xE8, 0xE9, 0xEA, 0xEB, 0xF1, 0xF4: true
        case 0xFF: i.reg >= 2 && i.reg <= 5
        case 0x10B, 0x122, 0x101, 0x105, 0x107, 0x134, 0x135: true
        default: false
        }
    }

    // MARK: One-byte opcodes

    private mutating func lowerOneByte(_ i: Instruction) -> Bool {
        let opcode = Int(i.opcode)
        switch opcode {
        case 0x00...0x3D where opcode & 7 < 6: return lowerALU(i, opcode >> 3, form: opcode & 7)
        case 0x40...0x4F:
            let at = UInt8(opcode & 7) * 4
            emit(HandlerGroup.unaryReg + (opcode >> 3 & 1) * 3 + (i.operand32 ? 2 : 1)) { $0.destination = at }
        case 0x50...0x57:
            guard opcode != 0x54 || core.s.pointee.model >= .i80286 else { return false }
            let at = UInt8(opcode & 7) * 4
            emit(HandlerGroup.pushReg + (i.operand32 ? 3 : 0) + stackForm) { $0.destination = at }
        case 0x58...0x5F:
            let at = UInt8(opcode & 7) * 4
            emit(HandlerGroup.pop + (i.operand32 ? 3 : 0) + stackForm) { $0.destination = at }
        case 0x68, 0x6A:
            emit(HandlerGroup.pushImm + (i.operand32 ? 3 : 0) + stackForm) { $0.immediate = i.immediate }
        case 0x69, 0x6B:
            guard i.isRegisterForm else {
                lowerProductImmediate(i)
                return true
            }
            emit(HandlerGroup.imulRegImm + (i.operand32 ? 1 : 0)) {
                $0.destination = i.reg * 4
                $0.base = i.rm * 4
                $0.immediate = i.immediate
            }
        case 0x70...0x7F:
            lowerBranch(i, HandlerGroup.branch + (opcode & 15) * 2, HandlerGroup.branchFar + (opcode & 15))
        case 0x80...0x83: return lowerImmediate(i, Int(i.reg))
        case 0x84, 0x85: return lowerALU(i, 8, form: opcode & 1)
        case 0x86, 0x87:
            guard i.isRegisterForm else {
                lowerExchange(i)
                return true
            }
            let width = width(i)
            let (a, b) = (register(i.reg, width), register(i.rm, width))
            emit(HandlerGroup.xchg + width) { ($0.destination, $0.base) = (a, b) }
        case 0x88...0x8B: lowerMove(i)
        case 0x8D: return lowerLEA(i)
        case 0x90: emit(HandlerGroup.plain + 2)
        case 0x91...0x97:
            emit(HandlerGroup.xchg + (i.operand32 ? 2 : 1)) { ($0.destination, $0.base) = (0, UInt8(opcode & 7) * 4) }
        case 0x98 where i.operand32: emit(HandlerGroup.widenReg + 5) { ($0.destination, $0.base) = (0, 0) }
        case 0x98: emit(HandlerGroup.widenReg + 3) { ($0.destination, $0.base) = (0, 0) }
        case 0x99 where i.operand32: emit(HandlerGroup.plain + 4)
        case 0x99: lowerFlags(3)
        case 0x9E: lowerFlags(2)
        case 0x9F: lowerFlags(1)
        case 0xA0...0xA3: lowerMoveOffset(i)
        case 0xA4, 0xA5, 0xAA...0xAF: return lowerString(i)
        case 0xA8, 0xA9:
            let width = width(i)
            emit(HandlerTable.alu(8, width, 1)) { ($0.destination, $0.immediate) = (0, i.immediate) }
        case 0xB0...0xB7:
            let at = register(UInt8(opcode & 7), 0)
            emit(HandlerGroup.movRegImm) { ($0.destination, $0.immediate) = (at, i.immediate) }
        case 0xB8...0xBF:
            emit(HandlerGroup.movRegImm + (i.operand32 ? 2 : 1)) {
                ($0.destination, $0.immediate) = (UInt8(opcode & 7) * 4, i.immediate)
            }
        case 0xC6, 0xC7:
            guard i.reg == 0 else { return false }
            lowerMoveImmediate(i)
        case 0xC0, 0xC1: return lowerShift(i, i.immediate & 31)
        case 0xD0, 0xD1: return lowerShift(i, 1)
        case 0xD2, 0xD3: return lowerShift(i, nil)
        case 0xC2, 0xC3: lowerReturn(i)
        case 0xD7: lowerTranslate(i)
        case 0x9B: emit(HandlerTable.firstFloat + FloatGroup.move + 8)
        case 0xD8...0xDF: return lowerFloat(i)
        case 0xE0, 0xE1:
            let row = (opcode == 0xE1 ? 0 : 4) + (i.address32 ? 2 : 0)
            lowerBranch(i, HandlerTable.firstString + StringGroup.loop + row, nil)
        case 0xE2: lowerBranch(i, HandlerGroup.loop + (i.address32 ? 2 : 0), nil)
        case 0xE3: lowerBranch(i, HandlerGroup.jcxz + (i.address32 ? 2 : 0), nil)
        case 0xE8: lowerCall(i)
        case 0xE9, 0xEB:
            lowerBranch(i, HandlerGroup.jump, HandlerGroup.jump + 2)
            isEnded = true
        case 0xF6, 0xF7: return lowerGroup3(i)
        case 0xF5: lowerFlags(0)
        case 0xF8, 0xF9: emit(HandlerGroup.flag + (opcode & 1))
        case 0xFC, 0xFD: emit(HandlerGroup.flag + 2 + (opcode & 1))
        case 0xFE, 0xFF: return lowerGroup5(i)
        default: return lowerSystem(i)
        }
        return true
    }

    /// Forms 0-5 of an ALU opcode: r/m with register, register with r/m, accumulator with immediate.
    private mutating func lowerALU(_ i: Instruction, _ operation: Int, form: Int) -> Bool {
        let width = form & 1 == 0 ? 0 : i.operand32 ? 2 : 1
        let reg = register(i.reg, width)
        let rm = register(i.rm, width)
        switch form {
        case 0, 1:
            if i.isRegisterForm {
                emit(HandlerTable.alu(operation, width, 0)) { ($0.destination, $0.base) = (rm, reg) }
            } else {
                emitMemory(HandlerTable.alu(operation, width, 6 + addressForm(i)), i) { $0.destination = reg }
            }
        case 2, 3:
            if i.isRegisterForm {
                emit(HandlerTable.alu(operation, width, 0)) { ($0.destination, $0.base) = (reg, rm) }
            } else {
                emitMemory(HandlerTable.alu(operation, width, 2 + addressForm(i)), i) { $0.destination = reg }
            }
        default:
            emit(HandlerTable.alu(operation, width, 1)) { ($0.destination, $0.immediate) = (0, i.immediate) }
        }
        return true
    }

    /// An ALU operation of r/m with an immediate.
    private mutating func lowerImmediate(_ i: Instruction, _ operation: Int) -> Bool {
        let width = width(i)
        if i.isRegisterForm {
            let rm = register(i.rm, width)
            emit(HandlerTable.alu(operation, width, 1)) { ($0.destination, $0.immediate) = (rm, i.immediate) }
        } else {
            emitMemory(HandlerTable.alu(operation, width, 10 + addressForm(i)), i) { $0.immediate = i.immediate }
        }
        return true
    }

    // MARK: Moves

    private mutating func lowerMove(_ i: Instruction) {
        let width = width(i)
        let (reg, rm) = (register(i.reg, width), register(i.rm, width))
        let isLoad = i.opcode >= 0x8A
        if i.isRegisterForm {
            emit(HandlerGroup.movRegReg + width) { ($0.destination, $0.base) = isLoad ? (reg, rm) : (rm, reg) }
        } else {
            let group = isLoad ? HandlerGroup.movRegMem : HandlerGroup.movMemReg
            emitMemory(group + width * 4 + addressForm(i), i) { $0.destination = reg }
        }
    }

    private mutating func lowerMoveOffset(_ i: Instruction) {
        let group = i.opcode < 0xA2 ? HandlerGroup.movRegMem : HandlerGroup.movMemReg
        emitMemory(group + width(i) * 4 + addressForm(i), i) { $0.destination = 0 }
    }

    private mutating func lowerMoveImmediate(_ i: Instruction) {
        let width = width(i)
        if i.isRegisterForm {
            let rm = register(i.rm, width)
            emit(HandlerGroup.movRegImm + width) { ($0.destination, $0.immediate) = (rm, i.immediate) }
        } else {
            emitMemory(HandlerGroup.movMemImm + width * 4 + addressForm(i), i) { $0.immediate = i.immediate }
        }
    }

    private mutating func lowerLEA(_ i: Instruction) -> Bool {
        guard !i.isRegisterForm else { return false }
        emitMemory(HandlerGroup.lea + (i.address32 ? 0 : 2) + (i.operand32 ? 1 : 0), i) { $0.destination = i.reg * 4 }
        return true
    }

    // MARK: Shifts and group 3

    /// By an immediate count, or by CL where `count` is nil.
    private mutating func lowerShift(_ i: Instruction, _ count: UInt32?) -> Bool {
        // The 8086 takes counts above 31, and has SETMO.
        guard core.s.pointee.model >= .i80186, count != 0 else { return false }
        let width = width(i)
        let operation = i.reg == 7 ? 6 : i.reg == 6 ? 4 : Int(i.reg)
        guard i.isRegisterForm else {
            lowerShiftMemory(i, operation, count)
            return true
        }
        let rm = register(i.rm, width)
        if let count {
            emit(HandlerGroup.shiftImm + operation * 3 + width) { ($0.destination, $0.immediate) = (rm, count) }
        } else {
            emit(HandlerGroup.shiftCL + operation * 3 + width) { $0.destination = rm }
        }
        return true
    }

    private mutating func lowerGroup3(_ i: Instruction) -> Bool {
        let width = width(i)
        let rm = register(i.rm, width)
        switch i.reg {
        case 0, 1: return lowerImmediate(i, 8)
        case 2 where i.isRegisterForm: emit(HandlerGroup.unaryReg + 9 + width) { $0.destination = rm }
        case 3 where i.isRegisterForm: emit(HandlerGroup.unaryReg + 6 + width) { $0.destination = rm }
        case 2, 3: lowerUnaryMemory(i, i.reg == 3 ? 0 : 1)
        default: return lowerProduct(i)
        }
        return true
    }

    // MARK: Transfers

    /// A relative branch: within the page by link, else by `far` (or plain where there is none).
    private mutating func lowerBranch(_ i: Instruction, _ near: Int, _ far: Int?) {
        let distance = offset &+ UInt32(i.length) &+ i.immediate
        // A 16-bit operand size cuts EIP to 16 bits: only where all code is 16-bit do the limits see to that.
        guard i.operand32 == (key & TraceKey.code32 != 0) else { return emitPlain(i) }
        let target = physical &+ distance
        let nowhere = nowhere
        if (target ^ physical) & 0xFFFF_F000 == 0 {
            let comparison = previous
            emit(near + codeForm) {
                $0.immediate = distance
                $0.displacement = target
                $0.link = nowhere
            }
            let condition = (near - HandlerGroup.branch) / 2
            if (0..<16).contains(condition) { fuse(comparison, condition) }
        } else if let far {
            emit(far) { $0.immediate = distance }
        } else {
            emitPlain(i)
        }
    }

    private mutating func lowerCall(_ i: Instruction) {
        isEnded = true
        let distance = offset &+ UInt32(i.length) &+ i.immediate
        guard i.operand32 == (key & TraceKey.code32 != 0) else { return emitPlain(i) }
        let target = physical &+ distance
        let nowhere = nowhere
        let size = i.operand32 ? 3 : 0
        let isNear = (target ^ physical) & 0xFFFF_F000 == 0
        let handler =
            isNear
            ? HandlerGroup.call + (size + stackForm) * 2 + codeForm : HandlerGroup.callFar + size + stackForm
        emit(handler) {
            $0.immediate = distance
            $0.displacement = target
            $0.link = nowhere
            $0.scaleAndSegment = Record.control
        }
    }

    private mutating func lowerReturn(_ i: Instruction) {
        isEnded = true
        guard i.operand32 == (key & TraceKey.code32 != 0) else { return emitPlain(i) }
        emit(HandlerGroup.ret + (i.operand32 ? 3 : 0) + stackForm) { $0.immediate = i.opcode == 0xC2 ? i.immediate : 0 }
    }

    private mutating func lowerGroup5(_ i: Instruction) -> Bool {
        let width = width(i)
        switch i.reg {
        case 0, 1:
            let operation = Int(i.reg)
            if i.isRegisterForm {
                let rm = register(i.rm, width)
                emit(HandlerGroup.unaryReg + operation * 3 + width) { $0.destination = rm }
            } else {
                emitMemory(HandlerGroup.unaryMem + (operation * 3 + width) * 4 + addressForm(i), i) { _ in }
            }
            return true
        case 2 where width > 0: return lowerCallPointer(i)
        case 6 where width > 0 && !i.isRegisterForm:
            lowerPushMemory(i)
            return true
        case 4 where width > 0 && i.operand32 == (key & TraceKey.code32 != 0):
            isEnded = true
            if i.isRegisterForm {
                emit(HandlerGroup.jumpReg + width - 1) { $0.base = i.rm * 4 }
            } else {
                emitMemory(HandlerGroup.jumpMem + (width - 1) * 4 + addressForm(i), i) { _ in }
            }
            return true
        case 3, 5: return lowerFarInMemory(i)
        default: return false
        }
    }

    // MARK: Two-byte opcodes

    private mutating func lowerTwoByte(_ i: Instruction) -> Bool {
        let model = core.s.pointee.model
        guard model >= .i80386 else { return false }
        let opcode = Int(i.opcode & 0xFF)
        let wide = i.operand32 ? 1 : 0
        switch opcode {
        case 0x40...0x4F where model >= .pentiumII && i.isRegisterForm && i.operand32:
            emit(HandlerGroup.moveIf + (opcode & 15)) { ($0.destination, $0.base) = (i.reg * 4, i.rm * 4) }
        case 0x80...0x8F:
            lowerBranch(i, HandlerGroup.branch + (opcode & 15) * 2, HandlerGroup.branchFar + (opcode & 15))
        case 0x90...0x9F where i.isRegisterForm:
            let rm = register(i.rm, 0)
            emit(HandlerGroup.setReg + (opcode & 15)) { $0.destination = rm }
        case 0xA4, 0xAC:
            guard i.isRegisterForm, i.operand32, i.immediate & 31 != 0 else { return false }
            emit(HandlerGroup.doubleShift + (opcode >> 3 & 1)) {
                ($0.destination, $0.base, $0.immediate) = (i.rm * 4, i.reg * 4, i.immediate)
            }
        case 0xA3, 0xAB, 0xB3, 0xBB:
            guard i.isRegisterForm, i.operand32 else { return false }
            emit(HandlerGroup.bit + (opcode >> 3 & 3) * 2 + 1) { ($0.destination, $0.base) = (i.rm * 4, i.reg * 4) }
        case 0xBA:
            guard i.isRegisterForm, i.operand32, i.reg >= 4 else { return false }
            emit(HandlerGroup.bit + Int(i.reg & 3) * 2) { ($0.destination, $0.immediate) = (i.rm * 4, i.immediate) }
        case 0xAF:
            if i.isRegisterForm {
                emit(HandlerGroup.imulRegReg + wide) { ($0.destination, $0.base) = (i.reg * 4, i.rm * 4) }
            } else {
                emitMemory(HandlerGroup.imulRegMem + wide * 4 + addressForm(i), i) { $0.destination = i.reg * 4 }
            }
        case 0xB6, 0xB7, 0xBE, 0xBF:
            // From 8 bits to 16 or 32, from 16 to 32; from 16 to 16 is a move.
            guard opcode & 1 == 0 || i.operand32 else { return false }
            let kind = (opcode >= 0xBE ? 3 : 0) + (opcode & 1 == 1 ? 2 : wide)
            if i.isRegisterForm {
                let rm = register(i.rm, opcode & 1)
                emit(HandlerGroup.widenReg + kind) { ($0.destination, $0.base) = (i.reg * 4, rm) }
            } else {
                emitMemory(HandlerGroup.widenMem + kind * 4 + addressForm(i), i) { $0.destination = i.reg * 4 }
            }
        case 0xC8...0xCF where model >= .i80486 && i.operand32:
            emit(HandlerGroup.plain + 3) { $0.destination = UInt8(opcode & 7) * 4 }
        default: return lowerSystem(i)
        }
        return true
    }
}
