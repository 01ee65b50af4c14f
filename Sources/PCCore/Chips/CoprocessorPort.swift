// Ports F0h and F1h of a PC/AT: discrete logic between the coprocessor's error line, IRQ 13 and the CPU. [PC/AT TR
// Math coprocessor control]
//
// On the AT an error holds the CPU by a latched BUSY#; a write to F0h releases it. The chip sets of 486 and later drive
// IGNNE# instead, from the write to F0h until FERR# goes away. [PIIX3 Coprocessor Error Register] To the guest both are
// the same, and both are here.

/// Ports F0h and F1h: the coprocessor's error, its interrupt, and its reset.
public final class CoprocessorPort: PortDevice {
    /// The error line as it is, and what it has set off.
    public struct State: Stateful, Sendable {
        /// FERR#, or ERROR# of a 287 or 387, is active.
        public internal(set) var hasError = false
        /// IRQ 13 is high: it stays so until F0h or F1h is written.
        public internal(set) var isLatched = false
        /// IGNNE#: the CPU goes on in spite of the error.
        public internal(set) var isIgnored = false

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&hasError)
            visitor.visit(&isLatched)
            visitor.visit(&isIgnored)
        }
    }

    public private(set) var state = State()
    /// Is called when IGNNE# changes.
    public var ignoreChanged: ((Bool) -> Void)?
    /// Is called when the guest resets the coprocessor.
    public var resetRequested: (() -> Void)?

    private let irq: IRQLine

    public init(irq: IRQLine) { self.irq = irq }

    /// The error line of the coprocessor.
    public func setError(_ isActive: Bool) {
        guard isActive != state.hasError else { return }
        state.hasError = isActive
        if isActive {
            setLatch(true)
        } else {
            ignore(false)
        }
    }

    /// Takes over a saved state.
    public func restore(_ saved: State) {
        state = saved
        ignoreChanged?(saved.isIgnored)
    }

    /// The RESET line.
    public func reset() {
        setLatch(false)
        ignore(false)
        state.hasError = false
    }

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 { width.ones }

    /// F0h clears the latch, F1h resets the coprocessor as well; the value does not matter.
    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        setLatch(false)
        if state.hasError { ignore(true) }
        if offset == 1 { resetRequested?() }
    }

    private func setLatch(_ isHigh: Bool) {
        guard isHigh != state.isLatched else { return }
        state.isLatched = isHigh
        irq.set(isHigh)
    }

    private func ignore(_ isIgnored: Bool) {
        guard isIgnored != state.isIgnored else { return }
        state.isIgnored = isIgnored
        ignoreChanged?(isIgnored)
    }
}
