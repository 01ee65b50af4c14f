/// FORMAT TRACK and READ ID.
extension FloppyController {
    private var number: Int { Int(state.operation.drive & 3) }

    /// The index hole has come: fetches four bytes of ID for each sector. [82077AA 5.1.6]
    func formatTrack() {
        guard !isWriteProtected(number) else { return finish(.abnormal, .notWritable) }
        let count = 4 * Int(state.operation.lastSector)
        if state.isNonDMA, count > 0 { return askHost(for: count) }
        guard count == 0 || fetch(count) != nil else { return }
        layDownTrack(idBytes: count)
    }

    /// Fills the sectors of the track. Only the layout that the image has can be laid down, with the IDs in any order;
    /// anything else writes nothing and ends with ND: the sectors that the guest wants are not there.
    func layDownTrack(idBytes count: Int) {
        let operation = state.operation
        let track = state.drives[number].track
        guard let geometry = readableTrack, let disk = disks[number], operation.sizeCode == 2,
            count == 4 * geometry.sectors, idsMatch(geometry, track: track)
        else { return finish(.abnormal, .noData) }
        let filler = [UInt8](repeating: state.command[5], count: 512)
        for sector in 1...geometry.sectors {
            guard let place = geometry.sectorNumber(cylinder: Int(track), head: Int(operation.head), sector: sector)
            else { continue }
            do {
                try disk.write(sector: place, filler)
            } catch .writeProtected {
                return finish(.abnormal, .notWritable)
            } catch {
                report(error, "format", sector: place)
                return finish([.abnormal, .equipmentCheck])
            }
            state.drives[number].setDeleted(place, false)
        }
        finish()
    }

    /// Whether the IDs in the buffer are those of this track, each sector once.
    private func idsMatch(_ geometry: DiskGeometry, track: UInt8) -> Bool {
        var seen: UInt64 = 0
        for i in 0..<geometry.sectors {
            let id = state.buffer[4 * i..<4 * i + 4]
            let sector = id[4 * i + 2]
            guard id[4 * i] == track, id[4 * i + 1] == state.operation.head, id[4 * i + 3] == 2,
                sector >= 1, Int(sector) <= geometry.sectors, seen & 1 << UInt64(sector) == 0
            else { return false }
            seen |= 1 << UInt64(sector)
        }
        return true
    }

    /// READ ID gives the ID of the sector that passes next. [82077AA 5.1.7]
    func readID(at time: GuestTime) {
        guard let geometry = readableTrack else { return finish(.abnormal, .missingAddressMark) }
        let drive = state.drives[number]
        let turn = scheduler.duration(microseconds: drive.type.turn)
        let passing = time % turn * UInt64(geometry.sectors) / turn
        state.operation.cylinderID = drive.track
        state.operation.headID = state.operation.head
        state.operation.sectorID = UInt8(truncatingIfNeeded: passing + 1)
        state.operation.sizeCode = 2
        finish()
    }
}
