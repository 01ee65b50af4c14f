/// IDENTIFY DEVICE. [ATA-4 8.12, Table 9]
extension ATADisk {
    /// The 256 words as bytes, low bytes first.
    func identity() -> [UInt8] {
        var words = [UInt16](repeating: 0, count: 256)
        func put(_ text: String, at first: Int, words count: Int) {
            var bytes = Array(text.utf8.prefix(count * 2))
            bytes.append(contentsOf: repeatElement(0x20, count: count * 2 - bytes.count))
            // The first character of a pair stands in the high byte.
            for i in 0..<count { words[first + i] = UInt16(bytes[2 * i]) << 8 | UInt16(bytes[2 * i + 1]) }
        }
        func putLong(_ value: UInt32, at first: Int) {
            words[first] = UInt16(truncatingIfNeeded: value)
            words[first + 1] = UInt16(truncatingIfNeeded: value >> 16)
        }
        // A fixed disk.
        words[0] = 0x0040
        words[1] = UInt16(clamping: min(geometry.cylinders, DiskGeometry.mostReportedCylinders))
        words[3] = UInt16(clamping: geometry.heads)
        // Bytes of a track and of a sector, retired since ATA-2.
        words[4] = UInt16(clamping: geometry.sectors * 512)
        words[5] = 512
        words[6] = UInt16(clamping: geometry.sectors)
        put("SW86-0000000\(number + 1)", at: 10, words: 10)
        // Buffer: dual ported with look-ahead, of 16 sectors; four bytes of ECC.
        words[20] = 3
        words[21] = UInt16(Self.mostMultiple)
        words[22] = 4
        put("1.0", at: 23, words: 4)
        put("SWIFT86 HARD DISK", at: 27, words: 20)
        words[47] = 0x8000 | UInt16(Self.mostMultiple)
        // 32-bit accesses of the data register, as drives of the time had it.
        words[48] = 0x0001
        // DMA, LBA, IORDY and that it can be switched off.
        words[49] = 0x0F00
        words[50] = 0x4000
        words[51] = 0x0200
        // Words 54-58, 64-70 and 88 are valid.
        words[53] = 0x0007
        words[54] = UInt16(clamping: currentCylinders)
        words[55] = UInt16(state.heads)
        words[56] = UInt16(state.sectors)
        putLong(
            UInt32(clamping: currentCylinders) &* UInt32(state.heads) &* UInt32(state.sectors), at: 57)
        words[59] = state.multiple == 0 ? 0 : 0x0100 | UInt16(state.multiple)
        putLong(capacity, at: 60)
        // Multiword DMA modes 0 to 2, with the chosen one, if any, in the upper byte; PIO modes 3 and 4; 120 ns a cycle.
        words[63] = 0x0007 | chosenMode(0x20)
        words[64] = 0x0003
        words[65] = 120
        words[66] = 120
        words[67] = 120
        words[68] = 120
        // ATA-1 to ATA-6.
        words[80] = 0x007E
        // Commands: NOP, READ BUFFER, WRITE BUFFER, look-ahead, write cache, power management; FLUSH CACHE, FLUSH
        // CACHE EXT, 48-bit addresses.
        words[82] = 0x7068
        words[83] = 0x7400
        words[84] = 0x4000
        words[85] = 0x7008 | (state.lookAhead ? 0x40 : 0) | (state.writeCache ? 0x20 : 0)
        words[86] = 0x3400
        words[87] = 0x4000
        // Ultra DMA modes 0 to 2.
        words[88] = 0x0007 | chosenMode(0x40)
        putLong(UInt32(truncatingIfNeeded: extendedCapacity), at: 100)
        putLong(UInt32(truncatingIfNeeded: extendedCapacity >> 32), at: 102)
        return words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    /// The upper byte of a word of DMA modes: the mode that SET FEATURES has chosen, if it is one of `first`'s kind.
    private func chosenMode(_ first: UInt8) -> UInt16 {
        state.transferMode & 0xF8 == first ? 0x100 << UInt16(state.transferMode & 7) : 0
    }

    /// Cylinders of the geometry that INITIALIZE DEVICE PARAMETERS has set; with the drive's own, what word 1 says.
    private var currentCylinders: Int {
        let track = Int(max(1, state.heads)) * Int(max(1, state.sectors))
        let most =
            Int(state.heads) == geometry.heads && Int(state.sectors) == geometry.sectors
            ? DiskGeometry.mostReportedCylinders : 0xFFFF
        return min(max(1, Int(capacity) / track), most)
    }
}
