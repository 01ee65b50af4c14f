/// PUSH, POP and their relatives, ENTER and LEAVE.
extension Core {
    /// Pushes `value` as a word or dword by operand size.
    func pushSized(_ value: UInt32, _ i: Instruction) throws(Fault) {
        if i.operand32 { try push(value) } else { try push(UInt16(truncatingIfNeeded: value)) }
    }

    func popSized(_ i: Instruction) throws(Fault) -> UInt32 {
        i.operand32 ? try pop(as: UInt32.self) : UInt32(try pop(as: UInt16.self))
    }

    /// PUSH of a register, 50h-57h. The 8086 and 186 push SP as it is after the push.
    func pushRegister(_ i: Instruction) throws(Fault) {
        let number = Int(i.opcode & 7)
        if number == 4, s.pointee.model <= .i80186 { return try push(UInt16(truncatingIfNeeded: esp &- 2)) }
        try pushSized(register(number), i)
    }

    func popRegister(_ i: Instruction) throws(Fault) {
        let at = UInt8(truncatingIfNeeded: i.opcode & 7) &* 4
        let value = try popSized(i)
        if i.operand32 { s.store(value, at) } else { s.store(UInt16(truncatingIfNeeded: value), at) }
    }

    /// PUSH of a segment register. A 32-bit push writes a word and leaves the upper half of the slot, but on the Pentium
    /// [SDM 3B 22.31.1].
    func pushSegment(_ number: Int, _ i: Instruction) throws(Fault) {
        let selector = s.segment(number).pointee.selector
        guard i.operand32 else { return try push(selector) }
        if s.pointee.model == .pentium { return try push(UInt32(selector)) }
        let top = stackOffset(esp &- 4)
        try write(SegmentNumber.ss, top, selector)
        setStackPointer(top)
    }

    func popSegment(_ number: Int, _ i: Instruction) throws(Fault) {
        // The Pentium reads all of the slot [SDM 3B 22.31.1].
        let selector =
            i.operand32 && s.pointee.model == .pentium
            ? UInt16(truncatingIfNeeded: try read(SegmentNumber.ss, stackPointer, as: UInt32.self))
            : try read(SegmentNumber.ss, stackPointer, as: UInt16.self)
        let oldESP = esp
        setStackPointer(esp &+ (i.operand32 ? 4 : 2))
        do {
            // POP SS counts the stack as it was addressed before.
            let newESP = esp
            esp = oldESP
            let wasBig = s.segment(SegmentNumber.ss).pointee.isBig
            try loadSegment(number, selector)
            esp = wasBig ? newESP : (oldESP & 0xFFFF_0000) | (newESP & 0xFFFF)
        } catch {
            esp = oldESP
            throw error
        }
        if holdsInterrupts(number) { shadow(stackLoad: true) }
    }

    /// The 8086's POP CS (0Fh).
    func popCS() throws(Fault) {
        let selector = try pop(as: UInt16.self)
        var cs = s.segment(SegmentNumber.cs).pointee
        cs.selector = selector
        cs.base = UInt32(selector) << 4
        setSegment(SegmentNumber.cs, cs)
        shadow(stackLoad: true)
    }

    /// POP r/m: the address is worked out with ESP already raised [SDM 2B POP].
    func popRM(_ i: Instruction) throws(Fault) {
        guard i.reg == 0 || s.pointee.model <= .i80186 else { throw .invalidOpcode }
        let oldESP = esp
        do {
            let value = try popSized(i)
            if i.operand32 {
                try store(value, try placeRM(i, UInt32.self))
            } else {
                try store(UInt16(truncatingIfNeeded: value), try placeRM(i, UInt16.self))
            }
        } catch {
            // A target over the end of its segment finds the 286 with the word off the stack (verified: vectors 80286 8F).
            let stays =
                s.pointee.model == .i80286 && !s.pointee.isProtected && error.vector == Fault.Vector.generalProtection
            if !stays { esp = oldESP }
            throw error
        }
    }

    func pushAll(_ i: Instruction) throws(Fault) {
        let size: UInt32 = i.operand32 ? 4 : 2
        let lowest = stackOffset(esp &- 8 &* size)
        // SP within the first frame is another fault than the stack's [80386 PRM PUSHA, SDM 2B PUSHA].
        if s.pointee.model >= .i80286, !s.pointee.isProtected, !i.operand32, stackOffset(esp) & 1 != 0,
            (7...15).contains(stackOffset(esp))
        {
            throw .generalProtection()
        }
        if s.pointee.model >= .i80286, lowest < stackOffset(esp) || stackOffset(esp) == 0 {
            // Everything is checked first, so that a fault in the middle leaves no trace.
            let linear = try linearForWrite(SegmentNumber.ss, lowest, size: 8 &* size)
            try probeWrite(linear, size: 8 &* size, user: s.pointee.cpl == 3)
        }
        for number in 0..<8 {
            let at = stackOffset(esp &- (UInt32(number) &+ 1) &* size)
            if i.operand32 {
                try write(SegmentNumber.ss, at, register(number))
            } else {
                try write(SegmentNumber.ss, at, UInt16(truncatingIfNeeded: register(number)))
            }
        }
        setStackPointer(esp &- 8 &* size)
    }

    func popAll(_ i: Instruction) throws(Fault) {
        let size: UInt32 = i.operand32 ? 4 : 2
        var values: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0, 0, 0, 0, 0)
        func slot(_ k: UInt32) throws(Fault) -> UInt32 {
            let at = stackOffset(esp &+ k &* size)
            return i.operand32
                ? try read(SegmentNumber.ss, at, as: UInt32.self)
                : UInt32(try read(SegmentNumber.ss, at, as: UInt16.self))
        }
        values.7 = try slot(0)
        values.6 = try slot(1)
        values.5 = try slot(2)
        _ = try slot(3)
        values.3 = try slot(4)
        values.2 = try slot(5)
        values.1 = try slot(6)
        values.0 = try slot(7)
        let all = [
            (0, values.0), (1, values.1), (2, values.2), (3, values.3), (5, values.5), (6, values.6), (7, values.7),
        ]
        setStackPointer(esp &+ 8 &* size)
        for (number, value) in all {
            if i.operand32 {
                setRegister(number, value)
            } else {
                s.store(UInt16(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: number &* 4))
            }
        }
    }

    /// ENTER [SDM 2A ENTER].
    func enter(_ i: Instruction) throws(Fault) {
        let level = UInt32(i.immediate2 & 31)
        let size: UInt32 = i.operand32 ? 4 : 2
        let oldESP = esp
        do throws(Fault) {
            try pushSized(ebp, i)
            let frame = esp
            var reader = ebp
            if level > 0 {
                for _ in 1..<max(level, 1) {
                    reader = reader &- size
                    let from = stackOffset(reader)
                    if i.operand32 {
                        try push(try read(SegmentNumber.ss, from, as: UInt32.self))
                    } else {
                        try push(try read(SegmentNumber.ss, from, as: UInt16.self))
                    }
                }
                try pushSized(frame, i)
            }
            let top = esp &- i.immediate
            // A whole word or dword at the new top must be writable, even though nothing is written there.
            if s.pointee.model >= .i80286 {
                let linear = try linearForWrite(SegmentNumber.ss, stackOffset(top), size: size)
                if s.pointee.checksAlignment, linear & (size &- 1) != 0 { throw .alignmentCheck }
                try probeWrite(linear, size: size, user: s.pointee.cpl == 3)
            }
            setStackPointer(top)
            if i.operand32 {
                ebp = frame
            } else {
                s.store(UInt16(truncatingIfNeeded: frame), 20)
            }
        } catch {
            esp = oldESP
            throw error
        }
    }

    func leave(_ i: Instruction) throws(Fault) {
        let from = stackOffset(ebp)
        if i.operand32 {
            let value: UInt32 = try read(SegmentNumber.ss, from)
            setStackPointer(ebp &+ 4)
            ebp = value
        } else {
            let value: UInt16 = try read(SegmentNumber.ss, from)
            setStackPointer(ebp &+ 2)
            s.store(value, 20)
        }
    }
}
