/// Where a string instruction goes on that an interrupt stopped between two elements.
extension Core {
    /// The 8086 goes back by one prefix, whatever stands before it: the segment override of REP CS: MOVSB or the REP of
    /// CS: REP MOVSB is lost. The 186 and later go back to the first [AP-186 "80186 differences"].
    func forgetPrefixes() {
        guard s.pointee.model == .i8086 else { return }
        let base = s.segment(SegmentNumber.cs).pointee.base
        var next = s.pointee.eip
        // The instruction has run once: it has an opcode at the end of its prefixes.
        for _ in 0..<200 {
            guard let byte: UInt8 = try? readLinear(base &+ next) else { return }
            switch byte {
            case 0x26, 0x2E, 0x36, 0x3E, 0xF0...0xF3: break
            default: return
            }
            s.pointee.eip = next
            next = (next &+ 1) & 0xFFFF
        }
    }
}
