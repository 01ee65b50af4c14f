/// What each packet does. [MMC-1], [SFF-8020i 10.8]
extension ATAPIDrive {
    func perform(_ packet: Packet) throws(SenseCode) -> PacketOutcome {
        // These are answered whatever the drive has to tell. [SFF-8020i 10.8.26], [MMC-2]
        switch packet.command {
        case .requestSense: return .bytes(requestSense(packet))
        case .inquiry: return .bytes(try inquiry(packet))
        case .getConfiguration: return .bytes(try configuration(packet))
        case .getEventStatus: return .bytes(try eventStatus(packet))
        default: break
        }
        if let attention = takeAttention() { throw attention }
        switch packet.command {
        case .testUnitReady:
            _ = try readyDisc()
            return .done
        case .read10: return try read(packet, count: UInt32(packet.word(7)))
        case .read12: return try read(packet, count: packet.long(6))
        case .readCD: return try readCD(packet, first: packet.long(2), count: packet.triple(6))
        case .readCDMSF: return try readCDByTime(packet)
        case .seek10:
            _ = try sectors(from: packet.long(2), count: 1)
            state.next = packet.long(2)
            return .done
        case .startStopUnit: return try startStop(packet)
        case .preventAllowRemoval:
            state.isLocked = packet[4] & 0x01 != 0
            return .done
        case .setCDSpeed:
            let asked = UInt16(packet.word(2))
            state.speed = asked == 0 ? Self.fullSpeed : min(asked, Self.fullSpeed)
            return .done
        case .playAudio10, .playAudio12, .playAudioMSF: return try playAudio(packet)
        case .pauseResume:
            // Nothing plays that could be paused.
            _ = try readyDisc()
            throw .commandSequence
        case .stopPlay:
            _ = try readyDisc()
            return .done
        case .modeSelect6: return try parameters(Int(packet[4]))
        case .modeSelect10: return try parameters(packet.word(7))
        default: return .bytes(try reply(packet))
        }
    }

    /// Commands that only tell.
    private func reply(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        switch packet.command {
        case .readCapacity: try capacity()
        case .readTOC: try tableOfContents(packet)
        case .readHeader: try header(packet)
        case .readSubChannel: try subChannel(packet)
        case .readDiscInformation: try discInformation(packet)
        case .readTrackInformation: try trackInformation(packet)
        case .modeSense6: try modeSense6(packet)
        case .modeSense10: try modeSense10(packet)
        case .mechanismStatus: mechanismStatus(packet)
        default: throw .unknownCommand
        }
    }

    // MARK: Readiness and sense

    /// The unit attention that is due, which the host has seen with that. [SFF-8020i 10.7]
    private func takeAttention() -> SenseCode? {
        if state.wasReset {
            state.wasReset = false
            return .reset
        }
        if state.hasNewDisc {
            state.hasNewDisc = false
            return .discChanged
        }
        return nil
    }

    /// The disc, if the drive is ready.
    func readyDisc() throws(SenseCode) -> any BlockDevice {
        guard !state.isTrayOpen else { throw .noDiscTrayOpen }
        guard let disc else { throw .noDiscTrayClosed }
        return disc
    }

    /// Sectors of the disc, as many as 32 bits can name.
    func sectorCount(_ disc: any BlockDevice) -> UInt32 { UInt32(clamping: disc.sectorCount) }

    /// Why the last command failed; without a failure, the unit attention that is due. [SFF-8020i 10.8.20]
    private func requestSense(_ packet: Packet) -> [UInt8] {
        var sense = state.sense
        state.sense = .none
        if sense == .none, let attention = takeAttention() { sense = attention }
        var bytes = [UInt8](repeating: 0, count: 18)
        // Current error, fixed format; ten bytes follow the eighth.
        bytes[0] = 0x70
        bytes[2] = sense.key
        bytes[7] = 10
        bytes[12] = sense.code
        bytes[13] = sense.qualifier
        return Array(bytes.prefix(Int(packet[4])))
    }

    // MARK: Reading

    private func sectors(from first: UInt32, count: UInt32) throws(SenseCode) -> UInt32 {
        let all = sectorCount(try readyDisc())
        guard first <= all, count <= all - first else { throw .addressOutOfRange }
        return count
    }

    private func read(_ packet: Packet, count: UInt32) throws(SenseCode) -> PacketOutcome {
        let first = packet.long(2)
        return .sectors(first: first, count: try sectors(from: first, count: count), .user)
    }

    /// Byte 1 has the expected type of sectors, 9 the fields that are wanted, 10 the sub-channel. [MMC-1 4.1.12]
    private func readCD(_ packet: Packet, first: UInt32, count: UInt32) throws(SenseCode) -> PacketOutcome {
        _ = try readyDisc()
        let type = packet[1] >> 2 & 0x07
        guard type == 0 || type == 2 else { throw .illegalModeForTrack }
        // No C2 errors, no sub-channel.
        guard packet[9] & 0x06 == 0, packet[10] & 0x07 == 0, let fields = CDSectorFields(packet[9]) else {
            throw .invalidField
        }
        let count = try sectors(from: first, count: count)
        return fields.size == 0 ? .done : .sectors(first: first, count: count, fields)
    }

    private func readCDByTime(_ packet: Packet) throws(SenseCode) -> PacketOutcome {
        let start = try CDTime.sector(packet[3], packet[4], packet[5])
        let end = try CDTime.sector(packet[6], packet[7], packet[8])
        guard start <= end else { throw .invalidField }
        return try readCD(packet, first: start, count: end - start)
    }

    /// The one track has no audio, so that there is nothing to play. [MMC-1 4.1.9]
    private func playAudio(_ packet: Packet) throws(SenseCode) -> PacketOutcome {
        let all = sectorCount(try readyDisc())
        let start =
            packet.command == .playAudioMSF
            ? try CDTime.sector(packet[3], packet[4], packet[5]) : packet.long(2)
        guard start < all else { throw .addressOutOfRange }
        throw .illegalModeForTrack
    }

    // MARK: Tray

    /// Bit 1 of byte 4: load or eject, by bit 0. [MMC-1 4.1.27]
    private func startStop(_ packet: Packet) throws(SenseCode) -> PacketOutcome {
        guard packet[4] & 0x02 != 0 else { return .done }
        let opens = packet[4] & 0x01 == 0
        guard !opens || !state.isLocked else { throw .removalPrevented }
        guard opens != state.isTrayOpen else { return .done }
        state.isTrayOpen = opens
        if disc != nil { noteDisc() }
        return .done
    }

    /// No bytes to come need no phase of their own.
    private func parameters(_ count: Int) throws(SenseCode) -> PacketOutcome {
        guard count <= Self.mostParameters else { throw .invalidField }
        return count == 0 ? .done : .parameters(count)
    }
}
