/// Blocks of memory as a bus master on PCI moves them.
extension Bus {
    /// Writes `bytes` from `physical` on. Gives how many found somebody to take them: fewer than all is a master abort.
    func masterWrite(_ bytes: ArraySlice<UInt8>, at physical: UInt32) -> Int {
        var done = 0
        while done < bytes.count {
            let address = physical &+ UInt32(truncatingIfNeeded: done)
            let count = min(bytes.count - done, PhysicalMemory.pageSize - Int(address & 0xFFF))
            let part = bytes[(bytes.startIndex + done)..<(bytes.startIndex + done + count)]
            if !memory.store(part, at: address) {
                guard answers(address) else { break }
                for (i, byte) in part.enumerated() {
                    writeDevice(address &+ UInt32(truncatingIfNeeded: i), UInt32(byte), .byte)
                }
            }
            done += count
        }
        return done
    }

    /// Reads `count` bytes from `physical` on; fewer come where nobody answers.
    func masterRead(_ count: Int, at physical: UInt32) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let address = physical &+ UInt32(truncatingIfNeeded: bytes.count)
            let part = min(count - bytes.count, PhysicalMemory.pageSize - Int(address & 0xFFF))
            if let host = memory.page(address).host {
                // SAFETY: `part` bytes stay within the page.
                bytes.append(
                    contentsOf: UnsafeRawBufferPointer(start: host + Int(address & 0xFFF), count: part))
            } else {
                guard answers(address) else { break }
                for i in 0..<part {
                    bytes.append(
                        UInt8(truncatingIfNeeded: readDevice(address &+ UInt32(truncatingIfNeeded: i), .byte)))
                }
            }
        }
        return bytes
    }
}

extension PhysicalMemory {
    /// Writes bytes within one page, as DMA does; ROM takes no notice. False where no memory answers.
    fileprivate func store(_ bytes: ArraySlice<UInt8>, at physical: UInt32) -> Bool {
        let page = page(physical)
        guard let host = page.host else { return false }
        guard page.writable else { return true }
        let target = host + Int(physical & 0xFFF)
        // SAFETY: the caller keeps within the page.
        bytes.withUnsafeBytes {
            if let source = $0.baseAddress { target.copyMemory(from: source, byteCount: $0.count) }
        }
        let number = Int(physical >> 12)
        if number < codePageCount, codePages[number] != 0 {
            codeObserver?.codeWritten(physical: physical, count: bytes.count)
        }
        stored?(physical, bytes.count)
        return true
    }
}
