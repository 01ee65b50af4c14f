/// Reading and writing sectors: a block is one sector, or several with READ and WRITE MULTIPLE.
extension ATADisk {
    // MARK: Addresses

    /// The sector that the registers name, nil where the geometry has no such sector.
    func address(_ drive: IDEDrive, isExtended: Bool) -> UInt64? {
        let registers = drive.state
        let low = UInt64(registers.sectorNumber)
        let middle = UInt64(registers.cylinderLow) | UInt64(registers.cylinderHigh) << 8
        if isExtended {
            guard registers.deviceHead & IDEDeviceHead.isLBA != 0 else { return nil }
            let previous =
                UInt64(registers.previousNumber) | UInt64(registers.previousLow) << 8 | UInt64(registers.previousHigh)
                << 16
            return low | middle << 8 | previous << 24
        }
        let head = UInt64(registers.deviceHead & IDEDeviceHead.head)
        if registers.deviceHead & IDEDeviceHead.isLBA != 0 { return low | middle << 8 | head << 24 }
        guard head < UInt64(state.heads), low >= 1, low <= UInt64(state.sectors) else { return nil }
        return (middle * UInt64(state.heads) + head) * UInt64(state.sectors) + low - 1
    }

    private func isExtended(_ drive: IDEDrive) -> Bool { ATACommand.isExtended(drive.state.command) }

    /// Sectors that the command under way can name.
    private func capacity(_ drive: IDEDrive) -> UInt64 { isExtended(drive) ? extendedCapacity : UInt64(capacity) }

    /// Shows `sector` in the registers, in the manner in which the command was given. [ATA-1 9.7, ATA-6 6.20]
    private func showAddress(_ sector: UInt64, _ drive: IDEDrive) {
        let low: UInt64
        let middle: UInt64
        if isExtended(drive) {
            (low, middle) = (sector, sector >> 8)
            drive.state.previousNumber = UInt8(truncatingIfNeeded: sector >> 24)
            drive.state.previousLow = UInt8(truncatingIfNeeded: sector >> 32)
            drive.state.previousHigh = UInt8(truncatingIfNeeded: sector >> 40)
        } else {
            let head: UInt64
            if drive.state.deviceHead & IDEDeviceHead.isLBA != 0 {
                (low, middle, head) = (sector, sector >> 8, sector >> 24)
            } else {
                let heads = UInt64(max(1, state.heads))
                let sectors = UInt64(max(1, state.sectors))
                let track = sector / sectors
                (low, middle, head) = (sector % sectors + 1, track / heads, track % heads)
            }
            drive.state.deviceHead =
                drive.state.deviceHead & ~IDEDeviceHead.head | UInt8(truncatingIfNeeded: head) & IDEDeviceHead.head
        }
        drive.state.sectorNumber = UInt8(truncatingIfNeeded: low)
        drive.state.cylinderLow = UInt8(truncatingIfNeeded: middle)
        drive.state.cylinderHigh = UInt8(truncatingIfNeeded: middle >> 8)
    }

    /// Shows how many sectors are left.
    private func showRemaining(_ drive: IDEDrive) {
        drive.state.sectorCount = UInt8(truncatingIfNeeded: state.remaining)
        if isExtended(drive) { drive.state.previousCount = UInt8(truncatingIfNeeded: state.remaining >> 8) }
    }

    /// The last sector, as the disk came from its maker. [ATA-6 8.33, 8.34]
    func readNativeMax(_ drive: IDEDrive) {
        guard drive.state.deviceHead & IDEDeviceHead.isLBA != 0 else { return drive.finish(.aborted) }
        showAddress(capacity(drive) - 1, drive)
        drive.finish()
    }

    // MARK: Commands

    /// What is checked before the first block. False where the command has ended.
    func locateFirst(_ drive: IDEDrive, _ command: ATACommand) -> Bool {
        let isMultiple = command == .readMultiple || command == .writeMultiple
        if isMultiple, state.multiple == 0 {
            drive.finish(.aborted)
            return false
        }
        if command.writesSectors, disk.isReadOnly {
            drive.finish([.aborted, .writeProtected])
            return false
        }
        guard let first = address(drive, isExtended: isExtended(drive)), first < capacity(drive) else {
            drive.finish(.idNotFound)
            return false
        }
        state.next = first
        return true
    }

    /// The next part of a command that has a place on the disk.
    func transfer(_ drive: IDEDrive, _ command: ATACommand) {
        switch command {
        case .readSectors: readBlock(drive, of: 1)
        case .readMultiple: readBlock(drive, of: UInt32(state.multiple))
        case .readDMA: readByDMA(drive)
        case .writeSectors: writeBlock(drive, of: 1)
        case .writeMultiple: writeBlock(drive, of: UInt32(state.multiple))
        case .writeDMA: writeBlock(drive, of: UInt32(Self.mostMultiple), byDMA: true)
        case .verifySectors: verify(drive)
        default: drive.finish()
        }
    }

    /// Reads a block into the buffer. A sector that cannot be read ends the command; the sectors before it in the
    /// block are offered all the same, with ERR set. [ATA-4 8.27]
    private func readBlock(_ drive: IDEDrive, of most: UInt32) {
        let count = Int(min(most, state.remaining, UInt32(Self.mostMultiple)))
        state.isUnderWay = true
        for i in 0..<count {
            guard let bytes = read(drive) else {
                guard i > 0 else { return }
                for j in i * 512..<count * 512 { drive.state.buffer[j] = 0 }
                state.remaining = 0
                drive.offerBlock(count * 512)
                drive.state.status |= IDEStatus.error.rawValue
                return
            }
            drive.state.buffer.replaceSubrange(i * 512..<(i + 1) * 512, with: bytes)
            passSector(drive)
        }
        drive.offerBlock(count * 512)
    }

    /// Gives the next block to the bus master, or ends after the last. A sector that cannot be read ends the command after
    /// those before it have moved.
    private func readByDMA(_ drive: IDEDrive) {
        guard state.remaining > 0 else { return drive.finish() }
        let count = Int(min(state.remaining, UInt32(Self.mostMultiple)))
        state.isUnderWay = true
        for i in 0..<count {
            guard let bytes = read(drive) else {
                // Tried again when the others have moved, and then it is the first.
                if i > 0 { drive.offerDMA(i * 512, gives: true) }
                return
            }
            drive.state.buffer.replaceSubrange(i * 512..<(i + 1) * 512, with: bytes)
            passSector(drive)
        }
        drive.offerDMA(count * 512, gives: true)
    }

    /// A stretch of the sectors at a time, so that no command keeps the host for long.
    private func verify(_ drive: IDEDrive) {
        state.isUnderWay = true
        for _ in 0..<256 where state.remaining > 0 {
            guard read(drive) != nil else { return }
            passSector(drive)
        }
        if state.remaining > 0 { drive.beBusy(microseconds: blockDelay) } else { drive.finish() }
    }

    /// The next sector; nil where it could not be read and the command has ended.
    private func read(_ drive: IDEDrive) -> [UInt8]? {
        showAddress(state.next, drive)
        showRemaining(drive)
        guard state.next < capacity(drive) else {
            drive.finish(.idNotFound)
            return nil
        }
        do throws(BlockError) {
            let bytes = try disk.read(sector: Int(state.next))
            guard bytes.count == 512 else { throw .failed("not a sector of 512 bytes") }
            return bytes
        } catch {
            report("read sector \(state.next)", error, drive)
            drive.finish(error == .outOfRange ? .idNotFound : .uncorrectable)
            return nil
        }
    }

    /// Asks for the first block, or writes the one that came and asks for the next.
    private func writeBlock(_ drive: IDEDrive, of most: UInt32, byDMA: Bool = false) {
        guard state.isUnderWay else {
            state.isUnderWay = true
            return requestBlock(drive, of: most, byDMA: byDMA, interrupt: false)
        }
        let count = Int(min(most, state.remaining, UInt32(Self.mostMultiple)))
        for i in 0..<count {
            guard write(Array(drive.state.buffer[i * 512..<(i + 1) * 512]), drive) else { return }
            passSector(drive)
        }
        if state.remaining > 0 {
            requestBlock(drive, of: most, byDMA: byDMA, interrupt: true)
        } else if state.writeCache {
            drive.finish()
        } else {
            flush(drive)
        }
    }

    private func requestBlock(_ drive: IDEDrive, of most: UInt32, byDMA: Bool, interrupt: Bool) {
        let count = Int(min(most, state.remaining, UInt32(Self.mostMultiple)))
        if byDMA {
            drive.offerDMA(count * 512, gives: false)
        } else {
            drive.requestBlock(count * 512, interrupt: interrupt)
        }
    }

    /// Writes the next sector. Where that fails, the registers name it, and the sectors before it are on the disk.
    private func write(_ bytes: [UInt8], _ drive: IDEDrive) -> Bool {
        showAddress(state.next, drive)
        showRemaining(drive)
        guard state.next < capacity(drive) else {
            drive.finish(.idNotFound)
            return false
        }
        do throws(BlockError) {
            try disk.write(sector: Int(state.next), bytes)
            return true
        } catch {
            report("write sector \(state.next)", error, drive)
            switch error {
            case .outOfRange: drive.finish(.idNotFound)
            case .writeProtected: drive.finish([.aborted, .writeProtected])
            // A write has no error bit for bad data: the drive has a fault.
            case .failed: drive.finish(.aborted, fault: true)
            }
            return false
        }
    }

    /// The sector is done; the registers keep its address and count what is left. [ATA-1 9.7]
    private func passSector(_ drive: IDEDrive) {
        state.next &+= 1
        state.remaining &-= min(1, state.remaining)
        showRemaining(drive)
    }
}
