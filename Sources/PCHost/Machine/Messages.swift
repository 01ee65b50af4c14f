/// Where messages for the user go.
public struct Messages {
    /// Something is wrong.
    public var warning: (String) -> Void
    /// Something is worth knowing.
    public var notice: (String) -> Void

    public init(warning: @escaping (String) -> Void = { _ in }, notice: @escaping (String) -> Void = { _ in }) {
        self.warning = warning
        self.notice = notice
    }
}
