/// x87 loads and stores [SDM 2A FLD, FST, FILD, FIST, FBLD, FBSTP, FXCH, FCMOVcc].
extension Core {
    private typealias Status = FloatEnvironment.Status

    // MARK: Loads

    /// Pushes what `make` gives.
    func pushing(_ make: (inout FloatEnvironment) -> Extended) {
        guard isEmpty(7) else {
            if faultStack(.overflow) { pushStack(.indefinite) }
            return
        }
        var environment = floatEnvironment
        let value = make(&environment)
        finish(environment)
        // A denormal is loaded even where DE is not masked (verified: vectors x87 DD.0).
        if environment.unmasked & Status.invalid == 0 { pushStack(value) }
    }

    func loadSingle(_ i: Instruction) throws(Fault) {
        let bits: UInt32 = try readRM(i)
        pushing { $0.load(single: bits) }
    }

    func loadDouble(_ i: Instruction) throws(Fault) {
        let bits: UInt64 = try readRM(i)
        pushing { $0.load(double: bits) }
    }

    /// FLD m80: bits as they are, whatever they say.
    func loadExtended(_ i: Instruction) throws(Fault) {
        let (low, high) = try readTenBytes(i)
        pushing { _ in Extended(high, low) }
    }

    func loadInteger<W: Word>(_ i: Instruction, _: W.Type) throws(Fault) {
        let value = try integerOperand(i, W.self).value
        pushing { _ in value }
    }

    func loadBCD(_ i: Instruction) throws(Fault) {
        let (low, high) = try readTenBytes(i)
        pushing { _ in Extended(bcdLow: low, high: high) }
    }

    /// FLD ST(i): an empty operand comes before a stack that is full.
    func loadStack(_ number: UInt8) {
        guard isEmpty(number) else { return pushing { [value = stack(number).pointee.value] _ in value } }
        if faultStack(.underflow) { pushStack(.indefinite) }
    }

    private func readTenBytes(_ i: Instruction) throws(Fault) -> (low: UInt64, high: UInt16) {
        let at = offset(i)
        let low: UInt64 = try read(Int(i.segment), at)
        return (low, try read(Int(i.segment), at &+ 8))
    }

    // MARK: Stores

    /// The memory operand of a store: whatever writing would raise is raised here, before anything has changed, so
    /// that the instruction can run again [SDM 3A 6.6].
    func floatPlace(_ i: Instruction, size: UInt32, alignment: UInt32) throws(Fault) -> Place {
        let place = Place(segment: Int(i.segment), offset: offset(i))
        guard s.pointee.model >= .i80286 else { return place }
        let linear = try linearForWrite(place.segment, place.offset, size: size)
        if s.pointee.checksAlignment, linear & (alignment &- 1) != 0 { throw .alignmentCheck }
        try probeWrite(linear, size: size, user: s.pointee.cpl == 3)
        return place
    }

    /// Stores ST(0) in the form that `convert` gives, `indefinite` where it is empty, and pops it if asked to.
    /// Nothing is stored and popped where an exception that is not masked, but for PE, was found [SDM 1 8.5.4].
    private func storing<W: Word>(
        _ i: Instruction, pop: Bool, indefinite: W, _ convert: (inout FloatEnvironment, Extended) -> W
    ) throws(Fault) {
        let place = try floatPlace(i, size: UInt32(W.bitWidth / 8), alignment: UInt32(W.bitWidth / 8))
        guard !isEmpty(0) else {
            if faultStack(.underflow) {
                try store(indefinite, place)
                if pop { popStack() }
            }
            return
        }
        var environment = floatEnvironment
        let value = convert(&environment, stack(0).pointee.value)
        finish(environment)
        guard environment.unmasked & ~Status.precision == 0 else { return }
        try store(value, place)
        if pop { popStack() }
    }

    func storeSingle(_ i: Instruction, pop: Bool) throws(Fault) {
        try storing(i, pop: pop, indefinite: 0xFFC0_0000 as UInt32) { $0.storeSingle($1) }
    }

    func storeDouble(_ i: Instruction, pop: Bool) throws(Fault) {
        try storing(i, pop: pop, indefinite: 0xFFF8_0000_0000_0000 as UInt64) { $0.storeDouble($1) }
    }

    func storeInteger<W: Word>(_ i: Instruction, pop: Bool, _: W.Type) throws(Fault) {
        try storing(i, pop: pop, indefinite: 1 << W(W.bitWidth - 1)) { environment, value in
            W(truncatingIfNeeded: environment.storeInteger(value, bits: W.bitWidth))
        }
    }

    /// FSTP m80, FBSTP.
    private func storingTenBytes(
        _ i: Instruction, indefinite: Extended, _ convert: (inout FloatEnvironment, Extended) -> Extended
    ) throws(Fault) {
        let place = try floatPlace(i, size: 10, alignment: 8)
        var value = indefinite
        if isEmpty(0) {
            guard faultStack(.underflow) else { return }
        } else {
            var environment = floatEnvironment
            value = convert(&environment, stack(0).pointee.value)
            finish(environment)
            guard environment.unmasked & ~Status.precision == 0 else { return }
        }
        try write(place.segment, place.offset, value.significand)
        try write(place.segment, place.offset &+ 8, value.signExponent)
        popStack()
    }

    func storeExtended(_ i: Instruction) throws(Fault) {
        try storingTenBytes(i, indefinite: .indefinite) { $1 }
    }

    /// FBSTP; the indefinite of packed BCD has the bits of the real one [SDM 1 Table 4-4].
    func storeBCD(_ i: Instruction) throws(Fault) {
        try storingTenBytes(i, indefinite: .indefinite) { environment, value in
            let digits = environment.storeBCD(value)
            return Extended(digits.high, digits.low)
        }
    }

    /// FST ST(i), FSTP ST(i).
    func storeStack(_ number: UInt8, pop: Bool) {
        if isEmpty(0) {
            guard faultStack(.underflow) else { return }
            setStack(number, .indefinite)
        } else {
            clearC1()
            setStack(number, stack(0).pointee.value)
        }
        if pop { popStack() }
    }

    // MARK: Moves on the stack

    /// FXCH: an empty register takes part as the indefinite.
    func exchangeStack(_ number: UInt8) {
        if isEmpty(0) || isEmpty(number) {
            guard faultStack(.underflow) else { return }
            if isEmpty(0) { setStack(0, .indefinite) }
            if isEmpty(number) { setStack(number, .indefinite) }
        } else {
            clearC1()
        }
        let value = stack(0).pointee.value
        setStack(0, stack(number).pointee.value)
        setStack(number, value)
    }

    /// FCMOVcc: CF, ZF, CF or ZF, PF; `opcode` is DAh for these and DBh for their opposites.
    func moveConditionally(_ i: Instruction) {
        let flags = eflags
        let isSet =
            switch i.reg {
            case 0: flags & Flags.carry != 0
            case 1: flags & Flags.zero != 0
            case 2: flags & (Flags.carry | Flags.zero) != 0
            default: flags & Flags.parity != 0
            }
        guard areThere(0, i.rm, orElse: { setStack(0, .indefinite) }) else { return }
        if isSet == (i.opcode == 0xDA) { setStack(0, stack(i.rm).pointee.value) }
    }
}
