/// Lowering of x87 instructions. What is not here runs in its plain form.
extension TraceBuilder {
    mutating func lowerFloat(_ i: Instruction) -> Bool {
        // The 8087 leaves prefixes out of its instruction pointer, and has a control bit of its own.
        guard core.s.pointee.model >= .i80286 else { return false }
        return i.isRegisterForm ? lowerFloatRegisters(i) : lowerFloatMemory(i)
    }

    private mutating func emitFloat(_ handler: Int, _ i: Instruction) {
        emit(HandlerTable.firstFloat + handler) {
            $0.immediate = UInt32(i.opcode & 7) << 8 | UInt32(i.modRM)
            // FSQRT has no other operand than ST(0).
            $0.base = i.opcode == 0xD9 && i.reg == 7 ? 0 : i.rm
            $0.destination = i.length
        }
    }

    private mutating func emitFloatMemory(_ group: Int, _ kind: Int, _ i: Instruction) -> Bool {
        emitMemory(HandlerTable.firstFloat + group + kind * 4 + addressForm(i), i) {
            $0.immediate = UInt32(i.opcode & 7) << 8 | UInt32(i.modRM)
        }
        return true
    }

    /// The place of an arithmetic operation among the handlers; nil for FCOM and FCOMP.
    private func floatOperation(_ reg: UInt8) -> Int? {
        switch reg {
        case 0: 0
        case 1: 1
        case 4...7: Int(reg) - 2
        default: nil
        }
    }

    private mutating func lowerFloatRegisters(_ i: Instruction) -> Bool {
        let model = core.s.pointee.model
        let handler: Int
        switch (i.opcode, i.reg) {
        case (0xD8, 2): handler = FloatGroup.compare
        case (0xD8, 3): handler = FloatGroup.compare + 1
        case (0xDE, 3) where i.rm == 1: handler = FloatGroup.compare + 2
        case (0xD8, _), (0xDC, _), (0xDE, _):
            guard let operation = floatOperation(i.reg) else { return false }
            handler = FloatGroup.registers + operation * 3 + (i.opcode == 0xD8 ? 0 : i.opcode == 0xDC ? 1 : 2)
        case (0xD9, 0): handler = FloatGroup.move
        case (0xD9, 1): handler = FloatGroup.move + 1
        case (0xDD, 2): handler = FloatGroup.move + 2
        case (0xDD, 3): handler = FloatGroup.move + 3
        case (0xD9, 4) where i.rm < 2: handler = FloatGroup.move + 4 + Int(i.rm)
        case (0xD9, 4) where i.rm == 4: handler = FloatGroup.move + 11
        case (0xD9, 5) where i.rm == 0: handler = FloatGroup.move + 6
        case (0xD9, 5) where i.rm == 6: handler = FloatGroup.move + 7
        case (0xD9, 7) where i.rm == 2: handler = FloatGroup.move + 10
        case (0xDF, 4) where i.rm == 0: handler = FloatGroup.move + 9
        case (0xDD, 4) where model >= .i80386: handler = FloatGroup.compare
        case (0xDD, 5) where model >= .i80386: handler = FloatGroup.compare + 1
        case (0xDA, 5) where i.rm == 1 && model >= .i80386: handler = FloatGroup.compare + 2
        case (0xDB, 5...6) where model >= .pentiumII: handler = FloatGroup.compare + 3
        case (0xDF, 5...6) where model >= .pentiumII: handler = FloatGroup.compare + 4
        default: return false
        }
        emitFloat(handler, i)
        return true
    }

    private mutating func lowerFloatMemory(_ i: Instruction) -> Bool {
        switch (i.opcode, i.reg) {
        case (0xD8, 2...3): return emitFloatMemory(FloatGroup.compareMemory, Int(i.reg & 1) * 2, i)
        case (0xDC, 2...3): return emitFloatMemory(FloatGroup.compareMemory, Int(i.reg & 1) * 2 + 1, i)
        case (0xD8, _), (0xDC, _):
            guard let operation = floatOperation(i.reg) else { return false }
            return emitFloatMemory(FloatGroup.memory, operation * 2 + (i.opcode == 0xD8 ? 0 : 1), i)
        case (0xD9, 0): return emitFloatMemory(FloatGroup.load, 0, i)
        case (0xDD, 0): return emitFloatMemory(FloatGroup.load, 1, i)
        case (0xDB, 5): return emitFloatMemory(FloatGroup.load, 2, i)
        case (0xDF, 0): return emitFloatMemory(FloatGroup.load, 3, i)
        case (0xDB, 0): return emitFloatMemory(FloatGroup.load, 4, i)
        case (0xDF, 5): return emitFloatMemory(FloatGroup.load, 5, i)
        case (0xD9, 2...3): return emitFloatMemory(FloatGroup.store, Int(i.reg & 1), i)
        case (0xDD, 2...3): return emitFloatMemory(FloatGroup.store, 2 + Int(i.reg & 1), i)
        case (0xDF, 2...3): return emitFloatMemory(FloatGroup.store, 4 + Int(i.reg & 1), i)
        case (0xDB, 2...3): return emitFloatMemory(FloatGroup.store, 6 + Int(i.reg & 1), i)
        case (0xDB, 7): return emitFloatMemory(FloatGroup.store, 8, i)
        case (0xDF, 7): return emitFloatMemory(FloatGroup.store, 9, i)
        case (0xD9, 5): return emitFloatMemory(FloatGroup.control, 0, i)
        case (0xD9, 7): return emitFloatMemory(FloatGroup.control, 1, i)
        default: return false
        }
    }
}
