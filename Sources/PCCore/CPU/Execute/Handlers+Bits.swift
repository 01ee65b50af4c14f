/// What BT, BTS, BTR and BTC do to the bit.
protocol BitOperation {
    static func change(_ value: UInt32, _ mask: UInt32) -> UInt32
}

enum BitTest: BitOperation {
    @inline(__always) static func change(_ value: UInt32, _ mask: UInt32) -> UInt32 { value }
}
enum BitSet: BitOperation {
    @inline(__always) static func change(_ value: UInt32, _ mask: UInt32) -> UInt32 { value | mask }
}
enum BitReset: BitOperation {
    @inline(__always) static func change(_ value: UInt32, _ mask: UInt32) -> UInt32 { value & ~mask }
}
enum BitComplement: BitOperation {
    @inline(__always) static func change(_ value: UInt32, _ mask: UInt32) -> UInt32 { value ^ mask }
}

/// BT, BTS, BTR, BTC of a 32-bit register. CF takes the bit; OF stays, so bit 31 of `mixed` turns with CF.
@inline(__always)
func bitReg<O: BitOperation, B: SecondOperand>(
    _: O.Type, _: B.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    let number = B.value(s, r, UInt32.self) & 31
    let to = r.pointee.destination
    let value = s.load(to, as: UInt32.self)
    s.store(O.change(value, 1 &<< number), to)
    let turned = (UInt64(value &>> number) ^ (w &>> 32)) & 1
    next(s, r, n, w ^ (turned &<< 32), x ^ (UInt32(truncatingIfNeeded: turned) &<< 31))
}
