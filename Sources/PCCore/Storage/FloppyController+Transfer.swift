/// Moving sectors between disk and host, by DMA or through the FIFO.
extension FloppyController {
    private var number: Int { Int(state.operation.drive & 3) }

    // MARK: Reading

    /// READ DATA, READ DELETED DATA and VERIFY.
    func readSector(at time: GuestTime) {
        let sector: Int
        switch locate() {
        case .missing(let status1, let status2): return finish(.abnormal, status1, status2)
        case .found(let found): sector = found
        }
        let wantsDeleted = command == .readDeletedData
        if state.drives[number].isDeleted(sector) != wantsDeleted {
            state.operation.status2 |= FloppyStatus2.controlMark.rawValue
            if skips { return sectorDone(terminalCount: false, at: time) }
            state.operation.stopsAtMark = true
        }
        guard let bytes = content(sector) else { return }
        if command == .verify { return sectorDone(terminalCount: false, at: time) }
        deliver(bytes, at: time)
    }

    /// READ TRACK takes the sectors as they come after the index hole and only notes where an ID is not the one
    /// expected. [82077AA 5.1.3]
    func readNextOfTrack(at time: GuestTime) {
        guard let geometry = readableTrack else { return finish(.abnormal, .missingAddressMark) }
        let operation = state.operation
        let track = state.drives[number].track
        let passing = Int(operation.sectorsDone) % geometry.sectors + 1
        if operation.cylinderID != track || operation.headID != operation.head || operation.sizeCode != 2
            || Int(operation.sectorID) != passing
        {
            state.operation.status1 |= FloppyStatus1.noData.rawValue
        }
        guard
            let sector = geometry.sectorNumber(cylinder: Int(track), head: Int(operation.head), sector: passing),
            let bytes = content(sector)
        else { return }
        deliver(bytes, at: time)
    }

    /// The bytes of a sector. Where the host cannot read them, the command ends like one that met a wrong CRC.
    private func content(_ sector: Int) -> [UInt8]? {
        do throws(BlockError) {
            guard let bytes = try disks[number]?.read(sector: sector), bytes.count == 512 else {
                throw BlockError.failed("not a sector of 512 bytes")
            }
            return bytes
        } catch {
            report(error, "read", sector: sector)
            finish(.abnormal, .dataError, .dataErrorInData)
            return nil
        }
    }

    private func deliver(_ bytes: [UInt8], at time: GuestTime) {
        if state.isNonDMA {
            state.buffer.replaceSubrange(0..<512, with: bytes)
            state.bufferIndex = 0
            state.bufferCount = 512
            state.wait = .hostReads
            return setInterrupt(true)
        }
        let result = state.isGateOpen ? dma.write(bytes, from: 0) : DMAResult(moved: 0, terminalCount: false)
        guard result.terminalCount || result.moved == 512 else { return finish(.abnormal, .overrun) }
        delivered(terminalCount: result.terminalCount, at: time)
    }

    private func delivered(terminalCount: Bool, at time: GuestTime) {
        guard command == .readTrack else { return sectorDone(terminalCount: terminalCount, at: time) }
        state.operation.sectorsDone &+= 1
        state.operation.sectorID &+= 1
        if terminalCount || state.operation.sectorsDone >= UInt16(max(1, state.operation.lastSector)) {
            finish()
        } else {
            search(from: time)
        }
    }

    // MARK: Writing

    /// WRITE DATA and WRITE DELETED DATA.
    func writeSector(at time: GuestTime) {
        guard !isWriteProtected(number) else { return finish(.abnormal, .notWritable) }
        if case .missing(let status1, let status2) = locate() { return finish(.abnormal, status1, status2) }
        if state.isNonDMA { return askHost(for: 512) }
        guard let result = fetch(512) else { return }
        store(terminalCount: result.terminalCount, at: time)
    }

    /// Fetches `count` bytes into the buffer by DMA; what terminal count leaves out is filled with zeroes.
    /// [uPD765A p.12, WRITE DATA]
    func fetch(_ count: Int) -> DMAResult? {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = state.isGateOpen ? dma.read(into: &bytes, from: 0) : DMAResult(moved: 0, terminalCount: false)
        guard result.terminalCount || result.moved == count else {
            finish(.abnormal, .overrun)
            return nil
        }
        for i in 0..<min(count, State.bufferRoom) { state.buffer[i] = bytes[i] }
        return result
    }

    func askHost(for count: Int) {
        state.bufferIndex = 0
        state.bufferCount = UInt16(clamping: min(count, State.bufferRoom))
        state.wait = .hostWrites
        setInterrupt(true)
    }

    /// Writes the buffer to the sector that was found. The disk may have gone since: then nothing is written.
    private func store(terminalCount: Bool, at time: GuestTime) {
        guard case .found(let sector) = locate(), let disk = disks[number] else { return search(from: time) }
        do {
            try disk.write(sector: sector, Array(state.buffer[0..<512]))
        } catch .writeProtected {
            return finish(.abnormal, .notWritable)
        } catch {
            // No bit says that a write failed; the drive's fault line does.
            report(error, "write", sector: sector)
            return finish([.abnormal, .equipmentCheck])
        }
        state.drives[number].setDeleted(sector, command == .writeDeletedData)
        sectorDone(terminalCount: terminalCount, at: time)
    }

    // MARK: Non-DMA mode

    /// The host reads a byte of the sector. Each byte asks for the next by an edge of INT. [82077AA 5.1.2]
    func takeByte() -> UInt8 {
        let index = Int(state.bufferIndex)
        guard index < State.bufferRoom else { return 0 }
        state.bufferIndex &+= 1
        setInterrupt(false)
        if state.bufferIndex < state.bufferCount {
            setInterrupt(true)
        } else {
            // No terminal count reaches the controller in this mode: the command goes on up to EOT.
            delivered(terminalCount: false, at: scheduler.now)
            scheduleNext()
        }
        return state.buffer[index]
    }

    /// The host writes a byte of the sector, or of the IDs of a track to format.
    func giveByte(_ value: UInt8) {
        let index = Int(state.bufferIndex)
        guard index < State.bufferRoom else { return }
        state.buffer[index] = value
        state.bufferIndex &+= 1
        setInterrupt(false)
        if state.bufferIndex < state.bufferCount {
            setInterrupt(true)
        } else if command == .formatTrack {
            layDownTrack(idBytes: Int(state.bufferCount))
        } else {
            store(terminalCount: false, at: scheduler.now)
            scheduleNext()
        }
    }
}
