/// The x87 instructions: the opcode map, D8h to DFh [SDM 2B A.5].
///
/// Each looks first whether it may run at all (`#NM`), then, unless it is one of the FN control instructions, for an
/// exception that waits, then at its memory operand; only then does it change anything.
extension Core {
    func escape(_ i: Instruction) throws(Fault) {
        guard try findCoprocessor(i) else { return }
        if try controlWithoutWait(i) { return }
        // An opcode that means nothing faults as it is decoded, whatever waits [SDM 3A Table 6-2].
        if floatGeneration == .integrated, isReserved(i) { throw .invalidOpcode }
        // The 8086 does not ask its 8087: programs put FWAIT before each instruction.
        if floatGeneration != .i8087 { guard try floatIsReady() else { return } }
        if i.isRegisterForm {
            try registerForm(i)
        } else {
            if try controlFromMemory(i) { return }
            try memoryForm(i)
        }
        notePointers(i)
    }

    // MARK: Control instructions

    /// The control instructions that no pending exception holds up; false for all others.
    private func controlWithoutWait(_ i: Instruction) throws(Fault) -> Bool {
        switch (i.opcode, i.isRegisterForm ? i.modRM : i.reg) {
        case (0xD9, 6): try storeEnvironment(i)
        case (0xD9, 7): try storeControlWord(i)
        case (0xDD, 6): try saveFloat(i)
        case (0xDD, 7): try store(floatStatus, try placeRM(i, UInt16.self))
        case (0xDB, 0xE0) where floatGeneration == .i8087: setInterruptMask(false)
        case (0xDB, 0xE1) where floatGeneration == .i8087: setInterruptMask(true)
        case (0xDB, 0xE2): clearFloatExceptions()
        case (0xDB, 0xE3): initializeFloat()
        case (0xDB, 0xE4) where floatGeneration == .i80287: s.pointee.fpu.usesProtectedFormat = true
        // FENI, FDISI and FSETPM of older chips do nothing [SDM 3B 22.18.9].
        case (0xDB, 0xE0), (0xDB, 0xE1), (0xDB, 0xE4): break
        case (0xDF, 0xE0) where floatGeneration >= .i80287: s.store(floatStatus, 0)
        default: return false
        }
        return true
    }

    /// The control instructions that wait; false for all others.
    private func controlFromMemory(_ i: Instruction) throws(Fault) -> Bool {
        switch (i.opcode, i.reg) {
        case (0xD9, 4): try loadEnvironment(i)
        case (0xD9, 5): setControlWord(try readRM(i, as: UInt16.self))
        case (0xDD, 4): try restoreFloat(i)
        default: return false
        }
        return true
    }

    // MARK: Operands in memory

    private func memoryForm(_ i: Instruction) throws(Fault) {
        switch (i.opcode, i.reg) {
        case (0xD8, _): memoryArithmetic(i.reg, try singleOperand(i))
        case (0xDA, _): memoryArithmetic(i.reg, try integerOperand(i, UInt32.self))
        case (0xDC, _): memoryArithmetic(i.reg, try doubleOperand(i))
        case (0xDE, _): memoryArithmetic(i.reg, try integerOperand(i, UInt16.self))
        case (0xD9, 0): try loadSingle(i)
        case (0xD9, 2): try storeSingle(i, pop: false)
        case (0xD9, 3): try storeSingle(i, pop: true)
        case (0xDB, 0): try loadInteger(i, UInt32.self)
        case (0xDB, 2): try storeInteger(i, pop: false, UInt32.self)
        case (0xDB, 3): try storeInteger(i, pop: true, UInt32.self)
        case (0xDB, 5): try loadExtended(i)
        case (0xDB, 7): try storeExtended(i)
        case (0xDD, 0): try loadDouble(i)
        case (0xDD, 2): try storeDouble(i, pop: false)
        case (0xDD, 3): try storeDouble(i, pop: true)
        case (0xDF, 0): try loadInteger(i, UInt16.self)
        case (0xDF, 2): try storeInteger(i, pop: false, UInt16.self)
        case (0xDF, 3): try storeInteger(i, pop: true, UInt16.self)
        case (0xDF, 4): try loadBCD(i)
        case (0xDF, 5): try loadInteger(i, UInt64.self)
        case (0xDF, 6): try storeBCD(i)
        case (0xDF, 7): try storeInteger(i, pop: true, UInt64.self)
        default: try reserved()
        }
    }

    // MARK: Operands on the stack

    private func registerForm(_ i: Instruction) throws(Fault) {
        switch (i.opcode, i.reg) {
        // FCOM2, FCOMP3 and FCOMP5 at DCh and DEh are aliases.
        case (0xD8, 2), (0xDC, 2): compareStack(i.rm, isQuiet: false, pops: 0)
        case (0xD8, 3), (0xDC, 3), (0xDE, 2): compareStack(i.rm, isQuiet: false, pops: 1)
        case (0xDE, 3) where i.rm == 1: compareStack(1, isQuiet: false, pops: 2)
        case (0xDE, 3): try reserved()
        case (0xD8, _): stackArithmetic(i.reg, i.rm, to: 0, pop: false)
        case (0xDC, _): stackArithmetic(i.reg, i.rm, to: i.rm, pop: false)
        case (0xDE, _): stackArithmetic(i.reg, i.rm, to: i.rm, pop: true)

        case (0xD9, 0): loadStack(i.rm)
        // FXCH4 and FXCH7 are aliases.
        case (0xD9, 1), (0xDD, 1), (0xDF, 1): exchangeStack(i.rm)
        // FNOP
        case (0xD9, 2) where i.rm == 0: break
        // FSTP1, FSTP8 and FSTP9 are aliases.
        case (0xD9, 3), (0xDD, 3), (0xDF, 2), (0xDF, 3): storeStack(i.rm, pop: true)
        case (0xD9, 4...7): try noOperandForm(i)

        case (0xDA, 0...3) where s.pointee.model >= .pentiumII, (0xDB, 0...3) where s.pointee.model >= .pentiumII:
            moveConditionally(i)
        case (0xDA, 5) where i.rm == 1 && floatGeneration >= .i80387: compareStack(1, isQuiet: true, pops: 2)

        case (0xDB, 5) where s.pointee.model >= .pentiumII: compareToFlags(i.rm, isQuiet: true, pop: false)
        case (0xDB, 6) where s.pointee.model >= .pentiumII: compareToFlags(i.rm, isQuiet: false, pop: false)
        case (0xDF, 5) where s.pointee.model >= .pentiumII: compareToFlags(i.rm, isQuiet: true, pop: true)
        case (0xDF, 6) where s.pointee.model >= .pentiumII: compareToFlags(i.rm, isQuiet: false, pop: true)

        case (0xDD, 0): stack(i.rm).pointee.isEmpty = 1
        case (0xDD, 2): storeStack(i.rm, pop: false)
        case (0xDD, 4) where floatGeneration >= .i80387: compareStack(i.rm, isQuiet: true, pops: 0)
        case (0xDD, 5) where floatGeneration >= .i80387: compareStack(i.rm, isQuiet: true, pops: 1)
        // FFREEP
        case (0xDF, 0):
            stack(i.rm).pointee.isEmpty = 1
            popStack()
        default: try reserved()
        }
    }

    /// D9E0h to D9FFh.
    private func noOperandForm(_ i: Instruction) throws(Fault) {
        switch i.modRM {
        case 0xE0: replaceTop { $1.negated }
        case 0xE1: replaceTop { $1.magnitude }
        case 0xE4: testTop()
        case 0xE5: examineTop()
        case 0xE8...0xEE: pushing { $0.constant(Int(i.rm)) }
        case 0xF0: replaceTop { $0.exponentialMinusOne($1) }
        case 0xF1: replaceNextAndPop { $0.logarithm($2, of: $1) }
        case 0xF2: tangent()
        case 0xF3: replaceNextAndPop { $0.arctangent($2, $1) }
        case 0xF4: extract()
        case 0xF5 where floatGeneration >= .i80387: remainder(toNearest: true)
        case 0xF6: rotateStack(by: 7)
        case 0xF7: rotateStack(by: 1)
        case 0xF8: remainder(toNearest: false)
        case 0xF9: replaceNextAndPop { $0.logarithmPlusOne($2, of: $1) }
        case 0xFA: replaceTop { $0.squareRoot($1) }
        case 0xFB where floatGeneration >= .i80387: sineAndCosine()
        case 0xFC: replaceTop { $0.roundToInteger($1) }
        case 0xFD: scale()
        case 0xFE where floatGeneration >= .i80387: circular { $0.sine($1) }
        case 0xFF where floatGeneration >= .i80387: circular { $0.cosine($1) }
        default: try reserved()
        }
    }

    /// An opcode that means nothing. A CPU with a coprocessor of its own raises `#UD` [SDM 3B 22.18.6.6]; the older ones
    /// pass on whatever is in D8h to DFh, and the coprocessor takes no notice.
    private func isReserved(_ i: Instruction) -> Bool {
        guard i.isRegisterForm else {
            switch (i.opcode, i.reg) {
            case (0xD9, 1), (0xDB, 1), (0xDB, 4), (0xDB, 6), (0xDD, 1), (0xDD, 5), (0xDF, 1): return true
            default: return false
            }
        }
        let hasConditionalMoves = s.pointee.model >= .pentiumII
        switch (i.opcode, i.reg) {
        case (0xD9, 2): return i.rm != 0
        case (0xD9, 4): return [2, 3, 6, 7].contains(i.rm)
        case (0xD9, 5): return i.rm == 7
        case (0xDA, 0...3), (0xDB, 0...3): return !hasConditionalMoves
        case (0xDA, 5): return i.rm != 1
        case (0xDA, _): return true
        case (0xDB, 4): return i.rm > 4
        case (0xDB, 5), (0xDB, 6), (0xDF, 5), (0xDF, 6): return !hasConditionalMoves
        case (0xDB, 7), (0xDD, 6), (0xDD, 7), (0xDF, 7): return true
        case (0xDE, 3): return i.rm != 1
        case (0xDF, 4): return i.rm != 0
        default: return false
        }
    }

    private func reserved() throws(Fault) {
        if floatGeneration == .integrated { throw .invalidOpcode }
    }

    // MARK: Pointers

    /// Remembers the instruction and its operand for an exception's handler [SDM 1 8.1.8]. The 8087 leaves prefixes
    /// out [SDM 3B 22.18.6.5].
    private func notePointers(_ i: Instruction) {
        var start = s.pointee.instructionEIP
        if floatGeneration == .i8087 {
            let mode = i.modRM >> 6
            let displacement: UInt32 = mode == 1 ? 1 : mode == 2 || mode == 0 && i.rm == 6 ? 2 : 0
            start = (s.pointee.eip &- 2 &- displacement) & 0xFFFF
        }
        s.pointee.fpu.instructionPointer = start
        s.pointee.fpu.instructionSelector = s.segment(SegmentNumber.cs).pointee.selector
        s.pointee.fpu.opcode = (i.opcode & 7) << 8 | UInt16(i.modRM)
        guard !i.isRegisterForm else { return }
        s.pointee.fpu.dataPointer = offset(i)
        s.pointee.fpu.dataSelector = s.segment(Int(i.segment)).pointee.selector
    }
}
