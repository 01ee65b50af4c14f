/// Why a file cannot be started as a kernel, or not in this machine. One line for the user, without the file's name.
public struct KernelError: Error, Equatable, Sendable {
    public let reason: String

    init(_ reason: String) { self.reason = reason }
}
