/// Reading and writing sectors: a block is one sector, or several with READ and WRITE MULTIPLE.
extension ATADisk {
    // MARK: Addresses

    /// The sector that the registers name, nil where the geometry has no such sector.
    func address(_ drive: IDEDrive) -> UInt32? {
        let registers = drive.state
        let middle = UInt32(registers.cylinderLow) | UInt32(registers.cylinderHigh) << 8
        let head = UInt32(registers.deviceHead & IDEDeviceHead.head)
        if registers.deviceHead & IDEDeviceHead.isLBA != 0 {
            return UInt32(registers.sectorNumber) | middle << 8 | head << 24
        }
        let sector = UInt32(registers.sectorNumber)
        guard head < UInt32(state.heads), sector >= 1, sector <= UInt32(state.sectors) else { return nil }
        return (middle &* UInt32(state.heads) &+ head) &* UInt32(state.sectors) &+ sector &- 1
    }

    /// Shows `sector` in the registers, in the manner in which the command was given. [ATA-1 9.7]
    private func showAddress(_ sector: UInt32, _ drive: IDEDrive) {
        let heads = UInt32(max(1, state.heads))
        let sectors = UInt32(max(1, state.sectors))
        let low: UInt32
        let middle: UInt32
        let head: UInt32
        if drive.state.deviceHead & IDEDeviceHead.isLBA != 0 {
            (low, middle, head) = (sector, sector >> 8, sector >> 24)
        } else {
            let track = sector / sectors
            (low, middle, head) = (sector % sectors &+ 1, track / heads, track % heads)
        }
        drive.state.sectorNumber = UInt8(truncatingIfNeeded: low)
        drive.state.cylinderLow = UInt8(truncatingIfNeeded: middle)
        drive.state.cylinderHigh = UInt8(truncatingIfNeeded: middle >> 8)
        drive.state.deviceHead =
            drive.state.deviceHead & ~IDEDeviceHead.head | UInt8(truncatingIfNeeded: head) & IDEDeviceHead.head
    }

    // MARK: Commands

    /// What is checked before the first block. False where the command has ended.
    func locateFirst(_ drive: IDEDrive, _ command: ATACommand) -> Bool {
        let isMultiple = command == .readMultiple || command == .writeMultiple
        let writes = command == .writeSectors || command == .writeMultiple
        if isMultiple, state.multiple == 0 {
            drive.finish(.aborted)
            return false
        }
        if writes, disk.isReadOnly {
            drive.finish([.aborted, .writeProtected])
            return false
        }
        guard let first = address(drive), first < capacity else {
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
        case .readMultiple: readBlock(drive, of: UInt16(state.multiple))
        case .writeSectors: writeBlock(drive, of: 1)
        case .writeMultiple: writeBlock(drive, of: UInt16(state.multiple))
        case .verifySectors: verify(drive)
        default: drive.finish()
        }
    }

    /// Reads a block into the buffer. A sector that cannot be read ends the command; the sectors before it in the
    /// block are offered all the same, with ERR set. [ATA-4 8.27]
    private func readBlock(_ drive: IDEDrive, of most: UInt16) {
        let count = Int(min(most, state.remaining, UInt16(Self.mostMultiple)))
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

    private func verify(_ drive: IDEDrive) {
        while state.remaining > 0 {
            guard read(drive) != nil else { return }
            passSector(drive)
        }
        drive.finish()
    }

    /// The next sector; nil where it could not be read and the command has ended.
    private func read(_ drive: IDEDrive) -> [UInt8]? {
        showAddress(state.next, drive)
        drive.state.sectorCount = UInt8(truncatingIfNeeded: state.remaining)
        guard state.next < capacity else {
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
    private func writeBlock(_ drive: IDEDrive, of most: UInt16) {
        guard state.isUnderWay else {
            state.isUnderWay = true
            return requestBlock(drive, of: most, interrupt: false)
        }
        let count = Int(min(most, state.remaining, UInt16(Self.mostMultiple)))
        for i in 0..<count {
            guard write(Array(drive.state.buffer[i * 512..<(i + 1) * 512]), drive) else { return }
            passSector(drive)
        }
        if state.remaining > 0 {
            requestBlock(drive, of: most, interrupt: true)
        } else if state.writeCache {
            drive.finish()
        } else {
            flush(drive)
        }
    }

    private func requestBlock(_ drive: IDEDrive, of most: UInt16, interrupt: Bool) {
        let count = Int(min(most, state.remaining, UInt16(Self.mostMultiple)))
        drive.requestBlock(count * 512, interrupt: interrupt)
    }

    /// Writes the next sector. Where that fails, the registers name it, and the sectors before it are on the disk.
    private func write(_ bytes: [UInt8], _ drive: IDEDrive) -> Bool {
        showAddress(state.next, drive)
        drive.state.sectorCount = UInt8(truncatingIfNeeded: state.remaining)
        guard state.next < capacity else {
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
        drive.state.sectorCount = UInt8(truncatingIfNeeded: state.remaining)
    }
}
