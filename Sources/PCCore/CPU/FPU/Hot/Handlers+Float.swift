// The hot handlers of the x87: what they share, and moves between registers.
//
// They do what needs no exception but PE. Whatever else there is (an empty or full stack, a NaN, a denormal, an unmasked
// exception, a pending one) goes to the plain form, which knows all rules.

extension StatePointer {
    /// ST(i).
    @inline(__always) func stack(_ i: UInt32) -> UnsafeMutablePointer<FPUState.Register> {
        floatRegister(pointee.fpu.top &+ i)
    }

    @inline(__always) func setFloat(_ register: UnsafeMutablePointer<FPUState.Register>, _ bits: UInt64, _ word: UInt32)
    {
        register.pointee.significand = bits
        register.pointee.word = word
    }

    /// Nothing keeps x87 instructions from going the fast way.
    @inline(__always) var floatIsOpen: Bool { pointee.fpu.slowReasons & FPUState.SlowReason.blocked == 0 }

    /// C1, and what else the instruction leaves, in the status word.
    @inline(__always) func setFloatStatus(_ status: UInt16) {
        pointee.fpu.statusWord = (pointee.fpu.statusWord & ~FloatEnvironment.Status.c1) | status
    }

    @inline(__always) func popFloat() {
        let register = floatRegister(pointee.fpu.top)
        register.pointee.word |= FPUState.Register.empty
        pointee.fpu.top = (pointee.fpu.top &+ 1) & 7
    }

    /// Writes a number above ST(0), in a register that is known to be empty.
    @inline(__always) func pushFloat(_ significand: UInt64, _ word: UInt32) {
        let top = (pointee.fpu.top &- 1) & 7
        setFloat(floatRegister(top), significand, word)
        pointee.fpu.top = top
        setFloatStatus(0)
    }

    /// ST(7) is empty: something can be loaded.
    @inline(__always) var hasFloatRoom: Bool { stack(7).pointee.word & FPUState.Register.empty != 0 }

    /// FIP, FCS and FOP.
    @inline(__always) func noteFloat(_ r: RecordPointer) {
        pointee.fpu.instructionPointer = pointee.eip &+ UInt32(r.pointee.offset)
        pointee.fpu.instructionSelector = pointee.segments.1.selector
        pointee.fpu.opcode = UInt16(truncatingIfNeeded: r.pointee.immediate)
    }

    /// The same, and FDP and FDS.
    @inline(__always) func noteFloat(_ r: RecordPointer, offset: UInt32) {
        noteFloat(r)
        pointee.fpu.dataPointer = offset
        pointee.fpu.dataSelector = segment(Int(r.pointee.scaleAndSegment >> 4)).pointee.selector
    }
}

/// Runs an instruction on registers in its plain form. Its record holds the low 11 bits of its opcode in `immediate`, and
/// its length in `destination`.
@inline(never)
func unusualFloat(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let s = state(sp)
    let r = record(rp)
    let start = s.pointee.eip
    s.pointee.wide = w
    s.pointee.mixed = x
    s.pointee.remaining = n &- Int(r.pointee.index)
    let (isGood, left) = runFloat(Core(s), r, start &+ UInt32(r.pointee.offset), n &- Int(r.pointee.index))
    guard isGood else {
        if s.pointee.needsLook { return leave(s, left, s.pointee.wide, s.pointee.mixed) }
        s.pointee.leaveTrace = false
        return dispatch(s, left, s.pointee.wide, s.pointee.mixed)
    }
    s.pointee.eip = start
    jump(s, r + 1, n, s.pointee.wide, s.pointee.mixed)
}

/// A function of its own: a handler that keeps something in memory cannot end in a jump.
@inline(never)
private func runFloat(_ core: Core, _ r: RecordPointer, _ eip: UInt32, _ remaining: Int) -> (Bool, Int) {
    var i = Instruction()
    i.opcode = 0xD8 | UInt16(truncatingIfNeeded: r.pointee.immediate >> 8) & 7
    i.modRM = UInt8(truncatingIfNeeded: r.pointee.immediate)
    i.length = r.pointee.destination
    // SAFETY: the pointer is not kept.
    return withUnsafePointer(to: &i) { runPlain(AnyOpcode.self, core, $0, eip, remaining) }
}

/// A store of more than four bytes missed. Into a page that holds code it goes the plain way.
@inline(never)
func missedFloatStore(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32)
{
    let s = state(sp)
    guard Core(s).refill(s.pointee.missed, write: true) else { return unusual(sp, rp, n, w, x) }
    jump(s, record(rp), n, w, x)
}

// MARK: Moves between registers

/// FLD ST(i)
@inline(__always)
func floatLoad(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    let from = s.stack(UInt32(r.pointee.base))
    let (significand, word) = (from.pointee.significand, from.pointee.word)
    guard _fastPath(s.floatIsOpen), _fastPath(word & FPUState.Register.empty == 0), _fastPath(s.hasFloatRoom) else {
        return unusualFloat(sp, rp, n, w, x)
    }
    s.pushFloat(significand, word)
    s.noteFloat(r)
    next(s, r, n, w, x)
}

/// FLD1, FLDZ
@inline(__always)
func floatConstant(
    _ number: Extended, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    guard _fastPath(s.floatIsOpen), _fastPath(s.hasFloatRoom) else { return unusualFloat(sp, rp, n, w, x) }
    s.pushFloat(number.significand, UInt32(number.signExponent))
    s.noteFloat(r)
    next(s, r, n, w, x)
}

/// FXCH
@inline(__always)
func floatExchange(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    let (a, b) = (s.stack(0), s.stack(UInt32(r.pointee.base)))
    let (first, second) = (a.pointee, b.pointee)
    guard _fastPath(s.floatIsOpen), _fastPath((first.word | second.word) & FPUState.Register.empty == 0) else {
        return unusualFloat(sp, rp, n, w, x)
    }
    s.setFloat(a, second.significand, second.word)
    s.setFloat(b, first.significand, first.word)
    s.setFloatStatus(0)
    s.noteFloat(r)
    next(s, r, n, w, x)
}

/// FST ST(i), FSTP ST(i)
@inline(__always)
func floatStore(
    pops: Bool, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let from = s.stack(0).pointee
    guard _fastPath(s.floatIsOpen), _fastPath(from.word & FPUState.Register.empty == 0) else {
        return unusualFloat(sp, rp, n, w, x)
    }
    s.setFloat(s.stack(UInt32(r.pointee.base)), from.significand, from.word)
    if pops { s.popFloat() }
    s.setFloatStatus(0)
    s.noteFloat(r)
    next(s, r, n, w, x)
}

/// FCHS, FABS
@inline(__always)
func floatSign(
    changes: Bool, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let register = s.stack(0)
    let word = register.pointee.word
    guard _fastPath(s.floatIsOpen), _fastPath(word & FPUState.Register.empty == 0) else {
        return unusualFloat(sp, rp, n, w, x)
    }
    register.pointee.word = changes ? word ^ 0x8000 : word & 0x7FFF
    s.setFloatStatus(0)
    s.noteFloat(r)
    next(s, r, n, w, x)
}

/// WAIT, where there is nothing to wait for
@inline(__always)
func floatWait(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    guard _fastPath(s.floatIsOpen) else { return unusual(sp, rp, n, w, x) }
    next(s, r, n, w, x)
}

/// FNSTSW AX
@inline(__always)
func floatStatusToAX(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    guard _fastPath(s.floatIsOpen) else { return unusualFloat(sp, rp, n, w, x) }
    s.store(s.pointee.fpu.statusWord | UInt16(truncatingIfNeeded: s.pointee.fpu.top &<< 11), 0)
    next(s, r, n, w, x)
}
