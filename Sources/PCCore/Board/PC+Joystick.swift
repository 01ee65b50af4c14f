/// A joystick at the game port as the host has it.
public struct Joystick: Equatable, Sendable {
    /// Left or up is -32,768, right or down 32,767.
    public var x: Int16 = 0
    public var y: Int16 = 0
    public var firstButton = false
    public var secondButton = false

    public init(x: Int16 = 0, y: Int16 = 0, firstButton: Bool = false, secondButton: Bool = false) {
        self.x = x
        self.y = y
        self.firstButton = firstButton
        self.secondButton = secondButton
    }
}

extension PC {
    /// Plugs in joystick A (0) or B (1), or moves it; nil takes it away. The way of an axis is 100 kilohms.
    public func setJoystick(_ joystick: Joystick?, number: Int = 0) {
        take(.joystick(joystick, number: number))
    }

    func plug(_ joystick: Joystick?, _ number: Int) -> Bool {
        guard number == 0 || number == 1 else { return false }
        func ohms(_ position: Int16?) -> UInt32? { position.map { UInt32((Int64($0) + 32_768) * 100_000 / 65_535) } }
        gamePort.set(axis: 2 * number, ohms: ohms(joystick?.x))
        gamePort.set(axis: 2 * number + 1, ohms: ohms(joystick?.y))
        gamePort.set(button: 2 * number, isDown: joystick?.firstButton ?? false)
        gamePort.set(button: 2 * number + 1, isDown: joystick?.secondButton ?? false)
        return true
    }
}
