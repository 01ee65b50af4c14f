// The hot handlers of IN and OUT at level 0 and in real mode, where every port passes.

/// Where the port's number stands.
protocol PortOperand {
    static func port(_ s: StatePointer, _ r: RecordPointer) -> UInt16
}

enum PortImmediate: PortOperand {
    @inline(__always) static func port(_ s: StatePointer, _ r: RecordPointer) -> UInt16 {
        UInt16(truncatingIfNeeded: r.pointee.immediate)
    }
}

enum PortDX: PortOperand {
    @inline(__always) static func port(_ s: StatePointer, _ r: RecordPointer) -> UInt16 { s.load(8, as: UInt16.self) }
}

/// Whether no permission bitmap is asked, which the trace key does not tell.
@inline(__always)
private func hasAllPorts(_ s: StatePointer) -> Bool {
    !s.pointee.isVirtual8086 && s.pointee.cpl == 0
}

/// `Core.readPort` for one width, apart from its handler, which keeps what it holds in registers. Breakpoints on ports
/// have no traces, and a debugger's watches no hot handlers.
@inline(never)
private func portValue<W: Word>(_ core: Core, _ port: UInt16, _: W.Type) -> W {
    core.publishTime()
    let value = core.s.pointee.bus._withUnsafeGuaranteedRef { $0.readPort(port, AccessWidth(W.self)) }
    core.noteAttention()
    return W(truncatingIfNeeded: value)
}

@inline(never)
private func setPort<W: Word>(_ core: Core, _ port: UInt16, _ value: W) {
    core.publishTime()
    core.s.pointee.bus._withUnsafeGuaranteedRef {
        $0.writePort(port, UInt32(truncatingIfNeeded: value), AccessWidth(W.self))
    }
    core.noteAttention()
}

/// IN
@inline(__always)
func input<W: Word, P: PortOperand>(
    _: W.Type, _: P.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    guard _fastPath(hasAllPorts(s)) else { return unusual(sp, rp, n, w, x) }
    publish(s, r, n, w, x)
    s.store(portValue(Core(s), P.port(s, r), W.self), 0)
    goOn(s, r)
}

/// OUT
@inline(__always)
func output<W: Word, P: PortOperand>(
    _: W.Type, _: P.Type, _ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64,
    _ x: UInt32
) {
    let (s, r) = (state(sp), record(rp))
    guard _fastPath(hasAllPorts(s)) else { return unusual(sp, rp, n, w, x) }
    publish(s, r, n, w, x)
    setPort(Core(s), P.port(s, r), s.load(0, as: W.self))
    goOn(s, r)
}

/// Writes down what the chain holds in registers: for the devices, and because that costs less than to save it.
@inline(__always)
private func publish(_ s: StatePointer, _ r: RecordPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    s.pointee.wide = w
    s.pointee.mixed = x
    s.pointee.remaining = n &- Int(r.pointee.index)
}

/// Goes on after a device was asked, which may have ended the trace.
@inline(__always)
private func goOn(_ s: StatePointer, _ r: RecordPointer) {
    let n = s.pointee.remaining &+ Int(r.pointee.index)
    guard _fastPath(!s.pointee.leaveTrace) else { return leaveAfter(s, r, n, s.pointee.wide, s.pointee.mixed) }
    next(s, r, n, s.pointee.wide, s.pointee.mixed)
}

/// Goes on behind the instruction of `r`, which is done: to the run loop where that must have a look, else to the trace
/// that now stands there.
@inline(never)
func leaveAfter(_ sp: UnsafeMutableRawPointer, _ rp: UnsafeMutableRawPointer, _ n: Int, _ w: UInt64, _ x: UInt32) {
    let (s, r) = (state(sp), record(rp))
    let left = n &- Int(r.pointee.index) &- 1
    let eip = s.pointee.eip &+ UInt32(r[1].offset)
    s.pointee.eip = s.pointee.model <= .i80186 ? eip & 0xFFFF : eip
    if s.pointee.needsLook { return leave(s, left, w, x) }
    s.pointee.leaveTrace = false
    dispatch(s, left, w, x)
}
