/// Something that the user gave and that cannot be used.
///
/// The message is one line: which file or flag, what is wrong, and what would be right.
public struct BadInput: Error, Equatable, CustomStringConvertible, Sendable {
    public let message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}
