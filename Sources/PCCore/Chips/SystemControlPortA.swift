// Port 92h, system control port A as the PS/2 brought it and chip sets for the AT took it over: the fast ways to the
// A20 gate and to a reset of the CPU. [PS/2 TR System control port A]
//
// Not modelled: the lights of bits 6 and 7 and the lock of bit 3, whose bits are only kept.

/// Port 92h: alternate A20 gate and alternate CPU reset.
public final class SystemControlPortA: PortDevice {
    /// The register.
    public struct State: Stateful, Sendable {
        public internal(set) var register: UInt8 = 0

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&register)
        }
    }

    private enum Bit {
        static let reset: UInt8 = 0x01
        static let a20: UInt8 = 0x02
        /// Two lights, the lock of the password area, A20 and reset.
        static let writable: UInt8 = 0xCB
    }

    public private(set) var state = State()
    /// Is called when bit 1 changes. The gate opens address line 20 when this or the keyboard controller asks for it.
    public var a20Changed: ((Bool) -> Void)?
    /// Is called when bit 0 goes from 0 to 1: the CPU shall be reset.
    public var resetRequested: (() -> Void)?

    public init() {}

    /// Bit 1: this port asks for address line 20.
    public var a20: Bool { state.register & Bit.a20 != 0 }

    /// The RESET line of the whole machine. The pulse that bit 0 makes resets the CPU alone and leaves the port as it is.
    public func reset() {
        let had = a20
        state = State()
        if had { a20Changed?(false) }
    }

    /// Takes over a saved state without calls.
    public func restore(_ saved: State) {
        state = saved
    }

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 { UInt32(state.register) }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let old = state.register
        state.register = UInt8(truncatingIfNeeded: value) & Bit.writable
        let changed = old ^ state.register
        if changed & Bit.a20 != 0 { a20Changed?(a20) }
        if changed & state.register & Bit.reset != 0 { resetRequested?() }
    }
}
