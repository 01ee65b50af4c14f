/// IDENTIFY PACKET DEVICE. [ATA-4 8.13, Table 13]
extension ATAPIDrive {
    /// The 256 words as bytes, low bytes first.
    func identity() -> [UInt8] {
        var words = IdentityWords()
        // A removable CD-ROM drive; DRQ within 50 µs of the command; packets of 12 bytes.
        words[0] = 0x85C0
        words.put("SW86-CD00000\(number + 1)", at: 10, words: 10)
        words.put("1.0", at: 23, words: 4)
        words.put("SWIFT86 CD-ROM", at: 27, words: 20)
        // LBA, IORDY and that it can be switched off, DMA.
        words[49] = 0x0E00 | (offersDMA ? 0x0100 : 0)
        words[51] = 0x0200
        // Words 64-70 are valid, and word 88 where there is DMA.
        words[53] = offersDMA ? 0x0006 : 0x0002
        if offersDMA {
            // Multiword and Ultra DMA modes 0 to 2, and the one that is set.
            words[63] = 0x0007 | chosenMode(0x20)
            words[88] = 0x0007 | chosenMode(0x40)
            words[65] = 120
            words[66] = 120
        }
        // PIO modes 3 and 4, 120 ns a cycle.
        words[64] = 0x0003
        words[67] = 120
        words[68] = 120
        // ATA-4 with packets.
        words[80] = 0x0010
        // DEVICE RESET, PACKET, power management.
        words[82] = 0x0218
        words[83] = 0x4000
        words[84] = 0x4000
        words[85] = 0x0218
        words[87] = 0x4000
        return words.bytes
    }

    /// The upper byte of a word of DMA modes: the mode that SET FEATURES has chosen, if it is one of `first`'s kind.
    private func chosenMode(_ first: UInt8) -> UInt16 {
        state.transferMode & 0xF8 == first ? 0x100 << UInt16(state.transferMode & 7) : 0
    }
}

/// The answer to an IDENTIFY command while it is made.
struct IdentityWords {
    private var words = [UInt16](repeating: 0, count: 256)

    subscript(_ index: Int) -> UInt16 {
        get { words[index] }
        set { words[index] = newValue }
    }

    /// Text in `count` words, filled up with blanks; the first character of a pair stands in the high byte.
    mutating func put(_ text: String, at first: Int, words count: Int) {
        var characters = Array(text.utf8.prefix(count * 2))
        characters.append(contentsOf: repeatElement(0x20, count: count * 2 - characters.count))
        for i in 0..<count { words[first + i] = UInt16(characters[2 * i]) << 8 | UInt16(characters[2 * i + 1]) }
    }

    var bytes: [UInt8] { words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] } }
}
