import Glibc

/// Where the guest's bytes go: nowhere, to standard output or into a file. Collects them and writes them in blocks.
public final class ByteSink {
    /// What `--serial` and `--debug-console` name.
    public enum Target: Equatable, Sendable {
        case none, standardOutput
        case file(String)

        /// Reads `stdio`, `file:PATH` or `none`.
        public init(_ text: String, option: String) throws(BadInput) {
            if text == "none" {
                self = .none
            } else if text == "stdio" {
                self = .standardOutput
            } else if text.hasPrefix("file:"), text.utf8.count > 5 {
                self = .file(String(text.dropFirst(5)))
            } else {
                throw BadInput("\(option) \(text): must be stdio, file:PATH or none")
            }
        }
    }

    private let file: Int32
    private let ownsFile: Bool
    private var pending: [UInt8] = []
    private var hasFailed = false

    /// Opens the target; a file is emptied. A disk of the machine is refused.
    public init(_ target: Target, keepingOff disks: Set<FileIdentity> = []) throws(BadInput) {
        switch target {
        case .none:
            file = -1
            ownsFile = false
        case .standardOutput:
            file = STDOUT_FILENO
            ownsFile = false
        case .file(let path):
            try HostFile.checkOutput(path, keepingOff: disks)
            file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
            ownsFile = true
            guard file >= 0 else { throw BadInput("\(path): cannot be written: \(HostError.text)") }
        }
    }

    deinit {
        flush()
        if ownsFile, file >= 0 { close(file) }
    }

    public func write(_ byte: UInt8) {
        guard file >= 0 else { return }
        pending.append(byte)
        if pending.count >= 4096 { flush() }
    }

    // SAFETY: the block is not kept.
    /// Writes a block at once.
    public func write(_ block: UnsafeRawBufferPointer) {
        guard file >= 0, flush() else { return }
        hasFailed = !HostFile.writeAll(file, block)
    }

    /// False once the host has not taken what was written.
    public var isGood: Bool { !hasFailed }

    /// Gives what was collected to the host. False once the host has not taken it; from then on bytes are dropped.
    @discardableResult public func flush() -> Bool {
        if !pending.isEmpty, !hasFailed { hasFailed = !HostFile.writeAll(file, pending) }
        pending.removeAll(keepingCapacity: true)
        return !hasFailed
    }
}
