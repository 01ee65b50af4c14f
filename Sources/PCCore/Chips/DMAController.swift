// Intel 8237A DMA controller, one chip with four channels. A PC/AT has two (see DMAPair.swift). Data sheet: [8237A].
//
// A transfer takes no guest time: a device asks for a number of bytes and they are moved at once. So priorities and
// their rotation, compressed timing, extended writes and the senses of DREQ and DACK are kept in the command register
// and change nothing, and a device's request is never seen pending in the status register.

/// One 8237A: the registers of four channels, and what a request on a channel does.
public final class DMAController: PortDevice {
    /// What a channel does with each unit. The fourth code of the mode register is none.
    enum Direction: UInt8 {
        case verify = 0x00
        /// Device to memory.
        case write = 0x04
        /// Memory to device.
        case read = 0x08
    }

    /// The registers of one channel.
    public struct Channel: Stateful, Sendable {
        var baseAddress: UInt16 = 0
        var baseCount: UInt16 = 0
        public internal(set) var address: UInt16 = 0
        /// Units that are left, less one.
        public internal(set) var count: UInt16 = 0
        /// Bits 7-2 of the mode register.
        var mode: UInt8 = 0

        init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&baseAddress)
            visitor.visit(&baseCount)
            visitor.visit(&address)
            visitor.visit(&count)
            visitor.visit(&mode)
        }

        var direction: Direction? { Direction(rawValue: mode & Mode.transfer) }
        var isCascade: Bool { mode & Mode.kind == Mode.cascade }
        var isBlock: Bool { mode & Mode.kind == Mode.block }
        var autoInitialises: Bool { mode & Mode.autoInitialise != 0 }

        /// One unit later. Returns whether that was the last: terminal count.
        mutating func step(holdsAddress: Bool = false) -> Bool {
            if !holdsAddress { address = mode & Mode.decrement != 0 ? address &- 1 : address &+ 1 }
            count &-= 1
            return count == 0xFFFF
        }

        mutating func reload() {
            address = baseAddress
            count = baseCount
        }
    }

    /// Every register of the chip.
    public struct State: Stateful, Sendable {
        public internal(set) var channels = (Channel(), Channel(), Channel(), Channel())
        var command: UInt8 = 0
        /// Channels that reached terminal count since the status was read: bits 3-0.
        var reached: UInt8 = 0
        var requests: UInt8 = 0
        public internal(set) var mask: UInt8 = 0x0F
        var temporary: UInt8 = 0
        /// The first/last flip-flop: the next byte of an address or count is the high one.
        var highByte = false

        public init() {}

        public mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            for number in 0..<4 { visitor.visit(&self[number]) }
            visitor.visit(&command)
            visitor.visit(&reached)
            visitor.visit(&requests)
            visitor.visit(&mask)
            visitor.visit(&temporary)
            visitor.visit(&highByte)
        }

        /// Channel `number`, by its two low bits.
        public internal(set) subscript(number: Int) -> Channel {
            get {
                switch number & 3 {
                case 0: channels.0
                case 1: channels.1
                case 2: channels.2
                default: channels.3
                }
            }
            set {
                switch number & 3 {
                case 0: channels.0 = newValue
                case 1: channels.1 = newValue
                case 2: channels.2 = newValue
                default: channels.3 = newValue
                }
            }
        }
    }

    enum Mode {
        static let channel: UInt8 = 0x03
        static let transfer: UInt8 = 0x0C
        static let autoInitialise: UInt8 = 0x10
        static let decrement: UInt8 = 0x20
        static let kind: UInt8 = 0xC0
        static let block: UInt8 = 0x80
        static let cascade: UInt8 = 0xC0
    }

    private enum Command {
        static let memoryToMemory: UInt8 = 0x01
        static let holdsAddress0: UInt8 = 0x02
        static let disable: UInt8 = 0x04
    }

    /// The registers behind the four pairs of address and count. [8237A Software command codes]
    private enum Register {
        static let statusCommand: UInt16 = 0x8
        static let request: UInt16 = 0x9
        static let singleMask: UInt16 = 0xA
        static let mode: UInt16 = 0xB
        static let clearFlipFlop: UInt16 = 0xC
        static let temporaryMasterClear: UInt16 = 0xD
        static let clearMask: UInt16 = 0xE
        static let allMask: UInt16 = 0xF
    }

    /// Bit 2 of what is written to the request and single mask registers: set the bit of the channel.
    private static let setBit: UInt8 = 0x04

    public private(set) var state = State()

    private let addressShift: UInt16
    /// Moves one unit between memory and nothing: what a software request on `channel` does without a device.
    var readUnit: ((_ channel: Int, _ address: UInt16) -> UInt8)?
    var writeUnit: ((_ channel: Int, _ address: UInt16, _ value: UInt8) -> Void)?

    /// - Parameter addressShift: how many of the bus's address lines are below the chip's A0 (1 for the AT's second).
    public init(addressShift: UInt16 = 0) {
        self.addressShift = addressShift
    }

    /// The RESET pin, and the master clear command: all channels masked; addresses, counts and modes stay.
    public func reset() {
        let channels = state.channels
        state = State()
        state.channels = channels
    }

    /// Takes over a saved state.
    public func restore(_ saved: State) {
        state = saved
    }

    // MARK: Transfers

    /// The chip answers requests at all.
    var isEnabled: Bool { state.command & Command.disable == 0 }

    /// A request on `channel` is answered.
    func accepts(_ channel: Int) -> Bool {
        isEnabled && state.mask & 1 << UInt8(channel & 3) == 0
    }

    /// Moves up to `limit` units: calls `move` with each one's address. Verify mode counts and moves nothing.
    func transfer(
        _ channel: Int, _ direction: Direction, limit: Int, _ move: (_ address: UInt16, _ index: Int) -> Void
    ) -> DMAResult {
        var registers = state[channel]
        var result = DMAResult(moved: 0, terminalCount: false)
        guard accepts(channel), !registers.isCascade, let programmed = registers.direction,
            programmed == direction || programmed == .verify
        else { return result }
        while result.moved < limit, !result.terminalCount {
            if programmed != .verify { move(registers.address, result.moved) }
            result.terminalCount = registers.step()
            result.moved += 1
        }
        state[channel] = registers
        if result.terminalCount { reachTerminalCount(channel) }
        return result
    }

    /// A channel at terminal count starts over, or is masked. [8237A Autoinitialize]
    private func reachTerminalCount(_ channel: Int) {
        let bit: UInt8 = 1 << UInt8(channel & 3)
        state.reached |= bit
        state.requests &= ~bit
        if state[channel].autoInitialises {
            state[channel].reload()
        } else {
            state.mask |= bit
        }
    }

    /// A software request, which no mask holds back. With memory-to-memory enabled, channel 0 feeds channel 1; else the
    /// channel must be in block mode, and runs to its end with no device on the bus. [8237A Request register]
    private func serveRequest(_ channel: Int) {
        guard isEnabled, state.requests & 1 << UInt8(channel & 3) != 0 else { return }
        if channel == 0, state.command & Command.memoryToMemory != 0 { return copy() }
        guard state[channel].isBlock, let direction = state[channel].direction else { return }
        var registers = state[channel]
        repeat {
            // Nobody drives the bus in a write; nobody listens in a read.
            if direction == .write { writeUnit?(channel, registers.address, 0xFF) }
        } while !registers.step()
        state[channel] = registers
        reachTerminalCount(channel)
    }

    /// Memory to memory: at most 65,536 bytes, until channel 1 reaches terminal count. [8237A Memory-to-memory]
    private func copy() {
        var source = state[0]
        var target = state[1]
        let holds = state.command & Command.holdsAddress0 != 0
        var done = false
        while !done {
            state.temporary = readUnit?(0, source.address) ?? 0xFF
            writeUnit?(1, target.address, state.temporary)
            _ = source.step(holdsAddress: holds)
            done = target.step()
        }
        state[0] = source
        state[1] = target
        state.requests &= ~1
        if source.autoInitialises { state[0].reload() }
        reachTerminalCount(1)
    }

    // MARK: Ports

    public func readPort(_ offset: UInt16, _ width: AccessWidth) -> UInt32 {
        let register = offset >> addressShift & 0xF
        switch register {
        case 0...7:
            let channel = state[Int(register >> 1)]
            return UInt32(byte(of: register & 1 == 0 ? channel.address : channel.count))
        case Register.statusCommand:
            let status = state.requests << 4 | state.reached
            state.reached = 0
            return UInt32(status)
        case Register.temporaryMasterClear:
            return UInt32(state.temporary)
        default:
            return 0xFF  // Write-only.
        }
    }

    public func writePort(_ offset: UInt16, _ value: UInt32, _ width: AccessWidth) {
        let value = UInt8(truncatingIfNeeded: value)
        let register = offset >> addressShift & 0xF
        let channel = Int(value & Mode.channel)
        let bit: UInt8 = 1 << UInt8(channel)
        switch register {
        case 0...7: load(register, value)
        case Register.statusCommand: state.command = value
        case Register.request:
            state.requests = value & Self.setBit != 0 ? state.requests | bit : state.requests & ~bit
            serveRequest(channel)
        case Register.singleMask:
            state.mask = value & Self.setBit != 0 ? state.mask | bit : state.mask & ~bit
        case Register.mode: state[channel].mode = value & ~Mode.channel
        case Register.clearFlipFlop: state.highByte = false
        case Register.temporaryMasterClear: reset()
        case Register.clearMask: state.mask = 0
        default: state.mask = value & 0x0F
        }
    }

    /// Half of a 16-bit register, as the flip-flop says.
    private func byte(of register: UInt16) -> UInt8 {
        defer { state.highByte.toggle() }
        return UInt8(truncatingIfNeeded: state.highByte ? register >> 8 : register)
    }

    /// A write goes to base and current register both.
    private func load(_ register: UInt16, _ value: UInt8) {
        defer { state.highByte.toggle() }
        let high = state.highByte
        func merged(_ old: UInt16) -> UInt16 {
            high ? old & 0x00FF | UInt16(value) << 8 : old & 0xFF00 | UInt16(value)
        }
        var channel = state[Int(register >> 1)]
        if register & 1 == 0 {
            channel.baseAddress = merged(channel.baseAddress)
            channel.address = merged(channel.address)
        } else {
            channel.baseCount = merged(channel.baseCount)
            channel.count = merged(channel.count)
        }
        state[Int(register >> 1)] = channel
    }
}
