import PCCore

/// Whether a guest has room for another key, by the BIOS's keyboard buffer.
enum KeyboardRoom {
    /// Not more than half of the buffer's 15 places may be in use. A guest that does not use the buffer leaves it as it
    /// is, so for it there is always room.
    static func isThere(in pc: PC) -> Bool {
        let word = { (address: UInt32) in
            Int(pc.bus.memory.peek(address) ?? 0) | Int(pc.bus.memory.peek(address + 1) ?? 0) << 8
        }
        // The first key to take and the first free place, as offsets from 400h.
        let (head, tail) = (word(0x41A), word(0x41C))
        guard (0x1E..<0x3E).contains(head), (0x1E..<0x3E).contains(tail) else { return true }
        return (tail - head + 32) % 32 / 2 <= 7
    }
}
