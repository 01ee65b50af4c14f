/// Which ports a program may use [SDM 1 18.5].
extension Core {
    /// Raises `#GP` unless IOPL or the TSS's bitmap allows an access of `size` ports from `port` on.
    @inline(__always)
    func checkPort(_ port: UInt16, size: UInt32) throws(Fault) {
        if s.pointee.isVirtual8086 || (s.pointee.isProtected && s.pointee.cpl > iopl) {
            try checkPortBitmap(port, size: size)
        }
    }

    @inline(never)
    private func checkPortBitmap(_ port: UInt16, size: UInt32) throws(Fault) {
        let tr = s.segment(SegmentNumber.tr).pointee
        // Only a TSS of the 386 has a bitmap.
        guard tr.access & 0x9D == 0x80 | SystemType.availableTSS32, tr.limit >= 0x67 else { throw .generalProtection() }
        let start: UInt16 = try readSystem(tr.base &+ 0x66)
        // Two bytes are read in any case: an access may cross into the next.
        let at = UInt32(start) &+ UInt32(port >> 3)
        guard at &+ 1 <= tr.limit else { throw .generalProtection() }
        let bits: UInt16 = try readSystem(tr.base &+ at)
        let mask = ((1 as UInt16) << UInt16(size & 7)) &- 1
        guard bits >> (port & 7) & mask == 0 else { throw .generalProtection() }
    }
}
