/// The phases of PACKET: the packet itself, data in either direction, status. [ATA-4 9.10]
///
/// All data pass `move`, a block in the drive's buffer at a time.
extension ATAPIDrive {
    /// The interrupt reason, which stands in the sector count register. [ATA-4 8.23]
    private enum Reason {
        static let dataOut: UInt8 = 0
        /// C/D: a packet, or with I/O the status.
        static let packet: UInt8 = 1
        /// I/O: to the host.
        static let dataIn: UInt8 = 2
        static let status: UInt8 = 3
    }

    func endPacket() {
        state.phase = .none
        state.pending = []
        state.remaining = 0
        state.parameters = []
        state.usesDMA = false
    }

    /// Features bit 0 asks for DMA, bit 1 for overlap, which this drive has not.
    func beginPacket(_ drive: IDEDrive) {
        state.byteLimit = UInt16(drive.state.cylinderLow) | UInt16(drive.state.cylinderHigh) << 8
        let wantsDMA = drive.state.features & 0x01 != 0
        guard drive.state.features & 0x02 == 0, !wantsDMA || offersDMA else { return }
        state.usesDMA = wantsDMA
        state.phase = .packet
    }

    /// BSY is over.
    func proceedPacket(_ drive: IDEDrive) {
        switch state.phase {
        case .none: drive.finish(.aborted)
        case .packet:
            drive.state.sectorCount = Reason.packet
            drive.requestBlock(Packet.length, interrupt: false)
        case .execution: execute(drive)
        case .dataIn: giveBlock(drive)
        case .dataOut: requestBlock(drive)
        }
    }

    /// The block in the buffer has been taken or given: how long until `proceedPacket`.
    func packetBlockDone(_ drive: IDEDrive) -> UInt64? {
        switch state.phase {
        case .none, .execution: return nil
        case .packet:
            state.packet.bytes = Array(drive.state.buffer[0..<Packet.length])
            state.phase = .execution
            return accessTime(to: readTarget)
        case .dataIn: return blockTime(min(blockSize, bytesLeft))
        case .dataOut:
            state.parameters += drive.state.buffer[0..<min(missing, blockLimit(of: missing))]
            return ATADisk.blockTime
        }
    }

    /// The first sector of a packet that reads.
    private var readTarget: UInt32? {
        switch state.packet.command {
        case .read10, .read12, .readCD, .seek10: state.packet.long(2)
        default: nil
        }
    }

    private func execute(_ drive: IDEDrive) {
        // What the last command failed with holds until the next one. [SFF-8020i 10.8.20]
        if state.packet.command != .requestSense { state.sense = .none }
        do throws(SenseCode) {
            switch try perform(state.packet) {
            case .done: return complete(drive)
            case .bytes(let bytes):
                state.pending = bytes
                state.phase = .dataIn
            case .sectors(let first, let count, let fields):
                state.next = first
                state.remaining = count
                state.fields = fields
                state.phase = .dataIn
            case .parameters(let count):
                state.expected = UInt16(clamping: count)
                state.phase = .dataOut
            }
        } catch {
            return fail(error, drive)
        }
        // A limit that no byte fits in ends a command that has data. [ATA-4 8.23.4]
        let total = state.phase == .dataIn ? bytesLeft : missing
        guard total == 0 || blockLimit(of: total) > 0 else {
            endPacket()
            drive.state.sectorCount = Reason.status
            return drive.finish(.aborted)
        }
        proceedPacket(drive)
    }

    // MARK: Data

    /// The most that the next block may have where `total` bytes are left. An odd limit is good for the last block
    /// alone, and FFFFh means FFFEh. [ATA-4 8.23.4]
    private func blockLimit(of total: Int) -> Int {
        let room = IDEDrive.State.bufferRoom
        guard !state.usesDMA else { return room }
        let limit = min(Int(state.byteLimit), 0xFFFE)
        return min(total > limit ? limit & ~1 : limit, room)
    }

    /// What the host has still to get.
    private var bytesLeft: Int { state.pending.count + Int(state.remaining) * state.fields.size }

    /// The size of the next block of sectors: whole sectors where the limit has the room.
    private var blockSize: Int {
        let limit = blockLimit(of: bytesLeft)
        let sector = state.fields.size
        return state.pending.isEmpty && limit >= sector ? limit - limit % sector : limit
    }

    /// Offers the next block to the host; with nothing left, the command is over.
    private func giveBlock(_ drive: IDEDrive) {
        let size = blockSize
        do throws(SenseCode) {
            try readSectors(size, drive)
        } catch {
            return fail(error, drive)
        }
        let count = min(size, state.pending.count)
        guard count > 0 else { return complete(drive) }
        drive.state.buffer.replaceSubrange(0..<count, with: state.pending[..<count])
        state.pending.removeFirst(count)
        // The last word of an odd count is filled up.
        if count & 1 != 0 { drive.state.buffer[count] = 0 }
        announce(count, Reason.dataIn, drive)
        move((count + 1) & ~1, toHost: true, drive)
    }

    /// The one place where a block leaves for the host or is asked of it. By DMA, the interrupt comes with the status
    /// alone. [ATA-4 9.11]
    private func move(_ count: Int, toHost: Bool, _ drive: IDEDrive) {
        if state.usesDMA {
            drive.offerDMA(count, gives: toHost)
        } else if toHost {
            drive.offerBlock(count)
        } else {
            drive.requestBlock(count, interrupt: true)
        }
    }

    /// Fills `pending` with sectors, `size` bytes or the first that do not fit.
    private func readSectors(_ size: Int, _ drive: IDEDrive) throws(SenseCode) {
        guard state.pending.isEmpty else { return }
        while state.remaining > 0,
            state.pending.isEmpty || state.pending.count + state.fields.size <= size
        {
            if state.hasNewDisc {
                state.hasNewDisc = false
                throw .discChanged
            }
            let user = try readSector(state.next, drive)
            state.pending += state.fields.bytes(of: state.next, user)
            state.next &+= 1
            state.remaining -= 1
        }
    }

    private func readSector(_ sector: UInt32, _ drive: IDEDrive) throws(SenseCode) -> [UInt8] {
        let disc = try readyDisc()
        do throws(BlockError) {
            let bytes = try disc.read(sector: Int(sector))
            guard bytes.count == Self.sectorSize else { throw .failed("not a sector of 2048 bytes") }
            return bytes
        } catch .failed(let reason) {
            drive.message = "CD-ROM \(number): cannot read sector \(sector): \(reason)"
            throw .unrecoveredRead
        } catch {
            throw .unrecoveredRead
        }
    }

    /// Bytes of parameters that the host has still to give.
    private var missing: Int { max(0, Int(state.expected) - state.parameters.count) }

    /// Asks for the next block of parameters; with all of them here, they take effect.
    private func requestBlock(_ drive: IDEDrive) {
        guard missing > 0 else {
            do throws(SenseCode) {
                try take(parameters: state.parameters, of: state.packet)
                complete(drive)
            } catch {
                fail(error, drive)
            }
            return
        }
        let count = min(missing, blockLimit(of: missing))
        announce(count, Reason.dataOut, drive)
        move((count + 1) & ~1, toHost: false, drive)
    }

    private func announce(_ count: Int, _ reason: UInt8, _ drive: IDEDrive) {
        drive.state.sectorCount = reason
        drive.state.cylinderLow = UInt8(truncatingIfNeeded: count)
        drive.state.cylinderHigh = UInt8(truncatingIfNeeded: count >> 8)
    }

    // MARK: Status

    private func complete(_ drive: IDEDrive) {
        endPacket()
        drive.state.sectorCount = Reason.status
        drive.finish()
    }

    /// CHECK CONDITION: the error register has the sense key, and ABRT where the command itself was wrong.
    private func fail(_ sense: SenseCode, _ drive: IDEDrive) {
        state.sense = sense
        endPacket()
        drive.state.sectorCount = Reason.status
        let aborted = sense.key == 0x5 ? IDEError.aborted.rawValue : 0
        drive.finish(IDEError(rawValue: sense.key << 4 | aborted))
    }
}
