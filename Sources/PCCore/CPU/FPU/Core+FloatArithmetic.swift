/// x87 arithmetic and comparisons in all their forms [SDM 2A FADD, FCOM, FUCOM, FCOMI, FTST, FXAM].
extension Core {
    private typealias Status = FloatEnvironment.Status

    /// A memory operand of arithmetic, widened without loss.
    struct FloatOperand {
        var value: Extended
        /// A denormal in memory is a normal number here; what it was raises DE.
        var isDenormal = false
    }

    // MARK: Operands in memory

    func singleOperand(_ i: Instruction) throws(Fault) -> FloatOperand {
        let bits: UInt32 = try readRM(i)
        return FloatOperand(
            isNegative: bits >> 31 != 0, exponent: Int(bits >> 23 & 0xFF), fraction: UInt64(bits & 0x7F_FFFF) << 40,
            largest: 0xFF)
    }

    func doubleOperand(_ i: Instruction) throws(Fault) -> FloatOperand {
        let bits: UInt64 = try readRM(i)
        return FloatOperand(
            isNegative: bits >> 63 != 0, exponent: Int(bits >> 52 & 0x7FF), fraction: (bits & 0xF_FFFF_FFFF_FFFF) << 11,
            largest: 0x7FF)
    }

    func integerOperand<W: Word>(_ i: Instruction, _: W.Type) throws(Fault) -> FloatOperand {
        let bits: W = try readRM(i)
        let unused = Int64(64 - W.bitWidth)
        let value = Int64(truncatingIfNeeded: bits) << unused
        return FloatOperand(value: Extended(integer: value >> unused))
    }

    // MARK: Arithmetic

    /// Operation 0 to 7 of the opcode map with ST(0) and a memory operand.
    func memoryArithmetic(_ operation: UInt8, _ operand: FloatOperand) {
        if operation == 2 || operation == 3 { return compareMemory(operand, pop: operation == 3) }
        guard !isEmpty(0) else {
            if faultStack(.underflow) { setStack(0, .indefinite) }
            return
        }
        let top = stack(0).pointee.value
        var environment = floatEnvironment
        let result = environment.apply(operation, top, operand)
        finish(environment)
        if !environment.isBlocked { setStack(0, result) }
    }

    /// Operation 0, 1, 4 to 7 with ST(0) and ST(`number`); the result goes to ST(`destination`).
    func stackArithmetic(_ operation: UInt8, _ number: UInt8, to destination: UInt8, pop: Bool) {
        var result = Extended.indefinite
        if isEmpty(0) || isEmpty(number) {
            guard faultStack(.underflow) else { return }
        } else {
            var environment = floatEnvironment
            result = environment.apply(operation, stack(0).pointee.value, stack(number).pointee.value)
            finish(environment)
            if environment.isBlocked { return }
        }
        setStack(destination, result)
        if pop { popStack() }
    }

    /// Replaces ST(0) by what `operation` makes of it.
    func replaceTop(
        conditions: UInt16 = FloatEnvironment.Status.c1,
        _ operation: (inout FloatEnvironment, Extended) -> Extended
    ) {
        guard !isEmpty(0) else {
            if faultStack(.underflow) { setStack(0, .indefinite) }
            return
        }
        var environment = floatEnvironment
        let result = operation(&environment, stack(0).pointee.value)
        finish(environment, conditions: conditions)
        if !environment.isBlocked { setStack(0, result) }
    }

    // MARK: Comparisons

    /// FCOM and FUCOM with their forms that pop once or twice.
    func compareStack(_ number: UInt8, isQuiet: Bool, pops: Int) {
        if areThere(0, number, orElse: {}) {
            compare(stack(number).pointee.value, isQuiet: isQuiet, pops: pops)
        } else {
            compareEmpty(pops: pops)
        }
    }

    private func compareMemory(_ operand: FloatOperand, pop: Bool) {
        guard !isEmpty(0) else {
            _ = faultStack(.underflow)
            return compareEmpty(pops: pop ? 1 : 0)
        }
        compare(operand.value, isQuiet: false, pops: pop ? 1 : 0, operand)
    }

    private func compare(_ value: Extended, isQuiet: Bool, pops: Int, _ operand: FloatOperand? = nil) {
        let top = stack(0).pointee.value
        var environment = floatEnvironment
        if let operand, operand.raisesDenormal(with: top) { environment.raise(Status.denormal) }
        _ = environment.compare(top, value, isQuiet: isQuiet)
        finish(environment, conditions: Status.conditions)
        if !environment.isBlocked { for _ in 0..<pops { popStack() } }
    }

    /// An empty operand compares as unordered.
    private func compareEmpty(pops: Int) {
        s.pointee.fpu.statusWord |= Status.c0 | Status.c2 | Status.c3
        if s.pointee.fpu.controlWord & Status.invalid != 0 { for _ in 0..<pops { popStack() } }
    }

    /// FCOMI, FUCOMI and their forms that pop: the answer is in ZF, PF and CF. C1 stays as it was, and the flags are set
    /// even where the exception is not masked (verified: vectors x87 DBF0; the SDM has C1 cleared and the flags kept).
    func compareToFlags(_ number: UInt8, isQuiet: Bool, pop: Bool) {
        var order = FloatOrder.unordered
        var isBlocked = s.pointee.fpu.controlWord & Status.invalid == 0
        if areThere(0, number, orElse: {}) {
            var environment = floatEnvironment
            order = environment.compare(stack(0).pointee.value, stack(number).pointee.value, isQuiet: isQuiet)
            finish(environment, conditions: 0)
            isBlocked = environment.isBlocked
        }
        let flags =
            switch order {
            case .less: Flags.carry
            case .equal: Flags.zero
            case .greater: 0 as UInt32
            case .unordered: Flags.carry | Flags.zero | Flags.parity
            }
        setArithmeticFlags(flags)
        if pop, !isBlocked { popStack() }
    }

    func testTop() {
        guard !isEmpty(0) else {
            _ = faultStack(.underflow)
            return compareEmpty(pops: 0)
        }
        compare(.zero(isNegative: false), isQuiet: false, pops: 0)
    }

    /// FXAM.
    func examineTop() {
        let value = stack(0).pointee.value
        var bits = floatEnvironment.examine(value)
        if isEmpty(0) { bits = Status.c3 | Status.c0 | (value.isNegative ? Status.c1 : 0) }
        s.pointee.fpu.statusWord = s.pointee.fpu.statusWord & ~Status.conditions | bits
    }
}

extension Core.FloatOperand {
    /// - Parameters:
    ///   - fraction: below the integer bit, at the top of 63 bits.
    ///   - largest: the exponent of infinities and NaNs.
    fileprivate init(isNegative: Bool, exponent: Int, fraction: UInt64, largest: Int) {
        let bias = largest >> 1
        if exponent == largest {
            value = Extended(isNegative: isNegative, exponent: 0x7FFF, significand: Extended.integerBit | fraction)
        } else if exponent != 0 {
            value = Extended(
                isNegative: isNegative, exponent: exponent &- bias &+ Extended.bias,
                significand: Extended.integerBit | fraction)
        } else if fraction == 0 {
            value = .zero(isNegative: isNegative)
        } else {
            let shift = fraction.leadingZeroBitCount
            value = Extended(
                isNegative: isNegative, exponent: 1 &- bias &+ Extended.bias &- shift, significand: fraction << shift)
            isDenormal = true
        }
    }

    /// DE, unless the other operand settles the result alone: NaNs and invalid operands come first [SDM 1 4.9.2].
    fileprivate func raisesDenormal(with other: Extended) -> Bool {
        isDenormal && !other.isNaN && !other.isUnsupported
    }
}

extension FloatEnvironment {
    /// An operation with a memory operand. A division by zero comes before DE, which comes before what rounding finds
    /// [SDM 1 4.9.2].
    fileprivate mutating func apply(
        _ operation: UInt8, _ top: Extended, _ operand: Core.FloatOperand
    ) -> Extended {
        let dividesByZero = operation == 7 && top.isZero
        if operand.raisesDenormal(with: top), !dividesByZero {
            raise(Status.denormal)
            if isBlocked { return top }
        }
        return apply(operation, top, operand.value)
    }

    /// Operation 0, 1, 4 to 7 of the opcode map. FSUB and FDIV go from ST(0) to the other operand, FSUBR and FDIVR
    /// the other way; where the destination is ST(i), the mnemonics are exchanged and the opcodes mean the same.
    fileprivate mutating func apply(_ operation: UInt8, _ top: Extended, _ other: Extended) -> Extended {
        switch operation {
        case 0: add(top, other)
        case 1: multiply(top, other)
        case 4: subtract(top, other)
        case 5: subtract(other, top)
        case 6: divide(top, other)
        default: divide(other, top)
        }
    }
}
