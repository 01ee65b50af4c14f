/// What the electronics of one kind of drive make of commands: an ATA disk here, a packet device elsewhere.
protocol IDECommandSet: AnyObject {
    /// What cylinder low and high hold after a reset and say of the kind of drive. [ATA-4 9.1]
    var signature: (low: UInt8, high: UInt8) { get }
    /// The status after a reset.
    var readyStatus: IDEStatus { get }
    /// Whether it is a packet device, which obeys DEVICE RESET, busy or not.
    var takesDeviceReset: Bool { get }
    /// A command was written. Gives the microseconds until `proceed`, nil where the drive takes no notice.
    func begin(_ command: UInt8, _ drive: IDEDrive) -> UInt64?
    /// BSY's time is over: does the next part of the command.
    func proceed(_ drive: IDEDrive)
    /// The host has taken or given the whole block. Gives the microseconds until `proceed`, nil where the command ends.
    func blockDone(_ drive: IDEDrive) -> UInt64?
    /// Reset by the RESET line, or by SRST, after which some settings may stay.
    func reset(isHard: Bool)
    /// Shows the command set's own state.
    func visitState<V: StateVisitor>(_ visitor: inout V)
}

extension IDECommandSet {
    var takesDeviceReset: Bool { false }
}

/// What one drive shows on the cable: its registers, its status and its sector buffer.
final class IDEDrive {
    struct State: Stateful, Sendable {
        /// The most that one block has: 16 sectors.
        static let bufferRoom = 16 * 512

        var features: UInt8 = 0
        var sectorCount: UInt8 = 1
        /// Sector number, or bits 7-0 of an LBA.
        var sectorNumber: UInt8 = 1
        /// Cylinder low, or bits 15-8 of an LBA.
        var cylinderLow: UInt8 = 0
        /// Cylinder high, or bits 23-16 of an LBA.
        var cylinderHigh: UInt8 = 0
        var deviceHead: UInt8 = 0
        var status: UInt8 = 0
        var error = IDEError.passed.rawValue
        var command: UInt8 = 0
        /// INTRQ, before nIEN and the selection.
        var interrupt = false
        /// BSY until the end of a reset, not of a command.
        var isResetting = false
        /// When BSY ends; `.max` without an end in sight.
        var busyEnd = GuestTime.max

        var buffer = [UInt8](repeating: 0, count: bufferRoom)
        /// The next byte of the block under way, which ends at one of the other two; the one not in use is 0.
        var position = 0
        var readEnd = 0
        var writeEnd = 0

        /// Bytes of a block that waits to move by DMA, from `position` on; 0 where none does. DMARQ is high meanwhile.
        var dmaEnd = 0
        var dmaGives = false
        /// What the registers held before they were written last: the upper half of a 48-bit address. [ATA-6 6.20]
        var previousCount: UInt8 = 0
        var previousNumber: UInt8 = 0
        var previousLow: UInt8 = 0
        var previousHigh: UInt8 = 0

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&features)
            visitor.visit(&sectorCount)
            visitor.visit(&sectorNumber)
            visitor.visit(&cylinderLow)
            visitor.visit(&cylinderHigh)
            visitor.visit(&deviceHead)
            visitor.visit(&status)
            visitor.visit(&error)
            visitor.visit(&command)
            visitor.visit(&interrupt)
            visitor.visit(&isResetting)
            visitor.visit(time: &busyEnd)
            visitor.visitBuffer(&buffer, length: Self.bufferRoom)
            visitor.visit(&position)
            visitor.visit(&readEnd)
            visitor.visit(&writeEnd)
            visitor.visit(&dmaEnd)
            visitor.visit(&dmaGives)
            visitor.visit(&previousCount)
            visitor.visit(&previousNumber)
            visitor.visit(&previousLow)
            visitor.visit(&previousHigh)
            dmaEnd = Self.inside(dmaEnd)
            position = Self.inside(position)
            readEnd = Self.inside(readEnd)
            writeEnd = Self.inside(writeEnd)
        }

        /// A saved position, as a whole word inside the buffer.
        private static func inside(_ position: Int) -> Int { max(0, min(position, bufferRoom)) & ~1 }
    }

    /// Unchecked, because the check costs as much as all else that a word of REP INSW needs; nobody comes back to a
    /// drive while its state is passed inout.
    @exclusivity(unchecked) var state = State()
    let commandSet: any IDECommandSet
    private let scheduler: Scheduler
    /// A line for the host's user that waits to be fetched.
    var message: String?

    init(_ commandSet: any IDECommandSet, scheduler: Scheduler) {
        self.commandSet = commandSet
        self.scheduler = scheduler
        state.status = commandSet.readyStatus.rawValue
        showSignature()
    }

    var isBusy: Bool { state.status & IDEStatus.busy.rawValue != 0 }

    // MARK: The data register

    /// A word of the block that the drive gives; 0 where it gives none.
    @inline(__always)
    func readWord() -> UInt32 {
        let position = state.position
        guard position < state.readEnd else { return 0 }
        state.position = position &+ 2
        return UInt32(state.buffer[position]) | UInt32(state.buffer[position &+ 1]) << 8
    }

    /// A word of the block that the drive takes.
    @inline(__always)
    func writeWord(_ value: UInt32) {
        let position = state.position
        guard position < state.writeEnd else { return }
        state.buffer[position] = UInt8(truncatingIfNeeded: value)
        state.buffer[position &+ 1] = UInt8(truncatingIfNeeded: value >> 8)
        state.position = position &+ 2
    }

    /// Whether a block was under way and its last word has just moved.
    @inline(__always)
    var isBlockDone: Bool {
        state.position == state.readEnd &+ state.writeEnd && state.position != 0
    }

    func endBlock() {
        state.position = 0
        state.readEnd = 0
        state.writeEnd = 0
        state.dmaEnd = 0
        state.status = IDEStatus([.ready, .seekComplete]).rawValue
        if let wait = commandSet.blockDone(self) { beBusy(microseconds: wait) }
    }

    // MARK: Commands

    /// A write to the command register. A busy drive does not see it.
    func accept(_ command: UInt8) {
        if command == IDEPacketCommand.deviceReset, commandSet.takesDeviceReset { return resetDevice() }
        guard !isBusy, let wait = commandSet.begin(command, self) else { return }
        state.command = command
        state.error = 0
        state.interrupt = false
        state.position = 0
        state.readEnd = 0
        state.writeEnd = 0
        state.dmaEnd = 0
        if wait == 0 { commandSet.proceed(self) } else { beBusy(microseconds: wait) }
    }

    func beBusy(microseconds: UInt64) {
        state.status = IDEStatus.busy.rawValue
        state.busyEnd = scheduler.now &+ scheduler.duration(microseconds: microseconds)
    }

    /// The time of `busyEnd` has come.
    func busyOver() {
        state.busyEnd = .max
        if state.isResetting {
            state.isResetting = false
            state.status = commandSet.readyStatus.rawValue
        } else {
            commandSet.proceed(self)
        }
    }

    /// Ends the command with an interrupt.
    func finish(_ error: IDEError = [], fault: Bool = false) {
        var status: IDEStatus = [.ready, .seekComplete]
        if !error.isEmpty { status.formUnion(.error) }
        if fault { status.formUnion(.deviceFault) }
        state.status = status.rawValue
        state.error = error.rawValue
        state.interrupt = true
    }

    /// Lets the host take the first `count` bytes of the buffer.
    func offerBlock(_ count: Int) {
        state.position = 0
        state.readEnd = min(count, State.bufferRoom)
        state.status = IDEStatus([.ready, .seekComplete, .dataRequest]).rawValue
        state.interrupt = true
    }

    /// Lets the host give `count` bytes. The first block of a command comes without an interrupt. [ATA-4 9.8]
    func requestBlock(_ count: Int, interrupt: Bool) {
        state.position = 0
        state.writeEnd = min(count, State.bufferRoom)
        state.status = IDEStatus([.ready, .seekComplete, .dataRequest]).rawValue
        state.interrupt = interrupt
    }

    /// Lets the host move `count` bytes by DMA, out of the buffer or into it. The interrupt comes at the command's end.
    func offerDMA(_ count: Int, gives: Bool) {
        state.position = 0
        state.dmaEnd = min(count, State.bufferRoom)
        state.dmaGives = gives
        state.status = IDEStatus([.ready, .seekComplete, .dataRequest]).rawValue
        state.interrupt = false
    }

    // MARK: Reset

    /// RESET or SRST is active: the drive is busy until it is over.
    func enterReset(isHard: Bool) {
        commandSet.reset(isHard: isHard)
        state.isResetting = true
        state.status = IDEStatus.busy.rawValue
        state.busyEnd = .max
        state.interrupt = false
        state.position = 0
        state.readEnd = 0
        state.writeEnd = 0
        state.dmaEnd = 0
        state.features = 0
        state.error = IDEError.passed.rawValue
        showSignature()
    }

    func leaveReset(microseconds: UInt64) {
        beBusy(microseconds: microseconds)
    }

    /// DEVICE RESET: this drive alone, without an interrupt. [ATA-4 8.7]
    private func resetDevice() {
        guard !state.isResetting else { return }
        let device = state.deviceHead & IDEDeviceHead.second
        enterReset(isHard: false)
        state.deviceHead = device
        leaveReset(microseconds: Self.deviceResetTime)
    }

    private static let deviceResetTime: UInt64 = 100

    /// [ATA-4 9.1]
    func showSignature(keepsDevice: Bool = false) {
        state.sectorCount = 1
        state.sectorNumber = 1
        state.cylinderLow = commandSet.signature.low
        state.cylinderHigh = commandSet.signature.high
        state.deviceHead &= keepsDevice ? IDEDeviceHead.second : 0
    }

    // MARK: Registers

    /// Registers 1 to 6 as the host reads them; with `previous` what was written to them before. [ATA-6 6.8]
    func register(_ offset: UInt16, previous: Bool = false) -> UInt8 {
        // A busy drive shows its status everywhere. [ATA-4 7.15.6.1]
        guard !isBusy else { return state.status }
        if previous {
            switch offset {
            case 2: return state.previousCount
            case 3: return state.previousNumber
            case 4: return state.previousLow
            case 5: return state.previousHigh
            default: break
            }
        }
        return switch offset {
        case 1: state.error
        case 2: state.sectorCount
        case 3: state.sectorNumber
        case 4: state.cylinderLow
        case 5: state.cylinderHigh
        default: state.deviceHead | IDEDeviceHead.obsolete
        }
    }

    /// Registers 1 to 6 as the host writes them, to both drives at once. A busy drive does not see it.
    func setRegister(_ offset: UInt16, _ value: UInt8) {
        guard !isBusy else { return }
        switch offset {
        case 1: state.features = value
        case 2: (state.previousCount, state.sectorCount) = (state.sectorCount, value)
        case 3: (state.previousNumber, state.sectorNumber) = (state.sectorNumber, value)
        case 4: (state.previousLow, state.cylinderLow) = (state.cylinderLow, value)
        case 5: (state.previousHigh, state.cylinderHigh) = (state.cylinderHigh, value)
        default: state.deviceHead = value
        }
    }
}
