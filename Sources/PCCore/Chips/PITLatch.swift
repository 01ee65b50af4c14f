// What the guest reads of a counter of the 8254: live or latched counts in one or two bytes, and the status byte.
// [8254 Read operations]

/// A counter's output latches and the flip-flop between the two bytes of a count.
struct PITLatch: Stateful, Sendable {
    /// The latched count, valid while `holdsCount`.
    var count: UInt16 = 0
    var holdsCount = false
    /// The latched status byte, valid while `holdsStatus`.
    var status: UInt8 = 0
    var holdsStatus = false
    /// The next byte of a count in two bytes is the high one.
    var readsHigh = false

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&count)
        visitor.visit(&holdsCount)
        visitor.visit(&status)
        visitor.visit(&holdsStatus)
        visitor.visit(&readsHigh)
    }
}

extension PITCounter {
    private enum Status {
        static let output: UInt8 = 0x80
        static let nullCount: UInt8 = 0x40
    }

    /// Holds the count until it is read; what is held already stays. [8254 Counter latch command]
    mutating func latchCount() {
        guard !latch.holdsCount else { return }
        latch.count = count
        latch.holdsCount = true
    }

    /// Holds the status byte until it is read.
    mutating func latchStatus() {
        guard !latch.holdsStatus else { return }
        latch.status = (output ? Status.output : 0) | (nullCount ? Status.nullCount : 0) | control
        latch.holdsStatus = true
    }

    /// The next byte at the counter's port: the latched status first, then the latched count, else the count as it is.
    mutating func read() -> UInt8 {
        if latch.holdsStatus {
            latch.holdsStatus = false
            return latch.status
        }
        let value = latch.holdsCount ? latch.count : count
        let high: Bool
        switch access {
        case .lowByte: high = false
        case .highByte: high = true
        case .both:
            high = latch.readsHigh
            latch.readsHigh.toggle()
        }
        if high || access != .both { latch.holdsCount = false }
        return UInt8(truncatingIfNeeded: high ? value >> 8 : value)
    }
}
