// Handlers for an instruction and the Jcc after it. Both records stay as they are: the first one's handler does both, and
// the second one serves whoever comes to it alone.

enum FromBase: SecondOperand {
    @inline(__always) static func value<W: Word>(_ s: StatePointer, _ r: RecordPointer, _: W.Type) -> W {
        s.load(r.pointee.base, as: W.self)
    }
}

/// CMP or TEST of a register, then Jcc within the page
@inline(__always)
func fused<O: ALUOperation, W: Word, B: SecondOperand, C: Condition, F: CodeForm>(
    _: O.Type, _: W.Type, _: B.Type, _: C.Type, _: F.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer,
    _ n: Int, _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    _ = O.apply(s.load(r.pointee.destination, as: W.self), B.value(s, r, W.self), &wide, &mixed)
    guard C.holds(wide, mixed) else { return jump(s, r + 2, n, wide, mixed) }
    follow(F.self, s, r + 1, n, wide, mixed)
}

/// INC or DEC of a register, then JZ or JNZ within the page
@inline(__always)
func fusedStep<O: UnaryOperation, W: Word, C: Condition, F: CodeForm>(
    _: O.Type, _: W.Type, _: C.Type, _: F.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int,
    _ w: UInt64, _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    var (wide, mixed) = (w, x)
    let to = r.pointee.destination
    s.store(O.apply(s.load(to, as: W.self), &wide, &mixed), to)
    guard C.holds(wide, mixed) else { return jump(s, r + 2, n, wide, mixed) }
    follow(F.self, s, r + 1, n, wide, mixed)
}
