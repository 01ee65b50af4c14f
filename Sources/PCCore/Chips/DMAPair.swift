// The DMA controllers of a PC/AT: two 8237As and the 74LS612 page registers. [PC/AT TR Direct memory access]
//
// The first chip (ports 00h-0Fh) has channels 0-3 and moves bytes; the second (C0h-DFh, its registers two ports apart)
// has channels 4-7 and moves words. The first asks through channel 4, which is in cascade mode. A channel's 16-bit
// address gets its upper lines from a page register and wraps within the page: 64 KB, or 128 KB for words.

/// The AT's two DMA controllers with their page registers: channels 0-3 and 5-7 for devices.
public final class DMAPair: DMAService {
    /// Both chips and the page registers.
    public struct State: Stateful, Sendable {
        public var first = DMAController.State()
        public var second = DMAController.State()
        public var pages = DMAPageRegisters.State()

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&first)
            visitor.visit(&second)
            visitor.visit(&pages)
        }
    }

    /// The channel through which the first chip gets the bus.
    private static let cascadeChannel = 4

    /// Channels 0-3: ports 00h-0Fh.
    public let first = DMAController()
    /// Channels 4-7: ports C0h-DFh.
    public let second = DMAController(addressShift: 1)
    /// Ports 80h-8Fh.
    public let pages = DMAPageRegisters()

    private let readByte: (UInt32) -> UInt8
    private let writeByte: (UInt32, UInt8) -> Void

    /// - Parameters:
    ///   - readByte: physical memory, as a bus master reads it.
    ///   - writeByte: physical memory, as a bus master writes it.
    public init(readByte: @escaping (UInt32) -> UInt8, writeByte: @escaping (UInt32, UInt8) -> Void) {
        self.readByte = readByte
        self.writeByte = writeByte
        first.readUnit = { [unowned self] channel, address in
            readByte(physical(channel, address))
        }
        first.writeUnit = { [unowned self] channel, address, value in
            writeByte(physical(channel, address), value)
        }
        // The AT's second chip is wired for words, which its temporary register cannot hold: no copies there.
        second.writeUnit = { [unowned self] channel, address, value in
            let start = physical(channel &+ 4, address)
            writeByte(start, value)
            writeByte(start | 1, value)
        }
    }

    public var state: State {
        var all = State()
        all.first = first.state
        all.second = second.state
        all.pages = pages.state
        return all
    }

    /// Takes over saved states.
    public func restore(_ saved: State) {
        first.restore(saved.first)
        second.restore(saved.second)
        pages.restore(saved.pages)
    }

    /// The RESET line: all channels masked. The page registers have none and stay.
    public func reset() {
        first.reset()
        second.reset()
    }

    public func write(channel: Int, _ source: [UInt8], from start: Int) -> DMAResult {
        guard start >= 0, start < source.count else { return DMAResult(moved: 0, terminalCount: false) }
        return transfer(channel, .write, bytes: source.count - start) { address, index in
            self.writeByte(address, source[start + index])
        }
    }

    public func read(channel: Int, into target: inout [UInt8], from start: Int) -> DMAResult {
        guard start >= 0, start < target.count else { return DMAResult(moved: 0, terminalCount: false) }
        return transfer(channel, .read, bytes: target.count - start) { address, index in
            target[start + index] = self.readByte(address)
        }
    }

    /// Moves whole units, bytes or words, and counts bytes; an odd byte at the end of a word channel's buffer stays.
    private func transfer(
        _ channel: Int, _ direction: DMAController.Direction, bytes: Int,
        _ move: (_ address: UInt32, _ index: Int) -> Void
    ) -> DMAResult {
        let nothing = DMAResult(moved: 0, terminalCount: false)
        switch channel {
        case 0...3:
            // Without its way through the second chip the first never gets the bus.
            guard second.accepts(Self.cascadeChannel), second.state[Self.cascadeChannel].isCascade else {
                return nothing
            }
            return first.transfer(channel, direction, limit: bytes) { address, index in
                move(physical(channel, address), index)
            }
        case 5...7:
            var result = second.transfer(channel, direction, limit: bytes / 2) { address, index in
                let start = physical(channel, address)
                move(start, index * 2)
                move(start | 1, index * 2 + 1)
            }
            result.moved *= 2
            return result
        default:
            return nothing
        }
    }

    /// Where a channel's address is in memory. Word channels drive A16-A1: bit 0 of their page register is not used.
    private func physical(_ channel: Int, _ address: UInt16) -> UInt32 {
        let page = UInt32(pages.page(of: channel))
        return channel < 4 ? page << 16 | UInt32(address) : (page & 0xFE) << 16 | UInt32(address) << 1
    }
}
