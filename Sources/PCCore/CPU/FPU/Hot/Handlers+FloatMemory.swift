// The hot handlers that load and store x87 numbers.

/// How memory holds a number that an instruction takes or leaves.
protocol FloatFormat {
    static var size: UInt32 { get }
    /// The number, as a register that is marked empty where loading it may raise something.
    static func load(_ host: UnsafeMutableRawPointer) -> FPUState.Register
}

/// A format that a number is rounded to when it is stored.
protocol FloatTarget: FloatFormat {
    /// Whether it could be stored, by `setting` the rounding control, with PE and C1.
    static func store(
        _ value: FPUState.Register, _ host: UnsafeMutableRawPointer, rounding setting: UInt16
    ) -> (isGood: Bool, status: UInt16)
}

@inline(__always)
private func floatRegister(_ significand: UInt64, _ word: UInt32) -> FPUState.Register {
    var register = FPUState.Register()
    register.significand = significand
    register.word = word
    return register
}

/// A single or double: normal numbers and zeros.
protocol BinaryFormat: FloatTarget {
    associatedtype Bits: FixedWidthInteger & UnsignedInteger
    /// Bits of the fraction.
    static var fraction: UInt64 { get }
    static var exponentMask: UInt64 { get }
}

extension BinaryFormat {
    @inline(__always) static var size: UInt32 { UInt32(Bits.bitWidth / 8) }
    @inline(__always) static var bias: UInt32 { UInt32(exponentMask >> 1) }

    @inline(__always) static func load(_ host: UnsafeMutableRawPointer) -> FPUState.Register {
        // SAFETY: here and below, the handler's TLB tag stands for memory that holds all of `size` bytes.
        let bits = UInt64(truncatingIfNeeded: host.loadUnaligned(as: Bits.self))
        let exponent = bits >> fraction & exponentMask
        let sign = UInt32(truncatingIfNeeded: bits >> (UInt64(Bits.bitWidth) - 16)) & 0x8000
        let significand = bits << (63 - fraction) | Extended.integerBit
        if _fastPath(exponent &- 1 < exponentMask - 1) {
            let word = UInt32(truncatingIfNeeded: exponent) &+ (UInt32(Extended.bias) - bias)
            return floatRegister(significand, sign | word)
        }
        let isZero = bits << (65 - UInt64(Bits.bitWidth)) == 0
        return floatRegister(0, sign | (isZero ? 0 : FPUState.Register.empty))
    }

    @inline(__always) static func store(
        _ value: FPUState.Register, _ host: UnsafeMutableRawPointer, rounding setting: UInt16
    ) -> (isGood: Bool, status: UInt16) {
        let sign = UInt64(value.word & 0x8000) << (UInt64(Bits.bitWidth) - 16)
        if _slowPath(value.word & 0x1_7FFF == 0 && value.significand == 0) {
            // SAFETY: as above.
            host.storeBytes(of: Bits(truncatingIfNeeded: sign), as: Bits.self)
            return (true, 0)
        }
        guard FastFloat.isNormal(value.word), Int64(bitPattern: value.significand) < 0, setting == 0 else {
            return (false, 0)
        }
        let dropped = 63 - fraction
        let kept = value.significand >> dropped
        let rest = value.significand & (1 << dropped - 1)
        let isUp = rest &+ (kept & 1) > 1 << (dropped - 1)
        // Rounding up all ones carries into the exponent, as it should.
        let exponent = UInt64(value.word & 0x7FFF) &- UInt64(UInt32(Extended.bias) - bias)
        let bits = (exponent &- 1) &<< fraction &+ kept &+ (isUp ? 1 : 0)
        guard exponent &- 1 < exponentMask - 1, bits >> fraction < exponentMask else { return (false, 0) }
        // SAFETY: as above.
        host.storeBytes(of: Bits(truncatingIfNeeded: sign | bits), as: Bits.self)
        return (
            true,
            (rest != 0 ? FloatEnvironment.Status.precision : 0) | (isUp ? FloatEnvironment.Status.c1 : 0)
        )
    }
}

enum Single: BinaryFormat {
    typealias Bits = UInt32
    @inline(__always) static var fraction: UInt64 { 23 }
    @inline(__always) static var exponentMask: UInt64 { 0xFF }
}

enum Double64: BinaryFormat {
    typealias Bits = UInt64
    @inline(__always) static var fraction: UInt64 { 52 }
    @inline(__always) static var exponentMask: UInt64 { 0x7FF }
}

/// All 80 bits, whatever they mean.
enum Extended80: FloatTarget {
    @inline(__always) static var size: UInt32 { 10 }

    @inline(__always) static func load(_ host: UnsafeMutableRawPointer) -> FPUState.Register {
        // SAFETY: as above: ten bytes.
        floatRegister(
            host.loadUnaligned(as: UInt64.self), UInt32(host.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
    }

    @inline(__always) static func store(
        _ value: FPUState.Register, _ host: UnsafeMutableRawPointer, rounding setting: UInt16
    ) -> (isGood: Bool, status: UInt16) {
        guard value.word & FPUState.Register.empty == 0 else { return (false, 0) }
        // SAFETY: as above: ten bytes.
        host.storeBytes(of: value.significand, as: UInt64.self)
        host.storeBytes(of: value.signExponent, toByteOffset: 8, as: UInt16.self)
        return (true, 0)
    }
}

/// Signed integers.
enum Integral<Value: FixedWidthInteger & SignedInteger>: FloatTarget {
    @inline(__always) static var size: UInt32 { UInt32(Value.bitWidth / 8) }

    @inline(__always) static func load(_ host: UnsafeMutableRawPointer) -> FPUState.Register {
        // SAFETY: as above.
        let value = Int64(truncatingIfNeeded: host.loadUnaligned(as: Value.self))
        if value == 0 { return floatRegister(0, 0) }
        let magnitude = value.magnitude
        let shift = UInt64(truncatingIfNeeded: magnitude.leadingZeroBitCount)
        let word = UInt32(Extended.bias + 63) &- UInt32(truncatingIfNeeded: shift)
        return floatRegister(magnitude &<< shift, value < 0 ? word | 0x8000 : word)
    }

    @inline(__always) static func store(
        _ value: FPUState.Register, _ host: UnsafeMutableRawPointer, rounding setting: UInt16
    ) -> (isGood: Bool, status: UInt16) {
        if _slowPath(value.word & 0x1_7FFF == 0 && value.significand == 0) {
            // SAFETY: as above.
            host.storeBytes(of: 0, as: Value.self)
            return (true, 0)
        }
        let exponent = Int(value.word & 0x7FFF) &- Extended.bias
        // The greatest magnitude's neighbours are left to the general form.
        guard FastFloat.isNormal(value.word), Int64(bitPattern: value.significand) < 0,
            exponent < Value.bitWidth - 2
        else { return (false, 0) }
        // From a quarter down all that counts of a number is that it is there.
        let shift = UInt64(truncatingIfNeeded: 63 &- max(exponent, -2))
        let whole = shift > 63 ? 0 : value.significand >> shift
        let rest = shift > 63 ? value.significand >> (shift &- 64) : (value.significand &<< 1) &<< (63 &- shift)
        let isNegative = value.word & 0x8000 != 0
        let isUp: Bool
        switch setting >> 10 & 3 {
        case 0: isUp = rest > Extended.integerBit || (rest == Extended.integerBit && whole & 1 != 0)
        case 1: isUp = isNegative && rest != 0
        case 2: isUp = !isNegative && rest != 0
        default: isUp = false
        }
        let magnitude = Int64(truncatingIfNeeded: whole &+ (isUp ? 1 : 0))
        // SAFETY: as above.
        host.storeBytes(of: Value(truncatingIfNeeded: isNegative ? 0 &- magnitude : magnitude), as: Value.self)
        return (
            true,
            (rest != 0 ? FloatEnvironment.Status.precision : 0) | (isUp ? FloatEnvironment.Status.c1 : 0)
        )
    }
}

/// FLD m, FILD m
@inline(__always)
func floatLoadMemory<F: FloatFormat, A: Addressing>(
    _: F.Type, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.read(s, r, F.size)
    guard _fastPath(allowed), _fastPath(s.floatIsOpen), _fastPath(s.hasFloatRoom) else {
        return unusual(sp, rp, n, w, x)
    }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, F.size)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let value = F.load(hostAddress(entry, linear))
    guard _fastPath(value.word & FPUState.Register.empty == 0) else { return unusual(sp, rp, n, w, x) }
    s.pushFloat(value.significand, value.word)
    s.noteFloat(r, offset: A.offset(s, r))
    next(s, r, n, w, x)
}

/// FST m, FSTP m, FIST m, FISTP m
@inline(__always)
func floatStoreMemory<F: FloatTarget, A: Addressing>(
    _: F.Type, pops: Bool, _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.write(s, r, F.size)
    let setting = s.pointee.fpu.controlWord
    guard _fastPath(allowed), _fastPath(s.floatIsOpen),
        _fastPath(setting & FloatEnvironment.Status.precision != 0)
    else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, linear, F.size)) else {
        s.pointee.missed = linear
        return missedFloatStore(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that may be written and holds all of the access.
    let (isGood, status) = F.store(s.stack(0).pointee, hostAddress(entry, linear), rounding: setting & 0xC00)
    guard _fastPath(isGood) else { return unusual(sp, rp, n, w, x) }
    if pops { s.popFloat() }
    s.setFloatStatus(status)
    s.noteFloat(r, offset: A.offset(s, r))
    next(s, r, n, w, x)
}

/// FLDCW
@inline(__always)
func floatLoadControl<A: Addressing>(
    _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.read(s, r, 2)
    guard _fastPath(allowed), _fastPath(s.floatIsOpen) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.readTag == tlbTag(s, linear, 2)) else {
        s.pointee.missed = linear
        return missedRead(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that holds all of the access.
    let control = hostAddress(entry, linear).loadUnaligned(as: UInt16.self)
    // An exception that stands in the status word may become an unmasked one.
    guard _fastPath(s.pointee.fpu.statusWord & ~control & FloatEnvironment.Status.exceptions == 0) else {
        return unusual(sp, rp, n, w, x)
    }
    s.pointee.fpu.controlWord = control & 0x1F3F | 0x40
    s.pointee.fpu.applyControlWord()
    next(s, r, n, w, x)
}

/// FNSTCW
@inline(__always)
func floatStoreControl<A: Addressing>(
    _: A.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let (linear, allowed) = A.write(s, r, 2)
    guard _fastPath(allowed), _fastPath(s.floatIsOpen) else { return unusual(sp, rp, n, w, x) }
    let entry = tlbEntry(s, linear)
    guard _fastPath(entry.pointee.writeTag == tlbTag(s, linear, 2)) else {
        s.pointee.missed = linear
        return missedWrite(sp, rp, n, w, x)
    }
    // SAFETY: the tag stands for a page of host memory that may be written and holds all of the access.
    hostAddress(entry, linear).storeBytes(of: s.pointee.fpu.controlWord, as: UInt16.self)
    next(s, r, n, w, x)
}
