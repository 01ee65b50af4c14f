/// Takes interrupt request lines: the pair of 8259As.
public protocol InterruptInput: AnyObject {
    /// Sets the level of input `number` (0...15 on a PC/AT).
    func setLevel(_ number: Int, _ high: Bool)
}

/// One interrupt request line, as a chip holds it: it can raise and lower the line and does not know where it ends.
public struct IRQLine {
    private let input: (any InterruptInput)?
    private let number: Int

    public init(_ input: any InterruptInput, _ number: Int) {
        self.input = input
        self.number = number
    }

    private init() {
        input = nil
        number = 0
    }

    /// A line that is connected to nothing.
    public static var unconnected: IRQLine { IRQLine() }

    public func raise() { input?.setLevel(number, true) }
    public func lower() { input?.setLevel(number, false) }
    public func set(_ high: Bool) { input?.setLevel(number, high) }
}
