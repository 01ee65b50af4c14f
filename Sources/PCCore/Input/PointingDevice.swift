/// Buttons of a mouse.
public struct MouseButtons: OptionSet, Sendable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue & 0x1F }

    public static let left = MouseButtons(rawValue: 1)
    public static let right = MouseButtons(rawValue: 2)
    public static let middle = MouseButtons(rawValue: 4)
    /// The two at the side, which a mouse with five buttons has.
    public static let fourth = MouseButtons(rawValue: 8)
    public static let fifth = MouseButtons(rawValue: 16)
}

/// A mouse as the hand has it.
protocol PointingDevice: AnyObject {
    /// Moves it by counts to the right and towards the user, and its wheel by notches towards the user.
    func move(dx: Int, dy: Int, wheel: Int)
    /// Holds these buttons and no others.
    func hold(_ buttons: MouseButtons)
}

/// One of a mouse's movement counters: what was moved and is not reported yet.
///
/// It is wider than a report: a program may move the mouse faster than a hand can, and nothing is lost while a guest is
/// busy for a moment.
struct MouseCounter: Stateful, Equatable {
    private(set) var count: Int16 = 0
    /// Movement was lost.
    private(set) var hasOverflowed = false

    private static let range = -4096...4095

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&count)
        visitor.visit(&hasOverflowed)
        add(0)
    }

    mutating func add(_ counts: Int) {
        let (sum, overflow) = counts.addingReportingOverflow(Int(count))
        let wanted = overflow ? counts : sum
        let kept = min(max(wanted, Self.range.lowerBound), Self.range.upperBound)
        if kept != wanted { hasOverflowed = true }
        count = Int16(truncatingIfNeeded: kept)
    }

    /// Takes out as much as `report` holds. The rest stays for the next report.
    mutating func take(_ report: ClosedRange<Int>) -> Int {
        let taken = min(max(Int(count), report.lowerBound), report.upperBound)
        count -= Int16(truncatingIfNeeded: taken)
        hasOverflowed = false
        return taken
    }
}

/// The counters of a mouse with a wheel.
struct MouseMovement: Stateful, Equatable {
    /// To the right.
    var x = MouseCounter()
    /// Away from the user.
    var y = MouseCounter()
    /// Towards the user.
    var wheel = MouseCounter()

    mutating func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&x)
        visitor.visit(&y)
        visitor.visit(&wheel)
    }
}
