/// What the 286 leaves of a string instruction that ran over its segment.
extension Core {
    /// The 286 in real mode moves the index registers before it learns that the word at FFFFh is not to be had, and
    /// counts CX down ahead of its accesses (verified: vectors 80286 6D, 6F, A5, A7, AB, AD, AF). Protected mode is as
    /// on later chips, where the registers stay as they were.
    func leaveOverrun(_ i: Instruction) {
        guard s.pointee.model == .i80286, !s.pointee.isProtected else { return }
        let distance = stride(UInt16.self)
        var count: UInt32 = 1
        switch i.opcode {
        case 0x6F, 0xAD: advance(6, i, by: distance)
        case 0xAF: advance(7, i, by: distance)
        case 0x6D, 0xAB:
            advance(7, i, by: distance)
            count = 2
        case 0xA5:
            if index(6, i) != 0xFFFF {
                advance(7, i, by: distance)
                count = 2
            }
            advance(6, i, by: distance)
        case 0xA7:
            // ES:DI is read first.
            if index(7, i) == 0xFFFF { count = 0 } else { advance(6, i, by: distance) }
            advance(7, i, by: distance)
        default: return
        }
        if i.repeatPrefix != 0 { s.store(UInt16(truncatingIfNeeded: ecx &- count), 4) }
    }
}
