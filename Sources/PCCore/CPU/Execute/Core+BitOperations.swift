/// Bit tests, bit scans, and the exchange instructions of the 486 and later.
extension Core {
    enum BitAction { case test, set, reset, complement }

    /// BT, BTS, BTR, BTC with the bit number in a register: in memory it reaches beyond the operand.
    func bitByRegister<W: Word>(_ i: Instruction, _ action: BitAction, _: W.Type) throws(Fault) {
        let number = readReg(i, as: W.self)
        var place = Place(register: registerOffset(i.rm, W.self))
        if !i.isRegisterForm {
            let index = Int32(bitPattern: signExtended(number)) >> (W.bitWidth == 16 ? 4 : 5)
            let reached = offset(i) &+ UInt32(bitPattern: index &* Int32(W.bitWidth / 8))
            place = Place(segment: Int(i.segment), offset: i.address32 ? reached : reached & 0xFFFF)
            if action != .test { try checkWrite(place, size: UInt32(W.bitWidth / 8)) }
        }
        try changeBit(place, number, action)
    }

    /// Group 8: the bit number is an immediate, taken modulo the operand size.
    func bitByImmediate<W: Word>(_ i: Instruction, _: W.Type) throws(Fault) {
        let number = W(truncatingIfNeeded: i.immediate)
        switch i.reg {
        case 4:
            let place =
                i.isRegisterForm
                ? Place(register: registerOffset(i.rm, W.self)) : Place(segment: Int(i.segment), offset: offset(i))
            try changeBit(place, number, .test)
        case 5: try changeBit(try placeRM(i, W.self), number, .set)
        case 6: try changeBit(try placeRM(i, W.self), number, .reset)
        case 7: try changeBit(try placeRM(i, W.self), number, .complement)
        default: throw .invalidOpcode
        }
    }

    /// CF becomes the bit; the other flags stay [SDM 2A BT].
    private func changeBit<W: Word>(_ place: Place, _ number: W, _ action: BitAction) throws(Fault) {
        let value: W = try load(place)
        let mask: W = 1 &<< (number & W(truncatingIfNeeded: W.bitWidth - 1))
        switch action {
        case .test: break
        case .set: try store(value | mask, place)
        case .reset: try store(value & ~mask, place)
        case .complement: try store(value ^ mask, place)
        }
        setCarry(value & mask != 0)
    }

    /// Sets CF alone.
    func setCarry(_ carry: Bool) {
        let overflow = Flags.isOverflow(s.pointee.wide, s.pointee.mixed)
        noteCarryOverflow(carry, overflow, &s.pointee.wide, &s.pointee.mixed)
    }

    /// Sets ZF alone.
    func setZero(_ zero: Bool) {
        let flags = Flags.pack(s.pointee.wide, s.pointee.mixed) & ~Flags.zero
        setArithmeticFlags(zero ? flags | Flags.zero : flags)
    }

    /// BSF and BSR. A source of 0 leaves the destination as it was, as Intel's chips do.
    func bitScan<W: Word>(_ i: Instruction, reverse: Bool, _: W.Type) throws(Fault) {
        let source = try readRM(i, as: W.self)
        if source != 0 {
            writeReg(
                i,
                W(
                    truncatingIfNeeded: reverse
                        ? W.bitWidth - 1 - source.leadingZeroBitCount : source.trailingZeroBitCount))
        }
        setZero(source == 0)
    }

    /// CMPXCHG. The destination is written in any case [SDM 2A CMPXCHG].
    func compareExchange<W: Word>(_ i: Instruction, _: W.Type) throws(Fault) {
        let place = try placeRM(i, W.self)
        let old: W = try load(place)
        let expected = s.load(0, as: W.self)
        let isEqual = old == expected
        try store(isEqual ? readReg(i, as: W.self) : old, place)
        if !isEqual { s.store(old, 0) }
        _ = Sub.apply(expected, old, &s.pointee.wide, &s.pointee.mixed)
    }

    func compareExchange8(_ i: Instruction) throws(Fault) {
        guard !i.isRegisterForm, i.reg == 1 else { throw .invalidOpcode }
        let place = Place(segment: Int(i.segment), offset: offset(i))
        try checkWrite(place, size: 8)
        let old: UInt64 = try load(place)
        let isEqual = old == UInt64(edx) << 32 | UInt64(eax)
        try store(isEqual ? UInt64(ecx) << 32 | UInt64(ebx) : old, place)
        if !isEqual {
            eax = UInt32(truncatingIfNeeded: old)
            edx = UInt32(truncatingIfNeeded: old >> 32)
        }
        setZero(isEqual)
    }

    func exchangeAdd<W: Word>(_ i: Instruction, _: W.Type) throws(Fault) {
        let place = try placeRM(i, W.self)
        let old: W = try load(place)
        var wide = s.pointee.wide
        var mixed = s.pointee.mixed
        let sum = Add.apply(old, readReg(i, as: W.self), &wide, &mixed)
        if place.isRegister {
            writeReg(i, old)
            try store(sum, place)
        } else {
            try store(sum, place)
            writeReg(i, old)
        }
        s.pointee.wide = wide
        s.pointee.mixed = mixed
    }

    /// XCHG of r/m and register.
    func exchange<W: Word>(_ i: Instruction, _: W.Type) throws(Fault) {
        let place = try placeRM(i, W.self)
        let old: W = try load(place)
        try store(readReg(i, as: W.self), place)
        writeReg(i, old)
    }
}
