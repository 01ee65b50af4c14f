/// The decimal adjustments. Flags that Intel leaves undefined are as on the chips that are known.
extension Core {
    private var isCarry: Bool { Flags.isCarry(s.pointee.wide) }
    private var isAuxiliary: Bool { Flags.isAuxiliary(s.pointee.wide, s.pointee.mixed) }
    private var al: UInt8 {
        get { UInt8(truncatingIfNeeded: eax) }
        nonmutating set { s.store(newValue, 0) }
    }
    private var ah: UInt8 {
        get { UInt8(truncatingIfNeeded: eax >> 8) }
        nonmutating set { s.store(newValue, 1) }
    }

    /// Sets the flags of `result` with CF and AF as given.
    private func noteDecimal(_ result: UInt8, carry: Bool, auxiliary: Bool) {
        _ = noteShift(result, carry: carry, overflow: false, &s.pointee.wide, &s.pointee.mixed)
        if auxiliary { s.pointee.mixed ^= 0x10 }
    }

    func daa() {
        let old = al
        let wasCarry = isCarry
        var carry = wasCarry
        var auxiliary = isAuxiliary
        // The 8086 compares with 9Fh where AF is set (verified: vectors 8086 27).
        let limit: UInt8 = s.pointee.model <= .i80186 && auxiliary ? 0x9F : 0x99
        var result = old
        if old & 15 > 9 || auxiliary {
            result &+= 6
            auxiliary = true
        }
        if old > limit || wasCarry {
            result &+= 0x60
            carry = true
        }
        al = result
        noteDecimal(result, carry: carry, auxiliary: auxiliary)
    }

    func das() {
        let old = al
        let wasCarry = isCarry
        var carry = false
        var auxiliary = isAuxiliary
        let limit: UInt8 = s.pointee.model <= .i80186 && auxiliary ? 0x9F : 0x99
        var result = old
        if old & 15 > 9 || auxiliary {
            carry = s.pointee.model >= .i80286 && (wasCarry || old < 6)
            result &-= 6
            auxiliary = true
        }
        if old > limit || wasCarry {
            result &-= 0x60
            carry = true
        }
        al = result
        noteDecimal(result, carry: carry, auxiliary: auxiliary)
    }

    /// AAA, and AAS with `step` -1.
    func asciiAdjust(subtract: Bool) {
        let adjusts = al & 15 > 9 || isAuxiliary
        if adjusts {
            if s.pointee.model <= .i80186 {
                al = subtract ? al &- 6 : al &+ 6
                ah = subtract ? ah &- 1 : ah &+ 1
            } else {
                let ax = UInt16(truncatingIfNeeded: eax)
                s.store(subtract ? ax &- 0x106 : ax &+ 0x106, 0)
            }
        }
        al &= 15
        noteDecimal(al, carry: adjusts, auxiliary: adjusts)
    }

    func aam(_ base: UInt8) throws(Fault) {
        guard base != 0 else {
            // The 8086 has the flags of a result of 0 by then (verified: vectors 8086 D4); the 286 has gone through the
            // steps of a division of 0:AL and has those of its last remainder (verified: vectors 80286 D4; those of
            // F6.6 that divide by 0 leave the flags of AX >> 1 in the same way).
            if s.pointee.model <= .i80186 { noteDecimal(0, carry: false, auxiliary: false) }
            if s.pointee.model == .i80286 { noteDecimal(al >> 1, carry: false, auxiliary: false) }
            throw .divideError
        }
        let old = al
        ah = old / base
        al = old % base
        noteDecimal(al, carry: false, auxiliary: false)
    }

    func aad(_ base: UInt8) {
        al = al &+ ah &* base
        ah = 0
        noteDecimal(al, carry: false, auxiliary: false)
    }
}
