// One channel of the PIIX3's IDE bus master: it moves what a drive gives or takes by DMA, along a table of memory regions in
// the guest's memory. [PIIX3 2.4, 3.4.2]
//
// A block of the drive, 8 KB at most, moves in one event. An address where nobody answers ends the transfer with the error
// bit, as a master abort does.

/// Moves a drive's blocks into and out of memory.
final class IDEBusMaster: Stateful {
    private struct State: Stateful, Sendable {
        /// BMICX: bit 0 start, bit 3 to memory.
        var command: UInt8 = 0
        /// BMISX.
        var status: UInt8 = 0
        /// BMIDTPX: where the table begins.
        var table: UInt32 = 0
        /// The next descriptor, what is left of the region under way, and whether it is the last.
        var next: UInt32 = 0
        var address: UInt32 = 0
        var left: UInt32 = 0
        var isLast = false

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&command)
            visitor.visit(&status)
            visitor.visit(&table)
            visitor.visit(&next)
            visitor.visit(&address)
            visitor.visit(&left)
            visitor.visit(&isLast)
        }
    }

    private enum Command {
        static let start: UInt8 = 0x01
        static let toMemory: UInt8 = 0x08
    }

    private enum Status {
        static let active: UInt8 = 0x01
        static let error: UInt8 = 0x02
        static let interrupt: UInt8 = 0x04
        /// Notes of the BIOS that drive 0 and drive 1 can do DMA.
        static let notes: UInt8 = 0x60
    }

    private var state = State()
    /// The command register of the PCI function lets it master the bus.
    var isAllowed = false { didSet { consider() } }

    private let scheduler: Scheduler
    private let event: EventKind
    private unowned let bus: Bus
    private unowned let channel: IDEController

    init(_ channel: IDEController, bus: Bus, scheduler: Scheduler, event: EventKind) {
        self.channel = channel
        self.bus = bus
        self.scheduler = scheduler
        self.event = event
        channel.dmaRequested = { [unowned self] in consider() }
        channel.interruptRose = { [unowned self] in state.status |= Status.interrupt }
    }

    func reset() {
        state = State()
        scheduler.cancel(event)
    }

    // MARK: Ports

    func read(_ offset: UInt16) -> UInt8 {
        switch offset {
        case 0: state.command
        case 2: state.status
        case 4...7: UInt8(truncatingIfNeeded: state.table >> UInt32((offset - 4) * 8))
        default: 0
        }
    }

    func write(_ offset: UInt16, _ value: UInt8) {
        switch offset {
        case 0: command(value & (Command.start | Command.toMemory))
        case 2:
            let cleared = value & (Status.error | Status.interrupt)
            state.status = state.status & ~cleared & ~Status.notes | value & Status.notes
        case 4...7:
            let shift = UInt32((offset - 4) * 8)
            state.table = (state.table & ~(0xFF << shift) | UInt32(value) << shift) & ~3
        default: break
        }
    }

    private func command(_ value: UInt8) {
        let changed = value ^ state.command
        state.command = value
        guard changed & Command.start != 0 else { return }
        if value & Command.start != 0 {
            state.status |= Status.active
            state.next = state.table
            state.left = 0
            state.isLast = false
            consider()
        } else {
            state.status &= ~Status.active
            scheduler.cancel(event)
        }
    }

    // MARK: Transfer

    /// Sees to it that a block moves where one waits. It moves between two instructions, never in one.
    private func consider() {
        guard isAllowed, state.status & Status.active != 0, channel.dmaWaiting > 0,
            scheduler.deadline(of: event) == nil
        else { return }
        scheduler.schedule(event, after: 1)
    }

    /// Moves the drive's block, as far as the table goes.
    func eventDue() {
        guard isAllowed, state.status & Status.active != 0, channel.dmaWaiting > 0 else { return }
        guard channel.dmaGives == (state.command & Command.toMemory != 0) else { return stop(Status.error) }
        while channel.dmaWaiting > 0 {
            if state.left == 0 {
                // The table is at its end and the drive is not: no error, but no interrupt either.
                guard !state.isLast else { return stop() }
                guard fetch() else { return stop(Status.error) }
            }
            let count = min(channel.dmaWaiting, Int(state.left))
            let moved = channel.dmaGives ? give(count) : take(count)
            state.address &+= UInt32(truncatingIfNeeded: moved)
            state.left -= UInt32(truncatingIfNeeded: moved)
            if moved < count { return stop(Status.error) }
        }
        if state.left == 0, state.isLast { stop() }
        channel.dmaBlockMoved()
    }

    private func give(_ count: Int) -> Int {
        let moved = bus.masterWrite(channel.dmaBytes(count), at: state.address)
        channel.dmaPass(moved)
        return moved
    }

    private func take(_ count: Int) -> Int {
        let bytes = bus.masterRead(count, at: state.address)
        channel.dmaTake(bytes)
        return bytes.count
    }

    /// Reads the next descriptor: address, count (0 is 64 KB) and the mark of the last. [PIIX3 3.4.2]
    private func fetch() -> Bool {
        let bytes = bus.masterRead(8, at: state.next)
        guard bytes.count == 8 else { return false }
        func long(_ at: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << UInt32($1 * 8) } }
        state.next &+= 8
        state.address = long(0) & ~1
        let count = long(4) & 0xFFFE
        state.left = count == 0 ? 0x1_0000 : count
        state.isLast = bytes[7] & 0x80 != 0
        return true
    }

    private func stop(_ error: UInt8 = 0) {
        state.status = state.status & ~Status.active | error
    }

    func visit<V: StateVisitor>(_ visitor: inout V) {
        visitor.visit(&state)
        // No descriptor has more, and every one a whole number of words.
        state.left = min(state.left, 0x1_0000) & ~1
        state.address &= ~1
    }
}
