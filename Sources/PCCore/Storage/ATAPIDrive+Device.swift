/// What the drive tells of itself. [MMC-1], [MMC-2], [SFF-8020i 10.8]
extension ATAPIDrive {
    /// A removable CD-ROM drive; no vital product data. [SFF-8020i 10.8.1]
    func inquiry(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        guard packet[1] & 0x01 == 0, packet[2] == 0 else { throw .invalidField }
        var bytes: [UInt8] = [0x05, 0x80, 0x00, 0x21, 31, 0, 0, 0]
        bytes += Array("SWIFT86 CD-ROM          1.0 ".utf8)
        return cut(bytes, Int(packet[4]))
    }

    /// MECHANISM STATUS: the door, and where the head is; no slots, as the drive is no changer. [MMC-1 4.1.5]
    func mechanismStatus(_ packet: Packet) -> [UInt8] {
        let place = BigEndian.bytes(state.next)
        return cut([0, state.isTrayOpen ? 0x10 : 0] + place[1...] + [0, 0, 0], packet.word(8))
    }

    /// GET EVENT STATUS NOTIFICATION, polled, of class 4: the medium. [MMC-2]
    func eventStatus(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        // There is no queue in which the request could wait for an event.
        guard packet[1] & 0x01 != 0 else { throw .invalidField }
        let limit = packet.word(7)
        // Bit 7: no event of a class that was asked for.
        guard packet[4] & 0x10 != 0 else { return cut([0, 2, 0x80, 0x10], limit) }
        let isThere = disc != nil && !state.isTrayOpen
        let status: UInt8 = (state.isTrayOpen ? 1 : 0) | (isThere ? 2 : 0)
        let event = state.mediaEvent.rawValue
        // What the host had no room for is not told yet.
        if limit >= 8 { state.mediaEvent = .none }
        return cut([0, 6, 0x04, 0x10, event, status, 0, 0], limit)
    }

    /// GET CONFIGURATION: the features from the one asked for on: all, the current ones, or that one. [MMC-2]
    func configuration(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        let isThere = disc != nil && !state.isTrayOpen
        let asked = packet.word(2)
        let current: UInt8 = isThere ? 1 : 0
        // Number, version, persistent and current, data.
        let features: [(Int, UInt8, [UInt8])] = [
            // The profiles: CD-ROM.
            (0x0000, 0x03, [0x00, 0x08, current, 0]),
            // Core: ATAPI.
            (0x0001, 0x03, BigEndian.bytes(UInt32(2))),
            // Morphing: polled events alone.
            (0x0002, 0x03, [0, 0, 0, 0]),
            // Removable medium: a tray that can be opened and locked.
            (0x0003, 0x03, [0x29, 0, 0, 0]),
            // Random readable: sectors of 2,048 bytes, one at a time.
            (0x0010, current, BigEndian.bytes(UInt32(Self.sectorSize)) + [0, 1, 0, 0]),
            // CD read.
            (0x001E, current, [0, 0, 0, 0]),
        ]
        var chosen: [UInt8] = []
        for (number, flags, data) in features {
            switch packet[1] & 0x03 {
            case 0: guard number >= asked else { continue }
            case 1: guard number >= asked, flags & 1 != 0 else { continue }
            case 2: guard number == asked else { continue }
            default: throw .invalidField
            }
            chosen += BigEndian.bytes(UInt16(number)) + [flags, UInt8(data.count)] + data
        }
        let header = BigEndian.bytes(UInt32(chosen.count + 4)) + [0, 0, 0, isThere ? 0x08 : 0]
        return cut(header + chosen, packet.word(7))
    }

    // MARK: Mode pages

    func modeSense6(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        let pages = try modePages(packet)
        return cut([UInt8(pages.count + 3), mediumType, 0, 0] + pages, Int(packet[4]))
    }

    func modeSense10(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        let pages = try modePages(packet)
        return cut(
            BigEndian.bytes(UInt16(pages.count + 6)) + [mediumType, 0, 0, 0, 0, 0] + pages, packet.word(7))
    }

    /// A data disc of 120 mm, no disc, or an open door. [SFF-8020i Table 68]
    private var mediumType: UInt8 { state.isTrayOpen ? 0x71 : disc == nil ? 0x70 : 0x01 }

    private func modePages(_ packet: Packet) throws(SenseCode) -> [UInt8] {
        let control = packet[2] >> 6
        let number = packet[2] & 0x3F
        // Nothing is kept over power-off.
        guard control != 3 else { throw .savingNotSupported }
        var bytes: [UInt8] = []
        for page in ModePage.all where number == 0x3F || number == page.number {
            switch control {
            case 0: bytes += state.pages[page.range]
            case 1: bytes += page.mask
            default: bytes += page.bytes
            }
        }
        if number == 0x3F || number == 0x2A { bytes += control == 1 ? ModePage.fixed(capabilities) : capabilities }
        guard !bytes.isEmpty else { throw .invalidField }
        return bytes
    }

    /// Page 2Ah: reads CD-R and CD-RW; mode 2, multisession; a tray that locks and ejects. [MMC-1 5.2.3.4]
    private var capabilities: [UInt8] {
        var page: [UInt8] = [0x2A, 18, 0x07, 0x00, 0x70, 0x00, 0x29 | (state.isLocked ? 0x02 : 0), 0x00]
        // The highest speed, levels of volume, the buffer in KB, the speed now.
        for value in [Self.fullSpeed, 0, 8, state.speed] { page += BigEndian.bytes(value) }
        return page + [0, 0, 0, 0]
    }

    /// MODE SELECT: a header, perhaps a block descriptor, pages. [SFF-8020i 10.8.5]
    func take(parameters: [UInt8], of packet: Packet) throws(SenseCode) {
        let isShort = packet.command == .modeSelect6
        guard packet[1] & 0x01 == 0 else { throw .invalidField }
        let headerSize = isShort ? 4 : 8
        guard parameters.count >= headerSize else { throw .parameterListLength }
        let descriptor = isShort ? Int(parameters[3]) : Int(parameters[6]) << 8 | Int(parameters[7])
        guard descriptor == 0 || descriptor == 8 else { throw .invalidParameter }
        var rest = parameters.dropFirst(headerSize)
        guard rest.count >= descriptor else { throw .parameterListLength }
        rest = rest.dropFirst(descriptor)
        // All pages are right before the first one takes effect.
        var pages = state.pages
        while let number = rest.first {
            guard let page = ModePage.all.first(where: { $0.number == number & 0x3F }) else { throw .invalidParameter }
            guard rest.count >= page.bytes.count else { throw .parameterListLength }
            let new = Array(rest.prefix(page.bytes.count))
            guard new[1] == page.bytes[1] else { throw .invalidParameter }
            for i in 2..<new.count {
                let place = page.range.lowerBound + i
                guard (new[i] ^ pages[place]) & ~page.mask[i] == 0 else { throw .invalidParameter }
                pages[place] = new[i]
            }
            rest = rest.dropFirst(page.bytes.count)
        }
        state.pages = pages
    }
}

/// A mode page that MODE SELECT can change in part.
struct ModePage {
    /// As it is at power-on: number, length, parameters.
    let bytes: [UInt8]
    /// Which bits can be changed.
    let mask: [UInt8]
    /// Where it stands among all of them.
    let range: Range<Int>

    var number: UInt8 { bytes[0] }

    static let all: [ModePage] = {
        let pages: [([UInt8], [Int: UInt8])] = [
            // Error recovery: what to do with errors, how often to try again.
            ([0x01, 6, 0, 3, 0, 0, 0, 0], [2: 0x37, 3: 0xFF]),
            // CD-ROM parameters: when to stop the motor; 60 seconds of 75 frames.
            ([0x0D, 6, 0, 0x0D, 0, 60, 0, 75], [3: 0x0F]),
            // Audio control: when to report, two ports with their volumes.
            (
                [0x0E, 14, 0x04, 0, 0, 0, 0, 0, 1, 0xFF, 2, 0xFF, 0, 0, 0, 0],
                [2: 0x06, 8: 0x0F, 9: 0xFF, 10: 0x0F, 11: 0xFF]
            ),
        ]
        var start = 0
        return pages.map { bytes, changes in
            var mask = fixed(bytes)
            for (index, bits) in changes { mask[index] = bits }
            defer { start += bytes.count }
            return ModePage(bytes: bytes, mask: mask, range: start..<start + bytes.count)
        }
    }()

    static let defaults = all.flatMap(\.bytes)

    /// The mask of a page of which nothing can be changed: number and length alone.
    static func fixed(_ page: [UInt8]) -> [UInt8] {
        Array(page.prefix(2)) + [UInt8](repeating: 0, count: page.count - 2)
    }
}
