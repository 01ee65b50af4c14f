/// Which of the blinking things on a text screen are in their visible half.
public struct BlinkPhase: Equatable, Sendable {
    /// The cursor is shown: eight frames of sixteen.
    public var cursor: Bool
    /// Characters that blink are shown: sixteen frames of thirty-two.
    public var characters: Bool

    public init(cursor: Bool, characters: Bool) {
        self.cursor = cursor
        self.characters = characters
    }

    /// Everything is shown.
    public static let visible = BlinkPhase(cursor: true, characters: true)
    /// Nothing that blinks is shown.
    public static let hidden = BlinkPhase(cursor: false, characters: false)

    /// The phase in a frame, by the counter of vertical retraces. [FreeVGA textcur]
    init(frame: UInt64) {
        self.init(cursor: frame & 8 == 0, characters: frame & 16 == 0)
    }
}
