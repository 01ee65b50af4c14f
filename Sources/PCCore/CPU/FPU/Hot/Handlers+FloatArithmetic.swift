// The hot handlers of x87 arithmetic and comparisons. An operation is between ST(0) and another operand: ST(i), or
// what memory holds. Normal numbers that give normal numbers are done here; `carefulFloat` knows zeros and division; what raises anything but PE goes to the plain form.

/// An operation of ST(0) and another operand.
protocol FloatOperation {
    static func fast(_ a: FPUState.Register, _ b: FPUState.Register, _ mask: UInt64) -> FastFloat
    static func full(_ environment: inout FloatEnvironment, _ a: Extended, _ b: Extended) -> Extended
}

enum FloatAdd: FloatOperation {
    @inline(__always) static func fast(_ a: FPUState.Register, _ b: FPUState.Register, _ mask: UInt64) -> FastFloat {
        FastFloat.sum(a.significand, a.word, b.significand, b.word, below: mask)
    }
    @inline(__always)
    static func full(_ environment: inout FloatEnvironment, _ a: Extended, _ b: Extended) -> Extended {
        environment.add(a, b)
    }
}

enum FloatMultiply: FloatOperation {
    @inline(__always) static func fast(_ a: FPUState.Register, _ b: FPUState.Register, _ mask: UInt64) -> FastFloat {
        FastFloat.product(a.significand, a.word, b.significand, b.word, below: mask)
    }
    @inline(__always)
    static func full(_ environment: inout FloatEnvironment, _ a: Extended, _ b: Extended) -> Extended {
        environment.multiply(a, b)
    }
}

/// ST(0) minus the other.
enum FloatSubtract: FloatOperation {
    @inline(__always) static func fast(_ a: FPUState.Register, _ b: FPUState.Register, _ mask: UInt64) -> FastFloat {
        FastFloat.sum(a.significand, a.word, b.significand, b.word ^ 0x8000, below: mask)
    }
    @inline(__always)
    static func full(_ environment: inout FloatEnvironment, _ a: Extended, _ b: Extended) -> Extended {
        environment.subtract(a, b)
    }
}

/// The other minus ST(0).
enum FloatSubtractReversed: FloatOperation {
    @inline(__always) static func fast(_ a: FPUState.Register, _ b: FPUState.Register, _ mask: UInt64) -> FastFloat {
        FastFloat.sum(b.significand, b.word, a.significand, a.word ^ 0x8000, below: mask)
    }
    @inline(__always)
    static func full(_ environment: inout FloatEnvironment, _ a: Extended, _ b: Extended) -> Extended {
        environment.subtract(b, a)
    }
}

/// ST(0) by the other.
enum FloatDivide: FloatOperation {
    @inline(__always) static func fast(_ a: FPUState.Register, _ b: FPUState.Register, _ mask: UInt64) -> FastFloat {
        .isNot
    }
    @inline(__always)
    static func full(_ environment: inout FloatEnvironment, _ a: Extended, _ b: Extended) -> Extended {
        environment.divide(a, b)
    }
}

/// The other by ST(0).
enum FloatDivideReversed: FloatOperation {
    @inline(__always) static func fast(_ a: FPUState.Register, _ b: FPUState.Register, _ mask: UInt64) -> FastFloat {
        .isNot
    }
    @inline(__always)
    static func full(_ environment: inout FloatEnvironment, _ a: Extended, _ b: Extended) -> Extended {
        environment.divide(b, a)
    }
}

/// Where the other operand is and where the result goes.
protocol FloatPlaces {
    static var isMemory: Bool { get }
    static var isToOther: Bool { get }
    static var pops: Bool { get }
}

/// op ST(0), ST(i)
enum ToTop: FloatPlaces {
    @inline(__always) static var isMemory: Bool { false }
    @inline(__always) static var isToOther: Bool { false }
    @inline(__always) static var pops: Bool { false }
}

/// op ST(i), ST(0)
enum ToOther: FloatPlaces {
    @inline(__always) static var isMemory: Bool { false }
    @inline(__always) static var isToOther: Bool { true }
    @inline(__always) static var pops: Bool { false }
}

/// op ST(i), ST(0), then pop
enum ToOtherPop: FloatPlaces {
    @inline(__always) static var isMemory: Bool { false }
    @inline(__always) static var isToOther: Bool { true }
    @inline(__always) static var pops: Bool { true }
}

/// op ST(0), m: the operand has been loaded into `FPUState.operand`.
enum FromMemory: FloatPlaces {
    @inline(__always) static var isMemory: Bool { true }
    @inline(__always) static var isToOther: Bool { false }
    @inline(__always) static var pops: Bool { false }
}

/// Arithmetic on registers
@inline(__always)
func floatRegisters<O: FloatOperation, P: FloatPlaces>(
    _: O.Type, _: P.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (a, b) = (s.stack(0), s.stack(UInt32(r.pointee.base)))
    let result = O.fast(a.pointee, b.pointee, s.pointee.fpu.precisionMask)
    guard _fastPath(result.isGood), _fastPath(s.pointee.fpu.slowReasons == 0) else {
        return carefulFloat(O.self, P.self, sp, rp, n, w, x)
    }
    s.setFloat(P.isToOther ? b : a, result.significand, result.word)
    if P.pops { s.popFloat() }
    s.setFloatStatus(result.status)
    s.noteFloat(r)
    next(s, r, n, w, x)
}

/// What a hot handler left: by the general functions, as long as no exception is unmasked.
@inline(never)
func carefulFloat<O: FloatOperation, P: FloatPlaces>(
    _: O.Type, _: P.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let a = s.stack(0)
    let b = s.stack(UInt32(r.pointee.base))
    let (first, second) = (a.pointee, P.isMemory ? s.pointee.fpu.operand : b.pointee)
    guard s.floatIsOpen, (first.word | second.word) & FPUState.Register.empty == 0 else {
        return P.isMemory ? unusual(sp, rp, n, w, x) : unusualFloat(sp, rp, n, w, x)
    }
    let (result, status) = floatResult(O.self, Core(s), first, second)
    guard status & unmaskedFloat == 0 else {
        return P.isMemory ? unusual(sp, rp, n, w, x) : unusualFloat(sp, rp, n, w, x)
    }
    s.setFloat(P.isToOther ? b : a, result.significand, UInt32(result.signExponent))
    if P.pops { s.popFloat() }
    s.setFloatStatus(status)
    if P.isMemory {
        s.noteFloat(r, offset: s.pointee.fpu.operandOffset)
    } else {
        s.noteFloat(r)
    }
    next(s, r, n, w, x)
}

/// Stands in a status word for an exception that is not masked: the busy bit, which no operation sets.
private var unmaskedFloat: UInt16 { FloatEnvironment.Status.busy }

/// A result and its status. A function of its own: a handler that keeps something in memory cannot end in a jump.
@inline(never)
private func floatResult<O: FloatOperation>(
    _: O.Type, _ core: Core, _ a: FPUState.Register, _ b: FPUState.Register
) -> (Extended, UInt16) {
    var environment = core.floatEnvironment
    let result = O.full(&environment, a.value, b.value)
    return (result, environment.unmasked == 0 ? environment.status : unmaskedFloat)
}

/// The square root of ST(0), which takes no other operand.
enum FloatSquareRoot: FloatOperation {
    @inline(__always) static func fast(_ a: FPUState.Register, _ b: FPUState.Register, _ mask: UInt64) -> FastFloat {
        .isNot
    }
    @inline(__always)
    static func full(_ environment: inout FloatEnvironment, _ a: Extended, _ b: Extended) -> Extended {
        environment.squareRoot(a)
    }
}

// MARK: Comparisons

/// The order of two numbers that are normal or zero, as C3 and C0; nil for all others.
@inline(__always)
private func order(_ a: FPUState.Register, _ b: FPUState.Register) -> (conditions: UInt16, isGood: Bool) {
    // As signed integers of 80 bits.
    let (left, right) = (signed(a), signed(b))
    return (
        left == right ? FloatEnvironment.Status.c3 : left < right ? FloatEnvironment.Status.c0 : 0,
        isOrdinary(a) && isOrdinary(b)
    )
}

/// Sign, exponent and significand as a number in two's complement that is ordered as what they stand for.
@inline(__always)
private func signed(_ a: FPUState.Register) -> Int128 {
    let magnitude = Int128(truncatingIfNeeded: UInt128(high: UInt64(a.word & 0x7FFF), low: a.significand))
    let sign = 0 &- Int128(a.word >> 15 & 1)
    return (magnitude ^ sign) &- sign
}

/// A normal number or a zero.
@inline(__always)
private func isOrdinary(_ a: FPUState.Register) -> Bool {
    Int64(bitPattern: a.significand) < 0 ? FastFloat.isNormal(a.word) : a.significand | UInt64(a.word & 0x1_7FFF) == 0
}

/// FCOM and FUCOM of ST(i), with 0, 1 or 2 pops. They differ for NaNs only.
@inline(__always)
func floatCompare(
    pops: Int, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let result = order(s.stack(0).pointee, s.stack(UInt32(r.pointee.base)).pointee)
    guard _fastPath(result.isGood), _fastPath(s.floatIsOpen) else { return unusualFloat(sp, rp, n, w, x) }
    s.pointee.fpu.statusWord =
        (s.pointee.fpu.statusWord & ~FloatEnvironment.Status.conditions) | result.conditions
    if pops > 0 { s.popFloat() }
    if pops > 1 { s.popFloat() }
    s.noteFloat(r)
    next(s, r, n, w, x)
}

/// FTST
@inline(__always)
func floatTest(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    var zero = FPUState.Register()
    zero.word = 0
    let result = order(s.stack(0).pointee, zero)
    guard _fastPath(result.isGood), _fastPath(s.floatIsOpen) else { return unusualFloat(sp, rp, n, w, x) }
    s.pointee.fpu.statusWord =
        (s.pointee.fpu.statusWord & ~FloatEnvironment.Status.conditions) | result.conditions
    s.noteFloat(r)
    next(s, r, n, w, x)
}

/// FCOMI and FUCOMI, with a pop or without: ZF, PF and CF as from an unsigned comparison, the other flags clear. C1
/// stays as it was (verified: vectors DBF0).
@inline(__always)
func floatCompareFlags(
    pops: Bool, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let result = order(s.stack(0).pointee, s.stack(UInt32(r.pointee.base)).pointee)
    guard _fastPath(result.isGood), _fastPath(s.floatIsOpen) else { return unusualFloat(sp, rp, n, w, x) }
    if pops { s.popFloat() }
    s.noteFloat(r)
    // As `Flags.unpack` makes them of ZF, of CF, and of none; PF is clear.
    let isLess = result.conditions == FloatEnvironment.Status.c0
    let isEqual = result.conditions == FloatEnvironment.Status.c3
    let wide: UInt64 = 1 << 40 | (isEqual ? 0 : 1 << 8) | (isLess ? 1 << 32 : 0)
    next(s, r, n, wide, isLess ? 0x8000_0000 : 0)
}

/// FCOM m, FCOMP m
@inline(__always)
func floatCompareMemory<F: FloatFormat, A: Addressing>(
    _: F.Type, pops: Bool, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.read(s, r, F.size)
    guard _fastPath(allowed), _fastPath(s.floatIsOpen) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, F.size)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let other = F.load(hostAddress(entry, linear))
    let result = order(s.stack(0).pointee, other)
    guard _fastPath(result.isGood) else { return unusual(sp, rp, n, w, x) }
    s.pointee.fpu.statusWord =
        (s.pointee.fpu.statusWord & ~FloatEnvironment.Status.conditions) | result.conditions
    if pops { s.popFloat() }
    s.noteFloat(r, offset: A.offset(s, r))
    next(s, r, n, w, x)
}

/// Arithmetic with an operand from memory
@inline(__always)
func floatMemory<O: FloatOperation, F: FloatFormat, A: Addressing>(
    _: O.Type, _: F.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.read(s, r, F.size)
    guard _fastPath(allowed), _fastPath(s.floatIsOpen) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, F.size)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let other = F.load(hostAddress(entry, linear))
    let a = s.stack(0)
    let result = O.fast(a.pointee, other, s.pointee.fpu.precisionMask)
    guard _fastPath(result.isGood), _fastPath(s.pointee.fpu.slowReasons == 0) else {
        s.pointee.fpu.operand = other
        s.pointee.fpu.operandOffset = A.offset(s, r)
        return carefulFloat(O.self, FromMemory.self, sp, rp, n, w, x)
    }
    s.setFloat(a, result.significand, result.word)
    s.setFloatStatus(result.status)
    s.noteFloat(r, offset: A.offset(s, r))
    next(s, r, n, w, x)
}
