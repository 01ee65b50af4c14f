/// What the drive tells of the disc: one session, one track of data. [MMC-1], [SFF-8020i 10.8]
extension ATAPIDrive {
    /// ADR 1 (positions in Q) and control 4 (a data track). [MMC-1 Table 109]
    private static let dataTrack: UInt8 = 0x14
    private static let leadOut: UInt8 = 0xAA

    /// The number of the last sector, and the size of one.
    func capacity() throws(SenseCode) -> [UInt8] {
        let count = sectorCount(try readyDisc())
        return BigEndian.bytes(count - 1) + BigEndian.bytes(UInt32(Self.sectorSize))
    }

    /// READ TOC: format 0 tracks, 1 sessions, 2 as in the lead-in. Drives before MMC had the format in byte 9.
    func tableOfContents(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        let end = sectorCount(try readyDisc())
        let asTime = packet[1] & 0x02 != 0
        let format = packet[2] & 0x0F == 0 ? packet[9] >> 6 : packet[2] & 0x0F
        let track = packet[6]
        var entries: [UInt8] = []
        switch format {
        case 0:
            guard track <= 1 || track == Self.leadOut else { throw .invalidField }
            if track <= 1 { entries = [0, Self.dataTrack, 1, 0] + CDTime.address(0, asTime: asTime) }
            entries += [0, Self.dataTrack, Self.leadOut, 0] + CDTime.address(end, asTime: asTime)
        case 1: entries = [0, Self.dataTrack, 1, 0] + CDTime.address(0, asTime: asTime)
        case 2:
            // Points A0h and A1h name first and last track, A2h where the lead-out begins. Always by time.
            let points: [(UInt8, [UInt8])] = [
                (0xA0, [1, 0, 0]), (0xA1, [1, 0, 0]), (0xA2, CDTime.parts(of: end)), (1, CDTime.parts(of: 0)),
            ]
            for (point, place) in points { entries += [1, Self.dataTrack, 0, point, 0, 0, 0, 0] + place }
        default: throw .invalidField
        }
        return cut(BigEndian.bytes(UInt16(entries.count + 2)) + [1, 1] + entries, packet.word(7))
    }

    /// READ HEADER: the mode of the sector and its address.
    func header(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        let sector = packet.long(2)
        guard sector < sectorCount(try readyDisc()) else { throw .addressOutOfRange }
        return cut([1, 0, 0, 0] + CDTime.address(sector, asTime: packet[1] & 0x02 != 0), packet.word(7))
    }

    /// READ SUB-CHANNEL: where the head is; there is no catalogue number and no ISRC.
    func subChannel(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        _ = try readyDisc()
        var data: [UInt8] = []
        if packet[2] & 0x40 != 0 {
            let place = CDTime.address(state.next, asTime: packet[1] & 0x02 != 0)
            switch packet[3] {
            case 1: data = [1, Self.dataTrack, 1, 1] + place + place
            case 2, 3:
                data = [UInt8](repeating: 0, count: 20)
                data[0] = packet[3]
                if packet[3] == 3 { (data[1], data[2]) = (Self.dataTrack, 1) }
            default: throw .invalidField
            }
        }
        // 15h: no audio status to tell.
        return cut([0, 0x15] + BigEndian.bytes(UInt16(data.count)) + data, packet.word(7))
    }

    /// READ DISC INFORMATION: complete, with one complete session. [MMC-2]
    func discInformation(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        _ = try readyDisc()
        var bytes = [UInt8](repeating: 0, count: 34)
        bytes[1] = 32
        bytes[2] = 0x0E
        // First track, sessions, first and last track of the last session; unrestricted use.
        bytes.replaceSubrange(3..<8, with: [1, 1, 1, 1, 0x20])
        // Nothing can be added: no next session, no further lead-out.
        bytes.replaceSubrange(16..<24, with: repeatElement(0xFF, count: 8))
        return cut(bytes, packet.word(7))
    }

    /// READ TRACK INFORMATION, by sector, track or session. [MMC-2]
    func trackInformation(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        let count = sectorCount(try readyDisc())
        let asked = packet.long(2)
        switch packet[1] & 0x03 {
        case 0: guard asked < count else { throw .addressOutOfRange }
        case 1, 2: guard asked == 1 else { throw .invalidField }
        default: throw .invalidField
        }
        var bytes = [UInt8](repeating: 0, count: 36)
        bytes[1] = 34
        // Track and session; a data track; mode 1.
        bytes.replaceSubrange(2..<7, with: [1, 1, 0, 4, 1])
        bytes.replaceSubrange(24..<28, with: BigEndian.bytes(count))
        return cut(bytes, packet.word(7))
    }

    func cut(_ bytes: [UInt8], _ limit: Int) -> [UInt8] { Array(bytes.prefix(limit)) }
}
