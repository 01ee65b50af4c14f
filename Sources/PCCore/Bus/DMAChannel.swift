/// What came of a request on a DMA channel.
public struct DMAResult: Equatable, Sendable {
    /// Bytes that were moved (0 where the channel is masked or not programmed for this direction).
    public var moved: Int
    /// The channel reached terminal count with the last byte moved.
    public var terminalCount: Bool

    public init(moved: Int, terminalCount: Bool) {
        self.moved = moved
        self.terminalCount = terminalCount
    }
}

/// Serves DMA requests: the pair of 8237As.
public protocol DMAService: AnyObject {
    /// Device to memory: takes bytes of `source` from `start` on until it ends or the channel reaches terminal count.
    /// A channel in verify mode counts the bytes and writes nothing.
    func write(channel: Int, _ source: [UInt8], from start: Int) -> DMAResult
    /// Memory to device: fills `target` from `start` on until it is full or the channel reaches terminal count.
    func read(channel: Int, into target: inout [UInt8], from start: Int) -> DMAResult
}

/// One DMA channel (DREQ, DACK and TC), as a chip holds it.
public struct DMAChannel {
    private let service: (any DMAService)?
    private let number: Int

    public init(_ service: any DMAService, _ number: Int) {
        self.service = service
        self.number = number
    }

    private init() {
        service = nil
        number = 0
    }

    /// A channel that nobody serves.
    public static var unconnected: DMAChannel { DMAChannel() }

    /// Device to memory; see `DMAService.write`.
    public func write(_ source: [UInt8], from start: Int) -> DMAResult {
        service?.write(channel: number, source, from: start) ?? DMAResult(moved: 0, terminalCount: false)
    }

    /// Memory to device; see `DMAService.read`.
    public func read(into target: inout [UInt8], from start: Int) -> DMAResult {
        service?.read(channel: number, into: &target, from: start) ?? DMAResult(moved: 0, terminalCount: false)
    }
}
