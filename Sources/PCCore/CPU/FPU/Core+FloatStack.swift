/// The x87's register stack: eight registers, a pointer to the top, a tag that says which are empty [SDM 1 8.1.2].
extension Core {
    /// ST(`number`).
    @inline(__always)
    func stack(_ number: UInt8) -> UnsafeMutablePointer<FPUState.Register> {
        s.floatRegister(s.pointee.fpu.top &+ UInt32(number))
    }

    @inline(__always)
    func isEmpty(_ number: UInt8) -> Bool { stack(number).pointee.isEmpty != 0 }

    /// Sets ST(`number`), which is not empty then.
    func setStack(_ number: UInt8, _ value: Extended) {
        let register = stack(number)
        register.pointee.significand = value.significand
        register.pointee.signExponent = value.signExponent
        register.pointee.isEmpty = 0
    }

    func pushStack(_ value: Extended) {
        s.pointee.fpu.top = (s.pointee.fpu.top &- 1) & 7
        setStack(0, value)
    }

    func popStack() {
        stack(0).pointee.isEmpty = 1
        s.pointee.fpu.top = (s.pointee.fpu.top &+ 1) & 7
    }

    func clearC1() { s.pointee.fpu.statusWord &= ~FloatEnvironment.Status.c1 }

    // MARK: Stack faults

    enum StackFault {
        /// A push onto a register that is not empty.
        case overflow
        /// An operand is empty.
        case underflow
    }

    /// Notes a stack fault. True where it is masked, and the instruction responds with the indefinite [SDM 1 8.5.1.1].
    /// The 8087 and 287 have no SF and leave C1 alone [SDM 3B 22.18.2.2].
    func faultStack(_ fault: StackFault) -> Bool {
        typealias Status = FloatEnvironment.Status
        if floatGeneration >= .i80387 {
            clearC1()
            s.pointee.fpu.statusWord |= Status.stackFault | (fault == .overflow ? Status.c1 : 0)
        }
        s.pointee.fpu.statusWord |= Status.invalid
        noteFloatExceptions()
        return s.pointee.fpu.controlWord & Status.invalid != 0
    }

    /// Whether ST(`a`) and ST(`b`) hold values. Where one is empty, it notes the stack fault and, if that is masked,
    /// does `respond`.
    func areThere(_ a: UInt8, _ b: UInt8, orElse respond: () -> Void) -> Bool {
        guard isEmpty(a) || isEmpty(b) else { return true }
        if faultStack(.underflow) { respond() }
        return false
    }

    // MARK: The tag word

    /// The tag word with two bits a register, worked out from what the registers hold: 00 valid, 01 zero, 10 special,
    /// 11 empty [SDM 1 8.1.7].
    var tagWord: UInt16 {
        var word: UInt16 = 0
        for number in 0..<UInt32(8) {
            let register = s.floatRegister(number).pointee
            let tag: UInt16 =
                if register.isEmpty != 0 {
                    3
                } else if register.value.isZero {
                    1
                } else if register.value.exponent == 0 || register.value.exponent == 0x7FFF
                    || !register.value.hasIntegerBit
                {
                    2
                } else {
                    0
                }
            word |= tag << UInt16(number &* 2)
        }
        return word
    }

    /// Of a tag word that is loaded, only whether a register is empty counts.
    func loadTagWord(_ word: UInt16) {
        for number in 0..<UInt32(8) {
            s.floatRegister(number).pointee.isEmpty = word >> UInt16(number &* 2) & 3 == 3 ? 1 : 0
        }
    }
}
