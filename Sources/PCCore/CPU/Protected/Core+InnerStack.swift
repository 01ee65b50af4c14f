/// A stack that is about to be in SS: calls and interrupts push to it before they change a register.
struct NewStack {
    var segment: Segment
    /// ESP.
    var pointer: UInt32
    let descriptor: Descriptor

    /// The pointer after `size` bytes were pushed.
    func below(_ size: UInt32) -> UInt32 {
        segment.isBig ? pointer &- size : (pointer & 0xFFFF_0000) | ((pointer &- size) & 0xFFFF)
    }
}

extension Core {
    /// The stack for privilege `level` as the TSS names it, checked [SDM 2A CALL, INT: more privilege].
    func innerStack(_ level: UInt8, _ external: UInt32 = 0) throws(Fault) -> NewStack {
        let (selector, pointer) = try innerStackPointer(level, external)
        guard !isNull(selector) else { throw .invalidTSS(external) }
        let code = errorCode(selector, external)
        guard UInt8(selector & 3) == level, let descriptor = try readDescriptor(selector), descriptor.dpl == level,
            descriptor.isWritableData
        else { throw .invalidTSS(code) }
        guard descriptor.isPresent else { throw .stackFault(code) }
        return NewStack(
            segment: Segment(selector, descriptor), pointer: pointer, descriptor: descriptor)
    }

    /// SS and ESP for `level` from the current TSS [SDM 3A 7.2.1, 7.6].
    private func innerStackPointer(_ level: UInt8, _ external: UInt32) throws(Fault) -> (UInt16, UInt32) {
        let tr = s.segment(SegmentNumber.tr).pointee
        if tr.access & 8 != 0 {
            let at = UInt32(level) &* 8 &+ 4
            guard at &+ 5 <= tr.limit else { throw .invalidTSS(errorCode(tr.selector, external)) }
            let pointer: UInt32 = try readSystem(tr.base &+ at)
            return (try readSystem(tr.base &+ at &+ 4), pointer)
        }
        let at = UInt32(level) &* 4 &+ 2
        guard at &+ 3 <= tr.limit else { throw .invalidTSS(errorCode(tr.selector, external)) }
        let both: UInt32 = try readSystem(tr.base &+ at)
        return (UInt16(truncatingIfNeeded: both >> 16), both & 0xFFFF)
    }

    /// Pushes to a new stack, whose room was checked before, with the rights of its inner level.
    @inline(__always)
    func push<W: Word>(_ value: W, on stack: inout NewStack) throws(Fault) {
        stack.pointer = stack.below(UInt32(W.bitWidth / 8))
        try writeSystem(stack.segment.base &+ stack.segment.stackOffset(stack.pointer), value)
    }

    /// Sets the accessed bit of a new stack's descriptor.
    func markAccessed(_ stack: NewStack) throws(Fault) {
        try markAccessed(stack.segment.selector, stack.descriptor)
    }

    /// Pushes as wide as a gate or an operand is.
    @inline(__always)
    func push(_ value: UInt32, wide: Bool, on stack: inout NewStack) throws(Fault) {
        if wide {
            try push(value, on: &stack)
        } else {
            try push(UInt16(truncatingIfNeeded: value), on: &stack)
        }
    }

    /// The word or dword at `index` pops from the top of the current stack. Nothing is popped.
    @inline(__always)
    func stackSlot(_ index: UInt32, wide: Bool) throws(Fault) -> UInt32 {
        if wide { return try read(SegmentNumber.ss, stackOffset(esp &+ index &* 4)) }
        let value: UInt16 = try read(SegmentNumber.ss, stackOffset(esp &+ index &* 2))
        return UInt32(value)
    }

    /// Raises `#SS` unless `bytes` from the top of the current stack on can be popped.
    func checkPop(_ bytes: UInt32) throws(Fault) {
        let ss = s.segment(SegmentNumber.ss).pointee
        let top = stackOffset(esp)
        guard UInt64(top) &+ UInt64(bytes) > ss.readTop else { return }
        if ss.isBig || UInt64(top) &+ UInt64(bytes) <= 0x1_0000 {
            guard allows(SegmentNumber.ss, top, bytes, write: false) else { throw .stackFault() }
        } else {
            // A 16-bit stack goes round at FFFFh.
            let first = 0x1_0000 &- top
            guard allows(SegmentNumber.ss, top, first, write: false),
                allows(SegmentNumber.ss, 0, bytes &- first, write: false)
            else { throw .stackFault() }
        }
    }

    /// Takes a new stack into SS:ESP, or SS:SP where it is a 16-bit one (verified: TestROMs/pm-gates). The caller works
    /// out what follows from it.
    @inline(__always) func install(_ stack: NewStack) {
        s.segment(SegmentNumber.ss).pointee = stack.segment
        setStackPointer(stack.pointer)
    }

    /// Takes CS in with the privilege `level`, and works out what follows from the new CS and SS.
    @inline(__always) func installCode(_ code: Segment, level: UInt8) {
        s.segment(SegmentNumber.cs).pointee = code
        if s.pointee.cpl != level {
            s.pointee.cpl = level
            updateMode()
        } else {
            updateCodeKey()
            s.pointee.leaveTrace = true
        }
    }
}

extension Segment {
    /// The same with another RPL.
    func with(rpl: UInt8) -> Segment {
        var segment = self
        segment.selector = (selector & 0xFFFC) | UInt16(rpl & 3)
        return segment
    }
}
