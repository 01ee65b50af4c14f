/// The commands of an ATA hard disk. [ATA-4 8]
final class ATADisk: IDECommandSet {
    enum Power: UInt8, Sendable {
        case active, idle, standby, sleep
    }

    struct State: Stateful, Sendable {
        /// The geometry that INITIALIZE DEVICE PARAMETERS has set.
        var heads: UInt8 = 16
        var sectors: UInt8 = 63
        /// Sectors in a block of READ and WRITE MULTIPLE; 0 where they are off.
        var multiple: UInt8 = 0
        /// The next sector of the command under way, and how many are left.
        var next: UInt64 = 0
        var remaining: UInt32 = 0
        /// The command has had its first block.
        var isUnderWay = false
        var power = Power.active
        var writeCache = true
        var lookAhead = true
        /// Whether SRST brings back what was set at power-on. // SET FEATURES 66h, CCh
        var revertsOnReset = true
        /// SET FEATURES 03h
        var transferMode: UInt8 = 0
        /// WRITE BUFFER
        var scratch = [UInt8](repeating: 0, count: 512)

        mutating func visit<V: StateVisitor>(_ visitor: inout V) {
            visitor.visit(&heads)
            visitor.visit(&sectors)
            visitor.visit(&multiple)
            visitor.visit(&next)
            visitor.visit(&remaining)
            visitor.visit(&isUnderWay)
            visitor.visit(&power)
            visitor.visit(&writeCache)
            visitor.visit(&lookAhead)
            visitor.visit(&revertsOnReset)
            visitor.visit(&transferMode)
            visitor.visitBuffer(&scratch, length: 512)
            heads = max(1, min(heads, 16))
            sectors = max(1, sectors)
            multiple = min(multiple, ATADisk.mostMultiple)
        }
    }

    /// The largest block of READ and WRITE MULTIPLE.
    static let mostMultiple: UInt8 = 16
    /// The latency of a command, and of each further block, in microseconds.
    static let commandTime: UInt64 = 20
    static let blockTime: UInt64 = 5

    var state = State()
    let disk: any BlockDevice
    /// 0 to 3 over both channels.
    let number: Int
    let realTiming: Bool
    let geometry: DiskGeometry
    /// Sectors that 28 bits can name, and that 48 bits can.
    let capacity: UInt32
    let extendedCapacity: UInt64

    let signature: (low: UInt8, high: UInt8) = (0, 0)
    let readyStatus: IDEStatus = [.ready, .seekComplete]

    init(_ disk: any BlockDevice, number: Int, realTiming: Bool) {
        self.disk = disk
        self.number = number
        self.realTiming = realTiming
        geometry = DiskGeometry(hardDiskSectors: disk.sectorCount)
        capacity = UInt32(clamping: min(disk.sectorCount, 0x0FFF_FFFF))
        extendedCapacity = min(UInt64(max(0, disk.sectorCount)), 0xFFFF_FFFF_FFFF)
    }

    func reset(isHard: Bool) {
        state.isUnderWay = false
        state.remaining = 0
        state.power = .active
        if isHard || state.revertsOnReset { state = State() }
    }

    func visitState<V: StateVisitor>(_ visitor: inout V) { visitor.visit(&state) }

    // MARK: Commands

    func begin(_ command: UInt8, _ drive: IDEDrive) -> UInt64? {
        // Only a reset wakes a sleeping drive. [ATA-4 8.40]
        guard state.power != .sleep else { return nil }
        let from = state.next
        state.isUnderWay = false
        let isExtended = ATACommand.isExtended(command)
        let count = UInt32(drive.state.sectorCount) | (isExtended ? UInt32(drive.state.previousCount) << 8 : 0)
        state.remaining = count != 0 ? count : isExtended ? 0x1_0000 : 0x100
        // A disk's buffer is there at once: xv6 writes the first sector without looking at the status before.
        // verified: xv6.scn
        switch ATACommand(command) {
        case .writeSectors, .writeMultiple, .writeBuffer: if !realTiming { return 0 }
        default: break
        }
        guard ATACommand(command).hasAddress else { return Self.commandTime }
        return accessTime(from: from, to: address(drive, isExtended: isExtended) ?? from)
    }

    /// How long the heads and the rotation take; a fixed time without real timing.
    private func accessTime(from: UInt64, to: UInt64) -> UInt64 {
        guard realTiming, from != to else { return Self.commandTime }
        // 2 ms to the next track, 18 ms from end to end, and half a turn at 5,400 a minute.
        let distance = min(from > to ? from - to : to - from, extendedCapacity)
        return 2_000 + 16_000 * distance / max(1, extendedCapacity) + 5_556
    }

    func proceed(_ drive: IDEDrive) {
        let command = ATACommand(drive.state.command)
        switch command {
        case .readSectors, .readMultiple, .readDMA, .writeSectors, .writeMultiple, .writeDMA, .verifySectors, .seek:
            state.power = .active
            if !state.isUnderWay, !locateFirst(drive, command) { return }
            transfer(drive, command)
        case .identify:
            offer(identity(), drive)
        case .readBuffer:
            offer(state.scratch, drive)
        case .writeBuffer:
            writeBuffer(drive)
        case .diagnose:
            drive.showSignature()
            drive.finish()
            drive.state.error = IDEError.passed.rawValue
        case .recalibrate:
            state.next = 0
            drive.finish()
        case .initializeParameters:
            initializeParameters(drive)
        case .setMultiple:
            setMultiple(drive)
        case .setFeatures:
            setFeatures(drive)
        case .flushCache:
            flush(drive)
        case .readNativeMax:
            readNativeMax(drive)
        case .checkPowerMode:
            // 00h standby, 80h idle, FFh active. [ATA-4 8.6]
            drive.state.sectorCount = state.power == .standby ? 0 : state.power == .idle ? 0x80 : 0xFF
            drive.finish()
        case .idle, .idleImmediate:
            state.power = .idle
            drive.finish()
        case .standby, .standbyImmediate, .sleep:
            // The cache is emptied before the disk stands still.
            state.power = command == .sleep ? .sleep : .standby
            flush(drive)
        case .unknown:
            drive.finish(.aborted)
        }
    }

    func blockDone(_ drive: IDEDrive) -> UInt64? {
        switch ATACommand(drive.state.command) {
        case .readSectors, .readMultiple: state.remaining > 0 ? blockDelay : nil
        case .writeSectors, .writeMultiple, .writeBuffer, .readDMA, .writeDMA: blockDelay
        default: nil
        }
    }

    /// A sector of 63 on a track at 5,400 turns a minute, or the fixed time.
    var blockDelay: UInt64 { realTiming ? 176 : Self.blockTime }

    func offer(_ bytes: [UInt8], _ drive: IDEDrive) {
        drive.state.buffer.replaceSubrange(0..<512, with: bytes.prefix(512))
        drive.offerBlock(512)
    }

    private func writeBuffer(_ drive: IDEDrive) {
        guard state.isUnderWay else {
            state.isUnderWay = true
            return drive.requestBlock(512, interrupt: false)
        }
        state.scratch = Array(drive.state.buffer[0..<512])
        drive.finish()
    }

    /// CHS addresses mean what this says from now on. [ATA-4 8.16]
    private func initializeParameters(_ drive: IDEDrive) {
        guard drive.state.sectorCount != 0 else { return drive.finish(.aborted) }
        state.heads = (drive.state.deviceHead & IDEDeviceHead.head) + 1
        state.sectors = drive.state.sectorCount
        drive.finish()
    }

    /// A wrong count switches READ and WRITE MULTIPLE off. [ATA-4 8.39]
    private func setMultiple(_ drive: IDEDrive) {
        let count = drive.state.sectorCount
        let isGood = count <= Self.mostMultiple && count & (count &- 1) == 0
        state.multiple = isGood ? count : 0
        drive.finish(isGood ? [] : .aborted)
    }

    /// [ATA-4 8.37]
    private func setFeatures(_ drive: IDEDrive) {
        switch drive.state.features {
        case 0x02: state.writeCache = true
        case 0x82:
            state.writeCache = false
            return flush(drive)
        case 0x03:
            // PIO as at power-on, the same without IORDY, PIO modes 0 to 4, multiword and Ultra DMA modes 0 to 2.
            let mode = drive.state.sectorCount
            let isDMA = mode & 0xF8 == 0x20 || mode & 0xF8 == 0x40
            guard mode <= 1 || (8...12).contains(mode) || isDMA && mode & 7 <= 2 else { return drive.finish(.aborted) }
            state.transferMode = mode
        case 0x55: state.lookAhead = false
        case 0xAA: state.lookAhead = true
        case 0x66: state.revertsOnReset = false
        case 0xCC: state.revertsOnReset = true
        // Four bytes of ECC with READ and WRITE LONG, which is all that there could be.
        case 0xBB: break
        default: return drive.finish(.aborted)
        }
        drive.finish()
    }

    /// Makes all writes durable; where the host cannot, the drive has a fault.
    func flush(_ drive: IDEDrive) {
        do throws(BlockError) {
            try disk.flush()
            drive.finish()
        } catch {
            report("flush", error, drive)
            drive.finish(.aborted, fault: true)
        }
    }

    func report(_ what: String, _ error: BlockError, _ drive: IDEDrive) {
        guard case .failed(let reason) = error else { return }
        drive.message = "hard disk \(number): cannot \(what): \(reason)"
    }
}
