// Ports that no PC has and every emulator knows: the debug console at E9h, the debug exit at F4h, and the power switch
// at 8900h. Conventions of Bochs (E9h, 8900h) and QEMU (F4h, its isa-debug-exit), not of any chip.
// [Bochs port E9 hack] [QEMU isa-debug-exit]

/// Port E9h: what the guest writes is text for the host; a read gives E9h, which tells the guest that the port is there.
public final class DebugConsolePort: PortDevice {
    /// Takes each byte that the guest writes.
    public var byteWritten: ((UInt8) -> Void)?

    public init() {}

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 { 0xE9 }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        byteWritten?(UInt8(truncatingIfNeeded: value))
    }
}

/// Port F4h: a write ends the machine with the byte as its status. Attached only where the configuration asks for it.
public final class DebugExitPort: PortDevice {
    /// Takes the status.
    public var exitRequested: ((UInt8) -> Void)?

    public init() {}

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 { width.ones }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        exitRequested?(UInt8(truncatingIfNeeded: value))
    }
}

/// Port 8900h: the eight letters of `Shutdown`, written one after the other, switch the machine off.
public final class PowerPort: PortDevice {
    /// How far the guest has come.
    public struct State: Stateful, Sendable {
        /// Letters that were right so far.
        public internal(set) var matched: UInt8 = 0

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&matched)
        }
    }

    public private(set) var state = State()
    /// Is called after the last letter.
    public var powerOff: (() -> Void)?

    private let password: [UInt8] = Array("Shutdown".utf8)

    public init() {}

    /// Nothing written yet.
    public func reset() { state = State() }

    /// Takes over a saved state.
    public func restore(_ saved: State) { state = saved }

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 { width.ones }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let letter = UInt8(truncatingIfNeeded: value)
        let next = Int(state.matched)
        if next < password.count, letter == password[next] {
            state.matched &+= 1
        } else {
            state.matched = letter == password[0] ? 1 : 0
        }
        if Int(state.matched) == password.count {
            state.matched = 0
            powerOff?()
        }
    }
}
