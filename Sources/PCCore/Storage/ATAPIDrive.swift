/// A CD-ROM drive at an IDE channel: the ATA commands of a packet device, and what it keeps. The phases of PACKET are in
/// ATAPIDrive+Phases.swift, what the packets mean in the files beside it. [ATA-4 9.10], [SFF-8020i], [MMC-1]
///
/// The disc is one track of mode 1 sectors; there is no audio, no second session and nothing to write.
final class ATAPIDrive: IDECommandSet {
    /// Where PACKET stands: what the next end of BSY, or of a block, means.
    enum Phase: UInt8, Sendable {
        case none, packet, execution, dataIn, dataOut
    }

    struct State: Stateful, Sendable {
        var phase = Phase.none
        var packet = Packet()
        /// The most that one block of PIO may have, as the host wrote it.
        var byteLimit: UInt16 = 0
        /// The data phase of this PACKET moves by DMA.
        var usesDMA = false
        /// What the host is to get next, from the reply or from the sectors read last.
        var pending: [UInt8] = []
        /// The next sector to read, how many are left, and which fields the host wants.
        var next: UInt32 = 0
        var remaining: UInt32 = 0
        var fields = CDSectorFields.user
        /// What came from the host, and how much is to come in all.
        var parameters: [UInt8] = []
        var expected: UInt16 = 0

        var sense = SenseCode.none
        /// Unit attentions that the host has not seen yet.
        var wasReset = true
        var hasNewDisc = false
        /// What GET EVENT STATUS NOTIFICATION has to tell.
        var mediaEvent = MediaEvent.none

        var isTrayOpen = false
        /// PREVENT ALLOW MEDIUM REMOVAL
        var isLocked = false
        /// In KB/s, as SET CD SPEED gave it.
        var speed = ATAPIDrive.fullSpeed
        /// Mode pages as MODE SELECT left them.
        var pages = ModePage.defaults
        var transferMode: UInt8 = 0
        var isAsleep = false

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&phase)
            visitor.visit(&packet)
            visitor.visit(&byteLimit)
            visitor.visit(&usesDMA)
            visitor.visit(&pending)
            visitor.visit(&next)
            visitor.visit(&remaining)
            visitor.visit(&fields)
            visitor.visit(&parameters)
            visitor.visit(&expected)
            visitor.visit(&sense)
            visitor.visit(&wasReset)
            visitor.visit(&hasNewDisc)
            visitor.visit(&mediaEvent)
            visitor.visit(&isTrayOpen)
            visitor.visit(&isLocked)
            visitor.visit(&speed)
            visitor.visitBuffer(&pages, length: ModePage.defaults.count)
            visitor.visit(&transferMode)
            visitor.visit(&isAsleep)
            pending = Array(pending.prefix(IDEDrive.State.bufferRoom))
            parameters = Array(parameters.prefix(ATAPIDrive.mostParameters))
        }
    }

    enum MediaEvent: UInt8, Sendable {
        case none = 0
        case newDisc = 2
        case removal = 3
    }

    /// Bytes of user data in a sector.
    static let sectorSize = 2048
    /// 24 times that of a music CD, in KB/s.
    static let fullSpeed: UInt16 = 4234
    /// The longest list of parameters that MODE SELECT takes.
    static let mostParameters = 256

    var state = State()
    private(set) var disc: (any BlockDevice)?
    /// 0 to 3 over both channels.
    let number: Int
    private let realTiming: Bool
    /// Whether a bus master is there to take data by DMA.
    var offersDMA = false

    let signature: (low: UInt8, high: UInt8) = (0x14, 0xEB)
    /// A packet device is not ready before its first command, so that old drivers take it for no disk. [ATA-4 9.1]
    let readyStatus: IDEStatus = []
    let takesDeviceReset = true

    init(_ disc: (any BlockDevice)?, number: Int, realTiming: Bool) {
        self.number = number
        self.realTiming = realTiming
        self.disc = Self.readable(disc)
    }

    private static func readable(_ disc: (any BlockDevice)?) -> (any BlockDevice)? {
        guard let disc, disc.sectorSize == sectorSize, disc.sectorCount > 0 else { return nil }
        return disc
    }

    /// Puts another disc in, or takes it out, whether the guest has locked the tray or not.
    func insert(_ disc: (any BlockDevice)?) {
        let disc = Self.readable(disc)
        guard disc != nil || self.disc != nil else { return }
        self.disc = disc
        state.isTrayOpen = disc == nil
        noteDisc()
    }

    /// Another disc for a state that knows of it.
    func replace(_ disc: (any BlockDevice)?) { self.disc = Self.readable(disc) }

    /// The disc behind the tray is another one from now on, or gone.
    func noteDisc() {
        let isThere = disc != nil && !state.isTrayOpen
        state.hasNewDisc = isThere
        state.mediaEvent = isThere ? .newDisc : .removal
    }

    /// RESET brings everything back but the tray; SRST and DEVICE RESET end the command alone. [SFF-8020i 5.13]
    func reset(isHard: Bool) {
        if isHard {
            let isOpen = state.isTrayOpen
            state = State()
            state.isTrayOpen = isOpen
        }
        state.isAsleep = false
        endPacket()
    }

    func visitState<V: StateVisitor>(_ visitor: inout V) { visitor.visit(&state) }

    // MARK: ATA commands

    func begin(_ command: UInt8, _ drive: IDEDrive) -> UInt64? {
        // Only a reset wakes a sleeping drive. [ATA-4 8.40]
        guard !state.isAsleep else { return nil }
        endPacket()
        if IDEPacketCommand(rawValue: command) == .packet { beginPacket(drive) }
        return ATADisk.commandTime
    }

    func proceed(_ drive: IDEDrive) {
        switch IDEPacketCommand(rawValue: drive.state.command) {
        case .packet: return proceedPacket(drive)
        case .identify:
            drive.state.buffer.replaceSubrange(0..<512, with: identity())
            return drive.offerBlock(512)
        case nil: break
        }
        switch ATACommand(drive.state.command) {
        case .identify, .readSectors:
            // What tells a packet device from a disk. [ATA-4 9.1]
            drive.showSignature(keepsDevice: true)
            drive.finish(.aborted)
        case .diagnose:
            drive.showSignature()
            drive.finish()
            drive.state.status = readyStatus.rawValue
            drive.state.error = IDEError.passed.rawValue
        case .setFeatures: setFeatures(drive)
        case .checkPowerMode:
            drive.state.sectorCount = 0xFF
            drive.finish()
        case .idleImmediate, .standbyImmediate: drive.finish()
        case .sleep:
            state.isAsleep = true
            drive.finish()
        default: drive.finish(.aborted)
        }
    }

    func blockDone(_ drive: IDEDrive) -> UInt64? {
        IDEPacketCommand(rawValue: drive.state.command) == .packet ? packetBlockDone(drive) : nil
    }

    /// SET FEATURES 03h: PIO as at power-on, the same without IORDY, PIO modes 0 to 4, and multiword and Ultra DMA modes 0 to
    /// 2 where DMA is to be had.
    private func setFeatures(_ drive: IDEDrive) {
        let mode = drive.state.sectorCount
        let isDMA = (0x20...0x22).contains(mode) || (0x40...0x42).contains(mode)
        let isKnown = mode <= 1 || (8...12).contains(mode) || offersDMA && isDMA
        guard drive.state.features == 0x03, isKnown else { return drive.finish(.aborted) }
        state.transferMode = mode
        drive.finish()
    }

    // MARK: Timing

    /// From the packet to its first block: the head moves unless it stands where reading goes on.
    func accessTime(to sector: UInt32?) -> UInt64 {
        guard realTiming, let sector, sector != state.next else { return ATADisk.commandTime }
        return 90_000
    }

    /// From one block of `count` bytes to the next, at the speed that the host has set.
    func blockTime(_ count: Int) -> UInt64 {
        realTiming ? UInt64(count) * 1000 / UInt64(max(1, state.speed)) : ATADisk.blockTime
    }
}

/// The ATA commands that only packet devices know. [ATA-4 8.10, 8.17, 8.23]
enum IDEPacketCommand: UInt8 {
    case packet = 0xA0
    case identify = 0xA1
    /// DEVICE RESET, which a busy drive obeys as well.
    static let deviceReset: UInt8 = 0x08
}
